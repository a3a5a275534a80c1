"""What becomes of offers, yeses and matches when their volunteer changes or leaves."""

import json
from typing import Any

import pytest

from services.matcher.handlers import kinds
from services.matcher.storage.tables import due_rows, matches
from tests.integration.matcher.conftest import World

AVOIDED: dict[str, list[str]] = {"affiliations": [], "people": ["somebody"]}
CARRIES_LESS: dict[str, Any] = {"capacity": {"active": 1, "new_per_month": 1}}


@pytest.mark.parametrize("state", ["suspended", "removed"])
@pytest.mark.parametrize("already_taken_back", [True, False])
def test_a_yes_that_comes_after_the_news_that_its_volunteer_left_makes_no_match(
    world: World, state: str, *, already_taken_back: bool
) -> None:
    volunteer = world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    other = world.volunteer()
    world.volunteer(volunteer, state=state)
    if already_taken_back:
        world.work()
    world.answer(offer, "accepted")
    world.work()
    assert world.rows(matches) == []
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert world.counters_hold()


@pytest.mark.parametrize("change", [{"identity": ["somebody"]}, {"state": "applied"}])
def test_a_yes_of_a_volunteer_whose_change_is_not_judged_yet_makes_no_match_that_it_forbids(
    world: World, change: dict[str, Any]
) -> None:
    volunteer = world.volunteer()
    request = world.request(avoid=AVOIDED)
    [offer] = world.open_offers(request)
    other = world.volunteer()
    world.volunteer(volunteer, **change)
    world.answer(offer, "accepted")
    assert world.rows(matches) == []
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert world.counters_hold()


def test_changed_wishes_that_cross_a_yes_and_forbid_it_end_the_match_and_the_search_goes_on(world: World) -> None:
    avoided = world.volunteer(identity=["somebody"])
    request = world.request()
    world.answer(world.open_offers(request)[0], "accepted")
    other = world.volunteer()
    world.request(request, avoid={"affiliations": [], "people": ["somebody"]})
    [ended] = world.announced("ended")
    said = json.loads(ended.data)
    assert (said["volunteer"], said["ended_by"], said["then"]) == (avoided, "person", "waiting")
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert world.counters_hold()


def test_changed_wishes_that_cross_a_yes_and_allow_it_leave_the_match_and_it_is_told_again(world: World) -> None:
    request, _ = world.matched()
    world.request(request, avoid={"affiliations": [], "people": ["somebody"]})
    assert len(world.rows(matches, matches.c.state == "live")) == 1
    assert [json.loads(told.data)["request_sequence"] for told in world.announced("matched")] == [1, 2]


def test_a_volunteer_who_carries_less_than_before_is_asked_no_more_than_that(world: World) -> None:
    volunteer = world.volunteer(capacity={"active": 2, "new_per_month": 2})
    matched = world.request()
    world.answer(world.open_offers(matched)[0], "accepted")
    asked = world.request()
    [offer] = world.open_offers(asked)
    world.volunteer(volunteer, **CARRIES_LESS)
    # The yes may come before the due row that withdraws the offer.
    world.answer(offer, "accepted")
    assert (world.state_of(asked), world.open_offers(asked)) == ("waiting", [])
    assert len(world.rows(matches, matches.c.state == "live")) == 1
    assert world.counters_hold()


def test_an_offer_is_not_withdrawn_for_the_capacity_that_it_takes_itself(world: World) -> None:
    volunteer = world.volunteer(capacity={"active": 3, "new_per_month": 20})
    request = world.request()
    world.volunteer(volunteer, **CARRIES_LESS)
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [volunteer]


@pytest.mark.parametrize("change", [{"identity": ["somebody"]}, {"state": "applied"}, {"state": "paused"}])
def test_an_open_offer_is_judged_again_when_its_volunteer_changes(world: World, change: dict[str, Any]) -> None:
    volunteer = world.volunteer()
    request = world.request(avoid=AVOIDED)
    other = world.volunteer()
    world.volunteer(volunteer, **change)
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert [json.loads(told.data)["state"] for told in world.announced("offer_closed")] == ["withdrawn"]
    assert world.counters_hold()


def test_an_open_offer_stays_when_its_volunteer_changes_and_still_fits(world: World) -> None:
    volunteer = world.volunteer()
    request = world.request(avoid=AVOIDED)
    world.volunteer(volunteer, identity=["nobody"])
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [volunteer]
    assert world.rows(due_rows.table, due_rows.table.c.kind == kinds.VOLUNTEER_CHANGED) == []


@pytest.mark.parametrize("change", [{"identity": ["somebody"]}, {"state": "applied"}])
@pytest.mark.parametrize("introduced", [False, True])
def test_a_match_is_judged_again_when_its_volunteer_changes_until_the_two_are_introduced(
    world: World, change: dict[str, Any], *, introduced: bool
) -> None:
    volunteer = world.volunteer()
    request = world.request(avoid=AVOIDED)
    world.answer(world.open_offers(request)[0], "accepted")
    if introduced:
        world.request(request, state="introduced", avoid=AVOIDED)
    world.volunteer(volunteer, **change)
    world.work()
    assert world.state_of(request) == ("introduced" if introduced else "waiting")
    assert len(world.announced("ended")) == (0 if introduced else 1)
    assert world.counters_hold()
