"""People who ask and volunteers who are asked, in circles that never meet.

Those of a circle speak a language that nobody else speaks, so tests on one stack do not disturb each other.
"""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from string import ascii_lowercase
from typing import Any

from deploy.client import Answer, token_in
from deploy.demo.actors import asks
from shared.vocabulary.languages import canonical, spoken
from tests.e2e.town import PATIENCE, Town
from tests.support.people import AWAKE_ALL_DAY, a_request, an_application, by_email, lived

IN_EMERGENCIES = {"profession": "physician", "care_area": "emergency_medicine"}
RARE_LANGUAGES = (
    code
    for code in map("".join, product("ag", ascii_lowercase, ascii_lowercase))
    if canonical(code) == spoken(code) == code
)
"""Languages of three letters, each of which nobody takes for another."""


def circle_in(town: Town, **person: Any) -> "Circle":
    """Return a circle that nobody is in yet; `person` are fields that its people fill in otherwise than usual."""
    return Circle(town, next(RARE_LANGUAGES), person)


@dataclass
class Circle:
    """People and volunteers of one language."""

    town: Town
    language: str
    usual: dict[str, Any] = field(default_factory=dict)
    volunteers: list["Volunteer"] = field(default_factory=list)
    seen: int = 0

    def application(self, number: int, **changes: Any) -> dict[str, Any]:
        """Return the form of a volunteer."""
        usual = {
            "name": f"Volunteer {self.language} {number}",
            "notify": by_email(f"{self.language}{number}@example.org"),
            "languages": [self.language],
            "affiliations": [f"Tarnside{self.language}{number} Hospital"],
            "themes": lived("burnout"),
            "waking_hours": AWAKE_ALL_DAY,
            "capacity": {"active": 3, "new_per_month": 31},
        }
        return an_application(**IN_EMERGENCIES | usual | changes)

    def form(self, **changes: Any) -> dict[str, Any]:
        """Return the form of a person."""
        usual = {
            "languages": [self.language],
            "affiliations": ["Larkhaven Infirmary"],
            "themes": ["burnout"],
            "urgency": "days",
            "contact": {"channel": "signal", "value": "+44 7700 900000"},
            "words": f"Words in {self.language}.",
        }
        return a_request(**IN_EMERGENCIES | usual | self.usual | changes)

    def apply(self, **changes: Any) -> "Volunteer":
        """Let somebody apply."""
        form = self.application(len(self.volunteers) + 1, **changes)
        key = self.town.client.ask("POST", "/volunteers", form)["volunteer_key"]
        volunteer = Volunteer(self.town, key, self.town.ref_of("volunteers", key), form["notify"]["value"])
        self.volunteers.append(volunteer)
        return volunteer

    def invite(self, count: int = 1, **changes: Any) -> list["Volunteer"]:
        """Let `count` volunteers apply and be approved, and return once the matcher knows them."""
        invited = [self.apply(**changes) for _ in range(count)]
        for volunteer in invited:
            self.approve(volunteer)
        return invited

    def approve(self, volunteer: "Volunteer") -> None:
        """Let the coordinator approve `volunteer`, and return once the matcher knows."""
        until = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
        self.town.coordinate(volunteer.ref, "approve", {"trained_until": until, "trained_for": []})
        volunteer.wait_in_pool("active")

    def ask(self, **changes: Any) -> "Person":
        """Let somebody ask."""
        once = {"Idempotency-Key": secrets.token_urlsafe(24)}
        answer = self.town.client.send("POST", "/requests", self.form(**changes), headers=once)
        assert answer.status == 201, answer
        return Person(self.town, answer.body["request_key"])

    def next_offer(self) -> "Offer":
        """Wait for the next mail that asks somebody of this circle."""
        mine = {volunteer.address for volunteer in self.volunteers}
        message = self.town.mailbox.wait_for(
            lambda message: asks(message) and message["to"][0] in mine, after=self.seen, seconds=PATIENCE
        )
        self.seen = int(message["id"])
        return Offer(self.town, token_in(message), message["to"][0])

    def introduced(self) -> tuple["Person", "Offer"]:
        """Let somebody ask, a volunteer say yes, and the person say yes."""
        person = self.ask()
        offer = self.next_offer()
        assert offer.accept() == "matched"
        person.introduce()
        return person, offer


@dataclass(frozen=True)
class Volunteer:
    """Somebody who is asked."""

    town: Town
    key: str
    ref: str
    address: str

    def wait_in_pool(self, state: str) -> None:
        """Return once the matcher's pool has this volunteer in `state`."""
        statement = "SELECT ref FROM pool WHERE ref = %s AND state = %s"
        self.town.wait(f"{state} in the pool", lambda: self.town.rows("matcher", statement, self.ref, state))


@dataclass(frozen=True)
class Person:
    """Somebody who asks."""

    town: Town
    key: str

    @property
    def ref(self) -> str:
        """The request's ref."""
        return self.town.ref_of("requests", self.key)

    def look(self) -> dict[str, Any]:
        """Return the request as the person sees it."""
        seen: dict[str, Any] = self.town.client.ask("GET", "/request", key=self.key)
        return seen

    def do(self, step: str, body: dict[str, Any] | None = None) -> Answer:
        """Take a step and return the answer, whatever it is."""
        return self.town.client.send("POST", f"/request/{step}", body, key=self.key)

    def wait(self, *states: str) -> dict[str, Any]:
        """Return the request once it is in one of `states`."""

        def look() -> dict[str, Any] | None:
            seen = self.look()
            return seen if seen["status"] in states else None

        return self.town.wait(" or ".join(states), look)

    def introduce(self) -> None:
        """Say yes once a volunteer has, and wait until the volunteer may know."""
        self.wait("matched", "introduced")
        assert self.do("introduce").status == 200
        self.wait("introduced")

    def erase(self) -> Answer:
        """Erase the request."""
        return self.town.client.send("DELETE", "/request", key=self.key)


@dataclass(frozen=True)
class Offer:
    """The link in one mail."""

    town: Town
    token: str
    to: str

    def send(self, method: str, step: str = "", body: dict[str, Any] | None = None) -> Answer:
        """Use the link in any way, and return the answer, again while intake has not heard of the offer."""

        def answered() -> Answer | None:
            path = f"/offer/{step}" if step else "/offer"
            answer = self.town.client.send(method, path, body, key=self.token)
            return None if (answer.body or {}).get("outcome") == "unknown" else answer

        return self.town.wait("an answer about the offer", answered)

    def accept(self) -> str:
        """Say yes; return the final outcome."""
        return self._final(self.send("POST", "accept"))

    def decline(self) -> str:
        """Say no; return the final outcome."""
        return self._final(self.send("POST", "decline", {"reason": "no_time_now"}))

    def status(self) -> str:
        """Return where it stands, as its volunteer reads it."""
        return str(self.send("GET").body["status"])

    def _final(self, answer: Answer) -> str:
        outcome = str(answer.body["outcome"])
        if outcome != "noted":
            return outcome

        def decided() -> str | None:
            status = self.status()
            return None if status == "noted" else status

        return self.town.wait("an outcome", decided)


def at_once(offers: Sequence[Offer]) -> list[str]:
    """Let several say yes at the same instant; return their outcomes in order."""
    start = threading.Barrier(len(offers))
    outcomes: dict[int, str] = {}

    def answer(number: int, offer: Offer) -> None:
        start.wait(timeout=PATIENCE)
        outcomes[number] = offer.accept()

    threads = [threading.Thread(target=answer, args=each) for each in enumerate(offers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[number] for number in range(len(offers))]
