"""The desk of the volunteer."""

from services.intake.desks.keys import lookup_of
from services.intake.desks.people import finish_and_sign
from services.intake.domain.refusals import Unknown
from services.intake.domain.shapes import Filled
from services.intake.handlers import erasing, volunteers
from services.intake.handlers.offers import ListedOffer, list_offers
from services.intake.handlers.tools import Tools
from services.intake.handlers.volunteers import VolunteerView
from services.intake.storage.volunteers import volunteer_by_lookup
from shared.database import Database
from shared.vault.purposes import Purpose
from shared.vault.request_keys import new_key

SEALED = (Purpose.VOLUNTEER_PROFILE, Purpose.VOLUNTEER_NOTIFY, Purpose.VOLUNTEER_PRIVATE)


class VolunteerDesk:
    """What a volunteer may ask. `key` is a volunteer key as it was typed; Unknown, Gone and their kind are raised."""

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

    def read(self, key: str) -> VolunteerView:
        """Return what the volunteer sees on their home page."""
        with self._database.transaction() as tx:
            return volunteers.read_volunteer(tx, self._tools, lookup_of(key))

    def change(self, key: str, changes: Filled) -> VolunteerView:
        """Take changed fields, a pause or its end; return the volunteer as they are now."""
        with self._database.transaction() as tx:
            volunteers.change_volunteer(tx, self._tools, lookup_of(key), changes)
            return volunteers.read_volunteer(tx, self._tools, lookup_of(key))

    def offers(self, key: str) -> list[ListedOffer]:
        """Return every offer made to the volunteer."""
        with self._database.transaction() as tx:
            return list_offers(tx, self._tools, lookup_of(key))

    def remove(self, key: str) -> str:
        """Remove the volunteer and erase what is sealed about them; the same again returns the same receipt."""
        with self._database.transaction() as tx:
            row = volunteer_by_lookup(tx, lookup_of(key), lock=True)
            if row is None:
                raise Unknown
            erasing.remove_volunteer(tx, self._tools, row)
        return finish_and_sign(self._database, self._tools, row.ref)
