"""From a request to an offer, and from an offer to its end."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.matcher.handlers import kinds
from services.matcher.handlers.requests import on_request
from services.matcher.storage.tables import due_rows, matches, messaging, offers, pool
from shared.refs import new_ref
from tests.integration.matcher.conftest import World


def test_a_request_is_offered_to_the_volunteer_who_fits_best(world: World) -> None:
    world.volunteer(themes=[{"slug": "financial_debt", "years_ago": 3}])
    best = world.volunteer(themes=[{"slug": "burnout", "years_ago": 3}])
    request = world.request(themes=["burnout"])
    [offer] = world.open_offers(request)
    assert offer.volunteer == best
    [event] = world.announced("offered")
    assert json.loads(event.data)["volunteer"] == best
    assert event.key == request
    assert world.counters_hold()


def test_an_event_that_comes_twice_makes_one_offer(world: World) -> None:
    world.volunteer()
    world.volunteer()
    event = world.request_event("r" * 26)
    assert world.handle(event) == "handled"
    assert world.handle(event) == "repeat"
    assert len(world.open_offers("r" * 26)) == 1


def test_a_forbidden_volunteer_is_not_asked_and_the_request_waits_with_the_reason(world: World) -> None:
    world.volunteer(affiliations=["hospital-a"])
    request = world.request(affiliations=["hospital-a"])
    assert world.open_offers(request) == []
    assert world.state_of(request) == "waiting"
    [event] = world.announced("waiting")
    said = json.loads(event.data)
    assert said["why"] == "affiliation_overlap"
    assert said["next_try_at"] is not None


def test_a_waiting_request_is_tried_at_once_when_a_volunteer_is_published(world: World) -> None:
    request = world.request()
    assert world.state_of(request) == "waiting"
    volunteer = world.volunteer()
    world.work()
    [offer] = world.open_offers(request)
    assert offer.volunteer == volunteer
    assert world.state_of(request) == "offering"
    assert world.one(due_rows.table, due_rows.table.c.kind == kinds.SEARCH) is None


def test_a_waiting_request_gets_the_volunteer_that_another_one_frees(world: World) -> None:
    volunteer = world.volunteer()
    first, second = world.request(), world.request()
    assert world.open_offers(second) == []
    [offer] = world.open_offers(first)
    world.answer(offer, "declined")
    world.work()
    [offered] = world.open_offers(second)
    assert offered.volunteer == volunteer
    assert world.counters_hold()


def test_a_try_that_finds_the_same_again_says_nothing_new(world: World) -> None:
    request = world.request()
    for _ in range(3):
        world.pass_time(kinds.SEARCH, request)
    assert len(world.announced("waiting")) == 1


def test_offers_go_out_in_waves_of_one_two_and_three(world: World) -> None:
    for _ in range(10):
        world.volunteer()
    request = world.request()
    sizes = []
    for _ in range(3):
        wave = world.open_offers(request)
        sizes.append(len(wave))
        for offer in wave:
            world.answer(offer, "declined")
    assert sizes == [1, 2, 3]
    assert len({offer.volunteer for offer in world.rows(offers)}) == len(world.rows(offers))


def test_half_of_the_window_brings_a_nudge_and_its_end_closes_the_offer(world: World) -> None:
    ignored, other = world.volunteer(), world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.pass_time(kinds.NUDGE, offer.ref)
    [nudged] = world.announced("nudged")
    assert json.loads(nudged.data)["nudged_at"] is not None
    world.pass_time(kinds.EXPIRY, offer.ref)
    [closed] = world.announced("offer_closed")
    assert json.loads(closed.data)["state"] == "expired"
    assert closed.sequence > nudged.sequence > 1
    assert [next_offer.volunteer for next_offer in world.open_offers(request)] == [
        ({ignored, other} - {offer.volunteer}).pop()
    ]
    row = world.one(pool, pool.c.ref == offer.volunteer)
    assert row is not None
    assert row.cool_until > datetime.now(UTC) + timedelta(hours=23)


def test_an_offer_closes_two_minutes_after_the_time_shown(world: World) -> None:
    world.volunteer()
    [offer] = world.open_offers(world.request())
    due = world.one(due_rows.table, due_rows.table.c.kind == kinds.EXPIRY)
    assert due is not None
    assert due.due_at - offer.expires_at == timedelta(minutes=2)


def test_a_notice_that_cannot_be_delivered_asks_somebody_else_within_the_same_wave(world: World) -> None:
    world.volunteer()
    world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.fail_delivery(offer)
    [other] = world.open_offers(request)
    assert other.volunteer != offer.volunteer
    assert other.wave == offer.wave
    assert json.loads(world.announced("offer_closed")[0].data)["state"] == "undeliverable"


def test_an_offer_that_never_left_the_house_asked_nobody_and_is_made_again(world: World) -> None:
    volunteer = world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.fail_delivery(offer, address_at_fault=False)
    [again] = world.open_offers(request)
    assert (again.volunteer, again.wave) == (volunteer, 1)
    assert again.ref != offer.ref
    row = world.one(pool, pool.c.ref == volunteer)
    assert row is not None
    assert (row.cool_until, row.failed_at) == (None, -1)
    assert world.counters_hold()


def test_f34_someone_else_is_asked_before_a_volunteer_whom_no_mail_reached_is_asked_again(world: World) -> None:
    for _ in range(2):
        world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.fail_delivery(offer, address_at_fault=False)
    [other] = world.open_offers(request)
    assert other.volunteer != offer.volunteer
    world.fail_delivery(other, address_at_fault=False)
    [again] = world.open_offers(request)
    assert again.volunteer in {offer.volunteer, other.volunteer}


def test_an_unreachable_volunteer_is_asked_again_only_with_a_new_address(world: World) -> None:
    volunteer = world.volunteer()
    world.fail_delivery(world.open_offers(world.request())[0])
    assert world.open_offers(world.request()) == []
    world.volunteer(volunteer)
    assert world.open_offers(world.request()) == []
    world.volunteer(volunteer, notify="M" * 60)
    assert len(world.open_offers(world.request())) == 1


def test_a_decline_pauses_the_volunteer_in_the_same_step(world: World) -> None:
    volunteer = world.volunteer()
    [offer] = world.open_offers(world.request())
    world.answer(offer, "declined", pause_until=datetime.now(UTC) + timedelta(days=7))
    assert world.open_offers(world.request()) == []
    # An older version of the volunteer, which knew of no pause, does not undo it.
    row = world.one(pool, pool.c.ref == volunteer)
    assert row is not None
    assert row.paused_until > datetime.now(UTC)


def test_the_first_acceptance_wins_and_the_others_are_told(world: World) -> None:
    for _ in range(3):
        world.volunteer()
    request = world.request()
    world.answer(world.open_offers(request)[0], "declined")
    first, second = world.open_offers(request)
    world.answer(first, "accepted")
    world.answer(second, "accepted")
    [match] = world.rows(matches)
    assert (match.request, match.volunteer, match.state) == (request, first.volunteer, "live")
    assert world.state_of(request) == "matched"
    states = {offer.ref: offer.state for offer in world.rows(offers)}
    assert (states[first.ref], states[second.ref]) == ("accepted", "superseded")
    assert len(world.announced("matched")) == 1
    assert world.counters_hold()


def test_an_acceptance_after_the_end_of_an_offer_changes_nothing(world: World) -> None:
    world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.pass_time(kinds.EXPIRY, offer.ref)
    world.answer(offer, "accepted")
    assert world.rows(matches) == []
    assert world.state_of(request) == "waiting"


def test_changed_wishes_withdraw_an_offer_that_they_forbid(world: World) -> None:
    volunteer = world.volunteer(identity=["somebody"])
    request = world.request()
    assert [offer.volunteer for offer in world.open_offers(request)] == [volunteer]
    world.request(request, avoid={"affiliations": [], "people": ["somebody"]})
    assert world.open_offers(request) == []
    assert json.loads(world.announced("offer_closed")[0].data)["state"] == "withdrawn"


def test_changed_wishes_withdraw_an_offer_also_where_the_replica_has_just_started(world: World) -> None:
    volunteer = world.volunteer(identity=["somebody"])
    request = world.request()
    assert [offer.volunteer for offer in world.open_offers(request)] == [volunteer]
    world.replica().request(request, avoid={"affiliations": [], "people": ["somebody"]})
    assert world.open_offers(request) == []


def comes(world: World) -> str:
    return world.volunteer()


def says_no(world: World) -> str:
    [offer] = world.rows(offers)
    world.answer(offer, "declined")
    return str(offer.volunteer)


def is_no_longer_needed(world: World) -> str:
    [match] = world.rows(matches)
    world.request(match.request, state="closed")
    return str(match.volunteer)


@pytest.mark.parametrize("comes_free", [comes, says_no, is_no_longer_needed])
def test_a_volunteer_who_comes_free_while_a_search_is_under_way_is_asked_a_little_later(
    world: World, comes_free: Callable[[World], str]
) -> None:
    if comes_free is not comes:
        world.volunteer()
        first = world.request()
        if comes_free is is_no_longer_needed:
            world.answer(world.open_offers(first)[0], "accepted")
    request = new_ref()
    searched_for = world.request_event(request)
    with world.database.transaction() as under_way:
        on_request(world.context, under_way, searched_for)
        free = comes_free(world.replica())
    world.work()
    # Neither transaction has seen the other.
    assert world.open_offers(request) == []
    assert world.is_due_in(kinds.FREED, free, timedelta(seconds=10))
    world.pass_time(kinds.FREED, free)
    assert [offer.volunteer for offer in world.open_offers(request)] == [free]
    assert world.one(due_rows.table, due_rows.table.c.kind == kinds.FREED) is None
    assert world.counters_hold()


def test_volunteers_who_do_not_fit_put_off_no_try_that_was_announced(world: World) -> None:
    request = world.request(affiliations=["hospital-a"])
    [event] = world.announced("waiting")
    announced = datetime.fromisoformat(json.loads(event.data)["next_try_at"])
    world.volunteer(affiliations=["hospital-a"])
    world.work()
    for _ in range(5):
        world.volunteer(affiliations=["hospital-a"])
        world.work()
    due = world.one(due_rows.table, due_rows.table.c.kind == kinds.SEARCH)
    said = json.loads(world.announced("waiting")[-1].data)
    assert due is not None
    assert due.due_at <= datetime.fromisoformat(said["next_try_at"])
    assert due.due_at - announced < timedelta(minutes=6)
    assert request == due.item


def test_no_event_of_the_matcher_says_anything_readable(world: World) -> None:
    world.volunteer()
    request = world.request()
    world.answer(world.open_offers(request)[0], "accepted")
    everything = json.dumps([row.data for row in world.rows(messaging.outbox)])
    for word in ("physician", "burnout", "hospital", "emergency", "mid_career"):
        assert word not in everything


def test_a_replica_that_searches_sees_whom_another_has_just_published(world: World) -> None:
    request = world.request()
    assert world.open_offers(request) == []
    world.replica().volunteer()
    world.work()
    assert len(world.open_offers(request)) == 1
