"""The vocabulary is checked when it is loaded, and the error names the entry."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from shared.vocabulary import VocabularyError, vocabulary
from shared.vocabulary.loading import build, documents

Spoil = Callable[[dict[str, Any]], object]
DOCUMENTS = documents()


def test_no_word_of_the_vocabulary_is_lost() -> None:
    # A word may be added in its file alone. One that is taken away is still in the profiles of those who chose it.
    words = vocabulary()
    at_least = (
        (words.professions, 16),
        (words.care_areas, 44),
        (words.groups, 9),
        (words.stages, 11),
        (words.themes, 32),
        (words.evaluative_roles, 12),
        (words.crisis_lines, 97),
        ([theme for theme in words.themes.values() if theme.restricted], 8),
    )
    assert [len(listed) for listed, least in at_least if len(listed) < least] == []
    assert list(words.genders) == ["woman", "man", "non_binary"]


def test_the_vocabulary_is_loaded_once() -> None:
    assert vocabulary() is vocabulary()


def test_figures_come_with_their_units() -> None:
    words = vocabulary()
    assert words.urgencies["today"].offer_window == timedelta(hours=1)
    assert words.urgencies["today"].alarm_after == timedelta(hours=4)
    assert words.defaults.offers.waves == (1, 2, 3)
    assert words.defaults.match.sign_of_life == timedelta(days=21)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda d: d["care_areas"]["nearness"]["pairs"].append(["cardiology", "astrology", 0.5]), r"pairs\[29\]"),
        (
            lambda d: d["care_areas"]["nearness"]["pairs"].append(["cardiology", "neurology", 1.5]),
            r"pairs\[29\]\[2\]: Must be",
        ),
        (lambda d: d["care_areas"]["nearness"]["with_any"].update(nowhere=0.3), "nowhere"),
        (lambda d: d["care_areas"]["care_areas"]["cardiology"].update(groups=["heart"]), "care_areas.cardiology"),
        (
            lambda d: d["professions"]["professions"]["nurse"].pop("label"),
            r"professions.yaml: professions.nurse.label: Missing",
        ),
        (lambda d: d["professions"]["professions"]["nurse"].update(family="x"), "professions.nurse.family"),
        (lambda d: d["professions"]["nearness"]["circles"][0]["members"].append("wizard"), "wizard"),
        (
            lambda d: d["stages"]["stages"]["mid_career"].update(order="late"),
            "stages.yaml: stages.mid_career.order: Not a valid",
        ),
        (lambda d: d["stages"]["nearness"]["steps"].pop(1), "gap"),
        (
            lambda d: d["stages"].update(student_limit="left_or_retired"),
            r"student_limit \(on the ladder\): 'left_or_retired'",
        ),
        (lambda d: d["themes"]["themes"]["burnout"].update(clusters=[]), "themes.burnout.clusters"),
        (lambda d: d["themes"].update(sheltered_cluster="nothing"), "sheltered_cluster"),
        (lambda d: d["choices"].update(compared_levels=["planet"]), "planet"),
        (lambda d: d["choices"]["urgencies"]["today"].update(offer_window_h=0), "today.offer_window_h"),
        (lambda d: d["figures"]["score"]["weights"].update(stage=0.5), "sum to 1.35"),
        (lambda d: d["figures"]["score"]["weights"].update(charm=0.0), "score.weights: Not those"),
        (lambda d: d["figures"]["offers"].update(nudge_at=-1), "offers.nudge_at"),
        (lambda d: d["figures"]["volunteer"].update(waking_hours=["dawn", "dusk"]), r"waking_hours\[0\]"),
        (
            lambda d: d["crisis_lines"]["crisis_lines"][0].pop("source"),
            r"crisis_lines.yaml: crisis_lines\[0\].source: Missing",
        ),
        (lambda d: d["crisis_lines"]["crisis_lines"][0].pop("call"), "nothing to call"),
        (lambda d: d["crisis_lines"]["crisis_lines"][0].update(verified_on="soon"), "verified_on"),
        (lambda d: d["other_names"]["other_names"].update(values={}), "other_names: 'values' is not known"),
        (
            lambda d: d["other_names"]["other_names"]["themes"].update(boredom=[["Dull"]]),
            "other_names.themes: 'boredom'",
        ),
        (lambda d: d["other_names"]["other_names"]["themes"].update(burnout=["Tired"]), r"other_names.themes.burnout"),
    ],
)
def test_wrong_data_is_refused_and_named(spoil: Spoil, named: str) -> None:
    spoiled = deepcopy(DOCUMENTS)
    spoil(spoiled)
    with pytest.raises(VocabularyError, match=named):
        build(spoiled)


def test_a_form_gets_plain_json_with_every_slug() -> None:
    public = json.loads(json.dumps(vocabulary().public()))
    assert {entry["slug"] for entry in public["themes"]} == set(vocabulary().themes)
    assert public["genders"][0] == {"slug": "woman", "label": "Woman"}
    assert public["at_most"] == {"themes": 3, "values": 3}


def test_coarse_labels_stand_on_offer_cards() -> None:
    words = vocabulary()
    assert words.family_label("nursing_student") == words.family_label("midwife")
    assert words.group_label("perioperative_theatre") == "Acute care"
    assert words.group_label("undecided_preclinical") == "Not yet in a specialty"
    assert words.band_label("late_career") == words.band_label("early_career")


def test_students_are_known_by_profession_or_stage() -> None:
    words = vocabulary()
    assert words.is_student("medical_student", "career_break_or_return")
    assert words.is_student("physician", "student_clinical")
    assert not words.is_student("physician", "early_training")
    assert words.is_trainee("early_training")
    assert words.is_trainee("career_break_or_return")
    assert not words.is_trainee("mid_career")
