"""When a group member that is given nothing joins anew."""

import pytest

from shared.messaging.stalls import JOIN_AT_MOST, JOIN_SECONDS, OUTSIDE_SECONDS, StallWatch


class Time:
    """Monotonic time that stands still unless a test moves it."""

    def __init__(self) -> None:
        """Begin at 0."""
        self.now = 0.0

    def __call__(self) -> float:
        """Return the present time in seconds."""
        return self.now


@pytest.fixture
def time() -> Time:
    """The time of the watch."""
    return Time()


@pytest.fixture
def watch(time: Time) -> StallWatch:
    """The watch over a member that has just joined."""
    return StallWatch("matcher", time)


def yes() -> bool:
    """There is something to be had."""
    return True


def no() -> bool:
    """There is nothing."""
    return False


def broker_is_away() -> bool:
    """Nobody knows."""
    raise ConnectionError


def stalls_after(watch: StallWatch, time: Time, seconds: float) -> bool:
    """Return whether the watch gives up after so many quiet seconds, and not at half of them."""
    began_at = time.now
    time.now = began_at + seconds / 2
    early = watch.has_stalled(lacks=yes)
    time.now = began_at + seconds + 0.1
    return watch.has_stalled(lacks=yes) and not early


def test_a_member_that_lacks_something_for_too_long_joins_anew(watch: StallWatch, time: Time) -> None:
    assert stalls_after(watch, time, JOIN_SECONDS)


def test_a_member_to_whom_nothing_can_be_given_waits_for_ever(watch: StallWatch, time: Time) -> None:
    for _ in range(10):
        time.now += JOIN_SECONDS + 0.1
        assert not watch.has_stalled(lacks=no)


def test_nobody_is_asked_before_the_wait_is_over(watch: StallWatch, time: Time) -> None:
    time.now = JOIN_SECONDS
    assert not watch.has_stalled(lacks=broker_is_away)
    time.now += 0.1
    with pytest.raises(ConnectionError):
        watch.has_stalled(lacks=broker_is_away)


def test_whatever_is_given_begins_the_wait_anew(watch: StallWatch, time: Time) -> None:
    time.now = JOIN_SECONDS
    watch.moves()
    assert stalls_after(watch, time, JOIN_SECONDS)


def test_each_join_in_vain_doubles_the_wait_up_to_a_limit(watch: StallWatch, time: Time) -> None:
    wait = JOIN_SECONDS
    while wait < JOIN_AT_MOST:
        assert stalls_after(watch, time, wait)
        watch.joins()
        wait *= 2
    assert stalls_after(watch, time, JOIN_AT_MOST)
    assert stalls_after(watch, time, JOIN_AT_MOST)


@pytest.mark.parametrize("ends", ["something is given", "nothing is lacking"])
def test_what_ends_the_stall_makes_the_wait_short_again(watch: StallWatch, time: Time, ends: str) -> None:
    assert stalls_after(watch, time, JOIN_SECONDS)
    time.now += 2 * JOIN_SECONDS + 0.1
    if ends == "something is given":
        watch.moves()
    else:
        assert not watch.has_stalled(lacks=no)
    assert stalls_after(watch, time, JOIN_SECONDS)


def test_a_member_that_is_outside_for_longer_than_a_rebalance_joins_anew(watch: StallWatch, time: Time) -> None:
    time.now = OUTSIDE_SECONDS
    assert not watch.is_lost(inside=False)
    time.now += 0.1
    assert watch.is_lost(inside=False)


@pytest.mark.parametrize("ends", ["it is inside again", "it joins anew"])
def test_someone_who_was_outside_has_all_the_time_again_once_it_was_inside(
    watch: StallWatch, time: Time, ends: str
) -> None:
    time.now = OUTSIDE_SECONDS + 0.1
    if ends == "it joins anew":
        watch.joins()
    assert not watch.is_lost(inside=ends == "it is inside again")
    time.now += OUTSIDE_SECONDS
    assert not watch.is_lost(inside=False)
    time.now += 0.1
    assert watch.is_lost(inside=False)


def test_a_member_that_reads_on_what_it_has_lost_is_lost_all_the_same(watch: StallWatch, time: Time) -> None:
    time.now = OUTSIDE_SECONDS + 0.1
    watch.moves()
    assert watch.is_lost(inside=False)
