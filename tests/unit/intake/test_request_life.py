"""The life of a request, step by step and in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.refusals import WrongState
from services.intake.domain.requests import (
    FINAL,
    SEARCHING,
    Command,
    RequestState,
    after_command,
    after_match_ended,
    after_match_made,
    after_offers,
    after_search,
)

S = RequestState
STATES = st.sampled_from(list(S))


def test_the_road_from_asking_to_closing() -> None:
    state = after_offers(S.WAITING, any_open=True)
    assert state is S.OFFERING
    state = after_match_made(state)
    assert state is S.MATCHED
    state = after_command(state, Command.INTRODUCE)
    assert state is S.INTRODUCED
    state = after_match_ended(state, search_goes_on=False, is_its_match=True)
    assert state is S.ENDED
    assert after_command(state, Command.CLOSE) is S.CLOSED


def test_a_volunteer_who_steps_back_before_the_introduction_leaves_the_request_waiting() -> None:
    assert after_match_ended(S.MATCHED, search_goes_on=True, is_its_match=True) is S.WAITING


def test_the_end_of_another_match_changes_nothing_for_who_is_matched() -> None:
    assert after_match_ended(S.MATCHED, search_goes_on=False, is_its_match=False) is S.MATCHED


def test_a_match_whose_beginning_was_never_heard_of_still_ends_the_request() -> None:
    assert after_match_ended(S.OFFERING, search_goes_on=False, is_its_match=False) is S.ENDED
    assert after_match_ended(S.OFFERING, search_goes_on=True, is_its_match=False) is S.OFFERING


def test_a_stalled_request_stays_stalled_until_the_matcher_says_otherwise() -> None:
    assert after_offers(S.STALLED, any_open=False) is S.STALLED
    assert after_search(S.STALLED, stalled=False, any_open=False) is S.WAITING
    assert after_search(S.WAITING, stalled=True, any_open=True) is S.OFFERING


@pytest.mark.parametrize("state", [S.WAITING, S.OFFERING, S.STALLED, S.ENDED, S.CLOSED])
def test_nobody_is_introduced_without_a_match(state: RequestState) -> None:
    with pytest.raises(WrongState) as refused:
        after_command(state, Command.INTRODUCE)
    assert refused.value.state == state


@given(STATES)
def test_erasure_is_always_possible(state: RequestState) -> None:
    assert after_command(state, Command.ERASE) is S.ERASED


@given(st.sampled_from(sorted(set(S) - FINAL)), st.sampled_from([Command.WITHDRAW, Command.CLOSE]))
def test_whatever_is_not_over_can_be_withdrawn_and_closed(state: RequestState, command: Command) -> None:
    assert after_command(state, command) in FINAL


@given(st.sampled_from(sorted(FINAL)), st.lists(st.tuples(st.sampled_from("osme"), st.booleans(), st.booleans())))
def test_nothing_the_matcher_says_moves_a_request_that_its_person_ended(
    state: RequestState, news: list[tuple[str, bool, bool]]
) -> None:
    now = state
    for kind, one, other in news:
        now = {
            "o": after_offers(now, any_open=one),
            "s": after_search(now, stalled=one, any_open=other),
            "m": after_match_made(now),
            "e": after_match_ended(now, search_goes_on=one, is_its_match=other),
        }[kind]
    assert now is state


@given(st.sampled_from(sorted(SEARCHING)), st.booleans(), st.booleans())
def test_offers_and_search_never_lead_out_of_the_search(state: RequestState, one: bool, other: bool) -> None:
    assert after_offers(state, any_open=one) in SEARCHING
    assert after_search(state, stalled=one, any_open=other) in SEARCHING
