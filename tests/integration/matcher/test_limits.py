"""Nobody is asked more than they wanted, and nobody is woken for what somebody awake can take."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.matcher.domain.profiles import Capacity
from services.matcher.handlers import kinds
from services.matcher.storage import pool as pool_rows
from services.matcher.storage.tables import due_rows, matches, pool, requests
from tests.integration.matcher.conftest import World

MONTH = date(2026, 11, 1)
ROOMY: dict[str, Any] = {"capacity": {"active": 5, "new_per_month": 20}}
BURNOUT = [{"slug": "burnout", "years_ago": 3}]


def asleep_for(hours: int) -> dict[str, Any]:
    """Return what a volunteer says who sleeps now and wakes at the full minute in so many hours."""
    wakes, sleeps = (datetime.now(UTC) + timedelta(hours=hours + more) for more in (0, 1))
    return {"time_zone": "UTC", "waking_hours": [f"{wakes:%H:%M}", f"{sleeps:%H:%M}"]}


def wakes_at(hours: int) -> datetime:
    return (datetime.now(UTC) + timedelta(hours=hours)).replace(second=0, microsecond=0)


def test_a_volunteer_with_much_capacity_has_one_open_offer_at_a_time(world: World) -> None:
    world.volunteer(**ROOMY)
    first, second = world.request(), world.request()
    assert world.open_offers(second) == []
    world.answer(world.open_offers(first)[0], "accepted")
    world.work()
    assert len(world.open_offers(second)) == 1
    assert world.counters_hold()


@pytest.mark.parametrize(
    ("counts", "claimed"),
    [
        ({}, True),
        ({"open_offers": 1}, False),
        ({"live_matches": 5}, False),
        ({"month": MONTH, "new_in_month": 3}, False),
        ({"month": MONTH, "new_in_month": 2}, True),
        ({"month": date(2026, 10, 1), "new_in_month": 3}, True),
    ],
)
def test_the_claim_itself_keeps_every_limit(world: World, counts: dict[str, Any], *, claimed: bool) -> None:
    volunteer = world.volunteer()
    with world.database.transaction() as tx:
        pool_rows.change(tx, volunteer, **counts)
        [row] = pool_rows.rows(tx, [volunteer])
        capacity = Capacity(active=5, new_per_month=3)
        taken = pool_rows.claim(tx, volunteer, row_version=row.row_version, capacity=capacity, month=MONTH)
    assert taken is claimed


def test_nobody_has_more_new_matches_in_a_month_than_they_wanted_and_the_next_month_counts_anew(world: World) -> None:
    volunteer = world.volunteer(capacity={"active": 1, "new_per_month": 2})
    for _ in range(2):
        request = world.request()
        world.answer(world.open_offers(request)[0], "accepted")
        world.request(request, state="closed")
    waiting = world.request()
    assert world.open_offers(waiting) == []
    assert json.loads(world.announced("waiting")[0].data)["why"] == "nobody_free"
    with world.database.transaction() as tx:
        last_month = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).date().replace(day=1)
        pool_rows.change(tx, volunteer, month=last_month)
    world.context.pool.changed(volunteer)
    world.pass_time(kinds.SEARCH, waiting)
    world.answer(world.open_offers(waiting)[0], "accepted")
    row = world.one(pool, pool.c.ref == volunteer)
    assert row is not None
    assert row.new_in_month == 1


def test_a_match_that_ended_by_itself_still_counts_in_its_month(world: World) -> None:
    world.volunteer(capacity={"active": 1, "new_per_month": 1})
    world.answer(world.open_offers(world.request())[0], "accepted")
    [match] = world.rows(matches)
    world.pass_time(kinds.MATCH_END, match.ref)
    assert world.open_offers(world.request()) == []


def test_for_today_somebody_awake_is_asked_at_once_though_the_best_sleeps(world: World) -> None:
    world.volunteer(themes=BURNOUT, **asleep_for(5))
    awake = world.volunteer(themes=[], profession="nurse")
    request = world.request(themes=["burnout"], urgency="today")
    assert [offer.volunteer for offer in world.open_offers(request)] == [awake]


def test_for_today_with_nobody_awake_the_request_waits_and_names_the_hour_of_the_first_to_wake(world: World) -> None:
    hour = wakes_at(6)
    world.volunteer(**asleep_for(9))
    world.volunteer(**asleep_for(6))
    request = world.request(urgency="today")
    assert world.open_offers(request) == []
    [waiting] = world.announced("waiting")
    said = json.loads(waiting.data)
    assert said["why"] == "asleep"
    assert datetime.fromisoformat(said["next_try_at"]) - hour <= timedelta(minutes=1)
    assert datetime.fromisoformat(said["next_try_at"]) >= hour
    # Meanwhile it is looked whether somebody awake came free; that nobody did is no news.
    world.pass_time(kinds.SEARCH, request)
    assert len(world.announced("waiting")) == 1
    row = world.one(requests, requests.c.ref == request)
    due = world.one(due_rows.table, due_rows.table.c.kind == kinds.SEARCH)
    assert row is not None
    assert due is not None
    assert due.due_at < row.next_try_at


def awake_until(minutes: int) -> dict[str, Any]:
    """Return what a volunteer says who woke an hour ago and goes to bed in so many minutes."""
    woke, sleeps = (datetime.now(UTC) + timedelta(minutes=more) for more in (-60, minutes))
    return {"time_zone": "UTC", "waking_hours": [f"{woke:%H:%M}", f"{sleeps:%H:%M}"]}


def test_for_today_nobody_is_asked_who_is_about_to_go_to_bed(world: World) -> None:
    world.volunteer(themes=BURNOUT, **awake_until(20))
    awake = world.volunteer(themes=[], profession="nurse")
    request = world.request(themes=["burnout"], urgency="today")
    assert [offer.volunteer for offer in world.open_offers(request)] == [awake]


def test_for_today_the_page_names_the_morning_of_somebody_who_is_about_to_go_to_bed(world: World) -> None:
    morning = wakes_at(23)
    world.volunteer(**awake_until(20))
    request = world.request(urgency="today")
    assert world.open_offers(request) == []
    said = json.loads(world.announced("waiting")[0].data)
    assert said["why"] == "asleep"
    assert timedelta() <= datetime.fromisoformat(said["next_try_at"]) - morning <= timedelta(minutes=1)


def test_for_today_an_offer_ends_at_bedtime(world: World) -> None:
    bedtime = (datetime.now(UTC) + timedelta(minutes=45)).replace(second=0, microsecond=0)
    world.volunteer(**awake_until(45))
    [offer] = world.open_offers(world.request(urgency="today"))
    assert timedelta() <= offer.expires_at - bedtime <= timedelta(minutes=1)


def wait_began(world: World, request: str, *, hours: float) -> None:
    """Move the beginning of a request's wait into the past."""
    with world.database.transaction() as tx:
        since = requests.c.waiting_since - timedelta(hours=hours)
        tx.execute(update(requests).where(requests.c.ref == request).values(waiting_since=since))


