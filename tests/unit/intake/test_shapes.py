"""What is sealed for whom: nothing readable for the matcher that it need not read, and no loss on the way back."""

from typing import Any

from services.intake.api.asking import Ask
from services.intake.api.volunteering import Apply
from services.intake.domain.shapes import person_form, shape_person, shape_volunteer, volunteer_form

ASK: dict[str, Any] = {
    "profession": "nurse",
    "care_area": "critical_care",
    "stage": "early_career",
    "languages": ["en"],
    "time_zone": "Europe/London",
    "affiliations": ["Planted Infirmary"],
    "avoid": {"affiliations": ["Planted Board"], "people": ["Planted Enemy"]},
    "contact": {"channel": "signal", "value": "planted contact"},
    "notify": {"channel": "email", "value": "planted@example.org", "language": "en"},
    "words": "planted words",
    "programme_code": "planted code",
}
APPLY: dict[str, Any] = {
    "name": "Planted Volunteer",
    "notify": {"channel": "email", "value": "planted@example.org", "language": "en"},
    "profession": "nurse",
    "care_area": "critical_care",
    "stage": "mid_career",
    "languages": ["en"],
    "time_zone": "Europe/Paris",
    "affiliations": ["Planted Clinic"],
    "evaluative_roles": [{"role": "examiner", "body": "Planted College"}],
    "contact": {"channel": "phone", "value": "planted phone"},
}


class MarkedHashes:
    """Hashes whose kind can be seen; the text is only hinted at by its length."""

    def person(self, text: str) -> str:
        """Return the mark of a person."""
        return f"person-{len(text)}"

    def place(self, text: str) -> str:
        """Return the mark of a place."""
        return f"place-{len(text)}"


def test_the_matcher_gets_no_name_address_or_place_of_a_person() -> None:
    profile = shape_person(Ask().load(ASK), MarkedHashes()).profile
    assert "lanted" not in str(profile)
    assert profile["affiliations"] == ["place-17"]
    assert profile["avoid"] == {"affiliations": ["place-13"], "people": ["person-13"]}
    assert profile["identity"] == ["person-15", "person-19"]


def test_the_programme_code_is_sealed_nowhere() -> None:
    assert "planted code" not in str(shape_person(Ask().load(ASK), MarkedHashes()))


def test_whoever_wants_no_notices_has_nothing_sealed_for_the_notifier() -> None:
    assert shape_person(Ask().load({**ASK, "notify": None}), MarkedHashes()).notify is None


def test_the_form_of_a_person_comes_back_whole() -> None:
    form = Ask().load(ASK)
    shapes = shape_person(form, MarkedHashes())
    again = person_form(shapes.profile, shapes.private, shapes.notify)
    assert again == {name: value for name, value in form.items() if name != "programme_code"}


def test_the_matcher_gets_no_name_address_or_place_of_a_volunteer() -> None:
    shapes = shape_volunteer(Apply().load(APPLY), MarkedHashes(), trained_for=["b", "a"], two_words="quiet harbour")
    assert "lanted" not in str(shapes.profile)
    assert shapes.profile["evaluative_roles"] == [{"role": "examiner", "body": "place-15"}]
    assert shapes.profile["trained_for"] == ["a", "b"]
    assert shapes.profile["identity"] == ["person-13", "person-17", "person-19"]
    assert shapes.notify["two_words"] == "quiet harbour"


def test_the_form_of_a_volunteer_comes_back_whole() -> None:
    form = Apply().load(APPLY)
    shapes = shape_volunteer(form, MarkedHashes(), trained_for=[], two_words=None)
    assert volunteer_form(shapes.profile, shapes.private, shapes.notify) == form
