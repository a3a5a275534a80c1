"""Whether a notice is still true when its time comes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.notices import TO_THE_PERSON, Notice
from services.notifier.domain.truth import Picture, Verdict, judge
from tests.unit.notifier.facts import (
    MATCH,
    NEVER_SENT,
    NOT_SENT,
    NOW,
    OFFER,
    REQUEST,
    SENT,
    UNDER_WAY,
    match,
    offer,
    picture,
    request,
    search,
    volunteer,
)

SEND, WAIT, OBSOLETE = Verdict.SEND, Verdict.WAIT, Verdict.OBSOLETE
CLOSED = (Notice.TOO_LATE, "superseded"), (Notice.WITHDRAWN, "withdrawn")


def judged(notice: Notice, seen: Picture, about: str = "") -> Verdict:
    return judge(notice, about, seen, NOW)


def test_an_open_offer_is_sent() -> None:
    assert judged(Notice.OFFER, picture(offer=offer())) is SEND


def test_an_offer_that_has_expired_is_obsolete_from_that_second_on() -> None:
    assert judged(Notice.OFFER, picture(offer=offer(expires_in=timedelta(0)))) is OBSOLETE


@pytest.mark.parametrize("state", ["accepted", "declined", "expired", "withdrawn", "superseded", "undeliverable"])
def test_a_closed_offer_is_obsolete(state: str) -> None:
    assert judged(Notice.OFFER, picture(offer=offer(state))) is OBSOLETE


@pytest.mark.parametrize("state", ["withdrawn", "closed", "erased"])
def test_nobody_is_asked_for_a_person_who_has_gone(state: str) -> None:
    assert judged(Notice.OFFER, picture(offer=offer(), request=request(state, notify=None))) is OBSOLETE


def test_an_offer_does_not_wait_for_the_request_to_arrive() -> None:
    assert judged(Notice.OFFER, picture(offer=offer(), request=None)) is SEND


def test_an_offer_waits_for_its_volunteer_to_arrive() -> None:
    assert judged(Notice.OFFER, picture(offer=offer(), volunteer=None)) is WAIT


@pytest.mark.parametrize("state", ["applied", "suspended", "refused"])
def test_an_offer_waits_while_the_copy_of_the_volunteer_lags_behind_the_matcher(state: str) -> None:
    assert judged(Notice.OFFER, picture(offer=offer(), volunteer=volunteer(state))) is WAIT


def test_an_offer_to_a_removed_volunteer_is_obsolete() -> None:
    removed = volunteer("removed", notify=None)
    assert judged(Notice.OFFER, picture(offer=offer(), volunteer=removed)) is OBSOLETE


def test_a_nudge_follows_an_offer_that_went_out() -> None:
    assert judged(Notice.NUDGE, picture(offer=offer(nudged=True), offer_notice=SENT)) is SEND


@pytest.mark.parametrize("asked", [None, NOT_SENT, NEVER_SENT])
def test_a_nudge_without_an_offer_that_went_out_is_obsolete(asked: object) -> None:
    seen = picture(offer=offer(nudged=True), offer_notice=asked)  # type: ignore[arg-type]
    assert judged(Notice.NUDGE, seen) is OBSOLETE


def test_a_nudge_for_a_closed_offer_is_obsolete() -> None:
    assert judged(Notice.NUDGE, picture(offer=offer("declined", nudged=True), offer_notice=SENT)) is OBSOLETE


@pytest.mark.parametrize(("notice", "state"), CLOSED)
def test_the_end_is_told_to_whoever_was_asked(notice: Notice, state: str) -> None:
    assert judged(notice, picture(offer=offer(state), offer_notice=SENT)) is SEND


@pytest.mark.parametrize(("notice", "state"), CLOSED)
def test_the_end_is_not_told_to_a_volunteer_who_never_heard_of_the_offer(notice: Notice, state: str) -> None:
    assert judged(notice, picture(offer=offer(state), offer_notice=NEVER_SENT)) is OBSOLETE
    assert judged(notice, picture(offer=offer(state), offer_notice=None)) is OBSOLETE


@pytest.mark.parametrize(("notice", "state"), CLOSED)
@pytest.mark.parametrize("asked", [NOT_SENT, UNDER_WAY])
def test_the_end_waits_until_it_is_settled_whether_the_offer_went_out(
    notice: Notice, state: str, asked: object
) -> None:
    seen = picture(offer=offer(state), offer_notice=asked)  # type: ignore[arg-type]
    assert judged(notice, seen) is WAIT


def test_the_end_of_a_match_is_told_although_the_offer_was_accepted_long_ago() -> None:
    seen = picture(offer=offer("accepted"), match=match("ended", "person"), request=request("erased", notify=None))
    assert judged(Notice.WITHDRAWN, seen) is SEND


def test_the_introduction_is_told_while_the_match_lives() -> None:
    assert judged(Notice.INTRODUCED, picture(request=request("introduced", MATCH), match=match())) is SEND


def test_the_introduction_waits_for_the_match_to_arrive() -> None:
    assert judged(Notice.INTRODUCED, picture(request=request("introduced", MATCH))) is WAIT


@pytest.mark.parametrize("state", ["withdrawn", "closed", "erased", "open"])
def test_a_person_who_has_gone_or_asks_for_somebody_else_is_not_introduced(state: str) -> None:
    assert judged(Notice.INTRODUCED, picture(request=request(state), match=match())) is OBSOLETE


def test_a_match_that_has_ended_is_not_introduced() -> None:
    seen = picture(request=request("introduced", MATCH), match=match("ended", "volunteer"))
    assert judged(Notice.INTRODUCED, seen) is OBSOLETE


def test_an_approval_taken_back_is_not_told() -> None:
    assert judged(Notice.APPROVED, picture()) is SEND
    assert judged(Notice.APPROVED, picture(volunteer=volunteer("suspended"))) is OBSOLETE


@pytest.mark.parametrize("state", ["open", "introduced"])
def test_the_person_hears_of_a_match(state: str) -> None:
    assert judged(Notice.MATCHED, picture(request=request(state), match=match())) is SEND


def test_the_person_hears_nothing_of_a_match_that_is_over() -> None:
    assert judged(Notice.MATCHED, picture(match=match("ended"))) is OBSOLETE


@pytest.mark.parametrize("state", ["open", "introduced"])
def test_the_person_hears_that_the_other_side_ended_a_match(state: str) -> None:
    seen = picture(request=request(state), volunteer=volunteer("removed", notify=None), match=match("ended"))
    assert judged(Notice.MATCH_OVER, seen) is SEND


def test_the_person_hears_of_a_stall() -> None:
    assert judged(Notice.STALLED, picture(search=search()), f"{REQUEST}.1") is SEND


def test_a_stall_that_is_over_or_of_an_earlier_round_is_obsolete() -> None:
    assert judged(Notice.STALLED, picture(search=search("waiting")), f"{REQUEST}.1") is OBSOLETE
    assert judged(Notice.STALLED, picture(search=search(round_=2)), f"{REQUEST}.1") is OBSOLETE


NEWS = [
    (Notice.MATCHED, picture(match=match())),
    (Notice.MATCH_OVER, picture(match=match("ended", "volunteer"))),
    (Notice.STALLED, picture(search=search())),
]


@pytest.mark.parametrize(("notice", "seen"), NEWS)
def test_a_person_who_did_not_ask_for_notices_gets_none(notice: Notice, seen: Picture) -> None:
    silent = picture(request=request(notify=None), match=seen.match, search=seen.search)
    assert judged(notice, silent, f"{REQUEST}.1") is OBSOLETE


@pytest.mark.parametrize(("notice", "seen"), NEWS)
def test_news_for_the_person_waits_for_the_request_to_arrive(notice: Notice, seen: Picture) -> None:
    early = picture(request=None, match=seen.match, search=seen.search)
    assert judged(notice, early, f"{REQUEST}.1") is WAIT


pictures = st.builds(
    Picture,
    request=st.none() | st.builds(request, st.sampled_from(["open", "introduced", "closed"]), st.just(MATCH)),
    volunteer=st.none() | st.builds(volunteer, st.sampled_from(["applied", "active", "paused", "suspended"])),
    offer=st.none() | st.builds(offer, st.sampled_from(["made", "accepted", "superseded", "withdrawn"])),
    match=st.none() | st.builds(match, st.sampled_from(["live", "ended"])),
    search=st.none() | st.builds(search, st.sampled_from(["waiting", "stalled"])),
    offer_notice=st.none() | st.sampled_from([NOT_SENT, UNDER_WAY, SENT, NEVER_SENT]),
)


@given(st.sampled_from(list(Notice)), pictures)
def test_whatever_is_sent_has_somebody_to_go_to(notice: Notice, seen: Picture) -> None:
    if judged(notice, seen, OFFER) is SEND:
        recipient = seen.request if notice in TO_THE_PERSON else seen.volunteer
        assert recipient is not None
        assert recipient.notify is not None


@given(st.sampled_from(sorted(set(Notice) - TO_THE_PERSON)), pictures)
def test_nothing_is_ever_sent_to_a_removed_volunteer(notice: Notice, seen: Picture) -> None:
    gone = Picture(seen.request, volunteer("removed", None), seen.offer, seen.match, seen.search, seen.offer_notice)
    assert judged(notice, gone, OFFER) is OBSOLETE