def lates(world: World) -> list[str]:
    """Return how late each request was announced to be, in order."""
    return [json.loads(event.data)["late"] for event in world.announced("waiting", "stalled")]


def test_a_request_whose_offers_nobody_answers_becomes_late_like_one_that_waits(world: World) -> None:
    for _ in range(6):
        world.volunteer()
    request = world.request(urgency="days")
    [row], [due] = world.rows(requests), world.rows(due_rows.table, due_rows.table.c.kind == kinds.LATE)
    assert due.due_at == row.waiting_since + timedelta(hours=12)
    wait_began(world, request, hours=12)
    world.pass_time(kinds.LATE, request)
    wait_began(world, request, hours=60)
    world.pass_time(kinds.LATE, request)
    world.pass_time(kinds.LATE, request)
    assert lates(world) == ["alarm", "silent_limit"]
    assert (world.state_of(request), len(world.open_offers(request))) == ("offering", 1)


def test_an_offer_that_is_answered_in_time_makes_nobody_late(world: World) -> None:
    world.volunteer()
    request = world.request()
    world.answer(world.open_offers(request)[0], "accepted")
    assert kinds.LATE not in {row.kind for row in world.rows(due_rows.table)}
    assert lates(world) == []


def test_a_second_wait_of_the_same_round_is_told_apart_from_the_first_and_late_by_itself(world: World) -> None:
    request = world.request()
    wait_began(world, request, hours=80)
    world.pass_time(kinds.SEARCH, request)
    world.volunteer()
    world.work()
    [offer] = world.open_offers(request)
    world.answer(offer, "accepted")
    world.answer(offer, "handed_back")
    wait_began(world, request, hours=13)
    world.pass_time(kinds.SEARCH, request)
    said = [json.loads(event.data) for event in world.announced("waiting", "stalled")]
    assert [each["late"] for each in said] == ["no", "silent_limit", "no", "alarm"]
    assert {each["round"] for each in said} == {1}
    assert said[1]["waiting_since"] != said[3]["waiting_since"]


def test_a_volunteer_who_comes_free_goes_to_the_request_that_waits_longest(world: World) -> None:
    waiting = [world.request() for _ in range(4)]
    wait_began(world, waiting[2], hours=48)
    world.volunteer()
    world.work()
    assert [len(world.open_offers(request)) for request in waiting] == [0, 0, 1, 0]


def test_a_volunteer_who_wakes_earlier_brings_the_hour_forward(world: World) -> None:
    world.volunteer(**asleep_for(6))
    world.request(urgency="today")
    hour = wakes_at(3)
    world.volunteer(**asleep_for(3))
    world.work()
    named = [datetime.fromisoformat(json.loads(told.data)["next_try_at"]) for told in world.announced("waiting")]
    assert len(named) == 2
    assert timedelta() <= named[1] - hour <= timedelta(minutes=1)


def test_for_today_a_volunteer_who_comes_free_awake_is_asked_before_the_named_hour(world: World) -> None:
    world.volunteer(**asleep_for(6))
    request = world.request(urgency="today")
    awake = world.volunteer()
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [awake]


def test_a_refused_claim_on_somebody_awake_asks_no_sleeper_instead(world: World) -> None:
    world.volunteer(**asleep_for(6))
    awake = world.volunteer()
    replica = world.replica()
    replica.context.pool.look(world.database)
    # Another replica writes the row, and this one has not heard of it yet.
    world.volunteer(awake)
    request = replica.request()
    assert [offer.volunteer for offer in world.open_offers(request)] == [awake]
