"""Closing an offer and ending a match: capacity is given back, and everybody who needs to know is told."""

from datetime import datetime

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import EndedBy, MatchState, OfferState, RequestState, Then, what_follows
from services.matcher.domain.timing import cool_until
from services.matcher.handlers import kinds
from services.matcher.handlers.announcing import announce_match, announce_offer
from services.matcher.handlers.waiting import begin_wait, capacity_freed
from services.matcher.storage import pool, requests
from services.matcher.storage.tables import Match, Offer, due_rows
from shared.clock import to_hour


def close_offer(tx: Connection, ref: str, *, state: OfferState, now: datetime) -> Offer | None:
    """Close the offer `ref` in `state` and free its capacity; None, and nothing changes, if it was closed already."""
    offer = requests.change_open_offer(tx, ref, state=state, closed_at=to_hour(now))
    if offer is None:
        return None
    cancel_deadlines(tx, ref)
    pool.release(tx, offer.volunteer, cool_until=cool_until(state, now))
    announce_offer(tx, offer, "offer_closed")
    capacity_freed(tx, offer.volunteer)
    return offer


def close_open_offers(tx: Connection, request: str, *, state: OfferState, now: datetime) -> None:
    for offer in requests.offers_of(tx, request):
        close_offer(tx, offer.ref, state=state, now=now)


def end_match(tx: Connection, ref: str, *, by: EndedBy | None, follows: Then, now: datetime) -> Match | None:
    """End the match `ref` and say in its request what follows. None if it had ended already."""
    ended = {"state": MatchState.ENDED, "ended_at": to_hour(now), "ended_by": by, "follows": follows}
    match = requests.change_live_match(tx, ref, **ended)
    if match is None:
        return None
    for kind in (kinds.YES_DUE, kinds.CHECK_IN, kinds.SIGN_DUE, kinds.MATCH_END):
        due_rows.cancel(tx, kind, ref)
    if follows is Then.WAITING:
        # The wait begins anew: until now there was somebody, and the person knew it.
        begin_wait(tx, match.request, now=to_hour(now))
    else:
        requests.change(tx, match.request, state=RequestState.ENDED)
    pool.end_match(tx, match.volunteer)
    announce_match(tx, match, "ended")
    capacity_freed(tx, match.volunteer)
    return match


def give_up_match(tx: Connection, match: Match, *, by: EndedBy | None, now: datetime) -> Match | None:
    """End `match` for the volunteer's side, or for nobody; the lifecycle says what follows. None if it had ended."""
    follows = what_follows(by, introduced=match.introduced_at is not None)
    return end_match(tx, match.ref, by=by, follows=follows, now=now)


def cancel_deadlines(tx: Connection, offer: str) -> None:
    """An offer that is answered or closed is neither nudged nor expires."""
    due_rows.cancel(tx, kinds.NUDGE, offer)
    due_rows.cancel(tx, kinds.EXPIRY, offer)
