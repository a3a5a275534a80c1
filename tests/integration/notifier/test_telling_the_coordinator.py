"""What the coordinator is told, and what of it is announced."""

import pytest

from tests.integration.notifier.mail_server import Manners, subjects, text_of
from tests.integration.notifier.world import COORDINATOR, VOLUNTEER, World


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
    world.send_due()
    assert subjects(manners, COORDINATOR) == ["Somebody waits for your answer"] * 2


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
    world.coordinator = ""
    world.volunteer(VOLUNTEER, state="applied")
    world.reported("safety")
    request = world.person()
    world.announce("matches", "stalled", request, request=request, state="stalled", late="silent_limit")
    world.send_due()
    assert manners.taken == []
    assert world.told() == []
