"""What a volunteer is told about an offer is the truth, whatever crossed what."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.offers import Answer, MatchFacts, OfferFacts, OfferState, OfferStatus, may_answer, status_of
from services.intake.domain.requests import FINAL, RequestState

LIVE = MatchFacts(live=True, introduced=False)
ANY_FACTS = st.builds(
    OfferFacts,
    state=st.sampled_from(list(OfferState)),
    reply=st.sampled_from([None, *Answer]),
    match=st.one_of(
        st.none(),
        st.builds(
            MatchFacts,
            live=st.booleans(),
            introduced=st.booleans(),
            ended_by=st.sampled_from([None, "person", "volunteer", "coordinator"]),
        ),
    ),
    request=st.sampled_from([None, *RequestState]),
    at_work=st.booleans(),
)


def facts(
    state: OfferState = OfferState.MADE,
    reply: Answer | None = None,
    match: MatchFacts | None = None,
    request: RequestState | None = RequestState.OFFERING,
) -> OfferFacts:
    """Return the facts of an open offer, but for what is given."""
    return OfferFacts(state, reply, match, request, at_work=True)


def test_an_open_offer_can_be_answered_and_an_answer_is_noted() -> None:
    assert status_of(facts()) is OfferStatus.OPEN
    assert status_of(facts(reply=Answer.ACCEPTED)) is OfferStatus.NOTED
    assert status_of(facts(reply=Answer.DECLINED)) is OfferStatus.NOTED


@pytest.mark.parametrize(
    ("state", "view"),
    [
        (OfferState.SUPERSEDED, OfferStatus.TAKEN),
        (OfferState.EXPIRED, OfferStatus.EXPIRED),
        (OfferState.UNDELIVERABLE, OfferStatus.WITHDRAWN),
        (OfferState.WITHDRAWN, OfferStatus.WITHDRAWN),
        (OfferState.DECLINED, OfferStatus.DECLINED),
        (OfferState.ACCEPTED, OfferStatus.MATCHED),
    ],
)
def test_a_judged_offer_shows_the_judgement(state: OfferState, view: OfferStatus) -> None:
    assert status_of(facts(state, Answer.ACCEPTED)) is view


def test_the_winner_sees_the_match_then_the_introduction_then_the_end() -> None:
    accepted = OfferState.ACCEPTED
    matched, introduced = RequestState.MATCHED, RequestState.INTRODUCED
    assert status_of(facts(accepted, Answer.ACCEPTED, LIVE, matched)) is OfferStatus.MATCHED
    met = MatchFacts(live=True, introduced=True)
    assert status_of(facts(accepted, Answer.ACCEPTED, met, introduced)) is OfferStatus.INTRODUCED
    over = MatchFacts(live=False, introduced=True, ended_by="person")
    assert status_of(facts(accepted, Answer.ACCEPTED, over, RequestState.ENDED)) is OfferStatus.ENDED


@pytest.mark.parametrize(("state", "left"), [*product([OfferState.MADE, OfferState.ACCEPTED], [*sorted(FINAL), None])])
def test_a_person_who_left_withdraws_every_offer_that_is_not_judged(
    state: OfferState, left: RequestState | None
) -> None:
    assert status_of(facts(state, request=left)) is OfferStatus.WITHDRAWN


def test_what_was_judged_before_the_person_left_stays_as_it_was_judged() -> None:
    gone = RequestState.WITHDRAWN
    assert status_of(facts(OfferState.EXPIRED, request=gone)) is OfferStatus.EXPIRED
    assert status_of(facts(OfferState.SUPERSEDED, Answer.ACCEPTED, request=gone)) is OfferStatus.TAKEN


@given(ANY_FACTS)
def test_nothing_can_be_revealed_once_the_person_has_left_or_the_match_is_over(some: OfferFacts) -> None:
    left = some.request is None or some.request in FINAL or not some.at_work
    over = some.match is None or not some.match.live or not some.match.introduced
    if left or over:
        assert status_of(some) is not OfferStatus.INTRODUCED


@given(ANY_FACTS)
def test_only_an_open_offer_without_an_answer_takes_one(some: OfferFacts) -> None:
    if may_answer(status_of(some)):
        assert (some.state, some.reply, some.match) == (OfferState.MADE, None, None)
