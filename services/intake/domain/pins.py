"""How often a PIN may be tried: five times in a row, then not for a quarter of an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

TRIES = 5
BLOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Tries:
    """How many tries in a row were wrong, and until when no other counts."""

    wrong: int = 0
    blocked_until: datetime | None = None


def is_blocked(tries: Tries, now: datetime) -> bool:
    """Tell whether no PIN is taken now, not even the right one."""
    return tries.blocked_until is not None and now < tries.blocked_until


def after_try(tries: Tries, now: datetime, *, right: bool) -> Tries:
    """Return the tries after one more, which was allowed; the fifth wrong one blocks, and the count begins anew."""
    if right:
        return Tries()
    if tries.wrong + 1 >= TRIES:
        return Tries(0, now + BLOCKED_FOR)
    return Tries(tries.wrong + 1)
