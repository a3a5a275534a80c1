"""A word that was divided is no longer offered, stays readable, and means any of its parts."""

from copy import deepcopy
from itertools import product

import pytest

from shared.vocabulary import Vocabulary, VocabularyError, vocabulary
from shared.vocabulary.loading import build, documents

FORMER = [(name, slug) for name in vocabulary().parts for slug in vocabulary().former(name)]


@pytest.mark.parametrize(("name", "slug"), FORMER)
def test_a_former_word_is_as_near_to_each_word_as_the_nearest_of_its_parts(name: str, slug: str) -> None:
    words = vocabulary()
    parts = words.parts[name][slug]
    assert words.near(name, slug, slug) == 1.0
    for other in getattr(words, name):
        assert words.near(name, slug, other) == max(words.near(name, part, other) for part in parts)
        assert words.near(name, other, slug) == max(words.near(name, other, part) for part in parts)
    assert all(words.alike(name, slug, part) and words.near(name, slug, part) >= 0.9 for part in parts)


def test_a_word_that_is_offered_is_as_near_as_ever() -> None:
    words = vocabulary()
    for one, other in product(words.care_areas, repeat=2):
        assert words.near("care_areas", one, other) == words.nearness.care_areas[one, other]


@pytest.mark.parametrize(("name", "slug"), FORMER)
def test_a_former_word_is_in_no_list_and_found_by_no_name(name: str, slug: str) -> None:
    assert slug not in getattr(vocabulary(), name)
    assert slug not in {word["slug"] for word in vocabulary().public()[name]}
    assert slug not in vocabulary().found(name, vocabulary().labels[name][slug])


def divided(name: str, slug: str, means: list[str]) -> Vocabulary:
    """Return a vocabulary in which a word of today was divided into others."""
    changed = deepcopy(documents())
    word = changed[name][name].pop(slug)
    changed[name].setdefault("former", {})[slug] = {"label": word["label"], "means": means}
    changed["other_names"]["other_names"][name].pop(slug, None)
    return build(changed)


def test_a_stage_of_which_a_part_may_be_in_training_counts_as_training() -> None:
    words = divided("stages", "mid_career", ["late_career", "early_training"])
    assert words.is_trainee("mid_career")
    assert not words.is_student("physician", "mid_career")


def test_a_divided_profession_is_one_of_students_if_a_part_is() -> None:
    words = divided("professions", "dentist", ["physician", "medical_student"])
    assert words.is_student("dentist", "mid_career")
    assert words.family_label("dentist") == "Medicine"


@pytest.mark.parametrize(
    ("means", "named"),
    [([], "former.dentist.means"), (["wizard"], "former.dentist.means: 'wizard'"), (["dentist"], "'dentist' is not")],
)
def test_a_former_word_stands_for_words_that_are_offered(means: list[str], named: str) -> None:
    with pytest.raises(VocabularyError, match=named):
        divided("professions", "dentist", means)
