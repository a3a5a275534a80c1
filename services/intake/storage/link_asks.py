"""Addresses for which a home link was asked for lately, as keyed hashes; nobody need have them."""

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert

from services.intake.storage.tables import link_asks


def note_link_ask(tx: Connection, address_hash: str) -> bool:
    """Note that a link is asked for; False if one was, lately."""
    statement = insert(link_asks).values(ref=address_hash).on_conflict_do_nothing(index_elements=["ref"])
    return tx.execute(statement.returning(link_asks.c.ref)).first() is not None


def forget_link_ask(tx: Connection, address_hash: str) -> None:
    tx.execute(delete(link_asks).where(link_asks.c.ref == address_hash))
