"""The card, the sentence about why, and the times on it."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.card import card_for, card_preview, person_half
from services.intake.domain.times import shared_times
from services.intake.domain.why import why_this_peer
from services.intake.texts.saying import themes_said, times_said, weekday, why_said
from shared.vocabulary import DAYS, vocabulary
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
    said = [shared_times(block, "Europe/London", [], "Australia/Sydney", now) for now in (WINTER, SUMMER)]
    assert [times_said({"times": times}) for times in said] == [["Monday 09:00-10:00"], ["Monday 07:00-08:00"]]


def times_of(mine: list[str], zone: str, theirs: list[str], other: str, now: datetime = WINTER) -> list[str]:
    """Return the times on the card of two who said blocks such as `mon 18:00-21:00`."""
    parts = [
        [dict(zip(("day", "from", "to"), re.split("[ -]", each), strict=True)) for each in said]
        for said in (mine, theirs)
    ]
    return times_said({"times": shared_times(parts[0], zone, parts[1], other, now)})


PARIS, LONDON = "Europe/Paris", "Europe/London"


@pytest.mark.parametrize(
    ("mine", "theirs", "shown"),
    [
        (["mon 18:00-21:00", "tue 18:00-21:00"], ["mon 20:00-23:00"], ["Monday 20:00-22:00"]),
        (["mon 18:00-21:00"], ["mon 21:40-23:00"], []),
        (["mon 18:10-18:50"], ["mon 19:15-19:50"], ["Monday 19:15-19:50"]),
        (["mon 22:00-24:00", "tue 00:00-01:00"], ["mon 23:00-24:00", "tue 00:00-03:00"], ["Monday 23:00-02:00"]),
        (["mon 22:00-23:00"], ["mon 00:00-24:00"], ["Monday 23:00-24:00"]),
        (["mon 18:00-21:00"], [], ["Monday 19:00-22:00"]),
        ([], ["mon 18:00-21:00"], []),
    ],
)
def test_only_times_that_both_share_are_on_the_card_by_the_readers_clock(
    mine: list[str], theirs: list[str], shown: list[str]
) -> None:
    assert times_of(mine, LONDON, theirs, PARIS) == shown


def test_a_time_that_is_under_way_is_said_once_and_whole_and_every_day_as_days() -> None:
    assert times_of(["wed 11:00-13:00"], LONDON, [], LONDON, WINTER) == ["Wednesday 11:00-13:00"]
    always = [f"{day} 00:00-24:00" for day in DAYS]
    assert times_of(always, LONDON, always, "Asia/Kolkata") == [f"{weekday(day)} 00:00-24:00" for day in DAYS]


def test_a_card_says_both_hours_of_a_time_that_a_change_of_clocks_moves_within_the_next_days() -> None:
    before = datetime(2026, 10, 20, 12, tzinfo=UTC)
    assert times_of(["thu 18:00-19:00"], LONDON, [], "Asia/Kolkata", before) == [
        "Thursday 22:30-23:30",
        "Thursday 23:30-00:30",
    ]


def test_languages_meet_on_the_card_as_they_are_spoken() -> None:
    half = person_half({**PERSON, "languages": ["en-GB", "nb", "cy"]})
    assert card_for(half, {**VOLUNTEER, "languages": ["en", "no"]}, WINTER)["languages"] == ["en-GB", "nb"]


def test_why_names_what_is_near_and_never_what_the_volunteer_lived() -> None:
    peer = {**VOLUNTEER, "themes": lived("burnout"), "profession": "nurse", "care_area": "emergency_medicine"}
    sentence = why_said(why_this_peer(PERSON, {**peer, "stage": "mid_career"}))
    assert sentence == (
        "This peer has lived through something that you named, has your profession, in a related area"
        " and is only a little way from where you are."
    )


def test_what_was_lived_less_than_a_year_ago_is_no_reason() -> None:
    assert "lived" not in why_said(why_this_peer(PERSON, {**VOLUNTEER, "themes": lived("burnout", years_ago=0.5)}))


NEAR_RESTRICTED = [
    (restricted, other)
    for restricted in sorted(RESTRICTED)
    for other in sorted(WORDS.themes.keys() - RESTRICTED)
    if WORDS.nearness.themes[restricted, other] >= 0.5
]


@pytest.mark.parametrize(("restricted", "asked"), NEAR_RESTRICTED)
def test_a_restricted_theme_is_a_reason_only_if_the_volunteer_opted_in_and_is_trained(
    restricted: str, asked: str
) -> None:
    person, peer = {**PERSON, "themes": [asked]}, {**VOLUNTEER, "themes": lived(restricted)}
    ready, trained = {"ready_for": [restricted]}, {"trained_for": [restricted]}
    assert "knows" in why_this_peer(person, peer | ready | trained)
    for not_ready in (peer, peer | ready, peer | trained):
        assert "knows" not in why_this_peer(person, not_ready)


def test_there_is_always_a_sentence() -> None:
    assert why_said(why_this_peer(PERSON, VOLUNTEER)).startswith("This peer is free")


@given(THEMES, THEMES)
def test_the_sentence_never_names_a_theme(asked: list[str], named: list[str]) -> None:
    sentence = why_said(why_this_peer({**PERSON, "themes": asked}, {**VOLUNTEER, "themes": lived(*named)}))
    assert not any(theme.label in sentence for theme in WORDS.themes.values())


def test_a_word_of_a_newer_version_leaves_the_card_readable_and_unknown_themes_unnamed() -> None:
    newer = PERSON | {"profession": "astronaut", "care_area": "space_medicine", "stage": "in_orbit"}
    half = person_half(newer | {"themes": ["space_sickness", "burnout"]})
    assert half["themes"] == ["burnout"]
    assert half["care_area_group"] == "Other, or rather not say"
    card = card_for(half, VOLUNTEER | {"themes": lived("space_sickness", "burnout")}, WINTER)
    assert card["themes"] == ["Exhausted, nothing left"]
    assert why_this_peer(newer, VOLUNTEER | {"care_area": "space_medicine"})


def test_a_former_theme_is_named_on_the_card_of_somebody_who_lived_a_part_of_it() -> None:
    half = person_half(PERSON | {"themes": ["public_shaming"], "most_important": None})
    assert card_for(half, VOLUNTEER | {"themes": lived("whistle_blowing")}, WINTER)["themes"] != []
    assert card_for(half, VOLUNTEER | {"themes": lived("burnout")}, WINTER)["themes"] == []
