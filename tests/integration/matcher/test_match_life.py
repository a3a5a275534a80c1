"""The life of a match: the person's yes, signs of life, questions how it goes, hand-backs, and its end by itself."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from services.matcher.handlers import kinds
from services.matcher.storage.tables import due_rows, matches, requests
from shared.clock import to_hour
from tests.integration.matcher.conftest import World

HOURS_72, DAY = timedelta(hours=72), timedelta(days=1)


def matched(world: World) -> tuple[str, Row[Any]]:
    """Bring one request to a match; return the request's ref and the match."""
    request, _ = world.matched()
    return request, the_match(world)


def introduced(world: World) -> tuple[str, Row[Any]]:
    """Bring one request to an introduction; return the request's ref and the match."""
    request, match = matched(world)
    world.request(request, state="introduced")
    return request, match


def the_match(world: World) -> Row[Any]:
    [match] = world.rows(matches)
    return match


def said(event: Row[Any]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(event.data)
    return data


def kinds_due(world: World) -> set[str]:
    """Return the kinds of due rows that requests, their offers and their matches have."""
    return {row.kind for row in world.rows(due_rows.table, due_rows.table.c.kind != kinds.FREED)}


def test_a_match_that_the_person_does_not_say_yes_to_ends_after_72_hours_and_frees_the_volunteer(world: World) -> None:
    request, match = matched(world)
    assert world.is_due_in(kinds.MATCH_END, match.ref, HOURS_72 + timedelta(minutes=2))
    world.pass_time(kinds.MATCH_END, match.ref)
    [ended] = world.announced("ended")
    assert (said(ended)["ended_by"], said(ended)["then"]) == (None, "over")
    assert world.state_of(request) == "ended"
    assert kinds_due(world) == set()
    assert [offer.volunteer for offer in world.open_offers(world.request())] == [match.volunteer]
    assert world.counters_hold()


def test_the_person_is_asked_once_for_the_yes_that_is_waited_for(world: World) -> None:
    request, match = matched(world)
    assert world.is_due_in(kinds.YES_DUE, match.ref, HOURS_72 / 2)
    world.pass_time(kinds.YES_DUE, match.ref)
    [asked] = world.announced("asked")
    assert said(asked)["nudged_at"] is not None
    assert (said(asked)["check_ins"], said(asked)["sign_asks"]) == (0, 0)
    world.request(request, sign_at=datetime.now(UTC), sign_by="person")
    world.pass_time(kinds.YES_DUE, match.ref)
    assert len(world.announced("asked")) == 1


def test_a_person_who_has_said_yes_is_not_asked_for_it(world: World) -> None:
    introduced(world)
    assert kinds.YES_DUE not in kinds_due(world)


def test_a_person_who_writes_before_the_yes_keeps_the_match_and_a_volunteer_alone_does_not(world: World) -> None:
    request, match = matched(world)
    in_a_day = datetime.now(UTC) + DAY
    with world.database.transaction() as tx:
        due_rows.schedule(tx, kinds.MATCH_END, match.ref, request, timedelta(hours=1))
    world.request(request, sign_at=in_a_day, sign_by="volunteer")
    assert world.is_due_in(kinds.MATCH_END, match.ref, timedelta(hours=1))
    world.request(request, sign_at=in_a_day, sign_by="person")
    assert world.is_due_in(kinds.MATCH_END, match.ref, HOURS_72 + timedelta(minutes=2))
    assert world.is_due_in(kinds.YES_DUE, match.ref, HOURS_72 / 2)
    with world.database.transaction() as tx:
        due_rows.schedule(tx, kinds.MATCH_END, match.ref, request, timedelta(hours=1))
    # The same sign told again, with a later version, is no other sign.
    world.request(request, sign_at=in_a_day, sign_by="person")
    assert world.is_due_in(kinds.MATCH_END, match.ref, timedelta(hours=1))


def test_the_person_who_let_a_match_pass_can_ask_for_someone_else(world: World) -> None:
    request, match = matched(world)
    other = world.volunteer()
    world.pass_time(kinds.MATCH_END, match.ref)
    world.request(request, round_=2)
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]


def test_wishes_changed_after_a_match_ended_by_itself_start_no_search(world: World) -> None:
    request, match = matched(world)
    world.volunteer()
    world.pass_time(kinds.MATCH_END, match.ref)
    world.request(request)
    assert world.open_offers(request) == []
    assert world.state_of(request) == "ended"


