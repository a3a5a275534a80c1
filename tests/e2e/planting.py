"""A whole programme in which every field that anybody can fill carries the same stem and a number of its own."""

import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

from kafka import KafkaProducer

from tests.e2e.people import Circle, Offer, Person, circle_in
from tests.e2e.town import Town
from tests.support.people import AWAKE_ALL_DAY

PERSON_STEM = "kvqzxjwptyb"
"""Eleven letters that no word and no base64 of this size contains by chance."""

POISON_STEM = "hgjwqkxzvpf"

SAID = ("orthopedic_surgery", "cardiothoracic_vascular_surgery", "career_break_or_return", "Pacific/Chatham")
SAID_OF_THEMES = ("career_crossroads", "divorce_separation", "faith_matters", "recovering_perfectionist")
"""Words that people choose and nobody may read: they say as much as a sentence."""

POISONED_TOPICS = ("requests", "volunteers", "replies", "matches", "deliveries")


class Planter:
    """Fills in fields."""

    def __init__(self, stem: str) -> None:
        self._stem = stem
        self._number = 0

    def word(self) -> str:
        """Return a marker that was not used before, between signs that are written differently here and there."""
        self._number += 1
        return f"é'\"<{self._stem}{self._number:03d}>\\ü"

    def address(self) -> str:
        """Return an e-mail address that was not used before."""
        self._number += 1
        return f"{self._stem}{self._number:03d}@example.org"

    def volunteer(self) -> dict[str, Any]:
        """Return every field of an application."""
        return {
            "name": self.word(),
            "notify": {"channel": "email", "value": self.address(), "language": "en"},
            "profession": "physician",
            "care_area": SAID[0],
            "stage": SAID[2],
            "time_zone": SAID[3],
            "affiliations": [self.word(), self.word()],
            "evaluative_roles": [{"role": "line_manager", "body": self.word()}],
            "themes": [{"slug": slug, "years_ago": 3} for slug in SAID_OF_THEMES[:2]],
            "ready_for": ["suicidality_survivor"],
            "values": list(SAID_OF_THEMES[2:]),
            "conversation": ["practical_next_steps"],
            "modalities": ["in_person", "walk"],
            "availability": [{"day": "sun", "from": "03:17", "to": "04:29"}],
            "waking_hours": AWAKE_ALL_DAY,
            "gender": "non_binary",
            "avoid": {"affiliations": [self.word()], "people": [self.word(), self.address()]},
            "capacity": {"active": 3, "new_per_month": 31},
            "shows": ["name", "profession", "care_area", "stage", "gender", "themes", "values", "contact"],
            "contact": {"channel": "signal", "value": self.word()},
            "proof": self.word(),
        }

    def person(self) -> dict[str, Any]:
        """Return every field of a request."""
        return {
            "profession": "physician",
            "care_area": SAID[0],
            "stage": SAID[2],
            "time_zone": SAID[3],
            "affiliations": [self.word()],
            "themes": list(SAID_OF_THEMES[:2]),
            "most_important": SAID_OF_THEMES[1],
            "values": list(SAID_OF_THEMES[2:]),
            "conversation": ["practical_next_steps"],
            "modalities": ["in_person", "walk"],
            "availability": [{"day": "sun", "from": "03:17", "to": "04:29"}],
            "urgency": "days",
            "care_area_wish": "same",
            "gender_wish": "non_binary",
            "must_haves": ["gender"],
            "waive": ["affiliation"],
            "avoid": {"affiliations": [self.word()], "people": [self.word()]},
            "programme_code": self.word(),
            "notify": {"channel": "email", "value": self.address(), "language": "en"},
            "contact": {"channel": "email", "value": self.address()},
            "words": self.word() * 20,
        }


def play(town: Town) -> list[str]:
    """Let people and volunteers live through everything; return every token and key that was given out."""
    planter = Planter(PERSON_STEM)
    circle = circle_in(town)
    for _ in range(3):
        circle.invite(1, **planter.volunteer())
    leaver = circle.apply(**planter.volunteer())
    town.client.ask("GET", "/coordinator/volunteers", key=town.stack.coordinator_token)
    tokens = _declined_then_introduced(circle, planter)
    erased = circle.ask(**planter.person())
    erased.wait("offering", "waiting", "matched")
    assert erased.erase().status == 200
    circle.ask(**planter.person()).do("withdraw")
    town.coordinate(circle.volunteers[2].ref, "suspend")
    for method, body in (("PATCH", planter.volunteer()), ("DELETE", None)):
        town.client.ask(method, "/volunteer", body, key=leaver.key)
    refuse(town, planter)
    poison(town)
    return [*tokens, erased.key, *[volunteer.key for volunteer in circle.volunteers]]


def _declined_then_introduced(circle: Circle, planter: Planter) -> list[str]:
    """Let somebody be refused with a reason and a pause, then introduced, then close with a reason."""
    client = circle.town.client
    client.ask("POST", "/requests/preview", circle.form(**planter.person()))
    person = circle.ask(**planter.person())
    first = circle.next_offer()
    pause = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
    first.send("POST", "decline", {"reason": "too_close_to_home", "pause_until": pause})
    second = circle.next_offer()
    change = {"avoid": {"affiliations": [planter.word()], "people": []}}
    assert client.send("PATCH", "/request", change, key=person.key).status == 200
    assert second.accept() == "matched"
    person.introduce()
    assert PERSON_STEM in second.send("POST", "reveal").body["words"]
    talk(circle, planter, person, second)
    person.look()
    read_pages(circle.town, person, second.token)
    assert person.do("close", {"reason": "needs_professional_help"}).status == 200
    return [first.token, second.token, person.key]


