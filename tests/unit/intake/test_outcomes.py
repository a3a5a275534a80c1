"""Waiting for a judgement: whoever waits is woken, and nobody else."""

from services.intake.outcomes import Outcomes


def test_whoever_watches_an_offer_is_woken_by_news_of_it_alone() -> None:
    outcomes = Outcomes()
    with outcomes.watch("a") as first, outcomes.watch("a") as second, outcomes.watch("b") as other:
        outcomes.tell("a")
        assert (first.is_set(), second.is_set(), other.is_set()) == (True, True, False)


def test_news_that_comes_after_the_wait_wakes_nobody() -> None:
    outcomes = Outcomes()
    with outcomes.watch("a") as moved:
        pass
    outcomes.tell("a")
    assert not moved.is_set()


def test_after_the_listener_was_away_everybody_looks_again() -> None:
    outcomes = Outcomes()
    with outcomes.watch("a") as first, outcomes.watch("b") as second:
        outcomes.tell_all()
        assert first.is_set()
        assert second.is_set()
