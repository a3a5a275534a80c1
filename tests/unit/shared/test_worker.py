"""The heartbeats of a worker's loops."""

import time

from shared.runtime import STALE_SECONDS, Loop, Worker


def test_a_loop_that_has_not_come_round_for_too_long_is_named() -> None:
    fresh, stale = Loop("fresh", lambda: 0.0), Loop("stale", lambda: 0.0)
    stale.beat -= STALE_SECONDS + 1
    assert Worker([fresh, stale], {}).alive() == "stale"
    assert Worker([fresh], {}).alive() is None


def test_a_loop_that_pauses_longer_than_others_may_be_late_is_alive() -> None:
    loop = Loop("slow", lambda: 10 * STALE_SECONDS)
    worker = Worker([loop], {})
    threads = worker.start()
    deadline = time.monotonic() + 5
    while loop.beat <= time.monotonic() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert loop.beat > time.monotonic() + STALE_SECONDS
    worker.stop()
    for thread in threads:
        thread.join()
