"""Records that are no events (F25): each is parked by its address, without its content."""

import json
from uuid import uuid4

import pytest

from shared.messaging.dead_letters import DeadLetter
from tests.integration.messaging.harness import PLANTED, Flow, dead_letters, drive, envelope

BAD = {
    "bad JSON": (f'{{"request": "{PLANTED}'.encode(), {}),
    "no JSON at all": (b"\xff\x00" + PLANTED.encode(), {}),
    "an unknown version": (b"{}", {"type_": "requests.published.v9"}),
    "an unknown type": (b"{}", {"type_": "requests.invented.v1"}),
    "a schema that does not fit": (json.dumps({"request": PLANTED}).encode(), {}),
}
WITHOUT_ENVELOPE = {"no headers": [], "bytes": [("ce_id", b"\xff")], "foreign headers": [("x", b"y")]}


@pytest.fixture(scope="module")
def letters(both: tuple[Flow, Flow]) -> dict[str, tuple[DeadLetter, DeadLetter]]:
    """Send every such record and let one consumer park them: kind -> the dead letter, and the one that was wanted."""
    intake, matcher = both
    wanted: dict[str, DeadLetter] = {}
    for number, (kind, (value, options)) in enumerate(BAD.items()):
        event_id = str(uuid4())
        offset = intake.send(value, envelope(event_id, **options))
        wanted[kind] = DeadLetter(number, "requests", 0, offset, event_id, "InvalidEvent")
    for number, (kind, headers) in enumerate(WITHOUT_ENVELOPE.items(), len(BAD)):
        offset = intake.send(b"{}", headers)
        wanted[kind] = DeadLetter(number, "requests", 0, offset, None, "InvalidEvent")
    consumer = matcher.consumer()
    drive(consumer.step, until=lambda: matcher.count(matcher.tables.outbox) == len(wanted))
    found = dead_letters(matcher)
    assert len(found) == len(wanted)
    return {kind: (found[letter.number], letter) for kind, letter in wanted.items()}


@pytest.mark.parametrize("kind", BAD)
def test_f25_what_is_no_event_is_parked_by_its_address(
    letters: dict[str, tuple[DeadLetter, DeadLetter]], kind: str
) -> None:
    found, wanted = letters[kind]
    assert found == wanted


@pytest.mark.parametrize("kind", WITHOUT_ENVELOPE)
def test_f25_a_record_without_an_envelope_is_parked_by_its_address(
    letters: dict[str, tuple[DeadLetter, DeadLetter]], kind: str
) -> None:
    found, wanted = letters[kind]
    assert found == wanted


@pytest.mark.usefixtures("letters")
def test_f25_what_is_no_event_is_parked_without_its_content(both: tuple[Flow, Flow]) -> None:
    _, matcher = both
    assert PLANTED not in str(matcher.rows(matcher.tables.outbox))
    assert matcher.count(matcher.tables.inbox) == 0
