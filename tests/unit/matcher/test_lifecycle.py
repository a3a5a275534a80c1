"""What follows when a match ends."""

import pytest

from services.matcher.domain.lifecycle import EndedBy, Then, what_follows


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
