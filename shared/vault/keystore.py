"""The vault's own database: wrapped data keys, and which of them were destroyed. Its rows name no one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from shared.database import Database, notify
from shared.vault.purposes import Reader

KEYS_DESTROYED = "keys_destroyed"
"""The NOTIFY channel of the vault's database; each payload is one destroyed key id."""

metadata = sa.MetaData()

KEYS = sa.Table(
    "keys",
    metadata,
    sa.Column("key_id", sa.Uuid, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("destroyed_at", sa.DateTime(timezone=True)),
    sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="keys_open_or_destroyed"),
)


@dataclass(frozen=True)
class StoredKey:
    """One row of the vault; `wrapped` is None once the key is destroyed.

    `purpose` is text, because a newer version's purpose may be met while both versions run.
    """

    key_id: UUID
    purpose: str
    wrapped: bytes | None


class KeyStore:
    """The vault's rows as one service may see them.

    Every method is its own short transaction. Failures of the database surface as SQLAlchemy raises them.
    """

    def __init__(self, database: Database, reader: Reader) -> None:
        self._database = database
        self._seen = sa.table(reader.relation, *(sa.column(column.name, column.type) for column in KEYS.columns))

    def fetch(self, key_ids: Collection[UUID]) -> dict[UUID, StoredKey]:
        """Return the rows of those `key_ids` that exist for this service, in one SELECT."""
        seen = self._seen.c
        query = sa.select(seen.key_id, seen.purpose, seen.wrapped).where(_among(seen.key_id, key_ids))
        with self._database.transaction() as tx:
            rows = tx.execute(query).all()
        return {row.key_id: StoredKey(row.key_id, row.purpose, row.wrapped) for row in rows}

    def destroyed_among(self, key_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of `key_ids` that were destroyed; ids that the vault does not know are not among them."""
        seen = self._seen.c
        query = sa.select(seen.key_id).where(_among(seen.key_id, key_ids), seen.destroyed_at.is_not(None))
        with self._database.transaction() as tx:
            return frozenset(tx.execute(query).scalars())


class KeyKeeper(KeyStore):
    """The vault's rows as intake may change them: no other service's role can."""

    def insert(self, keys: Sequence[StoredKey]) -> None:
        """Store new keys; it is done before any transaction that uses them, and unused ones open nothing."""
        rows = [{"key_id": key.key_id, "purpose": str(key.purpose), "wrapped": key.wrapped} for key in keys]
        with self._database.transaction() as tx:
            tx.execute(KEYS.insert(), rows)

    def ledger(self) -> dict[UUID, datetime]:
        """Return every destroyed key id with its hour: what is applied again (`destroy`) after a restore."""
        query = sa.select(KEYS.c.key_id, KEYS.c.destroyed_at).where(KEYS.c.destroyed_at.is_not(None))
        with self._database.transaction() as tx:
            return {row.key_id: row.destroyed_at for row in tx.execute(query)}

    def destroy(self, key_ids: Collection[UUID], hour: datetime) -> frozenset[UUID]:
        """Destroy keys for good and tell every listener; return the ids that the vault knows, all destroyed now.

        May be repeated, and has to be when it raises: the first `hour` stays, and the table is rewritten again.
        """
        destroyed = KEYS.update().where(_among(KEYS.c.key_id, key_ids), KEYS.c.wrapped.is_not(None))
        with self._database.transaction() as tx:
            tx.execute(destroyed.values(wrapped=None, destroyed_at=hour))
            known = frozenset(tx.execute(sa.select(KEYS.c.key_id).where(_among(KEYS.c.key_id, key_ids))).scalars())
            for key_id in known:
                notify(tx, KEYS_DESTROYED, str(key_id))
        self._rewrite()
        return known

    def _rewrite(self) -> None:
        """Write the table anew without its dead rows.

        A plain VACUUM only gives their space free: measured on PostgreSQL 18, the bytes of the last row of a page
        stay in the file. FULL takes 0.25 s for 300,000 rows, during which readers wait.
        """
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"VACUUM (FULL) {KEYS.name}"))


def _among(column: sa.ColumnElement[UUID], key_ids: Iterable[UUID]) -> sa.ColumnElement[bool]:
    # One array parameter instead of one parameter per id: a pool's full load asks for more than 65,535.
    return column == sa.any_(sa.literal(list(key_ids), sa.ARRAY(sa.Uuid)))
