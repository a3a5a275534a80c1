"""What holds for the whole programme, in one row: whether requests are taken, and the register that places go by."""

from sqlalchemy import Connection, func, select, update

from services.intake.domain.programme import Programme, as_of
from services.intake.storage.tables import programme


def programme_now(tx: Connection) -> Programme:
    """Return whether requests are taken now, by the database's clock."""
    row = tx.execute(select(programme.c.open, programme.c.until, func.clock_timestamp().label("now"))).one()
    return as_of(Programme(row.open, row.until), row.now)


def store_programme(tx: Connection, said: Programme) -> None:
    tx.execute(update(programme).values(open=said.open, until=said.until))


def keep_fingerprint(tx: Connection, fingerprint: str) -> bool:
    """Keep the fingerprint of the register in use; tell whether it is another than before."""
    another = programme.c.register.is_distinct_from(fingerprint)
    return tx.execute(update(programme).where(another).values(register=fingerprint)).rowcount > 0
