"""Fields that the person's and the volunteer's form have in common, and controls under different words."""

from typing import Any

from services.intake.schemas.person import CONTACT_CHANNELS
from services.intake.web.forms import lists
from services.intake.web.forms.composite import Avoid, Contact, Languages, Week
from services.intake.web.forms.controls import Choice, Choices
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import Field

PROFESSION = Field("profession", Choice(plain(WORDS.professions)))
CARE_AREA = Field("care_area", Choice(lists.care_areas()))
STAGE = Field("stage", Choice(lists.stages()))
LANGUAGES = Field("languages", Languages(lists.languages()))
TIME_ZONE = Field("time_zone", Choice(lists.time_zones(), widget="zone"))
VALUES = Field("values", Choices(plain(WORDS.values)))
AVAILABILITY = Field("availability", Week())

AVOID = Avoid()
CONVERSATION = Choices(plain(WORDS.conversation))
MODALITIES = Choices(plain(WORDS.modalities))


def contact(blank: Any) -> Contact:
    """Return the control for a way to be reached; `blank` is the JSON for none."""
    return Contact(plain(WORDS.contact_channels, CONTACT_CHANNELS), blank=blank)
