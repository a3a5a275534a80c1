"""Waves of 1, 2, 3: a new one only when the present one has ended, and never more open than its size."""

from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.lifecycle import OfferState
from services.matcher.domain.waves import Wave, offers_to_make, size_of

MADE, DECLINED, EXPIRED = OfferState.MADE, OfferState.DECLINED, OfferState.EXPIRED
UNDELIVERABLE, ACCEPTED = OfferState.UNDELIVERABLE, OfferState.ACCEPTED


def past(*waves: tuple[OfferState, ...]) -> list[tuple[int, OfferState]]:
    return [(number, state) for number, states in enumerate(waves, 1) for state in states]


def test_the_first_offer_is_exclusive() -> None:
    assert offers_to_make([]) == Wave(1, 1)
    assert offers_to_make(past((MADE,))) == Wave(1, 0)


def test_waves_grow_to_three_and_stay_there() -> None:
    assert offers_to_make(past((DECLINED,))) == Wave(2, 2)
    assert offers_to_make(past((DECLINED,), (EXPIRED, DECLINED))) == Wave(3, 3)
    assert offers_to_make(past((DECLINED,), (EXPIRED, DECLINED), (EXPIRED,) * 3)) == Wave(4, 3)


def test_a_new_wave_waits_for_the_last_offer_of_the_present_one() -> None:
    assert offers_to_make(past((DECLINED,), (DECLINED, MADE))) == Wave(2, 0)


def test_an_undeliverable_offer_is_replaced_within_its_wave() -> None:
    assert offers_to_make(past((UNDELIVERABLE,))) == Wave(1, 1)
    assert offers_to_make(past((UNDELIVERABLE, MADE))) == Wave(1, 0)
    assert offers_to_make(past((DECLINED,), (UNDELIVERABLE, MADE))) == Wave(2, 1)


def test_a_wave_that_found_too_few_is_followed_by_the_next() -> None:
    assert offers_to_make(past((DECLINED,), (DECLINED,))) == Wave(3, 3)


def test_a_search_after_a_match_that_came_to_nothing_goes_on_with_the_next_wave() -> None:
    assert offers_to_make(past((DECLINED,), (ACCEPTED, OfferState.SUPERSEDED))) == Wave(3, 3)


@given(st.lists(st.sampled_from(OfferState), max_size=40))
def test_never_more_are_open_than_the_wave_allows(fates: list[OfferState]) -> None:
    offers: list[tuple[int, OfferState]] = []
    for fate in fates:
        wave = offers_to_make(offers)
        offers += [(wave.number, MADE)] * wave.offers
        assert {number for number, state in offers if state is MADE} <= {wave.number}
        assert sum(state is MADE for _, state in offers) <= size_of(wave.number)
        first_open = next(at for at, (_, state) in enumerate(offers) if state is MADE)
        offers[first_open] = (offers[first_open][0], fate)
