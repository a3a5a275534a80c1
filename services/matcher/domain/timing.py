"""When an offer is nudged and ends, when a request that found nobody is tried again, and when it is late. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.matcher.domain.lifecycle import OfferState
from services.matcher.domain.weeks import Rhythm, after_waking, bedtime, next_waking
from shared.vocabulary import vocabulary


class Late(StrEnum):
    """How late a request is: the coordinator is told at `alarm`, the person the truth at `silent_limit`."""

    NO = "no"
    ALARM = "alarm"
    SILENT_LIMIT = "silent_limit"


@dataclass(frozen=True)
class OfferTimes:
    """`expires_at` is shown to the volunteer; the row closes a little later, so a click in time is not lost to lag."""

    nudge_at: datetime
    expires_at: datetime
    closes_at: datetime


def awake_for(urgency: str) -> timedelta | None:
    """Return for how long a volunteer must still be awake to be asked; None if the urgency lets them sleep first."""
    asked = vocabulary().urgencies[urgency]
    return asked.offer_window * vocabulary().defaults.offers.nudge_at if asked.awake_only else None


def offer_times(made_at: datetime, urgency: str, rhythm: Rhythm) -> OfferTimes:
    """Return when an offer made now is nudged, expires and closes (UTC); its window counts in waking hours.

    Few waking hours do not keep the person waiting beyond `window_at_most`. Where only the awake are asked it ends at
    bedtime: the person does not wait for somebody to sleep on it.
    """
    figures, window = vocabulary().defaults.offers, vocabulary().urgencies[urgency].offer_window
    latest = made_at + figures.window_at_most
    expires_at = min(after_waking(rhythm, made_at, window), latest)
    if awake_for(urgency) is not None and not rhythm.always_awake:
        expires_at = min(expires_at, bedtime(rhythm, made_at))
    halfway = made_at + figures.window_at_most * figures.nudge_at
    return OfferTimes(
        nudge_at=min(after_waking(rhythm, made_at, window * figures.nudge_at), next_waking(rhythm, halfway) or latest),
        expires_at=expires_at,
        closes_at=expires_at + figures.grace,
    )


def cool_until(ended: OfferState, at: datetime) -> datetime | None:
    """Return until when a volunteer is left alone after an offer ended so; None where there is no reason to."""
    figures = vocabulary().defaults.offers
    rests = {OfferState.EXPIRED: figures.cool_down_ignored, OfferState.DECLINED: figures.cool_down_declined}
    rest = rests.get(ended, timedelta())
    return at + rest if rest else None


def lateness(waited: timedelta, urgency: str) -> Late:
    if waited >= vocabulary().defaults.never_silent_past:
        return Late.SILENT_LIMIT
    return Late.ALARM if waited >= vocabulary().urgencies[urgency].alarm_after else Late.NO


def late_next(waiting_since: datetime, urgency: str, now: datetime) -> datetime | None:
    """Return the first moment after `now` at which a request that waits so long becomes late, or later still."""
    return min((at for at in _limits(waiting_since, urgency) if at > now), default=None)


def retry_pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries (at least 1) that found nobody: 5 minutes, doubled up to an hour."""
    figures = vocabulary().defaults.offers
    doublings = min(max(0, tries - 1), 32)
    return min(figures.retry_first * (1 << doublings), figures.retry_at_most)


def check_in_after(done: int) -> timedelta | None:
    """Return how long after the introduction, or after the check-in before it, the next one comes; None after all."""
    moments = (timedelta(), *vocabulary().defaults.match.check_in)
    return moments[done + 1] - moments[done] if done + 1 < len(moments) else None


def sign_asked_again_after(asked: int, *, any_sign: bool) -> timedelta | None:
    """Return how long after a question for a sign of life it is put again; None if the match is left to its end.

    Without any sign both are asked about the first contact, and once more when a sign is long overdue; after a sign
    they are asked once. The next sign starts this anew.
    """
    figures = vocabulary().defaults.match
    return None if any_sign or asked > 1 else figures.sign_of_life - figures.first_contact


def next_try_at(
    now: datetime, *, waiting_since: datetime, tries: int, urgency: str, somebody_wakes_at: datetime | None = None
) -> datetime:
    """Return when to look again: after the pause, but no later than the next limit of lateness or somebody's waking.

    So an alarm is never late by a pause, and with nobody awake the first to wake is asked at once.
    """
    limits = _limits(waiting_since, urgency)
    moments = [now + retry_pause(tries), *limits, *([somebody_wakes_at] if somebody_wakes_at else [])]
    return min(moment for moment in moments if moment > now)


def _limits(waiting_since: datetime, urgency: str) -> tuple[datetime, datetime]:
    words = vocabulary()
    return waiting_since + words.urgencies[urgency].alarm_after, waiting_since + words.defaults.never_silent_past
