"""The life of a volunteer, and the two words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.refusals import WrongState
from services.intake.domain.two_words import make_two_words
from services.intake.domain.volunteers import Step, VolunteerState, after_step

S = VolunteerState


def test_from_application_to_leaving() -> None:
    state = after_step(S.APPLIED, Step.APPROVE)
    assert state is S.ACTIVE
    assert after_step(state, Step.PAUSE) is S.PAUSED
    assert after_step(S.PAUSED, Step.RESUME) is S.ACTIVE
    assert after_step(S.PAUSED, Step.SUSPEND) is S.SUSPENDED
    assert after_step(S.SUSPENDED, Step.REINSTATE) is S.ACTIVE
    assert after_step(S.ACTIVE, Step.REMOVE) is S.REMOVED


def test_renewed_training_does_not_end_a_pause() -> None:
    assert after_step(S.PAUSED, Step.APPROVE) is S.PAUSED


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (S.APPLIED, Step.SUSPEND),
        (S.APPLIED, Step.PAUSE),
        (S.ACTIVE, Step.REFUSE),
        (S.SUSPENDED, Step.APPROVE),
        (S.SUSPENDED, Step.RESUME),
        (S.REFUSED, Step.REINSTATE),
    ],
)
def test_a_step_that_does_not_fit_is_refused(state: VolunteerState, step: Step) -> None:
    with pytest.raises(WrongState):
        after_step(state, step)


@given(st.sampled_from(list(Step)))
def test_someone_who_has_left_comes_back_by_no_step(step: Step) -> None:
    try:
        assert after_step(S.REMOVED, step) is S.REMOVED
    except WrongState:
        assert step is not Step.REMOVE


@given(st.sampled_from(list(S)), st.sampled_from(list(Step)))
def test_a_step_done_twice_is_the_same_as_once(state: VolunteerState, step: Step) -> None:
    try:
        once = after_step(state, step)
    except WrongState:
        return
    assert after_step(once, step) is once


def test_two_words_are_two_plain_words_and_come_from_the_source_given() -> None:
    words = make_two_words(random.Random(1))
    assert words == make_two_words(random.Random(1))
    assert all(word.isalpha() and word.islower() for word in words.split())
    assert len({make_two_words(random.Random(seed)) for seed in range(200)}) > 150
