"""F34: a mail server that refuses for its own or the sender's reasons makes nobody unreachable."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from services.notifier.domain.notices import Notice
from services.notifier.domain.retry import MOVING_ON, PATIENCE
from services.notifier.storage.tables import deliveries, volunteers
from shared.vault.purposes import Purpose
from tests.integration.notifier.mail_server import Manners, offers_taken
from tests.integration.notifier.world import VOLUNTEER, World

OTHER = "other@example.net"

TROUBLES = [
    "554 5.7.1 Relay access denied",
    "550 5.7.26 no SPF, no DKIM",
    "550 5.7.606 banned sending IP",
    "552 5.2.2 mailbox full",
    "450 4.2.1 too quickly",
    "550 5.4.1 Access denied",
    "data 554 5.7.1 looks like spam",
    "data 550 no",
    "421 4.7.0 closing",
]


def let_time_pass(world: World, time: timedelta) -> None:
    """Let the tries of two days be as long ago as that, and the next one be due."""
    with world.database.transaction() as tx:
        tx.execute(
            update(deliveries).values(give_up_at=deliveries.c.give_up_at - time, due_at=deliveries.c.due_at - time)
        )
        tx.execute(update(volunteers).values(refused_since=volunteers.c.refused_since - time))


@pytest.mark.parametrize("answer", TROUBLES)
def test_f34_trouble_of_the_sender_or_the_moment_is_tried_again_for_days_and_blames_nobody(
    world: World, manners: Manners, answer: str
) -> None:
    manners.answers[VOLUNTEER] = [answer]
    volunteer = world.volunteer(VOLUNTEER)
    for _ in range(4):
        world.send_due()
        let_time_pass(world, PATIENCE)
    assert world.told() == []
    row = world.delivery(Notice.APPROVED, volunteer)
    assert (row.state, row.attempts) == ("pending", 4)
    assert row.code.split()[0] in answer
    manners.answers[VOLUNTEER] = ["ok"]
    world.send_due()
    assert world.told() == [("sent", "approved")]


@pytest.mark.parametrize("answer", ["550 unknown", "554 5.7.1 Relay access denied"])
def test_f34_an_offer_that_is_refused_for_an_hour_goes_to_somebody_else_and_blames_nobody(
    world: World, manners: Manners, offer: str, answer: str
) -> None:
    manners.answers[VOLUNTEER] = [answer]
    world.send_due()
    let_time_pass(world, MOVING_ON)
    world.send_due()
    name, data = world.announced()[-1]
    assert (name, data["notice"], data["offer"], data["volunteer_sequence"]) == ("failed", "offer", offer, None)
    assert offers_taken(manners) == []


def test_f34_a_bare_refusal_condemns_after_two_days_in_which_nothing_was_taken(world: World, manners: Manners) -> None:
    manners.answers[VOLUNTEER] = ["550 unknown"]
    volunteer = world.volunteer(VOLUNTEER)
    world.send_due()
    let_time_pass(world, PATIENCE - timedelta(minutes=1))
    world.send_due()
    assert world.told() == []
    let_time_pass(world, timedelta(minutes=1))
    world.send_due()
    [(name, data)] = world.announced()
    assert (name, data["notice"], data["volunteer"], data["volunteer_sequence"]) == ("failed", "approved", volunteer, 1)


def test_f34_of_short_offers_each_of_which_is_refused_the_days_are_counted_together(
    world: World, manners: Manners
) -> None:
    volunteer = world.volunteer(VOLUNTEER)
    world.send_due()
    manners.answers[VOLUNTEER] = ["550 unknown"]
    blamed = []
    for _ in range(3):
        world.offered(world.person(), volunteer)
        world.send_due()
        let_time_pass(world, PATIENCE / 2)
        world.send_due()
        blamed.append(world.announced()[-1][1]["volunteer_sequence"])
    assert blamed == [None, 1, 1]


def test_f34_one_that_was_taken_or_another_address_makes_the_count_begin_anew(world: World, manners: Manners) -> None:
    manners.answers[VOLUNTEER] = ["550 unknown", "ok", "550 unknown"]
    volunteer = world.volunteer(VOLUNTEER)
    world.send_due()
    let_time_pass(world, PATIENCE * 2)
    world.send_due()
    assert world.told() == [("sent", "approved")]
    world.offered(world.person(), volunteer)
    world.send_due()
    let_time_pass(world, PATIENCE - timedelta(minutes=1))
    world.announce("volunteers", "published", volunteer, notify=world.seal(volunteer, Purpose.VOLUNTEER_NOTIFY, OTHER))
    manners.answers[OTHER] = ["550 unknown"]
    world.offered(world.person(), volunteer)
    world.send_due()
    let_time_pass(world, timedelta(minutes=2))
    world.offered(world.person(), volunteer)
    world.send_due()
    assert [data for name, data in world.announced() if name == "failed" and data["volunteer_sequence"]] == []
