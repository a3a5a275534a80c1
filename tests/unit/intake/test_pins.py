"""Five wrong PINs in a row, then a quarter of an hour without any, then longer."""

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


def test_the_first_block_ends_after_a_quarter_of_an_hour_and_each_later_one_is_twice_as_long_up_to_a_day() -> None:
    blocked = tried_wrongly(TRIES)
    assert is_blocked(blocked, NOW + BLOCKED_FOR - timedelta(seconds=1))
    assert not is_blocked(blocked, NOW + timedelta(minutes=15))
    assert not is_blocked(tried_wrongly(TRIES - 1, blocked), NOW)
    lengths = []
    for _ in range(9):
        assert blocked.blocked_until is not None
        lengths.append((blocked.blocked_until - NOW) / timedelta(minutes=1))
        blocked = tried_wrongly(TRIES, blocked)
    assert lengths == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


def test_a_pin_of_four_digits_cannot_be_tried_through_within_five_years() -> None:
    tries, now = Tries(), NOW
    for _ in range(10_000):
        now = max(now, tries.blocked_until or now)
        tries = after_try(tries, now, right=False)
    assert now - NOW > timedelta(days=5 * 365)


def test_a_right_try_makes_the_wrong_ones_forgotten() -> None:
    assert after_try(tried_wrongly(4 * TRIES - 1), NOW, right=True) == Tries()
