"""A small programme under way: volunteers and people act over HTTP and mail; the invariants are read from outside."""

import random
import secrets
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from deploy.client import Client, Mailbox, UnexpectedAnswer, token_in
from deploy.demo.actors import asks
from deploy.embedded.supervisor import Stack
from tests.support.people import AWAKE_ALL_DAY, a_request, an_application, by_email, lived

ACCEPTS = 0.6
"""The share of offers that get a yes; the others get a no."""

QUIET_SECONDS = 3.0
CARE_AREAS = ("emergency_medicine", "critical_care", "family_medicine", "pediatrics", "general_surgery_trauma")
THEMES = ("burnout", "adverse_event_error", "bereavement", "conflict_bullying", "patient_death")


@dataclass
class Programme:
    """Volunteers and people on one running stack."""

    stack: Stack
    chance: random.Random
    keys: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.client = Client(self.stack.intake_url)
        self.mailbox = Mailbox(self.stack.mail.url)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def invite(self, count: int) -> None:
        """Let `count` volunteers apply and be approved."""
        forms = [self._volunteer(number) for number in range(count)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda form: self.client.ask("POST", "/volunteers", form), forms))
        token = self.stack.coordinator_token
        approval = {"trained_until": (datetime.now(UTC) + timedelta(days=90)).date().isoformat(), "trained_for": []}
        listed = self.client.ask("GET", "/coordinator/volunteers", key=token)["volunteers"]
        with ThreadPoolExecutor(4) as pool:
            paths = [f"/coordinator/volunteers/{volunteer['volunteer']}/approve" for volunteer in listed]
            list(pool.map(lambda path: self.client.ask("POST", path, approval, key=token), paths))

    def ask(self, count: int, *, during: Callable[[int], None] = lambda _: None) -> None:
        """Let `count` people ask, one after the other; `during(n)` is called after the n-th."""
        for number in range(count):
            self.keys.append(self._submit(self._person()))
            during(number + 1)

    def start_answering(self) -> None:
        """Let volunteers answer their mail, and people say yes, until `stop`."""
        self._threads = [threading.Thread(target=self._answer_mail), threading.Thread(target=self._say_yes)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let nobody act any more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def statuses(self) -> Counter[str]:
        """Return how many requests are in each state, as their people see it."""
        with ThreadPoolExecutor(4) as pool:
            seen = pool.map(lambda key: self.client.ask("GET", "/request", key=key)["status"], self.keys)
            return Counter(seen)

    def settle(self, *, seconds: float) -> Counter[str]:
        """Return the states once none is on its way any more, or after `seconds`."""
        deadline = quiet_since = time.monotonic()
        deadline += seconds
        while time.monotonic() < deadline and time.monotonic() - quiet_since < QUIET_SECONDS:
            if self.on_their_way():
                quiet_since = time.monotonic()
            time.sleep(0.5)
        return self.statuses()

    def on_their_way(self) -> int:
        """Return how many requests are neither introduced nor wait with a reason, as the coordinator sees them."""
        answer = self.client.ask("GET", "/coordinator/requests", key=self.stack.coordinator_token)
        return sum(not _is_settled(request) for request in answer["requests"])

    def _submit(self, form: dict[str, Any]) -> str:
        """Send a form, again with the same Idempotency-Key while intake says "not now"; return the request key."""
        once = {"Idempotency-Key": secrets.token_urlsafe(24)}
        for _ in range(60):
            answer = self.client.send("POST", "/requests", form, headers=once)
            if answer.status == 201:
                return str(answer.body["request_key"])
            assert answer.status == 503, answer
            time.sleep(0.5)
        raise AssertionError("intake never came back")

    def _answer_mail(self) -> None:
        seen, answered = 0, set[str]()
        while not self._stop.is_set():
            for message in self.mailbox.messages(seen):
                seen = int(message["id"])
                if asks(message) and (token := token_in(message)) not in answered:
                    answered.add(token)
                    self._answer(token)
            self._stop.wait(0.1)

    def _answer(self, token: str) -> None:
        yes = self.chance.random() < ACCEPTS
        path, body = ("/offer/accept", None) if yes else ("/offer/decline", {"reason": "no_time_now"})
        for _ in range(100):
            answer = self.client.send("POST", path, body, key=token)
            outcome = (answer.body or {}).get("outcome")
            # "unknown" before intake has heard of the offer, and 503: ask again. "noted" is kept and will be judged.
            if outcome not in (None, "unknown") and answer.status in (200, 202):
                self.outcomes[outcome] += 1
                return
            assert answer.status in (202, 503), answer
            time.sleep(0.3)
        raise AssertionError("an answer was never taken")

    def _say_yes(self) -> None:
        introduced = set[str]()
        while not self._stop.is_set():
            for key in list(self.keys):
                if key not in introduced and self._introduce(key):
                    introduced.add(key)
            self._stop.wait(0.2)

    def _introduce(self, key: str) -> bool:
        try:
            if self.client.ask("GET", "/request", key=key)["status"] != "matched":
                return False
            self.client.ask("POST", "/request/introduce", key=key)
        except (UnexpectedAnswer, urllib.error.URLError):
            return False
        return True

    def _volunteer(self, number: int) -> dict[str, Any]:
        return an_application(
            name=f"Volunteer {number}",
            notify=by_email(f"v{number}@example.org"),
            profession=self.chance.choice(("physician", "nurse")),
            care_area=self.chance.choice(CARE_AREAS),
            affiliations=[f"Tarnside{number} Hospital"],
            themes=lived(*self.chance.sample(THEMES, 2)),
            waking_hours=AWAKE_ALL_DAY,
        )

    def _person(self) -> dict[str, Any]:
        return a_request(
            profession=self.chance.choice(("physician", "nurse")),
            care_area=self.chance.choice(CARE_AREAS),
            affiliations=["Larkhaven Infirmary"],
            themes=[self.chance.choice(THEMES)],
            urgency="days",
            words="Written by a test.",
        )


def _is_settled(request: dict[str, Any]) -> bool:
    waits_for_a_reason = request["status"] in ("waiting", "stalled") and request["why"] is not None
    return waits_for_a_reason or request["status"] == "introduced"


class Truth:
    """The databases, read by a superuser from outside."""

    def __init__(self, stack: Stack) -> None:
        self._url = stack.summary()["postgres"].rpartition("/")[0]

    def rows(self, database: str, statement: str) -> list[dict[str, Any]]:
        """Return the rows of `statement`, one of this module's own literals."""
        with psycopg.connect(f"{self._url}/{database}", row_factory=dict_row) as connection:
            return connection.execute(statement).fetchall()

    def broken_invariants(self) -> list[str]:
        """Return what of I3, I4, I6 and I8 does not hold now; empty when all is well. Only for a quiet stack."""
        checks = {
            "I3 over capacity": ("matcher", "SELECT ref FROM pool WHERE open_offers + live_matches > 1"),
            "I3 counters": (
                "matcher",
                """SELECT p.ref FROM pool p
                   WHERE open_offers <> (SELECT count(*) FROM offers o WHERE o.volunteer = p.ref AND o.state = 'made')
                      OR live_matches <> (SELECT count(*) FROM matches m WHERE m.volunteer = p.ref AND m.state = 'live')
                """,
            ),
            "I4 two live matches": (
                "matcher",
                "SELECT request FROM matches WHERE state = 'live' GROUP BY request HAVING count(*) > 1",
            ),
            "I8 two winners": (
                "matcher",
                "SELECT request FROM offers WHERE state = 'accepted' GROUP BY request, round HAVING count(*) > 1",
            ),
        }
        broken = [name for name, (database, sql) in checks.items() if self.rows(database, sql)]
        for service in ("intake", "matcher", "notifier"):
            if self.rows(service, "SELECT id FROM outbox WHERE topic_id IS NULL LIMIT 1"):
                broken.append(f"I6 unpublished rows in {service}")
            if self.rows(service, "SELECT id FROM outbox WHERE topic LIKE '%.dlq' LIMIT 1"):
                broken.append(f"parked events in {service}")
        return broken + self._disagreements()

    def _disagreements(self) -> list[str]:
        """Intake's copies must say what the matcher's rows say, and every due notice must have been sent."""
        # That an offer was accepted is told by its match alone, so intake's copy of it says so there.
        accepted = """SELECT ref, CASE WHEN EXISTS (SELECT FROM matches m WHERE m.offer = o.ref) THEN 'accepted'
                                       ELSE state END AS state FROM offers o"""
        told = {name: {row["ref"]: row["state"] for row in self.rows(name, accepted)} for name in ("intake", "matcher")}
        broken = [] if told["intake"] == told["matcher"] else ["I8 intake and matcher differ about offers"]
        unsent = self.rows("notifier", "SELECT ref FROM deliveries WHERE state = 'pending'")
        return broken + (["I7 notices not sent"] if unsent else [])
