"""How near one word is to another: the figures of the data, symmetric, and always in [0, 1]."""

from itertools import product

import pytest

from shared.vocabulary import vocabulary


def test_every_nearness_lies_between_nothing_and_the_same() -> None:
    near = vocabulary().nearness
    for pairs in (near.professions, near.care_areas, near.stages, near.themes):
        assert all(0.0 <= value <= 1.0 for value in pairs.values())


def test_nearness_is_symmetric_and_one_with_itself() -> None:
    near = vocabulary().nearness
    for pairs in (near.professions, near.care_areas, near.themes):
        assert all(pairs[other, one] == value for (one, other), value in pairs.items())
        assert all(pairs[slug, slug] == 1.0 for slug, _ in pairs)


def test_every_pair_has_a_nearness() -> None:
    words = vocabulary()
    assert set(words.nearness.care_areas) == set(product(words.care_areas, repeat=2))
    assert set(words.nearness.stages) == set(product(words.stages, repeat=2))


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("physician", "medical_student", 0.7),
        ("nurse", "midwife", 0.7),
        ("physician", "advanced_practice_nurse", 0.5),
        ("paramedic", "nurse", 0.4),
        ("dentist", "nurse", 0.2),
    ],
)
def test_professions_are_as_near_as_the_data_says(one: str, other: str, near: float) -> None:
    assert vocabulary().nearness.professions[one, other] == near


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("critical_care", "anesthesiology", 0.8),
        ("palliative_care", "critical_care", 0.4),
        ("cardiology", "nephrology", 0.6),
        ("geriatrics_long_term_care", "family_medicine", 0.6),
        ("emergency_medicine", "urology", 0.3),
        ("cardiology", "dermatology", 0.15),
        ("dermatology", "psychiatry", 0.3),
        ("urology", "dermatology", 0.0),
        ("undecided_preclinical", "urology", 0.3),
        ("other_or_prefer_not_to_say", "urology", 0.0),
        ("dentistry", "oral_maxillofacial_surgery", 0.7),
        ("clinical_education", "clinical_research", 0.6),
        ("clinical_research", "urology", 0.0),
        ("agency_bank_work", "urology", 0.3),
        ("clinical_pharmacology", "nephrology", 0.6),
    ],
)
def test_the_largest_rule_between_care_areas_wins(one: str, other: str, near: float) -> None:
    assert vocabulary().nearness.care_areas[one, other] == near


@pytest.mark.parametrize(
    ("person", "volunteer", "near"),
    [
        ("early_training", "senior_training", 1.0),
        ("senior_training", "early_training", 0.7),
        ("early_training", "early_training", 0.9),
        ("early_training", "mid_career", 0.3),
        ("late_career", "student_preclinical", 0.2),
        ("left_clinical_work", "left_clinical_work", 1.0),
        ("late_career", "retired", 0.9),
        ("winding_down", "retired", 1.0),
        ("on_leave", "returning", 0.9),
        ("suspended", "locum", 0.5),
        ("left_or_retired", "left_or_retired", 1.0),
        ("left_or_retired", "mid_career", 0.5),
    ],
)
def test_a_near_peer_a_little_ahead_is_best(person: str, volunteer: str, near: float) -> None:
    assert vocabulary().near("stages", person, volunteer) == near


def test_themes_of_one_cluster_are_half_as_near() -> None:
    words = vocabulary()
    assert words.nearness.themes["burnout", "moral_injury"] == 0.5
    assert words.nearness.themes["burnout", "bereavement"] == 0.0
