"""One try: open the address, render the notice, hand it over, and say what became of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from services.notifier.domain.notices import desk_of
from services.notifier.domain.retry import SERVER, after_refusal
from services.notifier.gateway.port import (
    AddressRefused,
    Gateway,
    NotNow,
    PermanentFailure,
    RenderedNotice,
    ServerUnavailable,
)
from services.notifier.sending.claims import LEASE, Claim, Recipient
from services.notifier.sending.rendering import WEBHOOK, Renderer
from shared.database import is_transient
from shared.observability.logging import error_fields, logger
from shared.vault.errors import KeyDestroyed, Tampered, UnknownKey
from shared.vault.purposes import Purpose

LATEST_START = LEASE.total_seconds() / 2
"""Seconds after the claim. A try that has not come to sending by then is left to the next claim: a lease must not end
on the way, and a process that was stopped in between must not send what others have sent since."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a try: the delivery is over, or tried `again` in `pause`.

    `code` says why, for the operator: a reply code or one fixed word. `refused`: this try is known to have left nothing
    at the other side. `address` is what the try says of the address: nothing new, that it took one after refusals,
    that it refused without a reason, or that it is dead, which alone makes a volunteer unreachable (F34).
    """

    state: Literal["sent", "failed", "obsolete", "again"]
    code: str = ""
    refused: bool = True
    pause: timedelta | None = None
    address: Literal["", "alive", "refused", "dead"] = ""


class Attempts:
    """Makes tries. Safe to call from several threads.

    `open_sealed` is Vault.open. `coordinators` are mail addresses; rows from before there could be several mean the
    first. `gateways` are by channel.
    """

    def __init__(
        self,
        open_sealed: Callable[[str, str, Purpose], Mapping[str, Any]],
        coordinators: Sequence[str],
        renderer: Renderer,
        gateways: Mapping[str, Gateway],
    ) -> None:
        self._open = open_sealed
        self._desks = {desk_of(each): each for each in coordinators} | dict(zip([""], coordinators, strict=False))
        self._renderer = renderer
        self._gateways = gateways

    def make(self, claim: Claim) -> Result | None:
        """Return what became of the try, or None if it came too late to be made.

        Nothing raised here may lose the delivery or stop the others, so anything unforeseen is tried again as well.
        """
        try:
            return self._try(claim)
        except Exception as error:
            if not is_transient(error):
                logger().error("delivery_try_failed", delivery=claim.ref, notice=claim.notice, **error_fields(error))
            return Result("again", type(error).__name__, pause=SERVER.after(claim.tries))

    def _try(self, claim: Claim) -> Result | None:
        try:
            address = self._address(claim)
        except KeyDestroyed:
            return Result("obsolete", "erased")
        except Tampered:
            return Result("failed", "tampered", address="dead")
        except UnknownKey:
            # Perhaps a keyring or the vault is behind, which an operator can mend; a key that never comes is poison.
            return self._unless_over(claim, "unknown_key")
        if address is None or not _may_be_used(address, claim.recipient):
            return Result("obsolete", "nobody" if address is None else "not_approved")
        rendered = self._renderer.render(claim, address)
        if _elapsed(claim) > LATEST_START:
            return None
        return self._send(claim, self._gateways[address["channel"]], rendered)

    def _address(self, claim: Claim) -> Mapping[str, Any] | None:
        """Return channel, value, language, time zone and perhaps two words; None if the coordinator left this address.

        Raises what the vault raises.
        """
        to = claim.recipient
        if to is not None:
            return self._open(to.sealed, to.ref, to.purpose)
        if claim.desk not in self._desks:
            return None
        return {"channel": "email", "value": self._desks[claim.desk], "language": "en", "time_zone": "UTC"}

    def _send(self, claim: Claim, gateway: Gateway, rendered: RenderedNotice) -> Result:
        try:
            gateway.send(rendered)
        except PermanentFailure as failure:
            return Result("failed", failure.code, address="dead")
        except ServerUnavailable as failure:
            return Result("again", failure.code, not failure.may_be_out, SERVER.after(claim.tries))
        except AddressRefused as failure:
            if _now(claim) >= claim.dead_at:
                return Result("failed", failure.code, not failure.may_be_out, address="dead")
            return replace(self._unless_over(claim, failure.code, refused=not failure.may_be_out), address="refused")
        except NotNow as failure:
            return self._unless_over(claim, failure.code, refused=not failure.may_be_out)
        alive = claim.recipient is not None and claim.recipient.refused_since is not None
        return Result("sent", refused=False, address="alive" if alive else "")

    def _unless_over(self, claim: Claim, code: str, *, refused: bool = True) -> Result:
        pause = after_refusal(claim.tries, _now(claim), claim.limit)
        return Result("failed" if pause is None else "again", code, refused, pause)


def _may_be_used(address: Mapping[str, Any], to: Recipient | None) -> bool:
    """Tell whether `address` is no program, or that of a volunteer whom a coordinator has approved.

    Anybody can apply, and would otherwise choose what this house calls. They can ask for a link again once approved.
    """
    return address["channel"] != WEBHOOK or (to is not None and to.approved)


def _now(claim: Claim) -> datetime:
    return claim.now + timedelta(seconds=_elapsed(claim))


def _elapsed(claim: Claim) -> float:
    return time.monotonic() - claim.began
