"""The desk of the volunteer."""

from services.intake.desks.keys import volunteer_lookup
from services.intake.desks.people import finish_and_sign
from services.intake.domain.refusals import Unknown
from services.intake.domain.shapes import Filled
from services.intake.handlers import erasing, home_links, volunteers
from services.intake.handlers.offers import ListedOffer, list_offers
from services.intake.handlers.tools import Tools
from services.intake.handlers.volunteers import VolunteerView
from services.intake.storage.volunteers import volunteer_by_lookup
from shared.database import Database
from shared.vault.purposes import Purpose
from shared.vault.request_keys import new_key

SEALED = (Purpose.VOLUNTEER_PROFILE, Purpose.VOLUNTEER_NOTIFY, Purpose.VOLUNTEER_PRIVATE)


class VolunteerDesk:
    """What a volunteer may ask; Unknown, Gone and their kind are raised.

    `key` is a volunteer key as it was typed, or a home link, which counts with `pin` if the volunteer set one.
    """

    def __init__(self, database: Database, tools: Tools) -> None:
        """Work on intake's `database`."""
        self._database = database
        self._tools = tools

    def apply(self, form: Filled) -> str:
        """Take an application; return the volunteer key, which is shown now and never again."""
        key = new_key(self._tools.random)
        keys = self._tools.vault.mint(SEALED)
        with self._database.transaction() as tx:
            volunteers.apply(tx, self._tools, key, form, keys)
        return key

    def ask_link(self, value: str) -> None:
        """Take note that somebody asks for a fresh home link to the address `value`, known or not."""
        with self._database.transaction() as tx:
            home_links.ask_link(tx, self._tools, value)

    def read(self, key: str, pin: str | None = None) -> VolunteerView:
        """Return what the volunteer sees on their home page."""
        lookup = self._admitted(key, pin)
        with self._database.transaction() as tx:
            return volunteers.read_volunteer(tx, self._tools, lookup)

    def change(self, key: str, changes: Filled, pin: str | None = None) -> VolunteerView:
        """Take changed fields, a pause or its end, another PIN or none; return the volunteer as they are now."""
        lookup = self._admitted(key, pin)
        with self._database.transaction() as tx:
            volunteers.change_volunteer(tx, self._tools, lookup, changes)
            return volunteers.read_volunteer(tx, self._tools, lookup)

    def offers(self, key: str, pin: str | None = None) -> list[ListedOffer]:
        """Return every offer made to the volunteer."""
        lookup = self._admitted(key, pin)
        with self._database.transaction() as tx:
            return list_offers(tx, self._tools, lookup)

    def remove(self, key: str, pin: str | None = None) -> str:
        """Remove the volunteer and erase what is sealed about them; the same again returns the same receipt."""
        lookup = self._admitted(key, pin)
        with self._database.transaction() as tx:
            row = volunteer_by_lookup(tx, lookup, lock=True)
            if row is None:
                raise Unknown
            erasing.remove_volunteer(tx, self._tools, row)
        return finish_and_sign(self._database, self._tools, row.ref)

    def _admitted(self, key: str, pin: str | None) -> str:
        return volunteer_lookup(self._database, self._tools, key, pin)
