"""The form with which a volunteer applies, and the one with which they change what they said."""

from services.intake.web.forms import lists, shared_fields
from services.intake.web.forms.composite import Address, Capacity, Hours, Lived, Roles
from services.intake.web.forms.controls import Choice, Choices, Control, Lines, Text
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import Field, Form, Section
from services.intake.web.forms.person import NOTICE_LANGUAGE


def _field(name: str, control: Control) -> Field:
    return Field(name, control, f"form.volunteer.{name}")


_NAME = _field("name", Text(longest=120))
_NOTIFY = _field("notify", Address(NOTICE_LANGUAGE, widget="address"))
_AFFILIATIONS = _field("affiliations", Lines())
_ROLES = _field("evaluative_roles", Roles(lists.roles()))
_THEMES = _field("themes", Lived(lists.themes()))
_READY = _field("ready_for", Choices(lists.restricted_themes()))
_WAKING = _field("waking_hours", Hours())
_GENDER = _field("gender", Choice(plain(WORDS.genders), blank=None))
_CAPACITY = _field("capacity", Capacity())
_SHOWS = _field("shows", Choices(lists.shows()))
_PROOF = _field("proof", Text("long", longest=2_000, blank=None))

VOLUNTEER = Form(
    (
        Section(
            "form.sections.you",
            (
                _NAME,
                _NOTIFY,
                shared_fields.PROFESSION,
                shared_fields.CARE_AREA,
                shared_fields.STAGE,
                _AFFILIATIONS,
                _ROLES,
                shared_fields.LANGUAGES,
                shared_fields.TIME_ZONE,
            ),
            lead="form.required_lead",
            folded=False,
        ),
        Section("form.sections.lived", (_THEMES, _READY)),
        Section(
            "form.sections.conversation",
            (
                _field("conversation", shared_fields.CONVERSATION),
                _field("modalities", shared_fields.MODALITIES),
                shared_fields.AVAILABILITY,
                _WAKING,
                _CAPACITY,
                shared_fields.VALUES,
            ),
        ),
        Section(
            "form.sections.shown",
            (
                _SHOWS,
                _GENDER,
                _field("contact", shared_fields.contact(None)),
                _field("avoid", shared_fields.AVOID),
            ),
        ),
        Section("form.sections.vetting", (_PROOF,)),
    )
)
"""Everything a volunteer may say, when applying and later."""
