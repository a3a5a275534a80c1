"""What is said of a volunteer besides the state."""

import pytest

from tests.unit.notifier.facts import volunteer


@pytest.mark.parametrize("state", ["active", "paused", "suspended"])
def test_someone_who_serves_or_served_has_been_approved(state: str) -> None:
    assert volunteer(state, vetted=3).approved


@pytest.mark.parametrize("state", ["applied", "refused", "removed"])
def test_someone_who_applies_was_refused_or_has_left_is_not_approved(state: str) -> None:
    assert not volunteer(state).approved


def test_someone_who_served_and_is_vetted_again_keeps_the_approval_until_they_are_refused() -> None:
    assert volunteer("applied", vetted=2).approved
    assert not volunteer("refused", vetted=3).approved
