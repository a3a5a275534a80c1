"""What the person is told comes next."""

from datetime import UTC, datetime

import pytest

from services.intake.domain.next_step import next_step
from services.intake.domain.requests import RequestState
from services.intake.texts.saying import next_step_said

LATER = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.mark.parametrize("state", list(RequestState))
def test_every_state_has_a_sentence(state: RequestState) -> None:
    assert next_step_said(next_step(state, why="nobody_free", next_try_at=LATER).codes).endswith(".")


def test_the_next_try_is_named_only_while_there_is_one() -> None:
    assert next_step(RequestState.WAITING, why="nobody_free", next_try_at=LATER).when == LATER
    assert next_step(RequestState.INTRODUCED, why="nobody_free", next_try_at=LATER).when is None


@pytest.mark.parametrize("state", [RequestState.OFFERING, RequestState.MATCHED])
def test_while_an_answer_is_waited_for_it_is_named_until_when(state: RequestState) -> None:
    assert next_step(state, answer_by=LATER).when == LATER
    assert next_step(state).when is None


def test_words_that_are_forgotten_are_not_said_to_be_readable() -> None:
    assert "can now read" in next_step_said(next_step(RequestState.INTRODUCED).codes)
    assert "can now read" not in next_step_said(next_step(RequestState.INTRODUCED, words_kept=False).codes)


def test_a_search_that_found_somebody_who_was_taken_meanwhile_does_not_begin_anew() -> None:
    step = next_step(RequestState.WAITING, next_try_at=LATER)
    assert "begins" not in next_step_said(step.codes)
    assert step.when == LATER


def test_while_everybody_who_fits_sleeps_the_hour_at_which_somebody_wakes_is_named() -> None:
    step = next_step(RequestState.WAITING, why="asleep", next_try_at=LATER)
    assert "awake and free at this hour" in next_step_said(step.codes)
    assert step.when == LATER


def test_a_late_search_says_that_it_is_late() -> None:
    for state in (RequestState.WAITING, RequestState.OFFERING):
        late = next_step_said(next_step(state, why="nobody_free", next_try_at=LATER, late="silent_limit").codes)
        assert "longer than it should" in late


def test_before_the_matcher_has_spoken_nothing_is_claimed() -> None:
    assert "begins" in next_step_said(next_step(RequestState.WAITING).codes)
