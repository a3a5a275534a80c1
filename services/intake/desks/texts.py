"""Writing a text from either desk: the key of a match is minted before the transaction that needs it."""

from collections.abc import Callable

from sqlalchemy import Connection

from services.intake.domain.relay import Written
from services.intake.handlers.relay import Side, needs_key, write_text
from services.intake.handlers.tools import Tools
from shared.database import Database
from shared.vault.purposes import Purpose


def write_with_key(database: Database, tools: Tools, side_of: Callable[[Connection], Side], written: Written) -> None:
    """Write for the side that `side_of` finds. A key that was minted and not needed opens nothing."""
    with database.transaction() as tx:
        first = needs_key(tx, side_of(tx))
    purpose = Purpose.MATCH_PRIVATE
    key = tools.vault.mint([purpose])[purpose] if first else None
    with database.transaction() as tx:
        write_text(tx, tools, side_of(tx), written, key)
