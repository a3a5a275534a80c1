"""Reading the keys that people hold, and admitting a volunteer to their home."""

from services.intake.domain.refusals import Refusal, Unknown
from services.intake.handlers import home_links
from services.intake.handlers.tools import Tools
from services.intake.storage.volunteers import volunteer_by_lookup
from shared.database import Database
from shared.vault.request_keys import MistypedKey, lookup_id
from shared.vault.tokens import BadToken, read_home_link


def lookup_of(key: str) -> str:
    """Return the lookup id of a key as it was typed; Unknown if the text is no key at all."""
    try:
        return lookup_id(key)
    except MistypedKey:
        raise Unknown from None


def volunteer_lookup(database: Database, tools: Tools, key: str, pin: str | None) -> str:
    """Return the lookup id of the volunteer whom `key` admits: a volunteer key, or the newest home link with its PIN.

    OldLink, PinNeeded, PinBlocked, or Unknown if the text is neither. A wrong PIN is counted, whatever the caller does
    next; a volunteer key needs none, and makes wrong ones forgotten.
    """
    try:
        link = read_home_link(tools.links, key)
    except BadToken:
        return _by_key(database, lookup_of(key))
    with database.transaction() as tx:
        outcome = home_links.come_in(tx, tools, link, pin)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _by_key(database: Database, lookup: str) -> str:
    with database.transaction() as tx:
        row = volunteer_by_lookup(tx, lookup)
        if row is not None and (row.pin_failures or row.pin_blocked_until):
            home_links.clear_tries(tx, row.ref)
    return lookup
