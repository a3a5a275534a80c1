"""The HTTP contract under odd, wrong and repeated requests: refused by name, never a failure, nothing stored."""

import gzip
import http.client
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.e2e.holdings import tables
from tests.e2e.people import circle_in
from tests.e2e.town import Town

pytestmark = pytest.mark.timeout(600)

JSON = {"Content-Type": "application/json"}
EXAMPLES = 6
"""For each operation, each of two modes of generation, with its key and without."""

CANNOT_BE_SAID = [positive_data_acceptance]
"""Rules between fields, such as that what matters most is one of the themes, have no words in OpenAPI."""

_STATUSES = [*map(str, (400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 428, 429)), "5xx"]
REFUSALS = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": _STATUSES}}})
"""What refuses wrong input. A text beyond its longest can make a body that is refused unread: 413."""


@dataclass(frozen=True)
class Wrong:
    """One wrong way to ask for a peer: `form` is what differs from a good form, `body` replaces it altogether."""

    status: int
    named: str | None = None
    form: dict[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=lambda: JSON)


THEMES = ["burnout", "bereavement", "patient_death", "moral_injury"]
BY_SMS = {"channel": "sms", "value": "+44 7700 900000", "language": "en"}
BACKWARDS = [{"day": "mon", "from": "21:00", "to": "18:00"}]
WRONG = {
    "an unknown field": Wrong(422, "shoe_size", {"shoe_size": 44}),
    "a wrong slug": Wrong(422, "profession", {"profession": "wizard"}),
    "a missing field": Wrong(422, "stage", {"stage": None}),
    "four themes": Wrong(422, "themes", {"themes": THEMES}),
    "a theme twice": Wrong(422, "themes", {"themes": ["burnout", "burnout"]}),
    "an unknown time zone": Wrong(422, "time_zone", {"time_zone": "Mars/Olympus"}),
    "a channel that cannot be sent by": Wrong(422, "notify.channel", {"notify": BY_SMS}),
    "a block that ends before it begins": Wrong(422, "availability.0.to", {"availability": BACKWARDS}),
    "a text where a list belongs": Wrong(422, "affiliations", {"affiliations": "Here"}),
    "a number where a text belongs": Wrong(422, "words", {"words": 7}),
    "words without end": Wrong(422, "words", {"words": "x" * 2_001}),
    "a short Idempotency-Key": Wrong(422, "Idempotency-Key", headers={**JSON, "Idempotency-Key": "short"}),
    "no JSON": Wrong(400, body=b'{"profession": '),
    "no object": Wrong(422, "_schema", body=b"[]"),
    "nothing": Wrong(400, body=b""),
    "brackets without end": Wrong(400, body=b"[" * 100_000),
    "bytes that are no text": Wrong(400, body=b'{"words": "\xff\xfe"}'),
    "JSON in a parcel": Wrong(400, body=gzip.compress(b"{}"), headers={**JSON, "Content-Encoding": "gzip"}),
    "a form instead of JSON": Wrong(415, headers={"Content-Type": "application/x-www-form-urlencoded"}),
    "a megabyte": Wrong(413, body=b'{"words": "' + b"x" * 1_000_000 + b'"}'),
}


def send(town: Town, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, str, bytes]:
    """Send whatever is given, an iterator in chunks; return status, content type and body of the answer."""
    connection = http.client.HTTPConnection(urlsplit(town.stack.intake_url).netloc, timeout=30)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read()
    finally:
        connection.close()


def ask_wrongly(town: Town, wrong: Wrong) -> tuple[int, str, bytes]:
    """Send one wrong request; return status, content type and body of the answer."""
    form = {name: value for name, value in circle_in(town).form(**wrong.form).items() if value is not None}
    body = json.dumps(form).encode() if wrong.body is None else wrong.body
    return send(town, "POST", "/api/v1/requests", body, wrong.headers)


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_refused_by_name(town: Town, wrong: Wrong) -> None:
    status, kind, content = ask_wrongly(town, wrong)
    assert (status, kind) == (wrong.status, "application/problem+json")
    problem = json.loads(content)
    assert problem["status"] == wrong.status
    named = [error["field"] for error in problem.get("errors", [])]
    assert wrong.named in named if wrong.named else not named


def test_nothing_of_what_was_refused_is_stored(town: Town) -> None:
    town.wait_until_quiet()
    before = tables(town.stack)
    for wrong in WRONG.values():
        ask_wrongly(town, wrong)
    assert tables(town.stack) == before


def test_a_body_without_a_length_is_cut_off_where_it_becomes_too_large(town: Town) -> None:
    good = json.dumps(circle_in(town).form()).encode()
    status, kind, _ = send(town, "POST", "/api/v1/requests", iter([good, *[b" " * 10_000] * 15]), JSON)
    assert (status, kind) == (413, "application/problem+json")