def talk(circle: Circle, planter: Planter, person: Person, offer: Offer) -> None:
    """Let both write to each other and report something; somebody asks for a home link by two addresses."""
    client = circle.town.client
    assert person.do("messages", {"text": planter.word()}).status == 201
    assert offer.send("POST", "messages", {"text": planter.word()}).status == 201
    for key in (person.key, offer.token):
        assert client.send("POST", "/safety-report", {"text": planter.word()}, key=key).status == 201
    for address in (planter.word(), planter.address()):
        assert client.send("POST", "/volunteer/link", {"value": address}).status == 202


def read_pages(town: Town, person: Person, token: str) -> None:
    """Open the pages that show the most."""
    for path, body in (("request", {"key": person.key, "step": "open"}), ("offer", {"token": token, "step": "reveal"})):
        data = urllib.parse.urlencode(body).encode()
        with urllib.request.urlopen(f"{town.stack.intake_url}/{path}", data, timeout=15) as page:
            assert PERSON_STEM in page.read().decode()


def refuse(town: Town, planter: Planter) -> list[bytes]:
    """Send what must be refused, with a marker in each place where one can be put; return the answers."""
    form = {"languages": ["en"], **planter.person()}
    bodies = [
        json.dumps(body).encode()
        for body in (
            {**form, "shoe_size": planter.word()},
            {**form, "profession": planter.word()},
            {**form, "time_zone": planter.word()},
            {**form, "notify": {"channel": planter.word(), "value": planter.word(), "language": planter.word()}},
            {**form, "words": planter.word() * 1000},
            planter.word(),
        )
    ]
    bodies += [b"{" + planter.word().encode(), planter.word().encode("utf-16"), b"x" * 1_000_000]
    odd = {
        name: urllib.parse.quote(planter.word())
        for name in ("Idempotency-Key", "User-Agent", "Cookie", "X-Forwarded-For")
    }
    kinds = {"Content-Type": "application/json"}
    answers = [answer_to(town, "POST", "/api/v1/requests", body, kinds) for body in bodies]
    answers.append(answer_to(town, "POST", "/api/v1/requests", b"{}", odd | kinds))
    stranger = {"Authorization": f"Bearer {planter.address()}"}
    for path in ("request", "offer", "volunteer", "coordinator/requests"):
        answers += [answer_to(town, "GET", f"/api/v1/{path}?q={planter.address()}", None, stranger)]
    answers += [answer_to(town, "GET", f"{at}{planter.address()}", None, {}) for at in ("/", "/api/v1/", "/request/")]
    return [*answers, *(answer_to_bytes(town, raw) for raw in unreadable(planter))]


def unreadable(planter: Planter) -> list[bytes]:
    """Return what is no HTTP request, or one cut short, with a marker in each place that a server may quote."""
    get, post = b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST /api/v1/requests HTTP/1.1\r\nHost: x\r\n"

    def word() -> bytes:
        return planter.word().encode()

    return [
        word() + b"\r\n\r\n",
        word() + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + word() + b"\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /?q=" + word() + b" HTTP/7.7\r\nHost: x\r\n\r\n",
        b"GET / HTTP/" + word() + b"\r\nHost: x\r\n\r\n",
        b"GET /" + word() * 400 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        get + word() + b": x\r\n\r\n",
        get + b"Authorization Bearer " + word() + b"\r\n\r\n",
        get + b"Cookie: x\x00" + word() + b"\r\n\r\n",
        get + b"Cookie: x\r\n  " + word() + b"\r\n\r\n",
        get + b"Cookie: " + word() * 1_000 + b"\r\n\r\n",
        get + b"".join(b"X-%d: " % number + word() + b"\r\n" for number in range(101)) + b"\r\n",
        post + b"Content-Length: " + word() + b"\r\n\r\n",
        post + b"Expect: " + word() + b"\r\n\r\n",
        post + b"Transfer-Encoding: " + word() + b"\r\n\r\n",
        post + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + word() + b"\r\n",
        post + b'Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"words": "' + word(),
    ]


def answer_to_bytes(town: Town, raw: bytes) -> bytes:
    """Send bytes and then no more; return the whole answer, which must be a problem document."""
    address = urllib.parse.urlsplit(town.stack.intake_url)
    with socket.create_connection((address.hostname, address.port), timeout=15) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert b"\r\nContent-Type: application/problem+json\r\n" in answer, answer[:40]
    return answer


def answer_to(town: Town, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
    """Send anything at all and return the body of the answer, which must be a refusal and no failure."""
    request = urllib.request.Request(f"{town.stack.intake_url}{path}", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            raise AssertionError(f"{method} {path[:20]} was taken: {answer.status}")
    except urllib.error.HTTPError as error:
        with error:
            assert 400 <= error.code < 500, error.code
            return error.read()


def poison(town: Town) -> None:
    """Put events into every topic that nobody can handle, and wait until they are parked."""
    stem = POISON_STEM.encode()
    producer = KafkaProducer(bootstrap_servers=town.stack.kafka, enable_idempotence=True)
    try:
        for topic in POISONED_TOPICS:
            headers = [("ce_id", stem), ("ce_type", b"requests.published.v1"), (POISON_STEM, stem)]
            producer.send(topic, key=stem, value=b'{"words": "' + stem, headers=headers).get(timeout=20)
        producer.flush()
    finally:
        producer.close()
    for service, readable in (("matcher", 4), ("notifier", 3), ("intake", 2)):
        wait_until_parked(town, service, readable)


def wait_until_parked(town: Town, service: str, topics: int) -> None:
    """Return once `service` has parked something in the dead letters of as many `topics`."""
    parked = "SELECT DISTINCT topic FROM outbox WHERE topic LIKE '%%.dlq'"
    town.wait(f"the dead letters of {service}", lambda: len(town.rows(service, parked)) >= topics)