def test_a_yes_that_crosses_the_end_of_its_match_brings_nobody_together(world: World) -> None:
    request, match = matched(world)
    late_yes = world.request_event(request, state="introduced")
    world.pass_time(kinds.MATCH_END, match.ref)
    assert world.handle(late_yes) == "handled"
    assert world.state_of(request) == "ended"
    assert the_match(world).introduced_at is None
    assert kinds_due(world) == set()


def test_an_introduction_sets_all_deadlines_by_the_clock_of_the_database(world: World) -> None:
    request, match = matched(world)
    event = world.request_event(request, state="introduced")
    event.data["introduced_at"] = datetime.now(UTC) - 2 * DAY
    world.handle(event)
    assert world.is_due_in(kinds.CHECK_IN, match.ref, 3 * DAY)
    assert world.is_due_in(kinds.SIGN_DUE, match.ref, DAY)
    assert world.is_due_in(kinds.MATCH_END, match.ref, 60 * DAY)


def test_both_are_asked_how_it_goes_after_three_and_after_fourteen_days(world: World) -> None:
    _, match = introduced(world)
    world.pass_time(kinds.CHECK_IN, match.ref)
    assert world.is_due_in(kinds.CHECK_IN, match.ref, 11 * DAY)
    world.pass_time(kinds.CHECK_IN, match.ref)
    asked = [said(event) for event in world.announced("asked")]
    assert [one["check_ins"] for one in asked] == [1, 2]
    assert all(one["state"] == "live" and one["introduced_at"] is not None for one in asked)
    assert kinds.CHECK_IN not in kinds_due(world)


def test_a_match_without_any_sign_is_asked_about_after_24_hours_after_21_days_and_ends_after_60(world: World) -> None:
    request, match = introduced(world)
    world.pass_time(kinds.SIGN_DUE, match.ref)
    assert world.is_due_in(kinds.SIGN_DUE, match.ref, 20 * DAY)
    world.pass_time(kinds.SIGN_DUE, match.ref)
    assert [said(event)["sign_asks"] for event in world.announced("asked")] == [1, 2]
    assert kinds.SIGN_DUE not in kinds_due(world)
    world.pass_time(kinds.MATCH_END, match.ref)
    [ended] = world.announced("ended")
    assert (said(ended)["ended_by"], said(ended)["then"]) == (None, "over")
    assert world.state_of(request) == "ended"
    assert kinds_due(world) == set()
    assert world.counters_hold()


def test_each_question_is_a_new_version_of_its_match(world: World) -> None:
    _, match = introduced(world)
    world.pass_time(kinds.SIGN_DUE, match.ref)
    world.pass_time(kinds.CHECK_IN, match.ref)
    world.pass_time(kinds.MATCH_END, match.ref)
    told = [event.sequence for event in world.announced("matched", "asked", "ended")]
    assert told == sorted(set(told))


def test_a_sign_of_life_is_kept_to_the_hour_and_moves_the_question_and_the_end(world: World) -> None:
    request, match = introduced(world)
    sign = datetime.now(UTC)
    world.request(request, state="introduced", sign_at=sign)
    assert the_match(world).sign_at == to_hour(sign)
    assert world.is_due_in(kinds.SIGN_DUE, match.ref, 21 * DAY)
    assert world.is_due_in(kinds.MATCH_END, match.ref, 60 * DAY)
    world.pass_time(kinds.SIGN_DUE, match.ref)
    assert len(world.announced("asked")) == 1
    assert kinds.SIGN_DUE not in kinds_due(world)
    world.request(request, state="introduced", sign_at=sign + timedelta(hours=1))
    assert world.is_due_in(kinds.SIGN_DUE, match.ref, 21 * DAY)


def test_a_version_that_tells_of_no_new_sign_moves_no_deadline(world: World) -> None:
    request, _ = introduced(world)
    sign = datetime.now(UTC)
    world.request(request, state="introduced", sign_at=sign)
    before = {(row.kind, row.due_at) for row in world.rows(due_rows.table)}
    world.request(request, state="introduced", sign_at=sign)
    world.request(request, state="introduced", sign_at=sign - timedelta(hours=5))
    assert {(row.kind, row.due_at) for row in world.rows(due_rows.table)} == before
    assert the_match(world).sign_at == to_hour(sign)


