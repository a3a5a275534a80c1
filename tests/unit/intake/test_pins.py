"""Five wrong PINs in a row, then a quarter of an hour without any."""

from datetime import UTC, datetime, timedelta

from services.intake.domain.pins import BLOCKED_FOR, TRIES, Tries, after_try, is_blocked

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tried_wrongly(times: int, tries: Tries = Tries()) -> Tries:  # noqa: B008 - it is immutable.
    """Return the tries after so many wrong ones."""
    for _ in range(times):
        tries = after_try(tries, NOW, right=False)
    return tries


def test_four_wrong_tries_block_nothing_and_the_fifth_does() -> None:
    assert not is_blocked(tried_wrongly(TRIES - 1), NOW)
    assert is_blocked(tried_wrongly(TRIES), NOW)


def test_the_block_ends_after_a_quarter_of_an_hour_and_the_count_begins_anew() -> None:
    blocked = tried_wrongly(TRIES)
    assert is_blocked(blocked, NOW + BLOCKED_FOR - timedelta(seconds=1))
    assert not is_blocked(blocked, NOW + timedelta(minutes=15))
    later = after_try(blocked, NOW + BLOCKED_FOR, right=False)
    assert later == Tries(1)


def test_a_right_try_makes_the_wrong_ones_forgotten() -> None:
    assert after_try(tried_wrongly(TRIES - 1), NOW, right=True) == Tries()
