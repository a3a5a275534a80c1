"""Which notices a state makes due."""

from datetime import timedelta

import pytest

from services.notifier.domain.notices import (
    Due,
    Notice,
    from_match,
    from_message,
    from_offer,
    from_report,
    from_request,
    from_search,
    from_volunteer,
)
from tests.unit.notifier.facts import (
    MATCH,
    MESSAGE,
    NOW,
    OFFER,
    REPORT,
    REQUEST,
    VOLUNTEER,
    WAIT,
    match,
    offer,
    request,
    search,
    volunteer,
)


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
def test_the_end_of_a_match_is_told_to_the_one_who_did_not_end_it(
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
    assert Notice.APPROVED not in kinds(from_volunteer(volunteer(state)))


def test_an_application_is_due_to_the_coordinator_and_so_is_the_next_one_of_the_same_volunteer() -> None:
    first, changed, again = (from_volunteer(volunteer("applied", vetted=vetted)) for vetted in (0, 0, 7))
    assert kinds(first) == [Notice.APPLICATION]
    assert first == changed
    assert first[0].about != again[0].about


def test_changes_that_are_to_be_vetted_are_due_to_the_coordinator_once_until_they_are() -> None:
    first, more, again = (from_volunteer(volunteer(to_vet=True, vetted=vetted)) for vetted in (2, 2, 7))
    assert kinds(first) == [Notice.APPROVED, Notice.APPLICATION]
    assert first == more
    assert first[1].about != again[1].about
    assert Notice.APPLICATION not in kinds(from_volunteer(volunteer("suspended", to_vet=True)))


@pytest.mark.parametrize("state", ["applied", "refused", "active", "paused", "suspended"])
def test_each_home_link_that_was_asked_for_is_due_once_whatever_the_volunteer_may_do(state: str) -> None:
    first, repeated, second = (
        next(due.about for due in from_volunteer(volunteer(state, generation=number)) if due.notice is Notice.HOME_LINK)
        for number in (1, 1, 2)
    )
    assert first == repeated == f"{VOLUNTEER}.1"
    assert second == f"{VOLUNTEER}.2"


def test_someone_who_never_asked_for_a_link_or_has_left_is_due_none() -> None:
    assert Notice.HOME_LINK not in kinds(from_volunteer(volunteer()))
    assert from_volunteer(volunteer("removed", None, generation=2)) == []


def test_a_yes_that_waits_for_the_persons_is_due_once_to_the_person_alone() -> None:
    told = from_match(match(nudged=True))
    assert kinds(told) == [Notice.MATCHED, Notice.YES_WAITED_FOR]
    assert told[1] == Due(Notice.YES_WAITED_FOR, about=MATCH, request=REQUEST, offer=OFFER, match=MATCH)
    assert Notice.YES_WAITED_FOR not in kinds(from_match(match("ended", nudged=True)))


def test_a_stall_is_due_once_per_wait_to_the_person_and_to_the_coordinator() -> None:
    first, again, next_wait = (from_search(search(since=since)) for since in (NOW, NOW, NOW + timedelta(hours=1)))
    assert kinds(first) == [Notice.REQUEST_STALLED, Notice.STALLED]
    assert first == again
    assert {due.about for due in first} == {WAIT}
    assert {due.about for due in next_wait} == {f"{REQUEST}.2026112213"}


def test_a_stall_from_before_waits_were_told_apart_is_due_once_per_round() -> None:
    first, again, next_round = (from_search(search(round_=round_, since=None)) for round_ in (1, 1, 2))
    assert first == again
    assert {due.about for due in first} == {f"{REQUEST}.1"}
    assert {due.about for due in next_round} == {f"{REQUEST}.2"}


def test_waiting_is_no_notice() -> None:
    assert from_search(search("waiting")) == []


def test_a_late_request_alarms_the_coordinator_and_at_the_silent_limit_the_person_hears_the_truth() -> None:
    assert kinds(from_search(search("waiting", late="alarm"))) == [Notice.REQUEST_LATE]
    assert kinds(from_search(search("waiting", late="silent_limit"))) == [Notice.REQUEST_LATE, Notice.STALLED]


def test_each_check_in_of_a_live_match_is_due_once_to_both() -> None:
    first, second = (
        {due.notice: due.about for due in from_match(match(check_ins=number)) if due.notice is not Notice.MATCHED}
        for number in (1, 2)
    )
    assert first == dict.fromkeys((Notice.CHECK_IN_PERSON, Notice.CHECK_IN_VOLUNTEER), f"{MATCH}.1")
    assert second == dict.fromkeys((Notice.CHECK_IN_PERSON, Notice.CHECK_IN_VOLUNTEER), f"{MATCH}.2")


def test_a_missing_sign_of_life_is_asked_of_the_volunteer_alone() -> None:
    [_, due] = from_match(match(sign_asks=1))
    assert (due.notice, due.about, due.volunteer) == (Notice.NO_SIGN_OF_LIFE, f"{MATCH}.1", VOLUNTEER)


def test_a_match_that_has_ended_asks_nobody_how_it_goes() -> None:
    assert kinds(from_match(match("ended", "person", check_ins=1, sign_asks=1))) == [Notice.WITHDRAWN]


def test_a_message_that_waits_is_due_to_whom_it_is_for_and_to_nobody_else() -> None:
    [to_person], [to_volunteer] = (
        from_message(MESSAGE, to, REQUEST, MATCH, VOLUNTEER) for to in ("person", "volunteer")
    )
    known = {"about": MESSAGE, "request": REQUEST, "match": MATCH}
    assert to_person == Due(Notice.TEXT_WAITING_PERSON, **known)
    assert to_volunteer == Due(Notice.TEXT_WAITING_VOLUNTEER, **known, volunteer=VOLUNTEER)


def test_an_end_to_come_is_due_to_the_person_once_for_each_end() -> None:
    first, again, later = (from_request(request(ends_in=timedelta(days=days))) for days in (7, 7, 8))
    assert kinds(first) == [Notice.ENDS_SOON]
    assert first == again != later


@pytest.mark.parametrize(("kind", "notice"), [("safety", Notice.SAFETY_REPORT), ("flood", Notice.FLOOD)])
def test_a_report_is_due_to_the_coordinator_and_names_nobody(kind: str, notice: Notice) -> None:
    assert from_report(REPORT, kind) == [Due(notice, about=REPORT, report=REPORT)]
