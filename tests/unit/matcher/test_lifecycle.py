"""Offers, matches and requests: what may become of them, and what never may."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.lifecycle import (
    MATCH_MOVES,
    OFFER_MOVES,
    REQUEST_MOVES,
    EndedBy,
    ForbiddenMove,
    MatchState,
    Moves,
    OfferState,
    RequestState,
    Then,
    is_terminal,
    may_become,
    moved,
    what_follows,
)

MACHINES: tuple[tuple[Moves, type[StrEnum]], ...] = (
    (OFFER_MOVES, OfferState),
    (MATCH_MOVES, MatchState),
    (REQUEST_MOVES, RequestState),
)


@given(st.sampled_from(MACHINES), st.data())
def test_terminal_states_stay_terminal_on_every_path(machine: tuple[Moves, type[StrEnum]], data: st.DataObject) -> None:
    moves, states = machine
    state, ended_as = next(iter(states)), None
    for to in data.draw(st.lists(st.sampled_from(list(states)), max_size=12)):
        if may_become(moves, state, to):
            state = moved(moves, state, to)
        else:
            with pytest.raises(ForbiddenMove):
                moved(moves, state, to)
        ended_as = ended_as or (state if is_terminal(moves, state) else None)
        assert ended_as in (None, state)


def test_an_offer_ends_once() -> None:
    assert {state for state in OfferState if is_terminal(OFFER_MOVES, state)} == set(OfferState) - {OfferState.MADE}


def test_the_person_may_leave_from_every_open_state() -> None:
    closed = {RequestState.WITHDRAWN, RequestState.CLOSED, RequestState.ERASED}
    for state in set(RequestState) - closed:
        assert all(may_become(REQUEST_MOVES, state, to) for to in closed)


def test_only_erasing_follows_a_withdrawal_or_a_close_and_nothing_follows_erasing() -> None:
    for state in (RequestState.WITHDRAWN, RequestState.CLOSED):
        assert {to for to in RequestState if may_become(REQUEST_MOVES, state, to)} == {RequestState.ERASED}
    assert is_terminal(REQUEST_MOVES, RequestState.ERASED)


def test_only_a_volunteers_yes_leads_to_an_introduction() -> None:
    before = {state for state in RequestState if may_become(REQUEST_MOVES, state, RequestState.INTRODUCED)}
    assert before == {RequestState.MATCHED}


@pytest.mark.parametrize(
    ("by", "introduced", "then"),
    [
        (EndedBy.VOLUNTEER, False, Then.WAITING),
        (EndedBy.COORDINATOR, False, Then.WAITING),
        (EndedBy.PERSON, False, Then.OVER),
        (None, False, Then.OVER),
        (EndedBy.VOLUNTEER, True, Then.OVER),
        (EndedBy.COORDINATOR, True, Then.OVER),
    ],
)
def test_a_volunteer_who_leaves_before_the_introduction_puts_the_request_back(
    by: EndedBy | None, introduced: bool, then: Then
) -> None:
    assert what_follows(by, introduced=introduced) is then
