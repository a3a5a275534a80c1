"""How a request, a match and a volunteer end, whatever crosses their way."""

import json
import threading
from datetime import timedelta

import pytest

from services.matcher.handlers import kinds
from services.matcher.storage.tables import due_rows, matches, offers, pool, requests
from tests.integration.matcher.conftest import World


@pytest.mark.parametrize("state", ["withdrawn", "closed", "erased"])
def test_the_end_of_a_request_closes_its_open_offers(world: World, state: str) -> None:
    world.volunteer()
    request = world.request()
    world.request(request, state=state)
    [closed] = world.announced("offer_closed")
    assert json.loads(closed.data)["state"] == "withdrawn"
    assert {row.kind for row in world.rows(due_rows.table)} <= {kinds.FORGET, kinds.FREED}
    assert world.counters_hold()


@pytest.mark.parametrize("state", ["withdrawn", "closed", "erased"])
def test_the_end_of_a_request_ends_its_live_match_and_frees_the_volunteer(world: World, state: str) -> None:
    request, volunteer = world.matched()
    world.request(request, state=state)
    [ended] = world.announced("ended")
    said = json.loads(ended.data)
    assert (said["state"], said["ended_by"], said["then"]) == ("ended", "person", "over")
    assert world.counters_hold()
    assert [offer.volunteer for offer in world.open_offers(world.request())] == [volunteer]


def test_a_withdrawal_wins_over_an_acceptance_that_crosses_it(world: World) -> None:
    world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.request(request, state="withdrawn")
    world.answer(offer, "accepted")
    assert world.rows(matches) == []
    assert world.state_of(request) == "withdrawn"


def test_a_withdrawal_that_comes_first_keeps_the_request_from_ever_being_offered(world: World) -> None:
    world.volunteer()
    published, withdrawn = world.request_event("r" * 26), world.request_event("r" * 26, state="withdrawn")
    world.handle(withdrawn)
    assert world.handle(published) == "stale"
    assert world.rows(offers) == []


def test_an_erased_request_leaves_no_row(world: World) -> None:
    request, _ = world.matched()
    world.request(request, state="erased")
    assert world.rows(requests) == world.rows(offers) == world.rows(matches) == []


@pytest.mark.parametrize("state", ["withdrawn", "closed"])
def test_what_was_closed_or_withdrawn_is_forgotten_when_its_time_is_over(world: World, state: str) -> None:
    request, _ = world.matched()
    world.request(request, state=state)
    assert world.is_due_in(kinds.FORGET, request, timedelta(days=30))
    world.pass_time(kinds.FORGET, request)
    assert world.rows(requests) == world.rows(offers) == world.rows(matches) == []
    assert world.rows(due_rows.table, due_rows.table.c.subject == request) == []
    assert world.counters_hold()


@pytest.mark.parametrize("how", ["declined", "closed"])
def test_a_volunteer_who_left_leaves_no_row_however_the_last_that_was_open_with_them_ends(
    world: World, how: str
) -> None:
    volunteer = world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    if how == "closed":
        world.answer(offer, "accepted")
    world.volunteer(volunteer, state="removed")
    assert world.one(pool, pool.c.ref == volunteer) is not None
    if how == "closed":
        world.request(request, state="closed")
    else:
        world.answer(offer, "declined")
    world.work()
    assert world.rows(pool) == []


def test_a_request_whose_key_is_destroyed_is_not_offered_and_not_parked(world: World) -> None:
    world.volunteer()
    event = world.request_event("r" * 26)
    world.destroy_profile(event.data["profile"])
    assert world.handle(event) == "handled"
    assert world.rows(offers) == []


def test_a_volunteer_whose_key_is_destroyed_leaves_the_pool_before_any_event(world: World) -> None:
    volunteer = world.volunteer()
    world.context.pool.look(world.database)
    world.destroy_profile(world.profiles[volunteer])
    world.context.pool.forget_destroyed()
    assert world.open_offers(world.request()) == []


@pytest.mark.parametrize("state", ["suspended", "removed"])
def test_an_offer_to_a_volunteer_who_left_is_withdrawn_and_somebody_else_is_asked(world: World, state: str) -> None:
    volunteer = world.volunteer()
    request = world.request()
    other = world.volunteer()
    world.volunteer(volunteer, state=state)
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert world.counters_hold()


@pytest.mark.parametrize(("state", "by"), [("suspended", "coordinator"), ("removed", "volunteer")])
def test_the_end_of_a_match_names_who_ended_it(world: World, state: str, by: str) -> None:
    _, volunteer = world.matched()
    world.volunteer(volunteer, state=state)
    world.work()
    [ended] = world.announced("ended")
    assert json.loads(ended.data)["ended_by"] == by
    assert world.counters_hold()


def test_a_match_that_the_volunteer_leaves_before_the_introduction_sends_the_request_back_to_waiting(
    world: World,
) -> None:
    request, volunteer = world.matched()
    world.volunteer(volunteer, state="removed")
    world.work()
    [ended] = world.announced("ended")
    assert json.loads(ended.data)["then"] == "waiting"
    assert world.state_of(request) == "waiting"
    assert world.one(pool, pool.c.ref == volunteer) is None
    other = world.volunteer()
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]


def test_a_match_that_the_volunteer_leaves_after_the_introduction_is_over(world: World) -> None:
    request, volunteer = world.matched()
    world.request(request, state="introduced")
    world.volunteer(volunteer, state="removed")
    world.work()
    assert json.loads(world.announced("ended")[0].data)["then"] == "over"
    assert world.state_of(request) == "ended"


def test_somebody_else_is_asked_in_a_new_round_and_nobody_twice(world: World) -> None:
    request, first = world.matched()
    second = world.volunteer()
    world.request(request, round_=2)
    assert [offer.volunteer for offer in world.open_offers(request)] == [second]
    assert world.rows(matches, matches.c.state == "live") == []
    assert first != second
    assert world.counters_hold()


def test_eight_replicas_never_overfill_a_volunteer_or_match_a_request_twice(world: World) -> None:
    volunteers = [world.volunteer() for _ in range(6)]
    replicas = [world.replica() for _ in range(4)]
    events = [world.request_event(f"{number:026d}".replace("1", "z")) for number in range(24)]
    errors: list[BaseException] = []

    def run(replica: World, mine: list[object]) -> None:
        try:
            for event in mine:
                replica.handle(event)  # type: ignore[arg-type]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(r, events[i::4])) for i, r in enumerate(replicas)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    made = world.rows(offers, offers.c.state == "made")
    assert len(made) == len(volunteers)
    assert len({offer.volunteer for offer in made}) == len(made)
    assert world.counters_hold()


def test_a_claim_that_was_rolled_back_does_not_hide_the_volunteer(world: World) -> None:
    volunteer = world.volunteer()
    event = world.request_event("r" * 26)
    with pytest.raises(ZeroDivisionError), world.database.transaction() as tx:
        from services.matcher.handlers.requests import on_request

        on_request(world.context, tx, event)
        # The pool is read within the transaction that wrote it, as a second request of the same poll does.
        on_request(world.context, tx, world.request_event("s" * 26))
        _ = 1 / 0
    request = world.request()
    assert [offer.volunteer for offer in world.open_offers(request)] == [volunteer]
