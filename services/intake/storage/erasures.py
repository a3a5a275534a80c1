"""What is left of an erased subject: the ids of the keys to destroy, later those of the keys that were destroyed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from services.intake.storage.tables import erasures


@dataclass(frozen=True)
class Erasure:
    """The erasure of the subject `ref`, in the hour `at`. The subject's own row is locked while this one is written."""

    ref: str
    key_ids: list[str]
    at: datetime


def add_to_erasure(tx: Connection, erasure: Erasure) -> None:
    """Remember which keys the erasure destroys, beside those that an earlier part of it named."""
    earlier = erasure_of(tx, erasure.ref)
    key_ids = sorted({*erasure.key_ids, *(earlier.key_ids if earlier else ())})
    statement = insert(erasures).values(ref=erasure.ref, key_ids=key_ids, at=erasure.at)
    tx.execute(statement.on_conflict_do_update(index_elements=["ref"], set_={"key_ids": key_ids, "at": erasure.at}))


def erasure_of(tx: Connection, ref: str) -> Erasure | None:
    """Return the erasure of a subject; None if it was not erased."""
    row = tx.execute(select(erasures).where(erasures.c.ref == ref)).first()
    return None if row is None else Erasure(**row._mapping)
