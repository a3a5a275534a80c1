"""The form with which a person asks, and the one with which they change their wishes."""

from services.intake.web.forms import lists, shared_fields
from services.intake.web.forms.composite import Address
from services.intake.web.forms.controls import Choice, Choices, Lines, Text, Tick
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import Field, Form, Section
from services.intake.web.forms.raw import MISSING

NOTICE_LANGUAGE = "en"
"""The language of notices that are asked for on these pages, which are in English themselves."""

_AFFILIATIONS = Field("affiliations", Lines(may_be_none=True))
_THEMES = Field("themes", Choices(lists.themes()))
_WORDS = Field("words", Text("long", longest=2_000))
_NOTIFY = Field("notify", Address(NOTICE_LANGUAGE))
_AT_ONCE = Field("at_once", Tick())
_PROGRAMME = Field("programme_code", Text(longest=100))
_URGENCY = Field("urgency", Choice(lists.urgencies(), widget="radios"))
_CARE_AREA_WISH = Field("care_area_wish", Choice(plain(WORDS.care_area_wishes), widget="radios"))
_MUST_HAVES = Field("must_haves", Choices(plain(WORDS.must_haves)))
_WAIVE = Field("waive", Choices(plain(WORDS.waivers)))
_AVOID = Field("avoid", shared_fields.AVOID)


def _most_important(blank: object) -> Field:
    return Field("most_important", Choice(lists.themes(), blank=blank))


def _gender_wish(blank: object) -> Field:
    return Field("gender_wish", Choice(plain(WORDS.genders), blank=blank))


_CONVERSATION = (
    Field("conversation", shared_fields.CONVERSATION),
    Field("modalities", shared_fields.MODALITIES),
    shared_fields.AVAILABILITY,
    shared_fields.VALUES,
)


ASK = Form(
    (
        Section(
            "form.sections.you",
            (
                shared_fields.PROFESSION,
                shared_fields.CARE_AREA,
                shared_fields.STAGE,
                _AFFILIATIONS,
                shared_fields.LANGUAGES,
                shared_fields.TIME_ZONE,
            ),
            lead="form.required_lead",
            folded=False,
        ),
        Section("form.sections.about", (_THEMES, _most_important(MISSING))),
        Section("form.sections.conversation", (_URGENCY, *_CONVERSATION)),
        Section("form.sections.peer", (_CARE_AREA_WISH, _gender_wish(MISSING), _MUST_HAVES, _WAIVE, _AVOID)),
        Section(
            "form.sections.reaching",
            (
                _NOTIFY,
                Field("contact", shared_fields.contact(MISSING)),
                _WORDS,
                _AT_ONCE,
            ),
        ),
        Section("form.sections.programme", (_PROGRAMME,)),
    )
)
"""Everything a person may say when asking."""

WISHES = Form(
    (
        Section("form.sections.peer", (_CARE_AREA_WISH, _gender_wish(None), _MUST_HAVES, _WAIVE, _AVOID), folded=False),
        Section("form.sections.conversation", (_URGENCY, *_CONVERSATION, shared_fields.LANGUAGES)),
        Section("form.sections.about", (_THEMES, _most_important(None))),
        Section("form.sections.introduction", (_AT_ONCE,)),
    )
)
"""What a person may change while the search goes on. Every field is shown as it is, and all are sent."""
