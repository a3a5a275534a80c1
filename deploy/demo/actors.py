"""What the people of the demo do: a person asks, a volunteer reads a mail and answers, each over HTTP and SMTP."""

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy.client import Client, Mailbox, token_in, wait_until
from deploy.demo.cast import Person
from deploy.demo.narration import Narrator
from deploy.demo.observer import Observer


@dataclass(frozen=True)
class Notice:
    """A notice that reached a volunteer: to whom, and the token in its link."""

    to: str
    token: str
    number: int


@dataclass(frozen=True)
class Actors:
    """The means by which people and volunteers act in the demo."""

    client: Client
    mailbox: Mailbox
    observer: Observer
    narrator: Narrator

    def ask(self, name: str, form: dict[str, Any]) -> Person:
        person = self.observer.follow(name)
        answer = self.client.send("POST", "/requests", form, headers={"Idempotency-Key": secrets.token_urlsafe(24)})
        person.key = answer.body["request_key"]
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
        with ThreadPoolExecutor(len(notices)) as pool:
            return dict(zip([notice.to for notice in notices], pool.map(self.accept, notices), strict=True))

    def see_match(self, person: Person) -> None:
        """Let the person look, until the page shows who said yes and why."""
        match = wait_until(
            lambda: self.client.ask("GET", "/request", key=person.key)["match"], seconds=15, what="the match"
        )
        person.peer, person.why = match["shows"].get("name", "a peer"), match["why"]

    def status(self, person: Person) -> str:
        return str(self.client.ask("GET", "/request", key=person.key)["status"])


def asks(message: dict[str, Any]) -> bool:
    return "There is a question for you." in message["text"]
