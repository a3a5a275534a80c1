"""Replicas share the sending by leases: what one of them left undone, another does, and nobody does it over."""

import threading
import time

from sqlalchemy import select

from services.notifier.domain.notices import Notice
from services.notifier.gateway.port import Gateway, RenderedNotice
from services.notifier.storage.tables import deliveries
from shared.database import LOCK_TIMEOUT_MS
from tests.integration.notifier.mail_server import Manners, offers_taken
from tests.integration.notifier.world import VOLUNTEER, World


class Hesitant:
    """A gateway that stops before it passes a message on, as a stopped process does, until it is let go."""

    def __init__(self, inner: Gateway) -> None:
        self.inner = inner
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def send(self, message: RenderedNotice) -> None:
        self.reached.set()
        assert self.let_go.wait(10)
        self.inner.send(message)


def test_a_replica_killed_after_the_message_was_accepted_is_followed_by_one_that_repeats_it(
    world: World, manners: Manners, offer: str
) -> None:
    stopped = Hesitant(world.gateway())
    with world.sending(stopped) as killed:
        killed.step()
        assert stopped.reached.wait(5)
        world.send_due()
        assert offers_taken(manners) == [], "a lease that lives keeps the others away"
        world.end_leases()
        world.send_due()
        assert len(offers_taken(manners)) == 1
        stopped.let_go.set()
    first, again = offers_taken(manners)
    assert first == again


def test_i9_a_replica_that_comes_back_after_its_lease_changes_no_row(
    world: World, manners: Manners, offer: str
) -> None:
    stopped = Hesitant(world.gateway())
    with world.sending(stopped) as stale:
        stale.step()
        assert stopped.reached.wait(5)
        world.end_leases()
        manners.answers[VOLUNTEER] = ["550 5.1.1 unknown", "ok"]
        world.send_due()
        before, told = world.delivery(Notice.OFFER, offer), world.told()
        stopped.let_go.set()
    assert before.state == "failed"
    assert world.delivery(Notice.OFFER, offer) == before
    assert world.told() == told


def test_i9_a_lease_that_ran_out_counts_for_nothing_even_if_nobody_took_over(world: World, offer: str) -> None:
    stopped = Hesitant(world.gateway())
    with world.sending(stopped) as stale:
        stale.step()
        assert stopped.reached.wait(5)
        world.end_leases()
        stopped.let_go.set()
    row = world.delivery(Notice.OFFER, offer)
    assert (row.state, row.attempts) == ("pending", 1)


def test_an_outcome_is_written_down_although_the_database_says_not_now_at_first(world: World, offer: str) -> None:
    hesitant = Hesitant(world.gateway())
    with world.sending(hesitant) as sender:
        sender.step()
        assert hesitant.reached.wait(5)
        with world.database.transaction() as in_the_way:
            in_the_way.execute(select(deliveries).with_for_update())
            hesitant.let_go.set()
            time.sleep(LOCK_TIMEOUT_MS / 1000 + 0.3)
    row = world.delivery(Notice.OFFER, offer)
    assert (row.state, row.attempts) == ("sent", 1)


def test_two_replicas_share_the_work_and_send_nothing_twice(world: World, manners: Manners) -> None:
    for number in range(30):
        world.volunteer(f"volunteer{number}@example.net")
    replicas = [threading.Thread(target=world.send_due) for _ in range(2)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    world.send_due()
    recipients = [str(mail["To"]) for mail in manners.taken]
    assert len(recipients) == len(set(recipients)) == 30
