"""What the coordinator is told, and what of it is announced."""

import threading

import pytest
from sqlalchemy import update

from services.notifier.domain.notices import Notice
from services.notifier.storage.tables import deliveries
from tests.integration.notifier.mail_server import Manners, subjects, text_of
from tests.integration.notifier.world import COORDINATOR, VOLUNTEER, World

WAITS = "Somebody waits for your answer"
SECOND_DESK = "second@example.net"


def apply(world: World, number: int) -> list[str]:
    """Let so many volunteers apply."""
    return [world.volunteer(f"volunteer{each}@example.net", state="applied") for each in range(number)]


def ids(manners: Manners, recipient: str) -> list[str]:
    """Return the Message-IDs of what `recipient` got."""
    return [str(mail["Message-ID"]) for mail in manners.taken_by(recipient)]


def test_the_coordinator_hears_of_an_application_once_and_again_when_the_volunteer_is_vetted_again(
    world: World, manners: Manners
) -> None:
    volunteer = world.volunteer(VOLUNTEER, state="applied")
    world.announce("volunteers", "published", volunteer)
    world.send_due()
    assert subjects(manners, COORDINATOR) == ["Somebody waits for your answer"]
    assert volunteer in text_of(manners, COORDINATOR, "Somebody waits for your answer")
    world.announce("volunteers", "published", volunteer, state="active")
    world.announce("volunteers", "published", volunteer, state="applied")
    world.pass_hours(1)
    world.send_due()
    assert subjects(manners, COORDINATOR) == ["Somebody waits for your answer"] * 2


def test_the_coordinator_hears_once_that_a_volunteer_at_work_changed_something_until_it_is_vetted(
    world: World, manners: Manners
) -> None:
    volunteer = world.volunteer(VOLUNTEER)
    for to_vet in (True, True, False, True):
        world.announce("volunteers", "published", volunteer, state="active", to_vet=to_vet)
        world.pass_hours(1)
        world.send_due()
    assert subjects(manners, COORDINATOR) == [WAITS] * 2


def test_a_coordinator_who_cannot_be_reached_makes_no_volunteer_unreachable(world: World, manners: Manners) -> None:
    manners.answers[COORDINATOR] = ["550 5.1.1 unknown"]
    volunteer = world.volunteer(VOLUNTEER, state="applied")
    world.send_due()
    [(name, data)] = world.announced()
    assert (name, data["notice"], data["volunteer"]) == ("failed", "application", volunteer)
    assert data["volunteer_sequence"] is None


def test_the_coordinator_hears_once_a_wait_that_a_request_is_late_and_that_it_has_stalled(
    world: World, manners: Manners
) -> None:
    request = world.person()
    for state, late in (("waiting", "no"), ("waiting", "alarm"), ("waiting", "alarm"), ("stalled", "silent_limit")):
        world.announce("matches", state, request, request=request, state=state, late=late)
        world.send_due()
    assert subjects(manners, COORDINATOR) == ["Something needs you", "Something takes long"]
    assert request in text_of(manners, COORDINATOR, "Something takes long")
    assert {mail["To"] for mail in manners.taken} == {COORDINATOR}


@pytest.mark.parametrize(
    ("kind", "subject"), [("safety", "Please look at this soon"), ("flood", "More than usual has come in")]
)
def test_the_coordinator_hears_of_a_report_by_its_ref(world: World, manners: Manners, kind: str, subject: str) -> None:
    report = world.reported(kind)
    world.send_due()
    assert report in text_of(manners, COORDINATOR, subject)
    [(name, data)] = world.announced()
    assert (name, data["report"], data["request"], data["volunteer"]) == ("sent", report, None, None)


def test_without_a_coordinators_address_no_such_notice_is_made(world: World, manners: Manners) -> None:
    world.coordinators = ()
    world.volunteer(VOLUNTEER, state="applied")
    world.reported("safety")
    request = world.person()
    world.announce("matches", "stalled", request, request=request, state="stalled", late="silent_limit")
    world.send_due()
    assert manners.taken == []
    assert world.told() == []


def test_after_the_first_of_a_kind_at_once_the_coordinator_gets_one_mail_an_hour_with_the_number(
    world: World, manners: Manners
) -> None:
    apply(world, 1)
    world.send_due()
    assert subjects(manners, COORDINATOR) == [WAITS]
    for _ in range(3):
        apply(world, 4)
        world.send_due()
    world.reported("safety")
    world.send_due()
    assert subjects(manners, COORDINATOR) == ["Please look at this soon", WAITS], "another kind does not wait"
    world.pass_hours(0.9)
    world.send_due()
    assert len(manners.taken) == 2
    world.pass_hours(0.2)
    world.send_due()
    assert subjects(manners, COORDINATOR) == ["Please look at this soon", WAITS, WAITS]
    assert "There are 12 of these" in str(manners.taken[-1])
    assert [told for told in world.told() if told == ("sent", "application")] == [("sent", "application")] * 13
    world.pass_hours(2)
    world.send_due()
    assert len(manners.taken) == 3, "nothing has come in since"


