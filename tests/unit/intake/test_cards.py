"""The card, the sentence about why, and the times on it."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.card import card_for, card_preview, person_half
from services.intake.domain.times import in_other_zone
from services.intake.domain.why import why_this_peer
from services.intake.texts.saying import themes_said, times_said, why_said
from shared.vocabulary import vocabulary
from tests.support.people import a_person_opened, a_volunteer_opened, lived

WORDS = vocabulary()
WINTER, SUMMER = datetime(2026, 1, 14, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)
RESTRICTED = {slug for slug, theme in WORDS.themes.items() if theme.restricted}
PERSON = a_person_opened(themes=["adverse_event_error", "burnout"], most_important="burnout")
VOLUNTEER = a_volunteer_opened(profession="physician", care_area="dermatology", stage="student_preclinical", themes=[])
READY_FOR = "something you said you are ready for"
THEMES = st.lists(st.sampled_from(sorted(WORDS.themes)), max_size=3, unique=True)


@given(THEMES, THEMES, st.lists(st.sampled_from(sorted(RESTRICTED)), unique=True))
def test_no_card_names_a_restricted_theme_or_one_the_volunteer_did_not_name(
    asked: list[str], named: list[str], ready: list[str]
) -> None:
    half = person_half({**PERSON, "themes": asked, "most_important": None})
    card = card_for(half, {**VOLUNTEER, "themes": lived(*named), "ready_for": ready}, WINTER)
    allowed = {WORDS.themes[slug].label for slug in set(asked) & set(named) - RESTRICTED}
    assert set(card["themes"]) <= allowed
    assert len(set(card["themes"])) <= 2
    assert (READY_FOR in themes_said(card)) == bool(set(asked) & RESTRICTED & set(ready))


def test_the_theme_that_matters_most_is_shown_first() -> None:
    half = person_half({**PERSON, "themes": ["adverse_event_error", "patient_death", "burnout"]})
    card = card_for(half, {**VOLUNTEER, "themes": lived("adverse_event_error", "patient_death", "burnout")}, WINTER)
    assert card["themes"] == ["Exhausted, nothing left", "A mistake or a bad outcome"]


def test_a_card_is_coarse() -> None:
    card = card_preview(person_half(PERSON), WINTER)
    said = str(card)
    assert card["stage_band"] == "In independent practice"
    assert "Intensive" not in said
    assert "Nurse (" not in said
    assert "London" not in said


def test_only_what_both_have_is_on_the_card() -> None:
    half = person_half({**PERSON, "languages": ["en", "cy"], "modalities": ["phone", "walk"]})
    card = card_for(half, {**VOLUNTEER, "modalities": ["phone", "video"]}, WINTER)
    assert (card["languages"], card["modalities"]) == (["en"], ["Phone"])
    assert card_for(half, VOLUNTEER, WINTER)["modalities"] == ["Phone", "A walk"]


def test_times_are_said_in_the_readers_zone_on_the_readers_day() -> None:
    block = [{"day": "sun", "from": "22:00", "to": "23:00"}]
    assert times_said({"times": in_other_zone(block, "Europe/London", "Australia/Sydney", WINTER)}) == [
        "Monday 09:00-10:00"
    ]
    assert times_said({"times": in_other_zone(block, "Europe/London", "Australia/Sydney", SUMMER)}) == [
        "Monday 07:00-08:00"
    ]


def test_why_names_what_is_near_and_never_what_the_volunteer_lived() -> None:
    peer = {**VOLUNTEER, "themes": lived("burnout"), "profession": "nurse", "care_area": "emergency_medicine"}
    sentence = why_said(why_this_peer(PERSON, {**peer, "stage": "mid_career"}))
    assert sentence == (
        "This peer has lived through something that you named, has your profession, in a related area"
        " and is only a little way from where you are."
    )


def test_what_was_lived_less_than_a_year_ago_is_no_reason() -> None:
    assert "lived" not in why_said(why_this_peer(PERSON, {**VOLUNTEER, "themes": lived("burnout", years_ago=0.5)}))


def test_there_is_always_a_sentence() -> None:
    assert why_said(why_this_peer(PERSON, VOLUNTEER)).startswith("This peer is free")


@given(THEMES, THEMES)
def test_the_sentence_never_names_a_theme(asked: list[str], named: list[str]) -> None:
    sentence = why_said(why_this_peer({**PERSON, "themes": asked}, {**VOLUNTEER, "themes": lived(*named)}))
    assert not any(theme.label in sentence for theme in WORDS.themes.values())
