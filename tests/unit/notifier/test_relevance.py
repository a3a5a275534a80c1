"""Whether a notice is still true when its time comes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain.notices import Notice, from_request
from services.notifier.domain.relevance import IN_TIME, SOONEST_QUESTION, DeliveryContext, Verdict, judge
from shared.vocabulary import vocabulary
from tests.unit.notifier import facts
from tests.unit.notifier.facts import (
    MATCH,
    NEVER_SENT,
    NOT_SENT,
    NOW,
    OFFER,
    SENT,
    TO_THE_PERSON,
    TO_THE_VOLUNTEER,
    UNDER_WAY,
    VOLUNTEER,
    context,
    judged,
    match,
    offer,
    request,
    search,
    volunteer,
)

SEND, WAIT, OBSOLETE, UNTOLD = Verdict.SEND, Verdict.WAIT, Verdict.OBSOLETE, Verdict.UNTOLD


def judged_of_match(notice: Notice, seen: DeliveryContext) -> Verdict:
    return judged(notice, seen, MATCH)


def test_the_end_of_a_match_is_told_although_the_offer_was_accepted_long_ago() -> None:
    seen = context(offer=offer("accepted"), match=match("ended", "person"), request=request("erased", notify=None))
    assert judged(Notice.WITHDRAWN, seen) is SEND


def test_the_introduction_is_told_while_the_match_lives() -> None:
    assert judged(Notice.INTRODUCED, context(request=request("introduced", MATCH), match=match())) is SEND


def test_the_introduction_waits_for_the_match_to_arrive() -> None:
    assert judged(Notice.INTRODUCED, context(request=request("introduced", MATCH))) is WAIT


@pytest.mark.parametrize("state", ["withdrawn", "closed", "erased", "open"])
def test_a_person_who_has_gone_or_asks_for_somebody_else_is_not_introduced(state: str) -> None:
    assert judged(Notice.INTRODUCED, context(request=request(state), match=match())) is OBSOLETE


def test_a_match_that_has_ended_is_not_introduced() -> None:
    seen = context(request=request("introduced", MATCH), match=match("ended", "volunteer"))
    assert judged(Notice.INTRODUCED, seen) is OBSOLETE


def test_an_approval_taken_back_is_not_told() -> None:
    assert judged(Notice.APPROVED, context(), VOLUNTEER) is SEND
    assert judged(Notice.APPROVED, context(volunteer=volunteer("suspended")), VOLUNTEER) is OBSOLETE


@pytest.mark.parametrize("state", ["open", "introduced"])
def test_the_person_hears_of_a_match(state: str) -> None:
    assert judged_of_match(Notice.MATCHED, context(request=request(state), match=match())) is SEND


def test_the_person_hears_nothing_of_a_match_that_is_over() -> None:
    assert judged_of_match(Notice.MATCHED, context(match=match("ended"))) is OBSOLETE


@pytest.mark.parametrize("state", ["open", "introduced"])
def test_the_person_hears_that_the_other_side_ended_a_match(state: str) -> None:
    seen = context(request=request(state), volunteer=volunteer("removed", notify=None), match=match("ended"))
    assert judged_of_match(Notice.MATCH_OVER, seen) is SEND


def test_the_person_hears_that_a_yes_waits_for_theirs_until_it_is_given_or_the_match_is_over() -> None:
    waits = context(match=match(nudged=True))
    assert judged_of_match(Notice.YES_WAITED_FOR, waits) is SEND
    assert judged_of_match(Notice.YES_WAITED_FOR, replace(waits, match=match("ended", nudged=True))) is OBSOLETE
    for state in ("introduced", "withdrawn", "closed", "erased"):
        said = replace(waits, request=request(state, MATCH))
        assert judged_of_match(Notice.YES_WAITED_FOR, said) is OBSOLETE


def test_the_person_hears_of_a_stall() -> None:
    assert judged(Notice.STALLED, context(search=search()), facts.WAIT) is SEND


def test_a_stall_that_is_over_or_of_an_earlier_wait_is_obsolete() -> None:
    assert judged(Notice.STALLED, context(search=search("waiting")), facts.WAIT) is OBSOLETE
    again = search(since=NOW + timedelta(days=1))
    assert judged(Notice.STALLED, context(search=again), facts.WAIT) is OBSOLETE


@pytest.mark.parametrize("notice", [Notice.TEXT_WAITING_PERSON, Notice.TEXT_WAITING_VOLUNTEER])
def test_a_text_is_told_while_its_match_lives_and_waits_for_the_match_to_arrive(notice: Notice) -> None:
    assert judged(notice, context(match=match())) is SEND
    assert judged(notice, context(match=None)) is WAIT
    assert judged(notice, context(match=match("ended"))) is OBSOLETE


@pytest.mark.parametrize("notice", [Notice.CHECK_IN_PERSON, Notice.CHECK_IN_VOLUNTEER])
def test_only_the_latest_question_how_it_goes_is_asked(notice: Notice) -> None:
    seen = context(match=match(check_ins=2))
    assert judged(notice, seen, f"{MATCH}.2") is SEND
    assert judged(notice, seen, f"{MATCH}.1") is OBSOLETE


def test_nobody_is_asked_for_a_sign_of_life_in_a_match_that_has_ended() -> None:
    assert judged(Notice.NO_SIGN_OF_LIFE, context(match=match(sign_asks=1)), f"{MATCH}.1") is SEND
    assert judged(Notice.NO_SIGN_OF_LIFE, context(match=match("ended", sign_asks=1)), f"{MATCH}.1") is OBSOLETE


def asked_for_a_sign(last: datetime | None, *, made_at: datetime = NOW, of: str = MATCH) -> Verdict:
    seen = context(request=request("introduced", of, sign_at=last), match=match(sign_asks=1))
    return judge(Notice.NO_SIGN_OF_LIFE, f"{MATCH}.1", seen, NOW, made_at=made_at)


def test_a_sign_of_life_that_comes_while_the_question_for_one_waits_makes_it_obsolete() -> None:
    two_days_ago = NOW - timedelta(days=2)
    assert asked_for_a_sign(NOW, made_at=two_days_ago) is OBSOLETE
    assert asked_for_a_sign(two_days_ago + timedelta(minutes=1), made_at=two_days_ago) is OBSOLETE


def test_a_sign_of_life_that_crossed_the_question_or_whose_hour_alone_is_older_makes_it_obsolete() -> None:
    assert asked_for_a_sign(NOW - timedelta(hours=1)) is OBSOLETE
    assert asked_for_a_sign(NOW - SOONEST_QUESTION + timedelta(seconds=1)) is OBSOLETE


def test_a_sign_of_life_on_which_the_question_followed_does_not_answer_it() -> None:
    assert asked_for_a_sign(None) is SEND
    assert asked_for_a_sign(NOW - SOONEST_QUESTION) is SEND
    assert asked_for_a_sign(NOW - vocabulary().defaults.match.sign_of_life) is SEND


def test_a_sign_of_life_in_another_match_answers_nothing() -> None:
    assert asked_for_a_sign(NOW, of="n" * 26) is SEND


def test_nobody_is_asked_how_it_goes_for_a_person_who_has_gone() -> None:
    seen = context(request=request("erased", notify=None), match=match(check_ins=1))
    assert judged(Notice.CHECK_IN_VOLUNTEER, seen, f"{MATCH}.1") is OBSOLETE


def test_a_home_link_is_sent_until_a_newer_one_was_asked_for() -> None:
    assert judged(Notice.HOME_LINK, context(volunteer=volunteer(generation=2)), f"{VOLUNTEER}.2") is SEND
    assert judged(Notice.HOME_LINK, context(volunteer=volunteer(generation=3)), f"{VOLUNTEER}.2") is OBSOLETE


def about_end(days: int) -> str:
    return from_request(request(ends_in=timedelta(days=days)))[0].about


def test_an_end_is_told_until_it_has_moved_or_is_there() -> None:
    def told(ends_in: timedelta | None, about: str) -> Verdict:
        return judged(Notice.ENDS_SOON, context(request=request(ends_in=ends_in)), about)

    assert told(timedelta(days=7), about_end(7)) is SEND
    assert told(timedelta(days=8), about_end(7)) is OBSOLETE
    assert told(None, about_end(7)) is OBSOLETE
    assert told(timedelta(0), about_end(0)) is OBSOLETE


def test_an_application_is_told_until_somebody_has_answered_it() -> None:
    about = f"{VOLUNTEER}.0"
    assert judged(Notice.APPLICATION, context(volunteer=volunteer("applied")), about) is SEND
    assert judged(Notice.APPLICATION, context(volunteer=volunteer("active", vetted=3)), about) is OBSOLETE
    assert judged(Notice.APPLICATION, context(volunteer=volunteer("applied", vetted=3)), about) is OBSOLETE


@pytest.mark.parametrize("notice", [Notice.REQUEST_LATE, Notice.REQUEST_STALLED])
def test_the_coordinator_hears_of_a_wait_although_the_person_wants_no_notices(notice: Notice) -> None:
    seen = context(request=request(notify=None), search=search("stalled", late="silent_limit"))
    assert judged(notice, seen, facts.WAIT) is SEND
    over = context(request=request("withdrawn", notify=None), search=seen.search)
    assert judged(notice, over, facts.WAIT) is OBSOLETE
    assert judged(notice, context(search=search("waiting")), facts.WAIT) is OBSOLETE


@pytest.mark.parametrize("notice", [Notice.SAFETY_REPORT, Notice.FLOOD])
def test_a_report_is_always_told(notice: Notice) -> None:
    assert judged(notice, DeliveryContext(), "p" * 26) is SEND


NEWS = [
    (Notice.MATCHED, context(match=match()), MATCH),
    (Notice.YES_WAITED_FOR, context(match=match(nudged=True)), MATCH),
    (Notice.MATCH_OVER, context(match=match("ended", "volunteer")), MATCH),
    (Notice.STALLED, context(search=search()), facts.WAIT),
    (Notice.TEXT_WAITING_PERSON, context(match=match()), "t" * 26),
    (Notice.CHECK_IN_PERSON, context(match=match(check_ins=1)), f"{MATCH}.1"),
    (Notice.ENDS_SOON, context(request=request(ends_in=timedelta(days=7))), about_end(7)),
]


def test_the_list_of_news_holds_every_notice_to_the_person() -> None:
    assert {notice for notice, _, _ in NEWS} == TO_THE_PERSON


@pytest.mark.parametrize(("notice", "seen", "about"), NEWS)
def test_a_person_who_asked_for_notices_gets_them(notice: Notice, seen: DeliveryContext, about: str) -> None:
    assert judged(notice, seen, about) is SEND


@pytest.mark.parametrize(("notice", "seen", "about"), NEWS)
def test_a_person_who_did_not_ask_for_notices_gets_none(notice: Notice, seen: DeliveryContext, about: str) -> None:
    assert seen.request is not None
    assert judged(notice, replace(seen, request=replace(seen.request, notify=None)), about) is OBSOLETE


@pytest.mark.parametrize(("notice", "seen", "about"), NEWS)
def test_news_for_the_person_waits_for_the_request_to_arrive(notice: Notice, seen: DeliveryContext, about: str) -> None:
    assert judged(notice, replace(seen, request=None), about) is WAIT


contexts = st.builds(
    DeliveryContext,
    request=st.none() | st.builds(request, st.sampled_from(["open", "introduced", "closed"]), st.just(MATCH)),
    volunteer=st.none() | st.builds(volunteer, st.sampled_from(["applied", "active", "paused", "suspended"])),
    offer=st.none()
    | st.builds(
        offer,
        st.sampled_from(["made", "accepted", "superseded", "withdrawn"]),
        expires_in=st.sampled_from([timedelta(hours=6), timedelta(0), -IN_TIME]),
    ),
    match=st.none()
    | st.builds(match, st.sampled_from(["live", "ended"]), nudged=st.booleans(), check_ins=st.sampled_from([0, 1])),
    search=st.none()
    | st.builds(search, st.sampled_from(["waiting", "stalled"]), late=st.sampled_from(["no", "alarm"])),
    offer_notice=st.none() | st.sampled_from([NOT_SENT, UNDER_WAY, SENT, NEVER_SENT]),
)


abouts = st.sampled_from([OFFER, MATCH, VOLUNTEER, f"{MATCH}.1", facts.WAIT, f"{VOLUNTEER}.0"])


@given(st.sampled_from(sorted(TO_THE_PERSON | TO_THE_VOLUNTEER)), contexts, abouts)
def test_whatever_is_sent_has_somebody_to_go_to(notice: Notice, seen: DeliveryContext, about: str) -> None:
    if judged(notice, seen, about) is SEND:
        recipient = seen.request if notice in TO_THE_PERSON else seen.volunteer
        assert recipient is not None
        assert recipient.notify is not None


@given(st.sampled_from(sorted(TO_THE_VOLUNTEER)), contexts, abouts)
def test_nothing_is_ever_sent_to_a_removed_volunteer(notice: Notice, seen: DeliveryContext, about: str) -> None:
    assert judged(notice, replace(seen, volunteer=volunteer("removed", None)), about) is OBSOLETE
