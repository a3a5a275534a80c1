"""Forms that come one after the other are slowed, never refused, and nothing of an address stays."""

import threading

import pytest

from services.intake.throttle import AT_ONCE, KEY_SECONDS, LONGEST_SECONDS, SLOTS, Throttle, visitor

WARD, OTHER = "198.51.100.7", "203.0.113.9"


class Time:
    """A clock that a test moves, and a sleep that only counts."""

    def __init__(self) -> None:
        """Begin at zero, with nothing slept."""
        self.now = 0.0
        self.slept: list[float] = []
        self.throttle = Throttle(lambda count: b"k" * count, now=lambda: self.now, sleep=self.slept.append)

    def send(self, address: str, times: int) -> list[float]:
        """Send so many forms; return what was slept meanwhile."""
        self.slept.clear()
        for _ in range(times):
            self.throttle.wait(address)
        return list(self.slept)


@pytest.fixture
def time() -> Time:
    """Time to play with."""
    return Time()


def test_a_few_forms_cost_nothing_and_more_cost_ever_more_up_to_a_limit(time: Time) -> None:
    assert time.send(WARD, AT_ONCE) == []
    assert time.send(WARD, 7) == [1, 2, 3, 4, 5, 5, 5]
    assert LONGEST_SECONDS == 5


def test_others_are_not_slowed_with_them(time: Time) -> None:
    time.send(WARD, 20)
    assert time.send(OTHER, AT_ONCE) == []


def test_after_ten_minutes_nobody_is_known_any_more(time: Time) -> None:
    time.send(WARD, 20)
    time.now += KEY_SECONDS
    assert time.send(WARD, AT_ONCE) == []


def test_the_addresses_of_one_household_count_together(time: Time) -> None:
    time.send("2001:db8:1:2::1", AT_ONCE)
    assert time.send("2001:db8:1:2:ffff::1", 1) == [1]
    assert time.send("2001:db8:1:3::1", 1) == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "", "no address"])
def test_someone_who_is_on_this_machine_is_never_slowed(time: Time, address: str) -> None:
    assert time.send(address, 20) == []


def test_at_most_four_threads_are_held_and_the_next_form_passes() -> None:
    held, go_on = threading.Semaphore(0), threading.Event()

    def sleep(_seconds: float) -> None:
        held.release()
        go_on.wait(10)

    throttle = Throttle(lambda count: b"k" * count, sleep=sleep)
    for _ in range(AT_ONCE):
        throttle.wait(WARD)
    threads = [threading.Thread(target=throttle.wait, args=(WARD,)) for _ in range(SLOTS)]
    for thread in threads:
        thread.start()
    assert all(held.acquire(timeout=10) for _ in threads)
    throttle.wait(WARD)
    assert not held.acquire(blocking=False)
    go_on.set()
    for thread in threads:
        thread.join()


def test_the_gateway_says_who_is_there_and_not_the_visitor() -> None:
    assert visitor("10.0.0.1, 198.51.100.7", "172.18.0.2") == WARD
    assert visitor("", WARD) == WARD
