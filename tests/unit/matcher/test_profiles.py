"""Opened profiles are read kindly, and what is wrong is named without being repeated."""

from typing import Any

import pytest

from services.matcher.domain.profiles import Capacity, PersonProfile, VolunteerProfile
from tests.unit.matcher.oracle import broken_rules
from tests.unit.matcher.worlds import a_person, a_state, a_volunteer, person_data, volunteer_data


def test_unknown_fields_are_ignored() -> None:
    assert PersonProfile.from_data(person_data(shoe_size=43)) == a_person()


def test_only_what_is_required_need_be_there() -> None:
    required = ("profession", "care_area", "stage", "languages", "time_zone")
    person = PersonProfile.from_data({name: person_data()[name] for name in required})
    assert (person.urgency, person.care_area_wish, person.themes) == ("no_hurry", "related", ())
    volunteer = VolunteerProfile.from_data({name: volunteer_data()[name] for name in required})
    assert volunteer.capacity == Capacity(active=1, new_per_month=2)
    assert (volunteer.rhythm.wakes, volunteer.rhythm.sleeps) == (8 * 60, 21 * 60 + 30)


def test_languages_are_compared_by_their_first_part() -> None:
    assert a_person(languages=["fr-CA", "EN-gb", "fr"]).languages == ("fr", "en")


@pytest.mark.parametrize("zone", ["localtime", "Factory"])
def test_a_zone_that_was_once_taken_and_says_nothing_is_read_as_utc(zone: str) -> None:
    assert a_person(time_zone=zone).zone == a_volunteer(time_zone=zone).rhythm.zone == "UTC"


def test_languages_of_older_profiles_meet_whatever_code_was_taken_then() -> None:
    assert a_person(languages=["deu", "tl", "nb"]).languages == ("de", "fil", "no")
    assert a_volunteer(languages=["DE", "tgl", "nn"]).languages == {"de", "fil", "no"}


def test_times_of_older_profiles_are_read_to_the_minute_and_too_short_ones_meet_nobody() -> None:
    short = [{"day": "mon", "from": "18:10", "to": "18:30"}]
    assert a_person(availability=short).week == ((1090, 1110),)
    assert broken_rules(a_person(availability=short), a_volunteer(availability=short), a_state()) == [
        "no_overlapping_time"
    ]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"profession": "secret-wizard"}, "profession: not a known slug"),
        ({"profession": None}, "profession: missing"),
        ({"languages": []}, "languages: missing"),
        ({"time_zone": "Secret/Town"}, "time_zone: not a time zone"),
        ({"time_zone": "../secret"}, "time_zone: not a time zone"),
        ({"time_zone": None}, "time_zone: missing"),
        ({"themes": ["secret"]}, "themes: not a known slug"),
        ({"themes": "secret"}, "themes: not a list"),
        ({"affiliations": [7]}, "affiliations: not a list of texts"),
        ({"avoid": ["secret"]}, "avoid: not an object"),
        ({"avoid": {"people": [None]}}, "avoid.people: not a list of texts"),
        ({"availability": [{"day": "mon", "from": "9", "to": "secret"}]}, r"availability\[0\].from: not a time of day"),
        ({"availability": [{"day": "secret", "from": "09:00", "to": "10:00"}]}, r"availability\[0\].day"),
        ({"availability": ["secret"]}, r"availability\[0\]: not an object"),
    ],
)
def test_bad_data_of_a_person_is_named_and_not_repeated(said: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named) as raised:
        a_person(**said)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"evaluative_roles": [{"role": "secret", "body": "x"}]}, r"evaluative_roles\[0\].role: not a known slug"),
        ({"evaluative_roles": [{"role": "examiner"}]}, r"evaluative_roles\[0\].body: missing"),
        ({"themes": [{"slug": "burnout", "years_ago": "secret"}]}, r"themes\[0\].years_ago: not a number of years"),
        ({"waking_hours": ["08:00"]}, "waking_hours: not two times of day"),
        ({"capacity": {"active": -1}}, "capacity.active: not a whole number from 0 to 200"),
    ],
)
def test_bad_data_of_a_volunteer_is_named_and_not_repeated(said: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named) as raised:
        a_volunteer(**said)
    assert "secret" not in str(raised.value)


def test_what_is_no_object_is_no_profile() -> None:
    with pytest.raises(ValueError, match="profile: not an object"):
        PersonProfile.from_data(["secret"])
