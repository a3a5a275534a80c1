"""Where a claimed delivery goes: the opened address of a person or a volunteer, or the coordinator's."""

from collections.abc import Mapping
from typing import Any, Protocol

from services.notifier.sending.claims import Recipient
from shared.vault.purposes import Purpose


class Opens(Protocol):
    """The part of the vault that is needed here."""

    def open(self, sealed: str, subject: str, purpose: Purpose) -> dict[str, Any]:
        """Return what was sealed. Raises KeyDestroyed, UnknownKey, Tampered, or the database's errors."""


class Addresses:
    """Opens addresses. Safe to call from several threads."""

    def __init__(self, vault: Opens, coordinator: str) -> None:
        """Open what is sealed with `vault`; `coordinator` is a mail address, or empty if there is none."""
        self._vault = vault
        self._coordinator = coordinator

    def __call__(self, recipient: Recipient | None) -> Mapping[str, Any] | None:
        """Return channel, value, language, time zone and perhaps two words; None if there is no coordinator any more.

        Raises what the vault raises.
        """
        if recipient is not None:
            return self._vault.open(recipient.sealed, recipient.ref, recipient.purpose)
        if not self._coordinator:
            return None
        return {"channel": "email", "value": self._coordinator, "language": "en", "time_zone": "UTC"}
