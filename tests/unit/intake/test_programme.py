"""Who may ask, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.domain.programme import ALWAYS_OPEN, Programme, as_of, check_code, check_open
from services.intake.domain.refusals import Closed, Invalid

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


def test_a_closed_intake_opens_by_itself_when_its_day_begins() -> None:
    closed = Programme(open=False, until=TOMORROW)
    assert as_of(closed, TOMORROW - timedelta(seconds=1)) == closed
    assert as_of(closed, TOMORROW) == ALWAYS_OPEN


def test_one_without_a_day_stays_closed() -> None:
    closed = Programme(open=False, until=None)
    assert as_of(closed, NOW + timedelta(days=999)) == closed
    with pytest.raises(Closed):
        check_open(closed)


def test_where_no_code_is_asked_for_every_code_is_fine() -> None:
    for given in (None, "", "planted"):
        check_code("", given)


@pytest.mark.parametrize("given", ["spring", " spring ", "Spring"])
def test_the_code_opens(given: str) -> None:
    check_code("spring", given)


@pytest.mark.parametrize("given", [None, "", "sprin", "springs", "\ud800", "frühling"])
def test_another_code_or_none_is_refused_by_the_name_of_its_field(given: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        check_code("spring", given)
    assert refused.value.field == "programme_code"
    assert given is None or not given.strip() or given not in refused.value.fault
