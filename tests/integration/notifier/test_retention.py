"""What the notifier forgets, and what it must not: a notice that was made is never made again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from services.notifier.domain.notices import Notice
from services.notifier.storage.retention import KEPT, Retention
from services.notifier.storage.tables import deliveries, matches, offers, requests, searches, volunteers
from tests.integration.notifier.mail_server import Manners
from tests.integration.notifier.world import PERSON, VOLUNTEER, World

PROJECTIONS = (requests, volunteers, offers, matches, searches)


def let_time_pass(world: World, time: timedelta) -> None:
    """Move everything into the past by `time`."""
    with world.database.transaction() as tx:
        for table in PROJECTIONS:
            tx.execute(update(table).values(changed_at=table.c.changed_at - time))
        tx.execute(
            update(deliveries).values(due_at=deliveries.c.due_at - time, give_up_at=deliveries.c.give_up_at - time)
        )


def forget(world: World) -> None:
    """Sweep once."""
    assert Retention(world.database).step() > 0


def rows(world: World) -> dict[str, int]:
    """Return how many rows each table has, without those that are empty."""
    with world.database.transaction() as tx:
        counts = {
            table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (*PROJECTIONS, deliveries)
        }
    return {name: count for name, count in counts.items() if count}


@pytest.fixture
def whole_life(world: World) -> tuple[str, str]:
    """A request that was offered, late, matched, written about and ended, all of it told; and its volunteer."""
    request, volunteer = world.person(PERSON), world.volunteer(VOLUNTEER)
    world.announce("matches", "waiting", request, request=request, state="waiting", late="alarm")
    match = world.matched(world.offered(request, volunteer))
    world.announce("matches", "asked", match, check_ins=1)
    world.text(match, "person")
    world.send_due()
    world.announce("matches", "ended", match, state="ended", ended_by="person", then="over")
    world.announce("requests", "closed", request, state="closed", match=None, notify=None, profile=None)
    world.send_due()
    return request, volunteer


def test_all_of_a_request_goes_when_it_has_been_over_for_long_enough(world: World, whole_life: tuple[str, str]) -> None:
    before = rows(world)
    assert set(before) == {"requests", "volunteers", "offers", "matches", "searches", "deliveries"}
    let_time_pass(world, KEPT - timedelta(hours=2))
    forget(world)
    assert rows(world) == before
    let_time_pass(world, timedelta(hours=3))
    forget(world)
    assert rows(world) == {"volunteers": 1, "deliveries": 1}


def test_nothing_of_a_request_goes_while_the_request_goes_on(world: World) -> None:
    request = world.person(PERSON)
    world.matched(world.offered(request, world.volunteer(VOLUNTEER)))
    world.send_due()
    before = rows(world)
    let_time_pass(world, 10 * KEPT)
    forget(world)
    assert rows(world) == before


def test_a_volunteer_who_serves_for_years_hears_of_the_approval_and_gets_a_link_once(
    world: World, manners: Manners
) -> None:
    volunteer = world.volunteer(VOLUNTEER)
    for generation in (1, 2):
        world.announce("volunteers", "link_asked", volunteer, generation=generation)
        world.send_due()
    manners.taken.clear()
    let_time_pass(world, 10 * KEPT)
    forget(world)
    world.announce("volunteers", "published", volunteer)
    world.send_due()
    assert manners.taken == []
    assert rows(world) == {"volunteers": 1, "deliveries": 2}, "the approval and the newest link"


def test_all_of_a_volunteer_goes_when_they_have_been_gone_for_long_enough(
    world: World, whole_life: tuple[str, str]
) -> None:
    world.announce("volunteers", "removed", whole_life[1], state="removed", profile=None, notify=None)
    let_time_pass(world, KEPT + timedelta(hours=1))
    forget(world)
    assert rows(world) == {}


def test_an_application_is_told_again_only_if_it_is_another_one(world: World, manners: Manners) -> None:
    volunteer = world.volunteer(VOLUNTEER, state="applied")
    world.send_due()
    let_time_pass(world, 10 * KEPT)
    forget(world)
    world.announce("volunteers", "published", volunteer)
    world.send_due()
    assert len(manners.taken) == 1


def test_word_of_a_report_goes_after_the_same_time(world: World) -> None:
    world.reported("safety")
    world.send_due()
    let_time_pass(world, KEPT - timedelta(hours=1))
    forget(world)
    assert rows(world) == {"deliveries": 1}
    let_time_pass(world, timedelta(hours=2))
    forget(world)
    assert rows(world) == {}


def test_what_never_left_stays_until_it_has_left(world: World, manners: Manners) -> None:
    manners.answers[VOLUNTEER] = ["cut"]
    world.volunteer(VOLUNTEER)
    world.send_due()
    let_time_pass(world, 10 * KEPT)
    forget(world)
    assert rows(world) == {"volunteers": 1, "deliveries": 1}


def test_a_notice_that_has_waited_in_vain_for_longer_than_anything_can_come_is_closed_and_goes(world: World) -> None:
    offer = world.offered("r" * 26, "v" * 26, ends_in=3 * KEPT)
    world.send_due()
    assert world.delivery(Notice.OFFER, offer).state == "pending"
    let_time_pass(world, KEPT + timedelta(days=1))
    world.make_due()
    world.send_due()
    assert world.delivery(Notice.OFFER, offer).state == "obsolete"
    let_time_pass(world, KEPT + timedelta(days=1))
    forget(world)
    assert rows(world) == {}
