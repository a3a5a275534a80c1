"""The vault as services use it. `Vault` opens what a service may open; `VaultKeeper` is intake's, which also seals.

No opened key is kept: each opening asks the database, so a destroyed key is known at once everywhere. An outage is
raised as SQLAlchemy raises it (transient, R5) and never looks like an erasure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from shared.database import Database
from shared.vault.data_key_pool import DataKeyPool
from shared.vault.errors import KeyDestroyed, Tampered, UnknownKey, VaultError
from shared.vault.keyrings import Keyrings
from shared.vault.keystore import KeyKeeper, KeyStore, StoredKey
from shared.vault.purposes import INTAKE, Purpose, Reader
from shared.vault.randomness import RandomSource
from shared.vault.sealing import DataKey, key_id_of, new_data_key, open_sealed, seal
from shared.vault.wrapping import unwrap, wrap

KEY_BATCH = 16
"""Data keys of a purpose that are made at a time: the round trip is then paid by one request in sixteen."""


class SealedItem(NamedTuple):
    """A sealed value with what it is bound to: the subject's ref and the purpose."""

    sealed: str
    subject: str
    purpose: Purpose


Opened = dict[str, Any] | VaultError
"""The object that was sealed, or why it cannot be opened; KeyDestroyed among these means erased."""


class Vault(KeyStore):
    """Opens sealed values with the keyrings and the view of one service."""

    def __init__(self, database: Database, keyrings: Keyrings, reader: Reader) -> None:
        super().__init__(database, reader)
        self._keyrings = keyrings

    def open(self, sealed: str, subject: str, purpose: Purpose) -> dict[str, Any]:
        """Return the object in `sealed`.

        Raises KeyDestroyed if its subject is erased, UnknownKey or Tampered if it is poison, KeyringError if this
        service has no keyring for `purpose`.
        """
        opened = self.open_many([SealedItem(sealed, subject, purpose)])[0]
        if isinstance(opened, VaultError):
            raise opened
        return opened

    def open_many(self, items: Sequence[SealedItem | tuple[str, str, Purpose]]) -> list[Opened]:
        """Open `items` with one SELECT; the results come in their order, and a bad item spoils no other."""
        wanted = [SealedItem(*item) for item in items]
        stored = self.fetch(_named_keys(wanted))
        return [self._try_open(item, stored) for item in wanted]

    def _try_open(self, item: SealedItem, stored: Mapping[UUID, StoredKey]) -> Opened:
        try:
            return open_sealed(self._data_key(item, stored), *item)
        except VaultError as error:
            # A kept traceback would keep alive the frames in which keys lay open.
            return error.with_traceback(None)

    def _data_key(self, item: SealedItem, stored: Mapping[UUID, StoredKey]) -> DataKey:
        key_id = key_id_of(item.sealed)
        row = stored.get(key_id)
        if row is None:
            raise UnknownKey(f"the vault has no key {key_id} for this service")
        if row.purpose != item.purpose:
            raise Tampered(f"key {key_id} is for {row.purpose}, not for {item.purpose}")
        if row.wrapped is None:
            raise KeyDestroyed(f"key {key_id} was destroyed")
        return unwrap(self._keyrings.named(item.purpose), key_id, item.purpose, row.wrapped)


class Look:
    """One look into the vault: what one SELECT found for some sealed values, to open them or to seal anew.

    It lasts as long as one command or page. The keys in it stay wrapped; a value is opened once.
    """

    def __init__(self, data_key: Callable[[SealedItem], DataKey], random: RandomSource) -> None:
        """`data_key` finds and unwraps the key of a value, or raises why it cannot."""
        self._data_key = data_key
        self._random = random
        self._opened: dict[SealedItem, dict[str, Any]] = {}

    def open(self, item: SealedItem) -> dict[str, Any]:
        """Return the object in `item`; raises as `Vault.open` does."""
        if item not in self._opened:
            self._opened[item] = open_sealed(self._data_key(item), *item)
        return self._opened[item]

    def reseal(self, item: SealedItem, obj: Mapping[str, Any]) -> str:
        """Seal `obj` in place of `item`, under the same data key; raises as `open` does."""
        # Opened first, so that a value which was not made for this subject cannot lend its key to it.
        self.open(item)
        return seal(self._data_key(item), item.subject, item.purpose, obj, self._random)


class VaultKeeper(Vault, KeyKeeper):
    """Intake's vault: makes data keys, seals with them and destroys them."""

    def __init__(
        self, database: Database, keyrings: Keyrings, random: RandomSource, *, key_batch: int = KEY_BATCH
    ) -> None:
        super().__init__(database, keyrings, INTAKE)
        self._random = random
        self._pool = DataKeyPool(self._mint, key_batch)

    def mint(self, purposes: Iterable[Purpose]) -> dict[Purpose, DataKey]:
        """Return one fresh data key per purpose, for one subject. They are stored when this returns.

        So call it before what they seal is committed: nothing sealed is ever without a key.
        """
        return self._pool.take(purposes)

    def seal(self, key: DataKey, subject: str, purpose: Purpose, obj: Mapping[str, Any]) -> str:
        return seal(key, subject, purpose, obj, self._random)

    def look(self, items: Iterable[SealedItem]) -> Look:
        """Fetch what it takes to open `items`, or to seal something in their place, with one SELECT."""
        named = _named_keys(items)
        stored = self.fetch(named) if named else {}
        return Look(lambda item: self._data_key(item, stored), self._random)

    def _mint(self, purposes: Sequence[Purpose]) -> list[DataKey]:
        keys = [new_data_key(self._random) for _ in purposes]
        self.insert(
            [
                StoredKey(key.key_id, purpose, wrap(self._keyrings.named(purpose), key, purpose, self._random))
                for key, purpose in zip(keys, purposes, strict=True)
            ]
        )
        return keys


def _named_keys(items: Iterable[SealedItem]) -> set[UUID]:
    named = set()
    for item in items:
        try:
            named.add(key_id_of(item.sealed))
        except Tampered:
            # It names no key; `_data_key` says so when its turn comes.
            continue
    return named
