"""Languages by any of their codes are one, and others stay others."""

import pytest
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.vocabulary.languages import canonical, spoken

ALIASES = {
    old: new.replace("_", "-")
    for old, new in get_global("language_aliases").items()
    if len(old) in (2, 3) and old.isalpha()
}
"""CLDR's list of other codes of languages: a second source beside langcodes."""


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("EN", "en"),
        ("en-gb", "en-GB"),
        ("deu", "de"),
        ("ger-AT", "de-AT"),
        ("iw", "he"),
        ("cmn-hans", "zh-Hans"),
        ("zh-yue", "yue"),
        ("tl", "fil"),
        ("sw", "sw"),
        ("nb", "nb"),
        ("xx", None),
        ("qq", None),
        ("qaa", None),
        ("und", None),
        ("zxx", None),
        ("x", None),
    ],
)
def test_a_tag_is_written_in_one_way_and_what_names_no_language_is_none(tag: str, written: str | None) -> None:
    assert canonical(tag) == written


@pytest.mark.parametrize(
    "one",
    [
        "deu de ger DE-ch de-Latn-AT",
        "nb no nn nor nob nno",
        "fil tl tgl",
        "zh cmn chi zh-Hant-TW",
        "ar arb ara",
        "pa pan pnb pa-Arab",
    ],
)
def test_the_names_of_one_language_meet(one: str) -> None:
    assert len({spoken(tag) for tag in one.split()}) == 1


@pytest.mark.parametrize("others", ["sr hr bs", "zh yue nan", "da no sv", "id ms", "hi ur", "gsw de", "pt es gl"])
def test_neighbours_that_are_other_languages_do_not_meet(others: str) -> None:
    assert len({spoken(tag) for tag in others.split()}) == len(others.split())


def test_every_other_code_that_cldr_knows_meets_its_language() -> None:
    apart = {old for old, new in ALIASES.items() if len(spoken(new)) == 2 and spoken(old) != spoken(new)}
    assert apart == set()


@settings(max_examples=40)
@given(st.from_regex(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", fullmatch=True))
def test_what_is_written_once_stays_as_it_is_and_is_spoken_alike(tag: str) -> None:
    written = canonical(tag)
    if written is not None:
        assert canonical(written) == written
        assert spoken(written) == spoken(tag) == spoken(tag.upper())
