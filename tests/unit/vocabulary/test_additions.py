"""A programme's operator adds words by a file, which is judged like our own, and changes nothing that is there."""

from pathlib import Path

import pytest

from shared.vocabulary import Vocabulary, VocabularyError, vocabulary
from shared.vocabulary.additions import added_to, operators_text
from shared.vocabulary.loading import build, documents

EXAMPLE = Path(__file__).parents[3] / "deploy" / "vocabulary.example.yaml"
AREA = "{label: Space, groups: [acute]}"


def with_added(text: str) -> Vocabulary:
    return build(added_to(documents(), text))


def test_the_words_of_the_example_are_offered_found_and_near_to_what_they_say() -> None:
    words = with_added(EXAMPLE.read_text("utf-8"))
    assert words.care_areas["camp_medicine"] == "Camp and expedition medicine"
    assert words.group_label("camp_medicine") == "Primary care"
    assert words.found("care_areas", "expedition doctor")[0] == "camp_medicine"
    assert words.near("care_areas", "camp_medicine", "rural_remote_generalist") == 0.7
    assert words.near("care_areas", "camp_medicine", "family_medicine") == 0.6
    assert words.near("professions", "anaesthetic_technologist", "care_support_worker") == 0.5
    assert words.near("professions", "anaesthetic_technologist", "nurse") == 0.2
    assert words.meant("care_areas", "our emergency floor") == "emergency_medicine"
    assert words.labels["themes"] == vocabulary().labels["themes"]


def test_an_empty_file_adds_nothing_and_the_fingerprint_tells_any_other_file() -> None:
    assert with_added("").fingerprint == with_added("# Nothing yet.\n").fingerprint == vocabulary().fingerprint
    prints = [with_added(f"care_areas: {{space_{n}: {AREA}}}").fingerprint for n in (1, 2, 2)]
    assert len({vocabulary().fingerprint, *prints}) == 3
    assert prints[1] == prints[2]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("care_areas: {space: {groups: [acute]}}", "VOCABULARY: care_areas.space.label: Missing"),
        ("care_areas: {space: {label: Space, groups: [orbit]}}", "care_areas.space.groups: 'orbit' is not known"),
        (f"care_areas: {{Space!: {AREA}}}", "VOCABULARY: care_areas.Space!: a slug"),
        (f"care_areas: {{cardiology: {AREA}}}", "VOCABULARY: care_areas.cardiology: it is there already"),
        ("care_areas: {space: {label: S, groups: [], near: {mars: 0.5}}}", "care_areas.space.near: 'mars'"),
        ("care_areas: {space: {label: S, groups: [], near: {cardiology: 2}}}", "care_areas.space.near.cardiology"),
        ("professions: {pilot: {label: Pilot, family: crew}}", "professions.pilot.family: 'crew'"),
        ("care_areas: {space: {label: '  ', groups: [acute]}}", "care_areas.space.label: a label has a letter in it"),
        ("care_areas: {space: {label: cardiology, groups: [acute]}}", "space.label: another word is called so"),
        ("themes: {boredom: {label: Dull}}", "VOCABULARY: themes: Unknown field"),
        ("other_names: {stages: {wizard: [Merlin]}}", "other_names.stages: 'wizard' is not known"),
        ("other_names: {values: {x: [y]}}", "other_names: 'values' is not known"),
        ("just a text", "VOCABULARY: Invalid"),
        ("[1", "VOCABULARY: not YAML"),
    ],
)
def test_a_wrong_entry_is_refused_and_named(text: str, named: str) -> None:
    with pytest.raises(VocabularyError, match=named.replace("(", r"\(")):
        with_added(text)


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOCABULARY_FILE", str(tmp_path / "none.yaml"))
    with pytest.raises(VocabularyError, match="VOCABULARY_FILE names no readable file"):
        operators_text()
    (tmp_path / "none.yaml").write_text("{}")
    assert operators_text() == "{}"


def test_a_word_of_a_newer_version_is_shown_by_its_slug_and_near_to_itself_alone() -> None:
    words = vocabulary()
    assert words.labels["care_areas"]["space_medicine"] == "Space medicine"
    assert words.near("care_areas", "space_medicine", "space_medicine") == 1.0
    assert words.near("care_areas", "space_medicine", "cardiology") == 0.0
    assert words.parts_of("themes", ["space_sickness"]) == {"space_sickness"}
    assert words.is_restricted("space_sickness")
