"""Who would be asked: HTTP goes in at intake's door, and out comes the matcher's answer, with no Kafka between.

The API takes applications, approvals, changes and requests as it does from anybody. What intake announces is encoded
and decoded as on the wire and handed to the matcher's own handler; the matcher opens the sealed profiles with keys of
its own role, and ranks its pool by all its rules. Nothing is faked but the pool's clock, if a test names a moment.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from services.matcher.domain.profiles import PersonProfile
from services.matcher.handlers.context import Context
from services.matcher.handlers.volunteers import on_volunteer
from services.matcher.storage.pool_in_memory import Pool
from services.matcher.storage.tables import messaging
from shared.database import Database, database_now
from shared.events import Event
from shared.events.catalogue import event_type
from shared.events.envelope import decode, encode
from shared.messaging.inbox import first_time
from shared.vault.keyrings import Keyrings
from shared.vault.purposes import MATCHER, Purpose
from shared.vault.vault import Vault
from tests.integration.intake.world import World
from tests.support.people import AWAKE_ALL_DAY, Said, a_request, an_application, by_email, lived

PERSON: Said = {"affiliations": [], "themes": ["burnout"]}
VOLUNTEER: Said = {
    "affiliations": [{"organisation": "Tarnside Hospital", "town": "Tarnside"}],
    "themes": lived("burnout"),
    "waking_hours": AWAKE_ALL_DAY,
    "capacity": {"active": 10, "new_per_month": 31},
}
APPROVAL = {"trained_until": "2099-12-31", "trained_for": []}
EVERYBODY = 10_000


class Doors:
    """Intake's door and the matcher's. Volunteers go by a label that the test chooses.

    The volunteers of one test stay in the pool, and one who was said already, under the same label with the same
    words, is not taken twice. An application or a request costs about 25 ms, so a table of pairs fits into one test.
    """

    def __init__(self, world: World, matcher_url: str, vault_url: str) -> None:
        """Stand between intake's `world` and a matcher on these databases."""
        settings = world.intake.settings
        self.world = world
        self._matcher = Database(matcher_url, name="test-matcher", pool_size=1)
        self._vault_database = Database(vault_url, name="test-matcher", pool_size=1)
        self._vault = Vault(self._vault_database, Keyrings(settings.common.keyring_dir), MATCHER)
        self._context = Context(self._vault, Pool(self._vault))
        self._handed_over = 0
        self._said: dict[str, Said] = {}
        self.keys: dict[str, str] = {}
        """Label -> volunteer key, for what a test lets a volunteer do with `world.person(method, path, key, body)`."""
        self.refs: dict[str, str] = {}

    def who_is_asked(
        self, person: Mapping[str, Any], volunteers: Mapping[str, Any], at: datetime | None = None
    ) -> set[str]:
        """Return the labels of the volunteers (label -> what they say) who may be asked for a person who says this.

        What is not said is that of a nurse whom nothing keeps from anybody: `PERSON` and `VOLUNTEER`, with a name and
        an address made from the label. `at` is the moment of the search, else it is now.
        """
        for label, said in volunteers.items():
            self.apply(label, **said)
        return self.asked_for(**person, at=at) & volunteers.keys()

    def is_offered(self, person: Mapping[str, Any], volunteer: Mapping[str, Any]) -> bool:
        """Tell whether this volunteer may be asked for this person: one line of a table of pairs."""
        return bool(self.who_is_asked(person, {repr(volunteer): volunteer}))

    def apply(self, label: str, **said: Any) -> None:
        """Let a volunteer apply and be approved, unless they have said the very same before."""
        if self._said.setdefault(label, said) != said:
            raise ValueError(f"{label} has said something else before")
        if label in self.keys:
            return
        number = len(self.keys) + 1
        usual = {"name": f"Volunteer{number} Number{number}", "notify": by_email(f"volunteer-{number}@example.org")}
        answer = self.world.post("/api/v1/volunteers", json=an_application(**VOLUNTEER | usual | said))
        assert answer.status_code == 202, answer.json
        self.keys[label] = answer.json["volunteer_key"]
        self.refs[label] = self.world.newest("volunteers")
        self.approve(label)

    def approve(self, label: str, **said: Any) -> None:
        """Let the coordinator approve a volunteer, for the first time or after a change."""
        answer = self.world.coordinate(f"{self.refs[label]}/approve", APPROVAL | said)
        assert answer.status_code == 200, answer.json

    def asked_for(self, at: datetime | None = None, **said: Any) -> set[str]:
        """Return the labels of all volunteers who may be asked for a person who says this."""
        answer = self.world.post("/api/v1/requests", json=a_request(**PERSON | said))
        assert answer.status_code == 201, answer.json
        return self.asked_by(self.world.newest("requests"), at)

    def asked_by(self, request: str, at: datetime | None = None) -> set[str]:
        """Return the labels of all volunteers who may be asked for a request as it stands, by its ref."""
        [row] = self.world.rows(f"SELECT profile FROM requests WHERE ref = '{request}'")
        self.hand_over()
        person = PersonProfile.from_data(self._vault.open(row["profile"], request, Purpose.PERSON_PROFILE))
        with self._matcher.transaction() as tx:
            now = at or database_now(tx)
            with self._context.pool.ranking(tx, person, now=now, asked_before=()) as ranking:
                asked = {candidate.ref for candidate in ranking.best(EVERYBODY)}
        return {label for label, ref in self.refs.items() if ref in asked}

    def hand_over(self) -> None:
        """Hand what intake has announced of volunteers since the last time to the matcher, once and in order."""
        with self.world.intake.database.transaction() as tx:
            found = tx.execute(text("SELECT * FROM outbox WHERE id > :id ORDER BY id"), {"id": self._handed_over}).all()
        for row in found:
            self._handed_over = row.id
            if row.topic == "volunteers":
                self._handle(_on_the_wire(row))

    def _handle(self, event: Event) -> None:
        with self._matcher.transaction() as tx:
            if first_time(tx, messaging, event) == "handled":
                on_volunteer(self._context, tx, event)

    def close(self) -> None:
        """Leave both databases."""
        self._matcher.dispose()
        self._vault_database.dispose()


def _on_the_wire(row: Any) -> Event:
    headers = encode(
        event_id=str(row.event_id),
        type_=f"{row.topic}.{row.name}.v{event_type(row.topic, row.name).version}",
        source="intake",
        subject=row.subject,
        sequence=row.sequence,
        time=datetime.now(UTC),
    )
    return decode(row.topic, row.key.encode(), headers, row.data.encode())
