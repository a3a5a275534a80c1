"""The envelope: what goes in comes out, and what is no event is refused without being quoted."""

import json
import traceback
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.catalogue import CATALOGUE
from shared.events.envelope import InvalidEvent, decode, encode, event_id_of

PLANTED = "planted-words-of-a-person"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXAMPLE = dict(CATALOGUE["requests"].event("published").example)
ENVELOPE = dict(
    encode(
        event_id=str(uuid4()), type_="requests.published.v1", source="intake", subject="r" * 26, sequence=3, time=NOON
    )
)


def refused(value: bytes | None = None, **headers: bytes | None) -> str:
    """Decode a record that differs from a good one as told; return what the refusal says."""
    good = json.dumps(EXAMPLE).encode()
    with pytest.raises(InvalidEvent) as refusal:
        decode("requests", b"k", list({**ENVELOPE, **headers}.items()), good if value is None else value)
    assert PLANTED not in "".join(traceback.format_exception(refusal.value))
    return str(refusal.value)


@given(
    event_id=st.uuids(),
    subject=st.text(alphabet="0123456789abcdefghjkmnpqrstvwxyz", min_size=26, max_size=26),
    sequence=st.integers(min_value=1, max_value=2**63 - 1),
    time=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis asks for it.
    round_=st.integers(min_value=1, max_value=2**31),
    unknown=st.dictionaries(
        st.text(min_size=1).map("new_{}".format), st.none() | st.integers() | st.text() | st.lists(st.text())
    ),
)
def test_an_event_comes_out_as_it_went_in_and_unknown_fields_are_ignored(
    event_id: object, subject: str, sequence: int, time: datetime, round_: int, unknown: dict[str, object]
) -> None:
    headers = encode(
        event_id=str(event_id),
        type_="requests.published.v1",
        source="intake",
        subject=subject,
        sequence=sequence,
        time=time,
    )
    data = {**EXAMPLE, "round": round_}
    event = decode("requests", subject.encode(), headers, json.dumps({**unknown, **data}).encode())
    assert (event.id, event.subject, event.sequence, event.key) == (str(event_id), subject, sequence, subject)
    assert event.time == time.replace(microsecond=0)
    assert (event.topic, event.name) == ("requests", "published")
    assert event.data == data
    assert event_id_of(headers) == str(event_id)


@pytest.mark.parametrize("name", ["ce_id", "ce_type", "ce_subject", "ce_sequence", "ce_time"])
def test_a_missing_attribute_is_named(name: str) -> None:
    headers = [(key, value) for key, value in ENVELOPE.items() if key != name]
    with pytest.raises(InvalidEvent, match=name):
        decode("requests", None, headers, b"{}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_id", PLANTED.encode()),
        ("ce_id", b"\xff\xfe"),
        ("ce_id", None),
        ("ce_sequence", PLANTED.encode()),
        ("ce_sequence", None),
        ("ce_time", PLANTED.encode()),
        ("ce_time", b"2026-11-22T12:00:00"),
    ],
)
def test_an_attribute_that_cannot_be_read_is_refused_and_not_quoted(name: str, value: bytes | None) -> None:
    assert PLANTED not in refused(**{name: value})


@pytest.mark.parametrize(
    "type_", ["requests.invented.v1", "replies.accepted.v1", PLANTED, "requests.published", "", None]
)
def test_an_unknown_type_is_refused(type_: str | None) -> None:
    assert refused(ce_type=type_.encode() if type_ is not None else None) == "unknown type"


@pytest.mark.parametrize("version", ["v2", "v0", "v", "v1.1"])
def test_an_unknown_version_is_refused(version: str) -> None:
    assert refused(ce_type=f"requests.published.{version}".encode()) == "unknown version"


@pytest.mark.parametrize(
    "value",
    [b"", f'{{"request": "{PLANTED}'.encode(), PLANTED.encode(), b"\xff", b"[" * 100_000, b"1" * 5_000, b"NaN"],
)
def test_what_is_no_json_object_is_refused_and_not_quoted(value: bytes) -> None:
    assert PLANTED not in refused(value)


@pytest.mark.parametrize("field", EXAMPLE)
def test_a_field_that_is_wrong_or_missing_is_named_and_not_quoted(field: str) -> None:
    wrong = refused(json.dumps({**EXAMPLE, field: {PLANTED: PLANTED}}).encode())
    assert wrong == f"fields: {field}"
    assert refused(json.dumps({k: v for k, v in EXAMPLE.items() if k != field}).encode()) == f"fields: {field}"


@pytest.mark.parametrize("headers", [[], [("ce_id", b"x")], [("ce_id", None)], [("ce_id", b"\xff")]])
def test_a_record_without_a_readable_id_has_none(headers: list[tuple[str, bytes | None]]) -> None:
    assert event_id_of(headers) is None
