"""What is sealed, and who may open it: the one list that views, grants and keyring folders follow."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """One JSON object per subject and purpose is sealed under a data key of its own."""

    PERSON_PROFILE = "person.profile"
    PERSON_NOTIFY = "person.notify"
    PERSON_PRIVATE = "person.private"
    PERSON_CARD = "person.card"
    MATCH_PRIVATE = "match.private"
    VOLUNTEER_PROFILE = "volunteer.profile"
    VOLUNTEER_NOTIFY = "volunteer.notify"
    VOLUNTEER_PRIVATE = "volunteer.private"


LINKS = "links"
"""Keyring behind offer tokens, home links and webhook signatures."""

INDEX = "index"
"""Keyring behind the keyed hashes of names, addresses and places. It is never rotated: see shared.vault.hashing."""

REQUESTS = "requests"
"""Keyring of the secret that turns an Idempotency-Key into a request key."""

RECEIPTS = "receipts"
"""Keyring of the Ed25519 seeds that sign receipts."""


@dataclass(frozen=True)
class Reader:
    """One service's share of the vault.

    `role` is its PostgreSQL role, `relation` the table or view it selects from, `purposes` what it may open, and
    `signing` the names of its keyrings that wrap no data key.
    """

    role: str
    relation: str
    purposes: tuple[Purpose, ...]
    signing: tuple[str, ...] = ()

    @property
    def keyrings(self) -> tuple[str, ...]:
        """Return the names of all keyrings that belong into this service's folder, and no others do."""
        return (*self.purposes, *self.signing)


INTAKE = Reader("intake", "keys", tuple(Purpose), (LINKS, INDEX, REQUESTS, RECEIPTS))
MATCHER = Reader("matcher", "keys_for_matcher", (Purpose.PERSON_PROFILE, Purpose.VOLUNTEER_PROFILE))
NOTIFIER = Reader("notifier", "keys_for_notifier", (Purpose.PERSON_NOTIFY, Purpose.VOLUNTEER_NOTIFY), (LINKS,))

READERS = (INTAKE, MATCHER, NOTIFIER)
