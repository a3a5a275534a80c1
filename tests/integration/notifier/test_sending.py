"""What happens when a mail server, an address or a replica misbehaves."""

import time
from datetime import timedelta

from sqlalchemy import func, select, text, update
from structlog.testing import capture_logs

from services.notifier.domain.notices import Notice
from services.notifier.domain.relevance import IN_TIME
from services.notifier.sending.sender import SLOTS
from services.notifier.storage.tables import deliveries, metadata, offers
from shared.database import Database
from tests.integration.notifier.mail_server import Manners, offers_taken
from tests.integration.notifier.world import IMPATIENT, VOLUNTEER, World


def due_in(world: World, offer: str) -> timedelta:
    """Return how long the offer's notice waits from now, by the database's clock."""
    with world.database.transaction() as tx:
        waits = select(deliveries.c.due_at - func.clock_timestamp()).where(
            deliveries.c.notice == "offer", deliveries.c.about == offer
        )
        wait: timedelta = tx.execute(waits).scalar_one()
    return wait


def test_a_refusal_for_now_is_tried_again_later(world: World, manners: Manners, offer: str) -> None:
    manners.answers[VOLUNTEER] = ["450 later", "ok"]
    world.send_due()
    assert timedelta(seconds=25) < due_in(world, offer) <= timedelta(seconds=30)
    world.send_due()
    assert offers_taken(manners) == []
    world.make_due()
    world.send_due()
    assert len(offers_taken(manners)) == 1
    row = world.delivery(Notice.OFFER, offer)
    assert (row.state, row.attempts, row.refused) == ("sent", 2, 1)


def test_a_permanent_failure_is_announced_at_once_and_not_tried_again(
    world: World, manners: Manners, offer: str
) -> None:
    manners.answers[VOLUNTEER] = ["550 5.1.1 unknown", "ok"]
    world.send_due()
    world.make_due()
    world.send_due()
    assert offers_taken(manners) == []
    name, data = world.announced()[-1]
    told = (name, data["state"], data["notice"], data["offer"], data["attempts"], data["volunteer_sequence"])
    assert told == ("failed", "failed", "offer", offer, 1, 1)


def run_out(world: World, offer: str, ago: timedelta) -> None:
    """Let the offer have run out `ago`, while nothing that waits for a next try comes due."""
    with world.database.transaction() as tx:
        tx.execute(update(offers).where(offers.c.ref == offer).values(expires_at=func.clock_timestamp() - ago))
        tx.execute(update(deliveries).values(due_at=func.clock_timestamp() + timedelta(minutes=30)))


def test_an_offer_that_ran_out_while_the_mail_server_was_away_is_announced_as_failed_by_no_address_s_fault(
    world: World, manners: Manners, offer: str
) -> None:
    manners.answers[VOLUNTEER] = ["421 away", "ok"]
    world.send_due()
    assert world.delivery(Notice.OFFER, offer).volunteer_sequence == 1
    told = world.told()
    run_out(world, offer, timedelta(seconds=1))
    world.send_due()
    assert world.told() == told, "a yes on the volunteer's own page may still be on its way"
    run_out(world, offer, IN_TIME)
    world.send_due()
    row = world.delivery(Notice.OFFER, offer)
    assert (row.state, row.attempts, row.refused, row.lease_owner) == ("failed", 2, 2, None)
    name, data = world.announced()[-1]
    assert (name, data["notice"], data["offer"], data["volunteer"]) == ("failed", "offer", offer, row.volunteer)
    assert data["volunteer_sequence"] is None
    world.make_due()
    world.send_due()
    assert offers_taken(manners) == []
    assert len(world.told()) == len(told) + 1


def test_an_offer_that_ran_out_before_any_try_is_announced_as_failed_too(world: World) -> None:
    offer = world.offered(world.person(), world.volunteer(VOLUNTEER, state="applied"))
    world.send_due()
    run_out(world, offer, IN_TIME)
    world.send_due()
    assert world.told()[-1] == ("failed", "offer")
    assert world.announced()[-1][1]["attempts"] == 1


