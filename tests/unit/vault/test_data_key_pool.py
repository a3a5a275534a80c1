"""The pool of data keys gives each key out once, and asks the vault seldom."""

import secrets
import threading
from collections.abc import Sequence

import pytest

from shared.vault.data_key_pool import DataKeyPool
from shared.vault.purposes import Purpose
from shared.vault.sealing import DataKey, new_data_key

PROFILE_AND_NOTIFY = (Purpose.PERSON_PROFILE, Purpose.PERSON_NOTIFY)


class CountingMint:
    """Makes keys and remembers what was asked of it."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.asked: list[list[Purpose]] = []

    def __call__(self, purposes: Sequence[Purpose]) -> list[DataKey]:
        """Make one key per purpose."""
        self.asked.append(list(purposes))
        return [new_data_key(secrets.token_bytes) for _ in purposes]


def test_each_key_is_given_out_once_and_a_batch_is_made_in_one_go() -> None:
    mint = CountingMint()
    pool = DataKeyPool(mint, batch=4)
    taken = [key for _ in range(8) for key in pool.take(PROFILE_AND_NOTIFY).values()]
    assert len({key.key_id for key in taken}) == len({key.key for key in taken}) == 16
    assert [len(asked) for asked in mint.asked] == [8, 8]


def test_threads_never_share_a_key() -> None:
    pool = DataKeyPool(CountingMint(), batch=3)
    taken: list[DataKey] = []
    threads = [threading.Thread(target=lambda: taken.extend(pool.take(PROFILE_AND_NOTIFY).values())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len({key.key_id for key in taken}) == 40


def test_a_forked_process_does_not_use_what_it_inherited() -> None:
    process_ids = [1]
    mint = CountingMint()
    pool = DataKeyPool(mint, batch=4, process_id=lambda: process_ids[-1])
    pool.take(PROFILE_AND_NOTIFY)
    process_ids.append(2)
    pool.take(PROFILE_AND_NOTIFY)
    assert len(mint.asked) == 2


def test_a_failure_of_the_vault_is_raised_and_the_next_try_is_a_fresh_one() -> None:
    mint = CountingMint()
    outage = [ConnectionError("away")]

    def failing_once(purposes: Sequence[Purpose]) -> list[DataKey]:
        if outage:
            raise outage.pop()
        return mint(purposes)

    pool = DataKeyPool(failing_once, batch=2)
    with pytest.raises(ConnectionError):
        pool.take(PROFILE_AND_NOTIFY)
    assert set(pool.take(PROFILE_AND_NOTIFY)) == set(PROFILE_AND_NOTIFY)