def test_all_that_is_due_at_once_leaves_as_one_and_what_is_no_longer_true_is_not_counted(
    world: World, manners: Manners
) -> None:
    first, *_, last = apply(world, 5)
    for volunteer in (first, last):
        world.announce("volunteers", "published", volunteer, state="refused")
    world.send_due()
    assert subjects(manners, COORDINATOR) == [WAITS]
    assert "There are 3 of these" in str(manners.taken[0])


def test_i7_after_a_cut_the_coordinator_gets_the_same_mail_again_and_what_came_since_later(
    world: World, manners: Manners
) -> None:
    manners.answers[COORDINATOR] = ["cut", "ok"]
    apply(world, 3)
    world.send_due()
    apply(world, 2)
    world.make_due()
    world.send_due()
    first, again = manners.taken_by(COORDINATOR)
    assert first["Message-ID"] == again["Message-ID"]
    for mail in (first, again):
        del mail["Date"]
    assert str(first) == str(again)
    world.pass_hours(1)
    world.send_due()
    assert "There are 2 of these" in str(manners.taken_by(COORDINATOR)[-1])
    assert len(set(ids(manners, COORDINATOR))) == 2


def test_while_the_mail_server_is_away_all_is_gathered_and_leaves_as_one_when_it_is_back(
    world: World, manners: Manners
) -> None:
    manners.answers[COORDINATOR] = ["421 away"]
    for _ in range(4):
        apply(world, 2)
        world.send_due()
        world.pass_hours(1)
    assert manners.taken == []
    manners.answers[COORDINATOR] = ["ok"]
    world.make_due()
    world.send_due()
    assert "There are 8 of these" in str(manners.taken_by(COORDINATOR)[0])
    assert len(manners.taken) == 1
    assert world.told() == [("sent", "application")] * 8


def test_a_lead_that_is_no_longer_true_lets_the_others_go(world: World, manners: Manners) -> None:
    manners.answers[COORDINATOR] = ["421 away", "ok"]
    volunteers = apply(world, 3)
    world.send_due()
    with world.database.transaction() as tx:
        lead = tx.execute(deliveries.select().where(deliveries.c.attempts > 0)).one().volunteer
    world.announce("volunteers", "published", lead, state="refused")
    for _ in range(2):
        world.make_due()
        world.send_due()
    assert "There are 2 of these" in str(manners.taken_by(COORDINATOR)[0])
    assert {world.delivery(Notice.APPLICATION, f"{each}.0").state for each in volunteers} == {"sent", "obsolete"}


def test_each_coordinator_gets_a_mail_of_their_own_and_sees_no_other_address(world: World, manners: Manners) -> None:
    world.coordinators = (COORDINATOR, SECOND_DESK)
    manners.answers[SECOND_DESK] = ["450 later", "ok"]
    report = world.reported("safety")
    world.send_due()
    assert (len(manners.taken_by(COORDINATOR)), len(manners.taken_by(SECOND_DESK))) == (1, 0)
    world.make_due()
    world.send_due()
    one, two = manners.taken
    assert (one["To"], two["To"]) == (COORDINATOR, SECOND_DESK)
    assert one["Message-ID"] != two["Message-ID"]
    assert report in str(one)
    assert report in str(two)
    assert SECOND_DESK not in str(one)
    assert COORDINATOR not in str(two)


def test_an_address_that_was_taken_out_hears_nothing_more_and_the_others_go_on(world: World, manners: Manners) -> None:
    world.coordinators = (COORDINATOR, SECOND_DESK)
    manners.answers = {COORDINATOR: ["450 later", "ok"], SECOND_DESK: ["450 later", "ok"]}
    world.reported("safety")
    world.send_due()
    world.coordinators = (SECOND_DESK,)
    world.make_due()
    world.send_due()
    assert [mail["To"] for mail in manners.taken] == [SECOND_DESK]


def test_what_the_version_before_told_its_one_coordinator_is_not_told_again(world: World, manners: Manners) -> None:
    volunteer = world.volunteer(VOLUNTEER, state="applied")
    world.send_due()
    with world.database.transaction() as tx:
        tx.execute(update(deliveries).values(desk=""))
    world.announce("volunteers", "published", volunteer)
    world.pass_hours(2)
    world.send_due()
    assert len(manners.taken) == 1


def test_two_replicas_gather_one_mail(world: World, manners: Manners) -> None:
    apply(world, 30)
    with world.sending() as one, world.sending() as two:
        threads = [threading.Thread(target=sender.step) for sender in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(manners.taken_by(COORDINATOR)) == 1
    world.pass_hours(2)
    world.send_due()
    assert len(manners.taken_by(COORDINATOR)) <= 2
    with world.database.transaction() as tx:
        assert {row.state for row in tx.execute(deliveries.select())} == {"sent"}
