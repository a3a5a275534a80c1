"""Waiting for a judgement: those who wait for an offer are woken, and nobody else."""

from services.intake.handlers.judgements import Judgements


def test_someone_who_watches_an_offer_is_woken_by_news_of_it_alone() -> None:
    judgements = Judgements()
    with judgements.watch("a") as first, judgements.watch("a") as second, judgements.watch("b") as other:
        judgements.tell("a")
        assert (first.is_set(), second.is_set(), other.is_set()) == (True, True, False)


def test_news_that_comes_after_the_wait_wakes_nobody() -> None:
    judgements = Judgements()
    with judgements.watch("a") as moved:
        pass
    judgements.tell("a")
    assert not moved.is_set()


def test_after_the_listener_was_away_everybody_looks_again() -> None:
    judgements = Judgements()
    with judgements.watch("a") as first, judgements.watch("b") as second:
        judgements.tell_all()
        assert first.is_set()
        assert second.is_set()
