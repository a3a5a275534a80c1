"""What a volunteer is told about an offer is the truth, whatever crossed what."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.offers import Answer, OfferState, OfferStatus
from services.intake.domain.requests import FINAL, RequestState
from services.intake.domain.volunteers import AT_WORK, MAY_GO_ON, VolunteerState
from services.intake.storage.snapshots import OfferSnapshot
from services.intake.storage.tables import MatchRow, OfferRow, RequestRow, VolunteerRow
from shared.refs import Version

HOUR = datetime(2026, 11, 22, 18, tzinfo=UTC)
LIVE = MatchRow("match", "offer", "request", 1, "volunteer", Version(1), True, HOUR, None, 0, 0, None)
STATES = st.sampled_from([None, *RequestState])
MATCHES = st.builds(
    lambda live, met, ended_by: replace(LIVE, live=live, introduced_at=HOUR if met else None, ended_by=ended_by),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "person", "volunteer", "coordinator"]),
)


def request_in(state: RequestState | None) -> RequestRow | None:
    """Return the request in `state`; None if it is not here any more."""
    if state is None:
        return None
    return RequestRow(
        ref="request",
        lookup_id="",
        body_digest=None,
        state=state,
        round=1,
        sequence=Version(1),
        late="no",
        match="match",
        asked_at=HOUR,
        profile=None,
        notify=None,
        private=None,
        card=None,
    )


def volunteer_in(state: VolunteerState) -> VolunteerRow:
    return VolunteerRow(
        ref="volunteer",
        lookup_id="",
        body_digest=None,
        state=state,
        sequence=Version(1),
        notify_sequence=Version(1),
        reachable=True,
        notify_hash=None,
        applied_at=HOUR,
        profile=None,
        notify=None,
        private=None,
    )


def offer(
    state: OfferState = OfferState.MADE,
    answer: Answer | None = None,
    match: MatchRow | None = None,
    request: RequestState | None = RequestState.OFFERING,
    volunteer: VolunteerState = VolunteerState.ACTIVE,
) -> OfferSnapshot:
    """Return an open offer, but for what is given."""
    row = OfferRow("offer", "request", 1, "volunteer", state, HOUR, HOUR, None)
    return OfferSnapshot(row, answer, False, match, request_in(request), volunteer_in(volunteer))


ANY_OFFER = st.builds(
    offer,
    st.sampled_from(list(OfferState)),
    st.sampled_from([None, Answer.ACCEPTED, Answer.DECLINED]),
    st.none() | MATCHES,
    STATES,
    st.sampled_from(list(VolunteerState)),
)


def test_an_open_offer_can_be_answered_and_an_answer_is_noted() -> None:
    assert offer().status is OfferStatus.OPEN
    assert offer(answer=Answer.ACCEPTED).status is OfferStatus.NOTED
    assert offer(answer=Answer.DECLINED).status is OfferStatus.NOTED


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (OfferState.SUPERSEDED, OfferStatus.TAKEN),
        (OfferState.EXPIRED, OfferStatus.EXPIRED),
        (OfferState.UNDELIVERABLE, OfferStatus.WITHDRAWN),
        (OfferState.WITHDRAWN, OfferStatus.WITHDRAWN),
        (OfferState.DECLINED, OfferStatus.DECLINED),
        (OfferState.ACCEPTED, OfferStatus.MATCHED),
    ],
)
def test_a_judged_offer_shows_the_judgement(state: OfferState, told: OfferStatus) -> None:
    assert offer(state, Answer.ACCEPTED).status is told


def test_the_winner_sees_the_match_then_the_introduction_then_the_end() -> None:
    accepted = OfferState.ACCEPTED
    matched, introduced = RequestState.MATCHED, RequestState.INTRODUCED
    assert offer(accepted, Answer.ACCEPTED, LIVE, matched).status is OfferStatus.MATCHED
    assert offer(accepted, Answer.ACCEPTED, LIVE, introduced).status is OfferStatus.INTRODUCED
    met = replace(LIVE, introduced_at=HOUR)
    assert offer(accepted, Answer.ACCEPTED, met, introduced).status is OfferStatus.INTRODUCED
    over = replace(met, live=False, ended_by="person")
    assert offer(accepted, Answer.ACCEPTED, over, RequestState.ENDED).status is OfferStatus.ENDED


@pytest.mark.parametrize(("state", "left"), [*product([OfferState.MADE, OfferState.ACCEPTED], [*sorted(FINAL), None])])
def test_a_person_who_left_withdraws_every_offer_that_is_not_judged(
    state: OfferState, left: RequestState | None
) -> None:
    assert offer(state, request=left).status is OfferStatus.WITHDRAWN


def test_what_was_judged_before_the_person_left_stays_as_it_was_judged() -> None:
    gone = RequestState.WITHDRAWN
    assert offer(OfferState.EXPIRED, request=gone).status is OfferStatus.EXPIRED
    assert offer(OfferState.SUPERSEDED, Answer.ACCEPTED, request=gone).status is OfferStatus.TAKEN


@given(ANY_OFFER)
def test_nothing_can_be_revealed_once_the_person_has_left_or_the_match_is_over(some: OfferSnapshot) -> None:
    assert some.volunteer is not None
    left = some.request is None or some.request.state in FINAL or some.volunteer.state not in MAY_GO_ON
    if left or some.match is None or not some.match.live:
        assert some.status is not OfferStatus.INTRODUCED


@given(MATCHES, STATES)
def test_nothing_can_be_revealed_before_the_introduction(match: MatchRow, request: RequestState | None) -> None:
    if match.introduced_at is None and request is not RequestState.INTRODUCED:
        assert offer(OfferState.ACCEPTED, Answer.ACCEPTED, match, request).status is not OfferStatus.INTRODUCED


@given(ANY_OFFER)
def test_only_an_open_offer_without_an_answer_takes_one(some: OfferSnapshot) -> None:
    if some.status is OfferStatus.OPEN:
        assert (some.offer.state, some.answer, some.match) == (OfferState.MADE, None, None)
        assert some.volunteer is not None
        assert some.volunteer.state in AT_WORK
