"""What the people of the demo do: a person asks, a volunteer reads a mail and answers, each over HTTP and SMTP."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deploy.client import Client, Mailbox, token_in, wait_until
from deploy.demo.narration import Narrator
from deploy.demo.observer import Observer, Thread

PUBLISHED = "requests.published"


@dataclass
class Person:
    """Somebody who asks: the key they keep, and what was seen of their request."""

    name: str
    key: str
    thread: Thread
    peer: str = ""
    why: str = ""


@dataclass(frozen=True)
class Notice:
    """A notice that reached a volunteer: to whom, and the token in its link."""

    to: str
    token: str
    number: int


class Actors:
    """The means by which people and volunteers act in the demo."""

    def __init__(self, client: Client, mailbox: Mailbox, observer: Observer, narrator: Narrator) -> None:
        self.client = client
        self.mailbox = mailbox
        self.observer = observer
        self.narrator = narrator

    def invite(self, forms: Sequence[dict[str, Any]], coordinator_token: str, today: date) -> list[str]:
        """Let volunteers apply and the coordinator approve them; return their keys in order."""
        keys = [self.client.ask("POST", "/volunteers", form)["volunteer_key"] for form in forms]
        listed = self.client.ask("GET", "/coordinator/volunteers", key=coordinator_token)["volunteers"]
        approval = {"trained_until": (today + timedelta(days=365)).isoformat(), "trained_for": []}
        for volunteer in listed:
            path = f"/coordinator/volunteers/{volunteer['volunteer']}/approve"
            self.client.ask("POST", path, approval, key=coordinator_token)
        return keys

    def ask(self, name: str, form: dict[str, Any]) -> Person:
        thread = self.observer.follow(name)
        answer = self.client.send("POST", "/requests", form, headers={"Idempotency-Key": secrets.token_urlsafe(24)})
        person = Person(name, answer.body["request_key"], thread)
        self.narrator.say(f"{name} sends the form; the answer is {answer.status}, and a key that is shown once.")
        return person

    def offer_mail(self, *, after: int, seconds: float = 20) -> Notice:
        message = self.mailbox.wait_for(asks, after=after, seconds=seconds)
        return Notice(message["to"][0], token_in(message), int(message["id"]))

    def read_card(self, notice: Notice) -> dict[str, Any]:
        """Let the volunteer open the link: the card, which changes nothing."""
        card: dict[str, Any] = wait_until(
            lambda: self.client.ask("GET", "/offer", key=notice.token)["card"], seconds=10, what="the card"
        )
        return card

    def decline(self, notice: Notice) -> str:
        return self._answer("/offer/decline", {"reason": "no_time_now"}, notice)

    def accept(self, notice: Notice) -> str:
        """Let the volunteer say yes; return the outcome, asked for again while it is on its way."""
        outcome = self._answer("/offer/accept", None, notice)
        if outcome != "noted":
            return outcome

        def decided() -> str | None:
            status = self.client.ask("GET", "/offer", key=notice.token)["status"]
            return None if status == "noted" else str(status)

        return wait_until(decided, seconds=20, what="the outcome of a yes")

    def _answer(self, path: str, body: dict[str, Any] | None, notice: Notice) -> str:
        """Answer an offer, again while intake has not heard of it: the mail may be faster."""

        def try_once() -> str | None:
            outcome = str(self.client.ask("POST", path, body, key=notice.token)["outcome"])
            return None if outcome == "unknown" else outcome

        return wait_until(try_once, seconds=10, what="an answer to be taken")

    def accept_at_once(self, notices: Sequence[Notice]) -> dict[str, str]:
        """Let several volunteers say yes at the same instant; return each one's outcome."""
        start = threading.Barrier(len(notices))
        outcomes: dict[str, str] = {}

        def answer(notice: Notice) -> None:
            start.wait(timeout=10)
            outcomes[notice.to] = self.accept(notice)

        threads = [threading.Thread(target=answer, args=(notice,)) for notice in notices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    def see_match(self, person: Person) -> None:
        """Let the person look, until the page shows who said yes and why."""
        match = wait_until(
            lambda: self.client.ask("GET", "/request", key=person.key)["match"], seconds=15, what="the match"
        )
        person.peer, person.why = match["shows"].get("name", "a peer"), match["why"]

    def status(self, person: Person) -> str:
        return str(self.client.ask("GET", "/request", key=person.key)["status"])


def asks(message: dict[str, Any]) -> bool:
    """Tell whether a mail is the notice of an offer."""
    return "There is a question for you." in message["text"]
