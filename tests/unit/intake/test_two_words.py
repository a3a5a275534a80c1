"""The two words stand in every notice, so they are held to what a notice may say."""

import re

from services.intake.domain.two_words import FIRST, SECOND
from tests.support.giveaways import FORBIDDEN

OF_ILLNESS = (
    *(
        "ill",
        "sick",
        "pain",
        "ache",
        "hurt",
        "wound",
        "fever",
        "blood",
        "cure",
        "heal",
        "pill",
        "drug",
        "dose",
        "tablet",
    ),
    *(
        "needle",
        "inject",
        "nerv",
        "shock",
        "panic",
        "fear",
        "sad",
        "cry",
        "tear",
        "weep",
        "mourn",
        "grave",
        "tomb",
        "dead",
    ),
    *(
        "lonel",
        "broken",
        "fragile",
        "weak",
        "mad",
        "insan",
        "craz",
        "shame",
        "guilt",
        "blame",
        "err",
        "fail",
        "help",
        "care",
    ),
    *("heart", "brain", "bone", "scar", "couch", "clinic", "surge", "scan", "test", "recover", "relapse", "sober"),
)
"""Words that would embarrass in a mail that somebody else sees, by their beginnings; some words may begin like that."""

HARMLESS = {"pillow", "saddle", "scarlet"}


def test_there_are_64_of_each_and_none_twice() -> None:
    assert [len(set(words)) for words in (FIRST, SECOND)] == [64, 64]
    assert not set(FIRST) & set(SECOND)


def test_t8_no_word_in_any_form_is_one_that_no_notice_may_contain() -> None:
    for word in (*FIRST, *SECOND):
        for form in (word, f"{word}s", f"{word}es", f"{word}ly", f"{word}ness", word.removesuffix("y") + "ies"):
            assert [stem for stem in FORBIDDEN if re.search(rf"\b{stem}", form)] == []


def test_t8_no_word_makes_somebody_think_of_illness() -> None:
    words = {*FIRST, *SECOND} - HARMLESS
    assert [word for word in words if word.startswith(OF_ILLNESS)] == []


def test_t8_no_two_of_them_run_together_into_such_a_word() -> None:
    pairs = [f"{first}{second}" for first in FIRST for second in SECOND]
    assert [stem for stem in FORBIDDEN if re.search(rf"\b{stem}", " ".join(pairs))] == []
