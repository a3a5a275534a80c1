"""A small client of intake's API and of the embedded mail page, for the demo and the tests."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

ANSWER_SECONDS = 15
LINK = re.compile(r"#([0-9a-z.]+)")
LOOK_SECONDS = 0.01

T = TypeVar("T")


class UnexpectedAnswer(Exception):
    """Something was answered that does not carry on; it names what was asked and the status, never a body sent."""


class NothingCame(Exception):
    """What was waited for did not come in time."""


@dataclass(frozen=True)
class Answer:
    """A status, the body as JSON (None if it is none), and the headers in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Client:
    """Talks to intake's API as a person, a volunteer or a coordinator, depending on the key."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request to `/api/v1` + `path` and return the answer, whatever its status."""
        sent = {"Content-Type": "application/json"} | dict(headers or {})
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, sent, method=method)  # noqa: S310
        try:
            response = urllib.request.urlopen(request, timeout=ANSWER_SECONDS)  # noqa: S310
        except urllib.error.HTTPError as error:
            response = error
        with response:
            content, found = response.read(), {name.lower(): value for name, value in response.headers.items()}
        try:
            return Answer(response.status, json.loads(content), found)
        except ValueError:
            return Answer(response.status, None, found)

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Send one request and return the body of its answer; UnexpectedAnswer unless the status says success."""
        answer = self.send(method, path, body, key=key)
        if not 200 <= answer.status < 300:
            fields = [error["field"] for error in (answer.body or {}).get("errors", [])]
            raise UnexpectedAnswer(f"{method} {path}: {answer.status} {fields or ''}")
        return answer.body


class Mailbox:
    """Reads the mail that arrived at the embedded sink."""

    def __init__(self, url: str) -> None:
        self._url = url

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the messages with an id above `after`, oldest first."""
        with urllib.request.urlopen(f"{self._url}/api/messages?after={after}", timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def newest(self) -> int:
        """Return the id of the newest message, 0 if there is none."""
        return max((int(message["id"]) for message in self.messages()), default=0)

    def wait_for(
        self, wanted: Callable[[dict[str, Any]], bool], *, after: int = 0, seconds: float = 15
    ) -> dict[str, Any]:
        """Return the first message above `after` that is wanted; NothingCame if there is none within `seconds`."""
        return wait_until(
            lambda: next((message for message in self.messages(after) if wanted(message)), None),
            seconds=seconds,
            what="a mail",
        )


def token_in(message: Mapping[str, Any]) -> str:
    """Return the token in the link of a notice; UnexpectedAnswer if it has none."""
    found = LINK.search(message["text"])
    if found is None:
        raise UnexpectedAnswer("a notice without a link")
    return found.group(1)


def wait_until(look: Callable[[], T | None], *, seconds: float, what: str, pause: float = LOOK_SECONDS) -> T:
    """Return the first true answer of `look()`; NothingCame, naming `what`, if there is none within `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise NothingCame(f"{what}: not within {seconds:.0f} s")
        time.sleep(pause)
    return found
