"""What is left of an erased subject: the ids of the keys to destroy, later those of the keys that were destroyed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from services.intake.storage.tables import erasures
from shared.rows import Rows


@dataclass(frozen=True)
class Erasure:
    """The erasure of the subject `ref`, in the hour `at`. The subject's own row is locked while this one is written."""

    ref: str
    key_ids: list[str]
    at: datetime


ERASURES = Rows(erasures, Erasure)
erasure_of = ERASURES.by_ref


def add_to_erasure(tx: Connection, erasure: Erasure) -> None:
    """Remember which keys the erasure destroys, beside those that an earlier part of it named."""
    statement = insert(erasures).values(ref=erasure.ref, key_ids=erasure.key_ids, at=erasure.at)
    both = text("ARRAY(SELECT DISTINCT unnest(erasures.key_ids || excluded.key_ids) ORDER BY 1)")
    tx.execute(statement.on_conflict_do_update(index_elements=["ref"], set_={"key_ids": both, "at": erasure.at}))