@pytest.mark.parametrize("path", ["/request", "/volunteer", "/offer", "/volunteer/offers", "/coordinator/requests"])
@pytest.mark.parametrize("key", [None, "", "wrong", "0" * 28, "Ünmöglich", "x" * 7_000])
def test_a_wrong_key_opens_nothing_and_is_not_told_why(town: Town, path: str, key: str | None) -> None:
    headers = {} if key is None else {"Authorization": f"Bearer {key}".encode().decode("latin-1")}
    status, kind, content = send(town, "GET", f"/api/v1{path}", None, headers)
    assert (status, kind) == (401, "application/problem+json")
    assert key is None or len(key) < 3 or key.encode() not in content


@pytest.mark.parametrize(
    "odd", ["a\x00b", "\ud800", "\u202e\u0000", "𝕳𝖔𝖘𝖕𝖎𝖙𝖆𝖑 🏥", " ", "'; DROP TABLE requests; --", "{{ 7 * 7 }}"]
)
def test_whatever_somebody_writes_arrives_as_it_was_written_or_is_refused(town: Town, odd: str) -> None:
    circle = circle_in(town)
    form = circle.form(words=odd, affiliations=[odd], contact={"channel": "phone", "value": odd})
    answer = town.client.send("POST", "/requests", form)
    assert answer.status in {201, 422}
    if answer.status == 201:
        circle.invite(1)
        assert (offer := circle.next_offer()).accept() == "matched"
        town.wait("the match", lambda: town.client.ask("GET", "/request", key=answer.body["request_key"])["match"])
        assert town.client.send("POST", "/request/introduce", key=answer.body["request_key"]).status == 200
        assert offer.send("POST", "reveal").body == {"words": odd, "contact": form["contact"], "forgotten": False}


def count_requests(town: Town) -> int:
    """Return how many requests there are."""
    return int(town.rows("intake", "SELECT count(*) AS count FROM requests")[0]["count"])


def test_the_same_form_sent_ten_times_at_once_is_one_request(town: Town) -> None:
    form, once = circle_in(town).form(), {"Idempotency-Key": secrets.token_urlsafe(24)}
    before = count_requests(town)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: town.client.send("POST", "/requests", form, headers=once), range(10)))
    answers.append(town.client.send("POST", "/requests", form, headers=once))
    assert {answer.status for answer in answers} == {201}
    assert len({json.dumps(answer.body) for answer in answers}) == 1
    assert count_requests(town) == before + 1


def test_another_body_under_the_same_idempotency_key_is_refused_and_an_erased_one_is_gone(town: Town) -> None:
    form, once = circle_in(town).form(), {"Idempotency-Key": secrets.token_urlsafe(24)}
    key = town.client.send("POST", "/requests", form, headers=once).body["request_key"]
    other = town.client.send("POST", "/requests", {**form, "words": "Other words."}, headers=once)
    assert (other.status, other.body["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert town.client.send("DELETE", "/request", key=key).status == 200
    assert town.client.send("POST", "/requests", form, headers=once).status == 410


def test_every_operation_keeps_to_its_document_when_it_is_called_at_random(town: Town) -> None:
    circle = circle_in(town)
    volunteer = circle.invite(1)[0]
    person, offer = circle.introduced()
    keys = {
        "requestKey": person.key,
        "offerToken": offer.token,
        "volunteerKey": volunteer.key,
        "coordinatorToken": town.stack.coordinator_token,
    }
    document = schemathesis.openapi.from_url(f"{town.stack.intake_url}/api/v1/openapi.json", config=REFUSALS)
    for found in document.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        schemes = [name for each in operation.definition.raw["security"] for name in each]
        headers = {"Authorization": f"Bearer {keys[schemes[0]]}"} if schemes else {}
        call_at_random(operation, GenerationMode.POSITIVE, headers)
        if {"requestBody", "parameters"} & operation.definition.raw.keys():
            # What takes nothing cannot be called wrongly.
            call_at_random(operation, GenerationMode.NEGATIVE, headers)
    assert "request_failed" not in town.stack.processes["intake-web"].log.read_text()
    assert town.stack.ended() == []
    # One of them closes the intake, which the tests after this one need open.
    token = town.stack.coordinator_token
    assert town.client.send("POST", "/coordinator/intake", {"open": True}, key=token).status == 200


def call_at_random(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> None:
    """Call one operation with generated input, with its key and without; all of schemathesis' checks must hold."""

    @settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Any) -> None:
        for sent in (headers, {}):
            case.call_and_validate(headers=sent, excluded_checks=CANNOT_BE_SAID)

    holds()
