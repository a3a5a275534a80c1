"""Times as text, and refs that mean nothing."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.clock import SystemClock, from_text, to_hour, to_text
from shared.refs import ALPHABET, REF_LENGTH, new_ref


def test_a_time_is_written_in_utc_to_the_second() -> None:
    moment = datetime(2026, 11, 22, 13, 5, 6, 789, tzinfo=timezone(timedelta(hours=1)))
    assert to_text(moment) == "2026-11-22T12:05:06Z"
    assert from_text("2026-11-22T13:05:06+01:00") == datetime(2026, 11, 22, 12, 5, 6, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        from_text("2026-11-22T12:00:00")


def test_a_row_about_a_person_keeps_the_hour_alone() -> None:
    assert to_hour(datetime(2026, 11, 22, 12, 59, 59, 9, tzinfo=UTC)) == datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_refs_are_of_one_length_and_alphabet_and_differ() -> None:
    refs = {new_ref() for _ in range(1_000)}
    assert len(refs) == 1_000
    assert all(len(ref) == REF_LENGTH and set(ref) <= set(ALPHABET) for ref in refs)