def test_an_offer_that_may_have_arrived_before_it_ran_out_is_not_said_to_have_failed(
    world: World, manners: Manners, offer: str
) -> None:
    manners.answers[VOLUNTEER] = ["cut"]
    world.send_due()
    told = world.told()
    run_out(world, offer, IN_TIME)
    world.send_due()
    assert world.delivery(Notice.OFFER, offer).state == "obsolete"
    assert world.told() == told


def test_offers_that_ran_out_are_closed_while_every_place_is_taken_by_a_slow_server(
    world: World, manners: Manners, offer: str
) -> None:
    manners.answers[VOLUNTEER] = ["421 away"]
    world.send_due()
    manners.begun.clear()
    for number in range(SLOTS):
        manners.answers[f"slow{number}@example.net"] = ["slow"]
        world.volunteer(f"slow{number}@example.net")
    with world.sending(world.gateway(IMPATIENT)) as sender:
        sender.step()
        assert manners.begun.wait(5)
        run_out(world, offer, IN_TIME)
        sender.step()
        assert world.delivery(Notice.OFFER, offer).state == "failed"


def test_a_repeat_after_a_cut_carries_the_same_message_id(world: World, manners: Manners, offer: str) -> None:
    manners.answers[VOLUNTEER] = ["cut", "ok"]
    world.send_due()
    world.make_due()
    world.send_due()
    first, again = offers_taken(manners)
    assert first == again == f"<{world.delivery(Notice.OFFER, offer).ref}@example.org>"
    assert world.told()[-1] == ("sent", "offer")


def test_slow_addresses_do_not_delay_another(world: World, manners: Manners) -> None:
    for number in range(8):
        manners.answers[f"slow{number}@example.net"] = ["slow"]
        world.volunteer(f"slow{number}@example.net")
    with world.sending(world.gateway(IMPATIENT)) as sender:
        sender.step()
        assert manners.begun.wait(5)
        world.volunteer(VOLUNTEER)
        started = time.monotonic()
        sender.step()
        while not manners.taken_by(VOLUNTEER) and time.monotonic() - started < IMPATIENT:
            time.sleep(0.01)
        assert len(manners.taken_by(VOLUNTEER)) == 1


def test_addresses_known_to_be_slow_leave_room_however_many_they_are(world: World, manners: Manners) -> None:
    for number in range(20):
        manners.answers[f"slow{number}@example.net"] = ["450 later", "slow"]
        world.volunteer(f"slow{number}@example.net")
    world.send_due()
    world.make_due()
    manners.begun.clear()
    with world.sending(world.gateway(IMPATIENT)) as sender:
        sender.step()
        assert manners.begun.wait(5)
        world.volunteer(VOLUNTEER)
        started = time.monotonic()
        sender.step()
        while not manners.taken_by(VOLUNTEER) and time.monotonic() - started < IMPATIENT:
            time.sleep(0.01)
        assert len(manners.taken_by(VOLUNTEER)) == 1


def everything_stored(database: Database) -> str:
    """Return every row of every table as text."""
    with database.transaction() as tx:
        return "\n".join(
            str(row[0])
            for table in metadata.tables
            for row in tx.execute(text(f'SELECT "{table}"::text FROM "{table}"'))
        )


def test_i10_a_planted_address_is_in_no_row_no_event_and_no_log(world: World, manners: Manners) -> None:
    planted = "zaphod-planted"
    answers = ["ok", f"550 5.1.1 <{planted}> unknown", f"450 <{planted}> later", f"data 554 <{planted}>", "cut", "slow"]
    with capture_logs() as logs:
        for number, answer in enumerate(answers):
            address = f"{planted}{number}@example.net"
            manners.answers[address] = [answer]
            world.volunteer(address)
        world.volunteer(f"{planted} is no address")
        world.matched(world.offered(world.person(f"{planted}@example.net"), world.volunteer(f"{planted}@example.org")))
        world.send_due(world.gateway(IMPATIENT))
    assert len(manners.taken) > 2
    assert planted in str(manners.taken[0])
    assert {entry["result"] for entry in logs} == {"sent", "failed", "again"}
    assert planted not in everything_stored(world.database)
    assert planted not in repr(logs)
