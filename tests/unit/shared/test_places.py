"""Where a consumer goes on after a crash."""

from shared.messaging.places import Failing, Place


def place(next_offset: int, *failing: int) -> Place:
    """Return a place with failing events at some offsets."""
    return Place("id", next_offset, {at: Failing(None, 1, 0.0, ValueError(), hopeless=False) for at in failing})


def test_a_consumer_resumes_after_the_last_record_it_saw() -> None:
    assert place(17).resume_at() == 17


def test_a_consumer_resumes_at_the_first_event_that_is_not_settled() -> None:
    assert place(17, 9, 12).resume_at() == 9


def test_settling_an_event_leaves_the_others() -> None:
    assert place(17, 9, 12).without(9).resume_at() == 12
