"""What every command is handed: intake, put together once by bootstrap."""

from dataclasses import dataclass
from random import Random

from services.intake.domain.affiliations import Register
from services.intake.domain.people.addresses import canonical_address
from services.intake.handlers.judgements import Judgements
from services.intake.settings import IntakeSettings
from shared.clock import Clock
from shared.database import Database
from shared.vault.hashing import KeyedHashes
from shared.vault.keyrings import Keyring, Keyrings
from shared.vault.purposes import INDEX, LINKS
from shared.vault.randomness import RandomSource
from shared.vault.vault import VaultKeeper


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
        """The keyed hashes, whose keyring `index` is the one behind PINs as well."""
        return KeyedHashes(self.keyrings.named(INDEX))

    def hash_of_address(self, address: str) -> str:
        """Return the hash by which a volunteer is known by where their notices go, however it is written."""
        return self.hashes.address(canonical_address(address))

    @property
    def links(self) -> Keyring:
        """The keyring behind offer tokens and home links."""
        return self.keyrings.named(LINKS)

    def dispose(self) -> None:
        self.database.dispose()
        self.vault_database.dispose()
