"""When a delivery that was not accepted is tried again, and when it is given up.

The figures are a starting point: grey-listing asks for minutes; a mail server that is away comes back, and then nobody
should wait for long. Most servers keep trying an address for two to five days, we for two.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.vocabulary import vocabulary

PATIENCE = timedelta(hours=48)
"""An address that has refused all it was sent for so long, without a reason, is held to be dead."""

MOVING_ON = timedelta(hours=1)
"""An offer that is refused for so long goes to somebody else, whosever fault it is: the person waits."""

SHORTEST_LOOK = timedelta(seconds=1)
LONGEST_LOOK = timedelta(minutes=5)
LONGEST_WAIT = vocabulary().defaults.retention.inbox
"""By then nothing that could still come is left in any topic or outbox."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A back-off: `first` after the first try, doubling up to `longest`."""

    first: timedelta
    longest: timedelta

    def after(self, tries: int) -> timedelta:
        """Return how long to wait after `tries` tries (at least one)."""
        # Beyond 2^20 every pace has long reached its longest step; without the cap the product would overflow.
        doublings = min(tries - 1, 20)
        return min(self.first * (1 << doublings), self.longest)


ADDRESS = Pace(timedelta(seconds=30), timedelta(minutes=30))
SERVER = Pace(timedelta(seconds=5), timedelta(minutes=1))
"""How long to wait when the server was at fault. It says nothing about the address, which is never given up."""


def after_refusal(tries: int, now: datetime, limit: datetime) -> timedelta | None:
    """Return the wait after a notice was refused, or None if the next try would come after `limit`."""
    wait = ADDRESS.after(tries)
    return wait if now + wait < limit else None


def until_next_look(age: timedelta) -> timedelta | None:
    """Return how long a notice of `age` that waits for another row sleeps: half its age, from 1 s to 5 minutes.

    The row's arrival wakes it; this only covers two transactions that did not see each other. None: it waits in vain.
    """
    if age > LONGEST_WAIT:
        return None
    return max(SHORTEST_LOOK, min(age / 2, LONGEST_LOOK))
