"""A small world for intake's tests: people and volunteers over HTTP, and a matcher that says what a test needs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from services.intake.handlers.context import Intake
from services.intake.handlers.matches_events import on_matches
from shared.events import Event
from shared.refs import new_ref
from shared.vault.tokens import offer_token
from tests.support.people import EVENING, a_request, an_application, by_email, lived

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
LATER = NOW + timedelta(hours=6)

ASK = a_request(
    languages=["en", "cy"],
    affiliations=["Planted Infirmary"],
    themes=["adverse_event_error", "burnout", "suicidality_survivor"],
    most_important="burnout",
    values=["humour_gets_me_through"],
    availability=[EVENING],
    modalities=["phone"],
    avoid={"affiliations": ["Planted Board"], "people": ["Planted Enemy"]},
    contact={"channel": "signal", "value": "+44 20 7946 0958"},
    notify=by_email("planted.person@example.org"),
    words="planted words of the person",
    programme_code="planted-code",
)
APPLY = an_application(
    name="Planted Volunteer",
    notify=by_email("planted.volunteer@example.org"),
    care_area="emergency_medicine",
    time_zone="Europe/Paris",
    affiliations=["Planted Clinic"],
    evaluative_roles=[{"role": "examiner", "body": "Planted College"}],
    themes=lived("burnout"),
    ready_for=["suicidality_survivor"],
    modalities=["phone", "video"],
    contact={"channel": "phone", "value": "planted phone"},
    shows=["name", "contact"],
    proof="planted proof",
)


def bearer(key: str) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"Authorization": f"Bearer {key}"}


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP; `json` is None where the body is none."""

    status_code: int
    json: Any
    headers: Headers
    content_type: str


def answer_of(response: TestResponse) -> Answer:
    """Return what a test looks at in `response`."""
    return Answer(
        response.status_code, response.get_json(silent=True), response.headers, response.headers["Content-Type"]
    )


class World:
    """Drives intake as people do, and as the matcher does."""

    def __init__(self, intake: Intake, client: FlaskClient) -> None:
        """Work on `intake` through `client`."""
        self.intake = intake
        self.client = client
        self._sequences: dict[str, int] = {}

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """GET `path`."""
        return answer_of(self.client.get(path, headers=headers))

    def post(self, path: str, **options: Any) -> Answer:
        """POST to `path`, with the options of Flask's client."""
        return answer_of(self.client.post(path, **options))

    def ask(self, **changes: Any) -> str:
        """Ask for a peer; return the request key."""
        answer = self.post("/api/v1/requests", json={**ASK, **changes})
        assert answer.status_code == 201, answer.json
        return str(answer.json["request_key"])

    def apply(self, **changes: Any) -> str:
        """Apply as a volunteer; return the volunteer key."""
        answer = self.post("/api/v1/volunteers", json={**APPLY, **changes})
        assert answer.status_code == 202, answer.json
        return str(answer.json["volunteer_key"])

    def coordinate(self, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Do what the coordinator does."""
        headers = bearer(self.intake.settings.coordinator_token)
        return self.post(f"/api/v1/coordinator/volunteers/{path}", json=body, headers=headers)

    def approved(self, **changes: Any) -> tuple[str, str]:
        """Apply and be approved; return the volunteer key and ref. Each after the first has an address of their own."""
        number = len(self.rows("SELECT ref FROM volunteers"))
        own = {"notify": by_email(f"planted.volunteer.{number}@example.org")} if number else {}
        key = self.apply(**own | changes)
        ref = self.newest("volunteers")
        body = {"trained_until": "2027-06-30", "trained_for": ["suicidality_survivor"]}
        assert self.coordinate(f"{ref}/approve", body).status_code == 200
        return key, ref

    def newest(self, table: str) -> str:
        """Return the ref of the only row of `table`, or of the one that was added last."""
        # A row that is written again may lie anywhere; what intake announces has numbers that only grow.
        first_announced = f"(SELECT min(id) FROM outbox WHERE subject = {table}.ref)"
        found = self.rows(f"SELECT ref FROM {table} ORDER BY {first_announced} DESC NULLS LAST, ctid DESC LIMIT 1")
        return str(found[0]["ref"])

    def person(self, method: str, path: str, key: str, body: dict[str, Any] | None = None) -> Answer:
        """Do what a person or a volunteer does with their key or token."""
        return answer_of(self.client.open(f"/api/v1/{path}", method=method, headers=bearer(key), json=body))

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """Return what the database holds."""
        with self.intake.database.transaction() as tx:
            return [dict(row._mapping) for row in tx.execute(text(statement))]

    def execute(self, statement: str) -> None:
        """Change rows behind the back of all handlers."""
        with self.intake.database.transaction() as tx:
            tx.execute(text(statement))

    def events(self, topic: str) -> list[str]:
        """Return the names of the events announced to `topic`, in order."""
        return [row["name"] for row in self.rows(f"SELECT name FROM outbox WHERE topic = '{topic}' ORDER BY id")]

    def token(self, offer: str) -> str:
        """Return the token of an offer."""
        return offer_token(self.intake.links, offer)

    def offered(self, request: str, volunteer: str, *, offer: str | None = None, **changes: Any) -> str:
        """Let the matcher say where an offer stands; return its ref."""
        offer = offer or new_ref()
        said = {
            "offer": offer,
            "request": request,
            "round": 1,
            "volunteer": volunteer,
            "wave": 1,
            "state": "made",
            "made_at": NOW,
            "expires_at": LATER,
            "nudged_at": None,
            "closed_at": None,
        }
        self.say(offer, request, "offered", {**said, **changes})
        return offer

    def matched(self, request: str, volunteer: str, offer: str, *, match: str | None = None, **changes: Any) -> str:
        """Let the matcher say where a match stands; return its ref."""
        match = match or new_ref()
        said = {
            "match": match,
            "offer": offer,
            "request": request,
            "round": 1,
            "volunteer": volunteer,
            "request_sequence": 1,
            "state": "live",
            "matched_at": NOW,
            "introduced_at": None,
            "check_ins": 0,
            "sign_asks": 0,
            "ended_at": None,
            "ended_by": None,
            "then": None,
        }
        self.say(match, request, "matched", {**said, **changes})
        return match

    def searching(self, request: str, **changes: Any) -> None:
        """Let the matcher say that a request waits or is stalled."""
        said = {"request": request, "round": 1, "state": "waiting", "why": "nobody_free", "next_try_at": LATER}
        self.say(request, request, "waiting", {**said, "late": "no", **changes})

    def say(self, subject: str, key: str, name: str, data: dict[str, Any]) -> None:
        """Hand an event of the topic `matches` to intake, in a transaction of its own."""
        self._sequences[subject] = self._sequences.get(subject, 0) + 1
        event = Event(str(uuid4()), "matches", name, subject, self._sequences[subject], key, NOW, data)
        with self.intake.database.transaction() as tx:
            on_matches(tx, self.intake, event)

    def met(self, **ask: Any) -> tuple[str, str, str]:
        """Ask, be offered, be matched; return request key, offer token and match ref."""
        key = self.ask(**ask)
        _, volunteer = self.approved()
        request = self.newest("requests")
        offer = self.offered(request, volunteer)
        assert self.person("POST", "offer/accept", self.token(offer)).status_code == 202
        self.offered(request, volunteer, offer=offer, state="accepted", closed_at=NOW)
        match = self.matched(request, volunteer, offer)
        return key, self.token(offer), match
