"""Offer tokens and home links prove themselves, and nothing else passes for one."""

import secrets

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.refs import ALPHABET, new_ref
from shared.vault.keyrings import Keyring, new_key
from shared.vault.request_keys import new_key as new_request_key
from shared.vault.tokens import (
    BadToken,
    HomeLink,
    home_link,
    offer_token,
    read_home_link,
    read_offer_token,
    to_type,
    webhook_secret,
)
from tests.support.keyrings import add_key
from tests.unit.vault.conftest import MakeKeyring


@pytest.fixture
def links(make_keyring: MakeKeyring) -> Keyring:
    """Return the keyring behind all tokens."""
    return make_keyring("links")


def test_a_token_says_which_offer_it_is_for(links: Keyring) -> None:
    offer = new_ref()
    assert read_offer_token(links, offer_token(links, offer)) == offer


def test_a_home_link_says_whose_and_which_generation(links: Keyring) -> None:
    volunteer = new_ref()
    for generation in (0, 1, 31, 32, 32**4 - 1):
        assert read_home_link(links, home_link(links, volunteer, generation)) == HomeLink(volunteer, generation)


@pytest.mark.parametrize("generation", [-1, 32**4])
def test_a_generation_out_of_range_is_refused(links: Keyring, generation: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        home_link(links, new_ref(), generation)


def test_a_typed_token_is_groups_of_four_and_is_forgiven_its_spelling(links: Keyring) -> None:
    offer = new_ref()
    typed = to_type(offer_token(links, offer))
    assert {len(group) for group in typed.split("-")} == {4}
    sloppy = typed.upper().replace("0", "O").replace("1", "l").replace("-", " ")
    assert read_offer_token(links, sloppy) == offer


def test_tokens_made_before_a_rotation_stay_good_and_new_ones_use_the_new_key(links: Keyring) -> None:
    offer = new_ref()
    old = offer_token(links, offer)
    add_key(links.path, *new_key(secrets.token_bytes))
    new = offer_token(links, offer)
    assert old != new
    assert read_offer_token(links, old) == read_offer_token(links, new) == offer


def test_an_offer_token_is_no_home_link_and_the_reverse(links: Keyring) -> None:
    with pytest.raises(BadToken):
        read_home_link(links, offer_token(links, new_ref()))
    with pytest.raises(BadToken):
        read_offer_token(links, home_link(links, new_ref(), 1))


def test_a_home_links_proof_does_not_carry_over_to_the_next_generation(links: Keyring) -> None:
    volunteer = new_ref()
    proof = home_link(links, volunteer, 1).split(".")[2]
    with pytest.raises(BadToken):
        read_home_link(links, f"{volunteer}.0002.{proof}")


def test_another_houses_token_is_refused(links: Keyring, make_keyring: MakeKeyring) -> None:
    with pytest.raises(BadToken):
        read_offer_token(links, offer_token(make_keyring("others"), new_ref()))


@pytest.mark.parametrize(
    "text",
    ["", "x", new_ref(), new_request_key(secrets.token_bytes), "u" * 48, "é" * 48],
    ids=["nothing", "too short", "a ref", "a request key", "no base32", "no ASCII"],
)
def test_what_is_no_token_is_refused(links: Keyring, text: str) -> None:
    with pytest.raises(BadToken):
        read_offer_token(links, text)


def test_every_wrong_character_is_refused(links: Keyring) -> None:
    token = offer_token(links, new_ref()).replace(".", "")

    @given(st.integers(min_value=0, max_value=47), st.sampled_from(ALPHABET))
    def changed(at: int, other: str) -> None:
        assume(token[at] != other)
        with pytest.raises(BadToken):
            read_offer_token(links, token[:at] + other + token[at + 1 :])

    changed()


def test_each_volunteer_has_a_webhook_secret_of_their_own(links: Keyring) -> None:
    one, two = new_ref(), new_ref()
    assert webhook_secret(links, one) == webhook_secret(links, one)
    assert webhook_secret(links, one) != webhook_secret(links, two)
    assert len(webhook_secret(links, one)) == 64
