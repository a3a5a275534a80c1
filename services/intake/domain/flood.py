"""When more people ask at once than is usual: new requests wait for their turn instead of asking volunteers (T12)."""

from datetime import timedelta

MANY_AT_ONCE = "many_at_once"
"""Why a request waits that has not been announced yet; beside the codes of the matcher's rules."""

HOUR = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=24)
"""Nobody who asks in earnest during a flood is left waiting for longer than a day."""


def wait_for_turn(asked_before: int, per_hour: int, queued: timedelta, chance: float) -> timedelta:
    """Return how long a request waits before which `asked_before` others were asked within the same hour.

    Up to `per_hour` go out at once while nobody waits. The others queue, and go out one by one at the pace of
    `per_hour`; `queued` is how long the last of them still waits. A queue longer than a day is joined anywhere within
    the day, by `chance` in [0, 1), so that it never lets many go at one moment. 0 per hour sets no limit.
    """
    if not per_hour or (asked_before < per_hour and not queued):
        return timedelta()
    turn = queued + HOUR / per_hour
    return turn if turn <= LONGEST_WAIT else LONGEST_WAIT * chance
