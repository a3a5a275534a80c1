"""What every command is handed: intake, put together once by bootstrap."""

from dataclasses import dataclass
from random import Random

from services.intake.domain.affiliations import Register
from services.intake.handlers.judgements import Judgements
from services.intake.settings import IntakeSettings
from shared.clock import Clock
from shared.database import Database
from shared.vault.hashing import hash_of_address, hash_of_person, hash_of_place
from shared.vault.keyrings import Keyring, Keyrings
from shared.vault.purposes import INDEX, LINKS, RECEIPTS, REQUESTS
from shared.vault.randomness import RandomSource
from shared.vault.vault import VaultKeeper


@dataclass(frozen=True)
class KeyedHashes:
    """The keyed hashes by which the matcher compares, made with the keyring `index`."""

    index: Keyring

    def person(self, text: str) -> str:
        """Return the hash of a name, an e-mail address or a telephone number."""
        return hash_of_person(self.index, text)

    def place(self, text: str) -> str:
        """Return the hash of one mark of a place of work or study, a board or a college."""
        return hash_of_place(self.index, text)

    def address(self, text: str) -> str:
        """Return the hash of an address for notices, by which a lost home link is asked for."""
        return hash_of_address(self.index, text)


@dataclass(frozen=True)
class Intake:
    """Both databases, the vault with its keyrings, clock and chance, and what the operator decided.

    `patience` is how many seconds an accept or a decline waits for the matcher's judgement.
    """

    settings: IntakeSettings
    database: Database
    vault_database: Database
    vault: VaultKeeper
    keyrings: Keyrings
    clock: Clock
    random: RandomSource
    chooser: Random
    register: Register
    judgements: Judgements
    patience: float

    @property
    def hashes(self) -> KeyedHashes:
        return KeyedHashes(self.index)

    @property
    def index(self) -> Keyring:
        """The keyring behind keyed hashes and PINs."""
        return self.keyrings.named(INDEX)

    @property
    def links(self) -> Keyring:
        """The keyring behind offer tokens and home links."""
        return self.keyrings.named(LINKS)

    @property
    def request_secrets(self) -> Keyring:
        """The keyring behind request keys that are derived from an Idempotency-Key."""
        return self.keyrings.named(REQUESTS)

    @property
    def receipts(self) -> Keyring:
        """The keyring that signs receipts."""
        return self.keyrings.named(RECEIPTS)

    def dispose(self) -> None:
        self.database.dispose()
        self.vault_database.dispose()
