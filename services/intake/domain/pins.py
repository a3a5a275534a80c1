"""How often a PIN may be tried: five times in a row, then not for a quarter of an hour, and for longer each time.

Only the right PIN or the volunteer key ends that. Ten thousand tries take more than five years.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

TRIES = 5
BLOCKED_FOR = timedelta(minutes=15)
LONGEST_BLOCK = timedelta(days=1)


@dataclass(frozen=True)
class Tries:
    """How many tries in a row were wrong, and until when no other counts."""

    wrong: int = 0
    blocked_until: datetime | None = None


def is_blocked(tries: Tries, now: datetime) -> bool:
    """Tell whether no PIN is taken now, not even the right one."""
    return tries.blocked_until is not None and now < tries.blocked_until


def after_try(tries: Tries, now: datetime, *, right: bool) -> Tries:
    """Return the tries after one more, which was allowed; every fifth wrong one blocks, twice as long as before."""
    if right:
        return Tries()
    wrong = tries.wrong + 1
    blocks, left = divmod(wrong, TRIES)
    if left:
        return Tries(wrong)
    # Beyond 2^10 quarters of an hour every block is the longest; without the cap the product would overflow.
    return Tries(wrong, now + min(BLOCKED_FOR * (1 << min(blocks - 1, 10)), LONGEST_BLOCK))
