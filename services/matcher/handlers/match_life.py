"""The life of a match: both are asked how it goes, and one that nobody acts on is asked about and ends by itself.

All deadlines count from when the matcher heard of what started them, by its database's clock (R7).
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.matcher.domain.lifecycle import RequestState
from services.matcher.domain.timing import check_in_after, sign_asked_again_after
from services.matcher.handlers import kinds
from services.matcher.handlers.announcing import announce_match
from services.matcher.handlers.closing import give_up_match
from services.matcher.storage import requests
from services.matcher.storage.tables import Match, due_rows, matches
from shared.clock import to_hour
from shared.database import database_now
from shared.vocabulary import vocabulary


def wait_for_yes(tx: Connection, match: Match) -> None:
    """Let the `match` end by itself unless the person says yes in time; a yes in time is not lost to lag.

    Before that they are asked once. A person who writes first is answering: the time is counted anew.
    """
    figures = vocabulary().defaults
    _schedule(tx, kinds.YES_DUE, match, figures.match.person_yes * figures.offers.nudge_at)
    _schedule(tx, kinds.MATCH_END, match, figures.match.person_yes + figures.offers.grace)


def note_writing(tx: Connection, match: Match, written_at: datetime) -> None:
    """Note that the person writes in the live `match` before their yes, unless this or a later time is known."""
    hour = to_hour(written_at)
    if match.sign_at is None or match.sign_at < hour:
        requests.change_live_match(tx, match.ref, sign_at=hour)
        wait_for_yes(tx, match)


def ask_for_yes(tx: Connection, _request: str, ref: str) -> None:
    """Ask the person, once, for the yes that the volunteer of the match `ref` waits for."""
    match = requests.match(tx, ref)
    if match is not None and match.nudged_at is None:
        asked = requests.change_live_match(tx, ref, nudged_at=to_hour(database_now(tx)))
        if asked is not None:
            announce_match(tx, asked, "asked")


def introduce(tx: Connection, match: Match, introduced_at: datetime) -> Match:
    """Note the person's yes to the live `match` and return it: from now on both are asked how it goes."""
    introduced = requests.change_live_match(tx, match.ref, introduced_at=to_hour(introduced_at))
    if introduced is None:
        raise LookupError(f"the match {match.ref} ended while its request was locked")
    requests.change(tx, match.request, state=RequestState.INTRODUCED)
    due_rows.cancel(tx, kinds.YES_DUE, match.ref)
    figures = vocabulary().defaults.match
    _schedule(tx, kinds.CHECK_IN, match, check_in_after(0))
    _schedule(tx, kinds.SIGN_DUE, match, figures.first_contact)
    _schedule(tx, kinds.MATCH_END, match, figures.ends_after)
    return introduced


def note_sign(tx: Connection, match: Match, sign_at: datetime) -> None:
    """Note a sign of life of the live `match`, unless this or a later one is known: the silence is counted anew."""
    hour = to_hour(sign_at)
    if match.sign_at is not None and match.sign_at >= hour:
        return
    requests.change_live_match(tx, match.ref, sign_at=hour)
    figures = vocabulary().defaults.match
    _schedule(tx, kinds.SIGN_DUE, match, figures.sign_of_life)
    _schedule(tx, kinds.MATCH_END, match, figures.ends_after)


def check_in(tx: Connection, _request: str, ref: str) -> None:
    asked = requests.change_live_match(tx, ref, check_ins=matches.c.check_ins + 1)
    if asked is not None:
        announce_match(tx, asked, "asked")
        _schedule(tx, kinds.CHECK_IN, asked, check_in_after(asked.check_ins))


def ask_for_sign(tx: Connection, _request: str, ref: str) -> None:
    asked = requests.change_live_match(tx, ref, sign_asks=matches.c.sign_asks + 1)
    if asked is not None:
        announce_match(tx, asked, "asked")
        again = sign_asked_again_after(asked.sign_asks, any_sign=asked.sign_at is not None)
        _schedule(tx, kinds.SIGN_DUE, asked, again)


def end_by_itself(tx: Connection, _request: str, ref: str) -> None:
    """End the match `ref`, on which nobody acted: the volunteer is free, and the person may ask for someone else."""
    match = requests.match(tx, ref)
    if match is not None:
        give_up_match(tx, match, by=None, now=database_now(tx))


def _schedule(tx: Connection, kind: str, match: Match, after: timedelta | None) -> None:
    if after is not None:
        due_rows.schedule(tx, kind, match.ref, match.request, after)
