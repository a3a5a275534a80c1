"""What the matcher and the notifier say, taken into intake's projections and the request's state.

Every event carries the whole state of its subject, and the consumer lets none through that is older than what was
seen, so a handler writes what it is told. Only what the person decided is never overwritten.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.intake.domain import requests
from services.intake.domain.offers import OfferState
from services.intake.handlers import judgements, retention
from services.intake.handlers.announcing import publish_request
from services.intake.handlers.context import Intake
from services.intake.handlers.conversation import end_conversation
from services.intake.handlers.requests import bring_together
from services.intake.storage import tables
from services.intake.storage.queries import any_offer_open
from shared.clock import to_hour
from shared.database import notify
from shared.events import Event
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose


def on_matches(tx: Connection, intake: Intake, event: Event) -> None:
    if "wave" in event.data:
        on_offer(tx, event.data)
    elif "matched_at" in event.data:
        on_match(tx, intake, event.data)
    else:
        on_search(tx, event.data)


def on_deliveries(tx: Connection, event: Event) -> None:
    """What failed for good makes its volunteer unreachable, unless their address has changed since that version."""
    said = event.data
    if said["state"] != "failed" or said["volunteer"] is None or said["volunteer_sequence"] is None:
        return
    row = tables.VOLUNTEERS.by_ref(tx, said["volunteer"], lock=True)
    if row is not None and row.reachable and said["volunteer_sequence"] >= row.notify_sequence:
        tables.VOLUNTEERS.save(tx, replace(row, reachable=False))


def on_offer(tx: Connection, said: dict[str, Any]) -> None:
    request = tables.REQUESTS.by_ref(tx, said["request"], lock=True)
    tables.OFFERS.put(
        tx,
        tables.OfferRow(
            ref=said["offer"],
            request=said["request"],
            round=said["round"],
            volunteer=said["volunteer"],
            state=OfferState(said["state"]),
            made_at=to_hour(said["made_at"]),
            expires_at=said["expires_at"],
            closed_at=_hour(said["closed_at"]),
        ),
    )
    notify(tx, judgements.CHANNEL, said["offer"])
    if request is not None and request.round == said["round"]:
        any_open = any_offer_open(tx, request.ref, request.round)
        tables.REQUESTS.save(tx, replace(request, state=requests.after_offers(request.state, any_open=any_open)))


def on_search(tx: Connection, said: dict[str, Any]) -> None:
    """Take where the matcher stands with a request that has neither an open offer nor a match."""
    request = tables.REQUESTS.by_ref(tx, said["request"], lock=True)
    if request is None or request.round != said["round"] or request.state not in requests.SEARCHING:
        return
    any_open = any_offer_open(tx, request.ref, request.round)
    state = requests.after_search(request.state, stalled=said["state"] == "stalled", any_open=any_open)
    tables.REQUESTS.save(
        tx, replace(request, state=state, why=said["why"], next_try_at=said["next_try_at"], late=said["late"])
    )


def on_match(tx: Connection, intake: Intake, said: dict[str, Any]) -> None:
    """Take a match as it now is. A person who chose `at_once` is introduced here, in the same transaction."""
    request = tables.REQUESTS.by_ref(tx, said["request"], lock=True)
    match = tables.MatchRow(
        ref=said["match"],
        offer=said["offer"],
        request=said["request"],
        round=said["round"],
        volunteer=said["volunteer"],
        live=said["state"] == "live",
        request_sequence=said["request_sequence"],
        matched_at=to_hour(said["matched_at"]),
        introduced_at=_hour(said["introduced_at"]),
        check_ins=said["check_ins"],
        sign_asks=said["sign_asks"],
        ended_by=said["ended_by"],
    )
    tables.MATCHES.put(tx, match)
    notify(tx, judgements.CHANNEL, match.offer)
    if not match.live:
        end_conversation(tx, intake, match)
    if request is None or request.round != match.round:
        return
    if match.live:
        _on_live_match(tx, intake, request, match)
    else:
        _on_ended_match(tx, intake, request, match, search_goes_on=said["then"] == "waiting")


def _on_live_match(tx: Connection, intake: Intake, request: tables.RequestRow, match: tables.MatchRow) -> None:
    state = requests.after_match_made(request.state)
    if state is not requests.RequestState.MATCHED:
        return
    request = replace(request, state=state, match=match.ref, why=None, next_try_at=None, late="no")
    tables.REQUESTS.save(tx, request)
    # Wishes that changed since are not judged yet: the matcher ends this match, or tells of it again.
    if match.request_sequence == request.sequence and _at_once(intake, request):
        bring_together(tx, intake, request)


def _on_ended_match(
    tx: Connection, intake: Intake, request: tables.RequestRow, match: tables.MatchRow, *, search_goes_on: bool
) -> None:
    state = requests.after_match_ended(
        request.state, search_goes_on=search_goes_on, is_its_match=request.match == match.ref
    )
    if state is request.state:
        return
    if state is requests.RequestState.ENDED:
        tables.REQUESTS.save(tx, replace(request, state=state, match=match.ref))
        return
    again = replace(request, state=state, match=None, introduced_at=None, sign_at=None, sign_by=None)
    if request.state is requests.RequestState.INTRODUCED:
        # The person's yes crossed the news that this match was over: it was for that match, so it is taken back.
        tables.due_rows.arrange(tx, again.ref, retention.SEARCHING)
        again = publish_request(tx, again)
    else:
        tables.REQUESTS.save(tx, again)
    # News of a later match may have come first: an event that failed is tried again while its neighbours flow.
    this_round = tables.matches.c.request == request.ref, tables.matches.c.round == request.round
    other = tables.MATCHES.one(tx, *this_round, tables.matches.c.live)
    if other is not None:
        _on_live_match(tx, intake, again, other)


def _at_once(intake: Intake, request: tables.RequestRow) -> bool:
    """Tell whether the person chose to be introduced at once, and named a place by which others are kept away.

    Those who named none see the volunteer's places and roles before they share anything.
    """
    if request.private is None or request.profile is None:
        return False
    said = request.item(Purpose.PERSON_PRIVATE), request.item(Purpose.PERSON_PROFILE)
    look = intake.vault.look(said)
    try:
        private, profile = (look.open(each) for each in said)
    except KeyDestroyed:
        # Erased at this moment: the person's wish to vanish comes before their wish to be introduced.
        return False
    return bool(private["at_once"] and profile["affiliations"])


def _hour(moment: datetime | None) -> datetime | None:
    return None if moment is None else to_hour(moment)
