"""Fields that the person's and the volunteer's form have in common."""

from typing import Any

from services.intake.schemas.person import CONTACT_CHANNELS
from services.intake.web.forms import lists
from services.intake.web.forms.composite import Avoid, Contact, Languages, Week
from services.intake.web.forms.controls import Choice, Choices
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import Field

PROFESSION = Field("profession", "What you do", Choice(plain(WORDS.professions)), missing="Choose what you do.")
CARE_AREA = Field(
    "care_area", "Where in health care", Choice(lists.care_areas()), missing="Choose where you work or study."
)
STAGE = Field("stage", "Where you are on the way", Choice(lists.stages()), missing="Choose where you are on the way.")
LANGUAGES = Field(
    "languages",
    "The language you are most at ease in",
    Languages(plain(lists.LANGUAGES)),
    missing="Choose at least one language.",
)
TIME_ZONE = Field(
    "time_zone",
    "Your time zone",
    Choice(lists.time_zones(), widget="zone"),
    hint="The nearest large city.",
    missing="Choose the time zone you live in.",
)
VALUES = Field("values", "What you hold dear", Choices(plain(WORDS.values)), hint=f"At most {WORDS.values_at_most}.")
AVAILABILITY = Field(
    "availability",
    "When you are usually free",
    Week(),
    hint="In your own time. Leave every day empty if it changes too much.",
)


def modalities(label: str) -> Field:
    """Return the field for ways to talk."""
    return Field("modalities", label, Choices(plain(WORDS.modalities)), hint="None ticked means any of them.")


def conversation(label: str) -> Field:
    """Return the field for kinds of conversation."""
    return Field("conversation", label, Choices(plain(WORDS.conversation)))


def avoid(hint: str) -> Field:
    """Return the field for places and people that are never to come near."""
    return Field("avoid", "Never these places or people", Avoid(), hint=hint)


def contact(label: str, hint: str, blank: Any) -> Field:
    """Return the field for a way to be reached; `blank` is the JSON for none."""
    return Field("contact", label, Contact(plain(WORDS.contact_channels, CONTACT_CHANNELS), blank=blank), hint=hint)
