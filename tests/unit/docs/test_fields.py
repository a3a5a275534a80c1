"""docs/privacy.md names every field that somebody can fill in, and truly says into which sealed objects it goes."""

from typing import Any

import pytest

from services.intake.domain.affiliations import Register
from services.intake.domain.card import person_half
from services.intake.schemas.conversation import Write
from services.intake.schemas.person import Ask, ChangeWishes, CheckReceipt, Close, Introduce, SafetyReport
from services.intake.schemas.shapes import shape_person, shape_volunteer
from services.intake.schemas.volunteer import Apply, Approve, AskLink, ChangeVolunteer, Decline, Intake
from shared.vault.purposes import READERS, Purpose
from tests.support.people import a_full_application, a_full_request, a_request, an_application, by_email
from tests.unit.docs.project import rows_under, words_in

PAGE = "docs/privacy.md"
PERSON, VOLUNTEER = "## What a person says", "## What a volunteer says"
ASK = a_request(themes=["burnout", "bereavement"], notify=by_email("one@example.org"))
OTHER = {
    "profession": "physician",
    "care_area": "cardiology",
    "languages": ["cy"],
    "time_zone": "Europe/Paris",
    "notify": by_email("other@example.org"),
}
OTHER_ASK = a_full_request(
    **OTHER,
    stage="student_clinical",
    affiliations=[],
    themes=["moral_injury"],
    most_important="bereavement",
    urgency="today",
)
APPLY = an_application(notify=by_email("one@example.org"))
OTHER_APPLY = a_full_application(**OTHER, name="Other Volunteer", stage="late_career", affiliations=["Tarnside Clinic"])


class Hashes:
    """Hashes that differ where the texts differ."""

    def person(self, text: str) -> str:
        """Return the mark of a person."""
        return f"person {text}"

    def place(self, text: str) -> str:
        """Return the mark of a place."""
        return f"place {text}"


def sealed_of_person(body: dict[str, Any]) -> dict[str, Any]:
    """Return purpose -> object for a person's form."""
    shapes = shape_person(Ask().load(body), Hashes(), Register((), ()))
    return {
        Purpose.PERSON_PROFILE: shapes.profile,
        Purpose.PERSON_NOTIFY: shapes.notify,
        Purpose.PERSON_PRIVATE: shapes.private,
        Purpose.PERSON_CARD: person_half(shapes.profile),
    }


def sealed_of_volunteer(body: dict[str, Any]) -> dict[str, Any]:
    """Return purpose -> object for an application."""
    shapes = shape_volunteer(Apply().load(body), Hashes(), Register((), ()), trained_for=(), two_words=None)
    return {
        Purpose.VOLUNTEER_PROFILE: shapes.profile,
        Purpose.VOLUNTEER_NOTIFY: shapes.notify,
        Purpose.VOLUNTEER_PRIVATE: shapes.private,
    }


def documented(heading: str) -> dict[str, set[str]]:
    """Return field -> purposes, as the page says."""
    return {words_in(field)[0]: set(words_in(sealed)) for field, sealed, *_ in rows_under(PAGE, heading)}


def test_every_field_of_both_forms_is_on_the_page_and_no_other() -> None:
    assert set(documented(PERSON)) == set(Ask().fields) == set(OTHER_ASK)
    assert set(documented(VOLUNTEER)) == set(Apply().fields) == set(OTHER_APPLY)


@pytest.mark.parametrize("field", OTHER_ASK)
def test_a_persons_field_is_sealed_where_the_page_says(field: str) -> None:
    before, after = sealed_of_person(ASK), sealed_of_person({**ASK, field: OTHER_ASK[field]})
    assert {str(purpose) for purpose in before if before[purpose] != after[purpose]} == documented(PERSON)[field]


@pytest.mark.parametrize("field", OTHER_APPLY)
def test_a_volunteers_field_is_sealed_where_the_page_says(field: str) -> None:
    before, after = sealed_of_volunteer(APPLY), sealed_of_volunteer({**APPLY, field: OTHER_APPLY[field]})
    assert {str(purpose) for purpose in before if before[purpose] != after[purpose]} == documented(VOLUNTEER)[field]


def test_what_else_can_be_sent_is_on_the_page() -> None:
    asked = (ChangeWishes, Introduce, Close, CheckReceipt, SafetyReport)
    bodies = (*asked, Write, ChangeVolunteer, AskLink, Decline, Approve, Intake)
    sent = {name for body in bodies for name in body().fields}
    said = {word for row in rows_under(PAGE, "## What else can be sent") for word in words_in(row[0])}
    assert said == sent - set(Ask().fields) - set(Apply().fields)


def test_who_can_open_a_sealed_object_is_what_the_vault_says() -> None:
    rows = {words_in(row[0])[0]: set(row[1].split(", ")) for row in rows_under(PAGE, "## Who can open what")}
    assert rows == {
        str(purpose): {reader.role for reader in READERS if purpose in reader.purposes} for purpose in Purpose
    }
