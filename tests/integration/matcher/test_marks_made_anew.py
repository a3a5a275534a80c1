"""While intake marks everybody anew nobody is offered across versions, nothing open ends by it, and then it goes on."""

from typing import Any

from services.matcher.storage.tables import matches, requests
from tests.integration.matcher.conftest import World

OLD: dict[str, Any] = {"marks": "old", "affiliations": ["a-mark-of-before"]}
MINE: dict[str, Any] = {"marks": "new", "affiliations": ["the-same-place"]}
ELSEWHERE: dict[str, Any] = {"marks": "new", "affiliations": ["another-place"]}


def test_no_forbidden_pair_is_offered_at_any_step_and_afterwards_offers_flow(world: World) -> None:
    """A person and their colleague, whom only the new marks tell to be one's colleague, and somebody from elsewhere."""
    colleague = world.volunteer(marks="old", affiliations=["another-mark-of-before"], capacity={"active": 0})
    other = world.volunteer(marks="old", affiliations=["a-third"], capacity={"active": 0})
    request = world.request(**OLD)
    roomy: dict[str, Any] = {"capacity": {"active": 1, "new_per_month": 20}}
    for volunteer, marks in ((colleague, MINE), (other, ELSEWHERE)):
        world.volunteer(volunteer, **marks, **roomy)
        world.work()
        assert world.open_offers(request) == []
    row = world.one(requests, requests.c.ref == request)
    assert row is not None
    assert (row.state, row.why) == ("waiting", "nobody_free")
    world.request(request, **MINE)
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]


def test_a_profile_of_before_versions_is_offered_to_nobody(world: World) -> None:
    world.volunteer(marks=None)
    old, new = world.request(marks=None), world.request()
    world.work()
    assert world.open_offers(old) == world.open_offers(new) == []
    world.volunteer()
    world.work()
    assert (len(world.open_offers(new)), world.open_offers(old)) == (1, [])


def test_an_open_offer_outlives_the_marking_and_is_judged_by_the_new_marks(world: World) -> None:
    stays, kept = world.volunteer(), world.request()
    goes, forbidden = world.volunteer(), world.request()
    assert [offer.volunteer for each in (kept, forbidden) for offer in world.open_offers(each)] == [stays, goes]
    for volunteer, marks in ((stays, ELSEWHERE), (goes, MINE)):
        world.volunteer(volunteer, **marks)
        world.work()
    assert len(world.open_offers(kept)) == len(world.open_offers(forbidden)) == 1
    for request in (kept, forbidden):
        world.request(request, **MINE)
    assert [offer.volunteer for offer in world.open_offers(kept)] == [stays]
    assert world.open_offers(forbidden) == []
    assert world.counters_hold()


def test_a_yes_between_two_versions_makes_no_match(world: World) -> None:
    volunteer = world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.volunteer(volunteer, **MINE)
    world.answer(offer, "accepted")
    assert world.rows(matches) == []
    assert (world.state_of(request), world.open_offers(request)) == ("waiting", [])
    assert world.counters_hold()


def test_a_match_outlives_the_marking_unless_the_new_marks_forbid_it(world: World) -> None:
    kept, lasting = world.matched()
    ended, colleague = world.matched()
    for volunteer, marks in ((lasting, ELSEWHERE), (colleague, MINE)):
        world.volunteer(volunteer, **marks)
        world.work()
    assert len(world.rows(matches, matches.c.state == "live")) == 2
    for request in (kept, ended):
        world.request(request, **MINE)
    assert [match.volunteer for match in world.rows(matches, matches.c.state == "live")] == [lasting]
