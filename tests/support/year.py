"""Sixty volunteers and four hundred people over a year: what each of them does on a day, over HTTP and by mail."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from deploy.client import UnexpectedAnswer, token_in
from deploy.demo.actors import asks
from tests.e2e.town import Town
from tests.support.programme import Programme

OVER = frozenset({"closed", "withdrawn", "ended"})


@dataclass
class Person:
    """Somebody who asked on `day`; `offer` is the token of the volunteer who said yes, once somebody did."""

    key: str
    day: int
    status: str = "waiting"
    met_after: int | None = None


@dataclass
class Habits:
    """What people do, as chances a day. Somebody who does nothing is a ghost: the house has to end that by itself."""

    accepts: float = 0.6
    declines: float = 0.2
    introduces: float = 0.8
    speaks: float = 0.3
    closes: float = 0.12
    asks_another: float = 0.02
    hands_back: float = 0.01
    erases: float = 0.01
    withdraws: float = 0.01


@dataclass
class Year:
    """One simulated year on a running town."""

    town: Town
    chance: random.Random
    habits: Habits = field(default_factory=Habits)
    people: list[Person] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    seen: int = 0

    def __post_init__(self) -> None:
        self.crowd = Programme(self.town.stack, self.chance)
        self.client = self.town.client
        self.accepted: dict[str, str] = {}

    def ask(self, day: int) -> None:
        """Let one more person ask."""
        self.crowd.ask(1)
        self.people.append(Person(self.crowd.keys[-1], day))
        self.counted["asked"] += 1

    def answer_mail(self) -> None:
        """Let every volunteer who was written to answer, or not."""
        for message in self.town.mailbox.messages(self.seen):
            self.seen = int(message["id"])
            self.counted["mails"] += 1
            if asks(message):
                self._answer(token_in(message))

    def _answer(self, token: str) -> None:
        drawn = self.chance.random()
        if drawn < self.habits.accepts:
            outcome = self._volunteer_does("accept", token).get("outcome")
            if outcome == "matched":
                self.accepted[token] = outcome
        elif drawn < self.habits.accepts + self.habits.declines:
            self._volunteer_does("decline", token, {"reason": "no_time_now"})
            self.counted["declined"] += 1
        else:
            self.counted["ignored"] += 1

    def act(self, day: int) -> None:
        """Let everybody who asked and is not done look at their page, and do something or nothing."""
        for person in self._undone():
            seen = self.client.send("GET", "/request", key=person.key)
            if seen.status in (401, 410):
                person.status = "gone"
                continue
            person.status = seen.body["status"]
            if person.status == "matched":
                self._at_a_match(person, day)
            elif person.status == "introduced":
                self._after_the_introduction(person)
            elif person.status in OVER:
                self.counted["over"] += 1
            elif self._happens(self.habits.withdraws):
                self._person_does("POST", "request/withdraw", person, None)
        for token in list(self.accepted):
            self._volunteer_goes_on(token)

    def _undone(self) -> list[Person]:
        return [person for person in self.people if person.status not in OVER | {"gone"}]

    def _at_a_match(self, person: Person, day: int) -> None:
        if person.met_after is None:
            person.met_after = day - person.day
            self.counted["matched"] += 1
        if self._happens(self.habits.introduces):
            self._person_does("POST", "request/introduce", person, None)

    def _after_the_introduction(self, person: Person) -> None:
        habits = self.habits
        if self._happens(habits.speaks):
            self._person_does("POST", "request/messages", person, {"text": "Thank you for being here."})
            self._person_does("POST", "request/spoken", person, None)
            self.counted["spoken"] += 1
        drawn = self.chance.random()
        if drawn < habits.closes:
            self._person_does("POST", "request/close", person, {"reason": "spoke_and_enough"})
        elif drawn < habits.closes + habits.asks_another:
            self._person_does("POST", "request/another", person, None)
            person.met_after = None
        elif drawn < habits.closes + habits.asks_another + habits.erases:
            self._person_does("DELETE", "request", person, None)

    def _volunteer_goes_on(self, token: str) -> None:
        stands = self._volunteer_does("", token, method="GET").get("status")
        if stands not in ("matched", "introduced"):
            del self.accepted[token]
        elif self._happens(self.habits.hands_back):
            self._volunteer_does("hand-back", token)
            self.counted["handed back"] += 1
        elif stands == "introduced" and self._happens(self.habits.speaks):
            self._volunteer_does("reveal", token)

    def _person_does(self, method: str, path: str, person: Person, body: Any) -> None:
        try:
            self.client.ask(method, f"/{path}", body, key=person.key)
        except UnexpectedAnswer:
            # It crossed something else that ended what it was about.
            self.counted["crossed"] += 1

    def _volunteer_does(self, step: str, token: str, body: Any = None, *, method: str = "POST") -> dict[str, Any]:
        answer = self.client.send(method, f"/offer/{step}".rstrip("/"), body, key=token)
        return answer.body if answer.status < 300 else {}

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share
