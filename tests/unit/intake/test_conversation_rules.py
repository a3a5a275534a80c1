"""What can be written to the other side, and what docs/privacy.md says of it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.conversation import Written, check_written, texts_left
from services.intake.domain.refusals import Invalid
from shared.vocabulary import vocabulary

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
MOST, LONGEST = vocabulary().defaults.conversation.messages_per_match, vocabulary().defaults.conversation.characters
SOON = NOW + timedelta(days=2)


@pytest.mark.parametrize(
    "said",
    [
        Written("Good evening.", None),
        Written("", SOON),
        Written("x" * LONGEST, NOW + timedelta(seconds=1)),
        Written("x", NOW + timedelta(days=365)),
    ],
)
def test_a_text_a_time_or_both_can_be_written(said: Written) -> None:
    check_written(said, written=MOST - 1, now=NOW)


@pytest.mark.parametrize(
    ("said", "written", "field"),
    [
        (Written("", None), 0, "text"),
        (Written("x" * (LONGEST + 1), SOON), 0, "text"),
        (Written("x", NOW), 0, "proposes"),
        (Written("x", NOW - timedelta(days=1)), 0, "proposes"),
        (Written("", NOW + timedelta(days=365, seconds=1)), 0, "proposes"),
        (Written("x", None), MOST, "text"),
        (Written("", SOON), MOST, "text"),
    ],
)
def test_what_cannot_be_written_is_refused_by_its_field(said: Written, written: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_written(said, written=written, now=NOW)
    assert refused.value.field == field


def test_each_text_leaves_one_less_and_never_less_than_none() -> None:
    assert [texts_left(written) for written in (0, 1, MOST, MOST + 1)] == [MOST, MOST - 1, 0, 0]
