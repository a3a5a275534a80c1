"""What became of one try, written down by whoever still holds its lease, and announced if it is final."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import Connection

from services.notifier.sending.announcing import announce_delivery
from services.notifier.sending.claims import Claim
from services.notifier.storage import deliveries


@dataclass(frozen=True, slots=True)
class Closed:
    """The delivery is over. `code` says why, for the log: a reply code or one fixed word.

    `refused`: the last try, unless it was accepted, is known to have left nothing at the other side.
    """

    state: Literal["sent", "failed", "obsolete"]
    code: str = ""
    refused: bool = True


@dataclass(frozen=True, slots=True)
class Again:
    """The delivery is tried again in `pause`. `refused`: this try is known to have left nothing at the other side."""

    pause: timedelta
    code: str
    refused: bool


Outcome = Closed | Again


def write_down(tx: Connection, claim: Claim, outcome: Outcome) -> bool:
    """Store `outcome` and announce it if the delivery was sent or failed; False if the claim's lease is over."""
    if isinstance(outcome, Again):
        return deliveries.try_again(tx, claim.ref, claim.owner, outcome.pause, refused=outcome.refused)
    refused = outcome.state != "sent" and outcome.refused
    row = deliveries.finish(tx, claim.ref, claim.owner, state=outcome.state, refused=refused)
    if row is not None and outcome.state != "obsolete":
        announce_delivery(tx, row)
    return row is not None
