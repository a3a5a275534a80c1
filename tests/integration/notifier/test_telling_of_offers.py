"""Who is told what about an offer, from an announced event to the mail that arrives."""

from datetime import timedelta

import pytest

from services.notifier.domain.notices import Notice
from shared.vault.keyrings import Keyrings
from shared.vault.purposes import Purpose
from shared.vault.tokens import offer_token
from tests.integration.notifier.mail_server import Manners, subjects, text_of
from tests.integration.notifier.world import NOW, PERSON, VOLUNTEER, World


def test_an_offer_reaches_its_volunteer_with_the_words_the_time_and_the_token(world: World, manners: Manners) -> None:
    offer = world.offered(world.person(), world.volunteer(VOLUNTEER))
    world.send_due()
    text = text_of(manners, VOLUNTEER, "A question for you")
    token = offer_token(Keyrings(world.house.folders["intake"]).named("links"), offer)
    assert f"https://x.example/offer#{token}" in text
    assert "amber river" in text
    assert "(EST)" in text or "(EDT)" in text


def test_a_sent_offer_is_announced_with_the_version_whose_address_was_used(world: World) -> None:
    volunteer = world.volunteer(VOLUNTEER)
    request = world.person()
    offer = world.offered(request, volunteer)
    world.send_due()
    [data] = [data for name, data in world.announced() if data["notice"] == "offer"]
    assert data.pop("at")
    assert data == {
        "delivery": world.delivery(Notice.OFFER, offer).ref,
        "notice": "offer",
        "request": request,
        "offer": offer,
        "match": None,
        "volunteer": volunteer,
        "report": None,
        "volunteer_sequence": 1,
        "state": "sent",
        "attempts": 1,
    }


def test_a_notice_is_sent_once_however_often_its_event_comes(world: World, manners: Manners) -> None:
    volunteer = world.volunteer(VOLUNTEER)
    offer = world.offered(world.person(), volunteer)
    world.send_due()
    world.announce("matches", "offered", offer)
    world.announce("volunteers", "published", volunteer)
    world.send_due()
    assert subjects(manners, VOLUNTEER) == ["A question for you", "Everything is ready"]


def test_an_offer_that_comes_before_its_volunteer_is_sent_when_the_volunteer_arrives(
    world: World, manners: Manners
) -> None:
    volunteer = world.volunteer(VOLUNTEER, state="applied")
    offer = world.offered(world.person(), volunteer)
    world.send_due()
    assert manners.taken_by(VOLUNTEER) == []
    world.announce("volunteers", "published", volunteer, state="active")
    world.send_due()
    assert subjects(manners, VOLUNTEER) == ["A question for you", "Everything is ready"]
    assert world.delivery(Notice.OFFER, offer).volunteer_sequence == 2


@pytest.mark.parametrize("order", ["01234", "43210", "20413", "31402", "13024", "40321", "24130", "34012"])
def test_the_same_is_told_in_whatever_order_the_events_arrive(world: World, manners: Manners, order: str) -> None:
    request, volunteer, offer, match = (c * 26 for c in "rvfm")
    notify = world.seal(volunteer, Purpose.VOLUNTEER_NOTIFY, VOLUNTEER, two_words=None)
    wanted = world.seal(request, Purpose.PERSON_NOTIFY, PERSON)
    parties = {"request": request, "volunteer": volunteer, "offer": offer}
    yes = {"state": "introduced", "match": match}
    records = [
        world.record("requests", "published", request, request=request, notify=wanted),
        world.record("volunteers", "published", volunteer, volunteer=volunteer, notify=notify),
        world.record("matches", "offer_closed", offer, **parties, state="accepted"),
        world.record("matches", "matched", match, match=match, **parties),
        world.record("requests", "introduced", request, **yes),
    ]
    for number in order:
        world.deliver(*records[int(number)])
        world.send_due()
    world.make_due()
    world.send_due()
    assert subjects(manners, VOLUNTEER) == ["An answer for you", "Everything is ready"]
    assert subjects(manners, PERSON) == ["There is news for you"]


def test_a_nudge_reminds_the_one_who_was_asked(world: World, manners: Manners) -> None:
    offer = world.offered(world.person(), world.volunteer(VOLUNTEER))
    world.send_due()
    world.announce("matches", "nudged", offer, nudged_at=NOW)
    world.send_due()
    assert "A question is still open" in subjects(manners, VOLUNTEER)


@pytest.mark.parametrize(
    ("state", "subject"), [("superseded", "A question has been answered"), ("withdrawn", "A question is closed")]
)
def test_who_was_asked_is_told_the_end_and_who_was_not_is_not(
    world: World, manners: Manners, state: str, subject: str
) -> None:
    request = world.person()
    asked = world.offered(request, world.volunteer("asked@example.net"))
    world.send_due()
    spared = world.offered(request, world.volunteer("spared@example.net"))
    for offer in (asked, spared):
        world.closed(offer, state)
    world.send_due()
    world.make_due()
    world.send_due()
    assert subject in subjects(manners, "asked@example.net")
    assert subjects(manners, "spared@example.net") == ["Everything is ready"]


def test_who_may_have_been_asked_is_told_the_end(world: World, manners: Manners) -> None:
    offer = world.offered(world.person(), world.volunteer(VOLUNTEER, state="paused"))
    manners.answers[VOLUNTEER] = ["cut", "cut", "ok"]
    world.send_due()
    world.closed(offer, "superseded")
    world.make_due()
    world.send_due()
    world.make_due()
    world.send_due()
    assert world.delivery(Notice.OFFER, offer).state == "obsolete"
    assert world.delivery(Notice.TOO_LATE, offer).state == "sent"


@pytest.mark.parametrize(("ago", "state"), [(timedelta(seconds=1), "pending"), (timedelta(minutes=2), "failed")])
def test_an_offer_that_has_run_out_is_not_sent_any_more(
    world: World, manners: Manners, ago: timedelta, state: str
) -> None:
    volunteer = world.volunteer(VOLUNTEER)
    world.send_due()
    offer = world.offered(world.person(), volunteer, ends_in=-ago)
    world.send_due()
    assert world.delivery(Notice.OFFER, offer).state == state
    assert subjects(manners, VOLUNTEER) == ["Everything is ready"]
