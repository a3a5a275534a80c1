"""When a delivery is tried again, and when it is given up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.retry import ADDRESS, PATIENCE, SERVER, after_refusal, until_next_look
from shared.vocabulary import vocabulary
from tests.unit.notifier.facts import NOW

LATER = NOW + PATIENCE


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_waits_for_an_address_double_from_half_a_minute_to_half_an_hour() -> None:
    waits = [after_refusal(tries, NOW, LATER) for tries in range(1, 9)]
    assert waits == [minutes(m) for m in (0.5, 1, 2, 4, 8, 16, 30, 30)]


def test_an_address_is_given_up_when_the_next_try_would_come_too_late() -> None:
    assert after_refusal(3, NOW, NOW + minutes(3)) == minutes(2)
    assert after_refusal(4, NOW, NOW + minutes(3)) is None


def test_a_server_that_is_away_is_asked_again_soon_and_never_given_up() -> None:
    assert SERVER.after(1) == timedelta(seconds=5)
    assert SERVER.after(1_000) == minutes(1)


@given(st.integers(min_value=1, max_value=10_000))
def test_waits_never_shrink_and_never_pass_their_limit(tries: int) -> None:
    for pace in (ADDRESS, SERVER):
        assert pace.first <= pace.after(tries) <= pace.after(tries + 1) <= pace.longest


def test_a_notice_that_waits_for_another_row_looks_again_after_half_its_age() -> None:
    looks = [until_next_look(age) for age in (timedelta(0), minutes(2), minutes(60))]
    assert looks == [timedelta(seconds=1), minutes(1), minutes(5)]


def test_what_no_topic_can_bring_any_more_is_not_waited_for() -> None:
    longest = vocabulary().defaults.retention.inbox
    assert until_next_look(longest) is not None
    assert until_next_look(longest + timedelta(seconds=1)) is None
