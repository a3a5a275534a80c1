"""One try: open the address, write the message, hand it over, and say what became of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from services.notifier.domain.retry import RetryPolicy
from services.notifier.gateway.port import (
    AddressRefused,
    Gateway,
    Message,
    PermanentFailure,
    ServerUnavailable,
)
from services.notifier.sending.claims import LEASE, Claim, Recipient
from services.notifier.sending.composing import WEBHOOK
from services.notifier.sending.outcomes import Again, Closed, Outcome
from shared.database import is_transient
from shared.observability.logging import error_fields, logger
from shared.vault.errors import KeyDestroyed, Tampered, UnknownKey

LATEST_START = LEASE.total_seconds() / 2
"""Seconds after the claim. A try that has not come to sending by then is left to whoever takes over: a lease must not
end on the way, and a process that was stopped in between must not send what others have sent since."""


class Composes(Protocol):
    """Writes messages."""

    def compose(self, claim: Claim, address: Mapping[str, Any]) -> Message:
        """Return the message of `claim` for the opened `address`."""


class Attempts:
    """Makes tries. Safe to call from several threads."""

    def __init__(
        self,
        address_of: Callable[[Recipient | None], Mapping[str, Any] | None],
        composer: Composes,
        gateway: Gateway,
        *,
        policy: RetryPolicy,
        monotonic: Callable[[], float],
    ) -> None:
        """Send through `gateway`; `monotonic` is the clock that `Claim.began` was read from.

        `address_of` opens an address; it raises KeyDestroyed and its kind, and returns None if nobody is there.
        """
        self._address_of = address_of
        self._composer = composer
        self._gateway = gateway
        self._policy = policy
        self._monotonic = monotonic

    def __call__(self, claim: Claim) -> Outcome | None:
        """Return what became of the try, or None if it came too late to be made.

        Nothing raised here may lose the delivery or stop the others, so anything unforeseen is tried again as well.
        """
        try:
            return self._try(claim)
        except Exception as error:
            if not is_transient(error):
                logger().error("delivery_try_failed", delivery=claim.ref, notice=claim.notice, **error_fields(error))
            return Again(self._policy.after_outage(claim.tries), type(error).__name__, refused=True)

    def _try(self, claim: Claim) -> Outcome | None:
        try:
            address = self._address_of(claim.recipient)
        except KeyDestroyed:
            return Closed("obsolete", "erased")
        except Tampered:
            return Closed("failed", "tampered")
        except UnknownKey:
            # Perhaps a keyring or the vault is behind, which an operator can mend; a key that never comes is poison.
            return self._unless_over(claim, "unknown_key")
        if address is None or not _may_be_used(address, claim.recipient):
            return Closed("obsolete", "nobody" if address is None else "not_approved")
        message = self._composer.compose(claim, address)
        if self._elapsed(claim) > LATEST_START:
            return None
        return self._send(claim, message)

    def _send(self, claim: Claim, message: Message) -> Outcome:
        try:
            self._gateway.send(message)
        except PermanentFailure as failure:
            return Closed("failed", failure.code)
        except AddressRefused as failure:
            return self._unless_over(claim, failure.code, refused=not failure.may_be_out)
        except ServerUnavailable as failure:
            return Again(self._policy.after_outage(claim.tries), failure.code, refused=not failure.may_be_out)
        return Closed("sent")

    def _unless_over(self, claim: Claim, code: str, *, refused: bool = True) -> Outcome:
        now = claim.now + timedelta(seconds=self._elapsed(claim))
        pause = self._policy.after_refusal(claim.tries, now, claim.limit)
        return Closed("failed", code, refused) if pause is None else Again(pause, code, refused)

    def _elapsed(self, claim: Claim) -> float:
        return self._monotonic() - claim.began


def _may_be_used(address: Mapping[str, Any], recipient: Recipient | None) -> bool:
    """Tell whether `address` is no program, or that of a volunteer whom a coordinator has approved.

    Anybody can apply, and would otherwise choose what this house calls. They can ask for a link again once approved.
    """
    return address["channel"] != WEBHOOK or (recipient is not None and recipient.approved)
