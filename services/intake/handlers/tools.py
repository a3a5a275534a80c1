"""What handlers use besides their transaction, put together once by bootstrap."""

from dataclasses import dataclass

from services.intake.domain.affiliations import Register
from services.intake.domain.two_words import Chooser
from shared.clock import Clock
from shared.vault.hashing import hash_of_address, hash_of_person, hash_of_place
from shared.vault.keyrings import Keyring, Keyrings
from shared.vault.purposes import INDEX, LINKS, RECEIPTS, REQUESTS
from shared.vault.randomness import RandomSource
from shared.vault.vault import VaultKeeper


@dataclass(frozen=True)
class KeyedHashes:
    """The keyed hashes of intake, made with the keyring `index`."""

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
class Tools:
    """Clock, vault, keyrings, sources of randomness, and the operator's register of places."""

    clock: Clock
    vault: VaultKeeper
    keyrings: Keyrings
    random: RandomSource
    chooser: Chooser
    register: Register

    @property
    def hashes(self) -> KeyedHashes:
        """Return the keyed hashes by which the matcher compares."""
        return KeyedHashes(self.index)

    @property
    def index(self) -> Keyring:
        """Return the keyring behind keyed hashes and PINs."""
        return self.keyrings.named(INDEX)

    @property
    def links(self) -> Keyring:
        """Return the keyring behind offer tokens and home links."""
        return self.keyrings.named(LINKS)

    @property
    def request_secrets(self) -> Keyring:
        """Return the keyring behind request keys that are derived from an Idempotency-Key."""
        return self.keyrings.named(REQUESTS)

    @property
    def receipts(self) -> Keyring:
        """Return the keyring that signs receipts."""
        return self.keyrings.named(RECEIPTS)