def test_a_sign_whose_introduction_was_skipped_introduces_too(world: World) -> None:
    request, match = matched(world)
    world.request(request, state="introduced", sign_at=datetime.now(UTC))
    assert world.state_of(request) == "introduced"
    assert world.is_due_in(kinds.SIGN_DUE, match.ref, 21 * DAY)
    assert world.is_due_in(kinds.CHECK_IN, match.ref, 3 * DAY)


@pytest.mark.parametrize("state", ["withdrawn", "closed", "erased"])
def test_the_end_of_the_request_leaves_no_deadline_of_its_match(world: World, state: str) -> None:
    request, _ = introduced(world)
    world.request(request, state=state)
    assert kinds_due(world) & {kinds.CHECK_IN, kinds.SIGN_DUE, kinds.MATCH_END} == set()


def test_a_match_handed_back_before_the_introduction_sends_the_request_on_and_its_wait_begins_anew(
    world: World,
) -> None:
    request, match = matched(world)
    offer = world.offer_of(match)
    with world.database.transaction() as tx:
        tx.execute(requests.update().values(waiting_since=datetime.now(UTC) - 4 * DAY))
    world.answer(offer, "handed_back")
    [ended] = world.announced("ended")
    assert (said(ended)["ended_by"], said(ended)["then"]) == ("volunteer", "waiting")
    assert world.state_of(request) == "waiting"
    assert world.announced("stalled") == []
    other = world.volunteer()
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert world.counters_hold()


def test_a_match_handed_back_after_the_introduction_is_over(world: World) -> None:
    request, match = introduced(world)
    world.volunteer()
    world.answer(world.offer_of(match), "handed_back")
    [ended] = world.announced("ended")
    assert (said(ended)["ended_by"], said(ended)["then"]) == ("volunteer", "over")
    assert world.state_of(request) == "ended"
    assert world.open_offers(request) == []
    assert kinds_due(world) == set()
    assert world.counters_hold()


def test_a_hand_back_that_comes_twice_ends_one_match(world: World) -> None:
    request, match = matched(world)
    event = world.answer_event(world.offer_of(match), "handed_back")
    assert world.handle(event) == "handled"
    assert world.handle(event) == "repeat"
    other = world.volunteer()
    world.work()
    # The same said once more, as a replayed reply under another ref would, leaves the new offer alone.
    world.answer(world.offer_of(match), "handed_back")
    assert len(world.announced("ended")) == 1
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert world.counters_hold()


@pytest.mark.parametrize("end", ["closed", "by itself", "another round"])
def test_a_hand_back_after_the_end_of_its_match_changes_nothing(world: World, end: str) -> None:
    request, match = introduced(world)
    offer = world.offer_of(match)
    if end == "closed":
        world.request(request, state="closed")
    elif end == "by itself":
        world.pass_time(kinds.MATCH_END, match.ref)
    else:
        world.volunteer()
        world.request(request, round_=2)
        world.answer(world.open_offers(request)[0], "accepted")
    state = world.state_of(request)
    ended = len(world.announced("ended"))
    world.answer(offer, "handed_back")
    assert world.state_of(request) == state
    assert len(world.announced("ended")) == ended
    assert world.counters_hold()


def test_a_hand_back_that_comes_before_its_yes_takes_the_offer_back_and_the_yes_makes_no_match(world: World) -> None:
    volunteer = world.volunteer()
    request = world.request()
    other = world.volunteer()
    [offer] = world.open_offers(request)
    accepted = world.answer_event(offer, "accepted")
    world.answer(offer, "handed_back")
    assert world.handle(accepted) == "handled"
    assert world.rows(matches) == []
    assert [said(event)["state"] for event in world.announced("offer_closed")] == ["declined"]
    assert [offer.volunteer for offer in world.open_offers(request)] == [other]
    assert volunteer != other
    assert world.counters_hold()


def test_a_hand_back_for_an_erased_request_changes_nothing(world: World) -> None:
    request, match = introduced(world)
    offer = world.offer_of(match)
    world.request(request, state="erased")
    world.answer(offer, "handed_back")
    assert world.rows(requests) == world.rows(matches) == []
    assert kinds_due(world) == set()
    assert world.counters_hold()


def test_a_match_that_ended_gives_its_volunteer_to_a_request_that_waits(world: World) -> None:
    _, match = matched(world)
    waiting = world.request()
    assert world.open_offers(waiting) == []
    world.pass_time(kinds.MATCH_END, match.ref)
    assert [offer.volunteer for offer in world.open_offers(waiting)] == [match.volunteer]
    assert kinds.SEARCH not in kinds_due(world)
