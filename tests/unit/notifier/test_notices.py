"""Which notices a state makes due."""

import pytest

from services.notifier.domain.notices import (
    Due,
    Notice,
    from_match,
    from_offer,
    from_request,
    from_search,
    from_volunteer,
)
from tests.unit.notifier.facts import MATCH, OFFER, REQUEST, VOLUNTEER, match, offer, request, search, volunteer


def kinds(dues: list[Due]) -> list[Notice]:
    return [due.notice for due in dues]


def test_an_offer_is_due_to_its_volunteer() -> None:
    [due] = from_offer(offer("made"))
    assert due == Due(Notice.OFFER, about=OFFER, request=REQUEST, offer=OFFER, volunteer=VOLUNTEER)


def test_a_nudged_offer_makes_the_offer_itself_due_as_well_because_its_first_version_may_have_been_skipped() -> None:
    assert kinds(from_offer(offer("made", nudged=True))) == [Notice.OFFER, Notice.NUDGE]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("superseded", [Notice.TOO_LATE]),
        ("withdrawn", [Notice.WITHDRAWN]),
        ("accepted", []),
        ("declined", []),
        ("expired", []),
        ("undeliverable", []),
    ],
)
def test_a_closed_offer_tells_the_volunteer_only_what_they_do_not_know(state: str, expected: list[Notice]) -> None:
    assert kinds(from_offer(offer(state, nudged=True))) == expected


def test_a_match_is_due_to_the_person_and_names_no_volunteer() -> None:
    [due] = from_match(match("live"))
    assert due == Due(Notice.MATCHED, about=MATCH, request=REQUEST, offer=OFFER, match=MATCH)


@pytest.mark.parametrize(
    ("ended_by", "to_the_volunteer", "to_the_person"),
    [("person", True, False), ("volunteer", False, True), ("coordinator", True, True), (None, True, True)],
)
def test_the_end_of_a_match_is_told_to_whoever_did_not_end_it(
    ended_by: str | None, *, to_the_volunteer: bool, to_the_person: bool
) -> None:
    dues = from_match(match("ended", ended_by))
    assert {due.about for due in dues} == {MATCH}
    assert [due.volunteer for due in dues if due.notice is Notice.WITHDRAWN] == [VOLUNTEER] * to_the_volunteer
    assert [due.volunteer for due in dues if due.notice is Notice.MATCH_OVER] == [None] * to_the_person


def test_the_persons_yes_is_due_to_the_volunteer_of_that_match() -> None:
    assert from_request(request("introduced", MATCH)) == [
        Due(Notice.INTRODUCED, about=MATCH, request=REQUEST, match=MATCH)
    ]


@pytest.mark.parametrize("state", ["open", "withdrawn", "closed", "erased"])
def test_any_other_state_of_a_request_tells_nobody_anything(state: str) -> None:
    assert from_request(request(state)) == []


@pytest.mark.parametrize("state", ["active", "paused"])
def test_a_volunteer_who_serves_has_been_approved_and_hears_of_it(state: str) -> None:
    assert from_volunteer(volunteer(state)) == [Due(Notice.APPROVED, about=VOLUNTEER, volunteer=VOLUNTEER)]


@pytest.mark.parametrize("state", ["applied", "refused", "suspended", "removed"])
def test_a_volunteer_who_does_not_serve_hears_of_no_approval(state: str) -> None:
    assert from_volunteer(volunteer(state)) == []


def test_a_stall_is_due_once_per_round() -> None:
    first, again, next_round = (from_search(search("stalled", round_))[0].about for round_ in (1, 1, 2))
    assert first == again != next_round


def test_waiting_is_no_notice() -> None:
    assert from_search(search("waiting")) == []
