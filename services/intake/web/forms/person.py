"""The form with which a person asks, and the one with which they change their wishes."""

from services.intake.web.forms import lists, shared_fields
from services.intake.web.forms.composite import Address
from services.intake.web.forms.controls import Choice, Choices, Lines, Text, Tick
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import Field, Form, Section
from services.intake.web.forms.raw import MISSING

NOTICE_LANGUAGE = "en"
"""The language of notices that are asked for on these pages, which are in English themselves."""

_AFFILIATIONS = Field(
    "affiliations",
    "Where you work or study",
    Lines(none_label="I would rather not say"),
    hint="One a line: unit, hospital, programme, university. Kept sealed, and used for one thing alone: that nobody "
    "from there is asked.",
    missing="Name at least one place, or tick that you would rather not say.",
)
_THEMES = Field(
    "themes",
    "What it is about",
    Choices(lists.themes()),
    hint=f"At most {WORDS.themes_at_most}. You may leave this empty.",
)
_WORDS = Field(
    "words",
    "Words for your peer",
    Text("long", longest=2_000),
    hint="Your peer reads them only after you have both said yes. Write no patient's details.",
)
_NOTIFY = Field(
    "notify",
    "E-mail address for news",
    Address(NOTICE_LANGUAGE),
    hint="A private one, not your work's. The message says only that there is news. Without it, come back and look.",
)
_AT_ONCE = Field(
    "at_once",
    "If a peer says yes",
    Tick("Introduce us at once, without asking me first"),
    hint="Your peer then has your words and your contact without waiting for you. If you named no place above, you see "
    "theirs first, and say yes yourself.",
)
_PROGRAMME = Field(
    "programme_code",
    "Programme code",
    Text(longest=100),
    hint="Only if you were given one. It is the same for everybody and is not kept.",
)


def _most_important(blank: object) -> Field:
    choice = Choice(lists.themes(), nothing="None in particular", blank=blank)
    return Field("most_important", "What matters most of these", choice)


def _gender_wish(blank: object) -> Field:
    return Field("gender_wish", "A peer who is", Choice(plain(WORDS.genders), nothing="No preference", blank=blank))


_URGENCY = Field(
    "urgency",
    "How soon",
    Choice(lists.urgencies(), widget="radios"),
    hint="It decides how long each peer has to answer.",
)
_CARE_AREA_WISH = Field("care_area_wish", "A peer from", Choice(plain(WORDS.care_area_wishes), widget="radios"))
_MUST_HAVES = Field(
    "must_haves",
    "It has to be",
    Choices(plain(WORDS.must_haves)),
    hint="Each of these leaves fewer peers. None ticked means that all are welcome.",
)
_WAIVE = Field("waive", "It may be", Choices(plain(WORDS.waivers)), hint="Usually neither is asked.")
_AVOID = shared_fields.avoid("One a line. Kept sealed, and compared as codes. No peer ever sees this.")


def _conversation_fields() -> tuple[Field, ...]:
    return (
        shared_fields.conversation("What would help"),
        shared_fields.modalities("How you would like to talk"),
        shared_fields.AVAILABILITY,
        shared_fields.VALUES,
    )


ASK = Form(
    (
        Section(
            "You",
            (
                shared_fields.PROFESSION,
                shared_fields.CARE_AREA,
                shared_fields.STAGE,
                _AFFILIATIONS,
                shared_fields.LANGUAGES,
                shared_fields.TIME_ZONE,
            ),
            lead="These we need. Everything further down is up to you.",
            folded=False,
        ),
        Section("What it is about", (_THEMES, _most_important(MISSING))),
        Section("The conversation", (_URGENCY, *_conversation_fields())),
        Section("Your peer", (_CARE_AREA_WISH, _gender_wish(MISSING), _MUST_HAVES, _WAIVE, _AVOID)),
        Section(
            "Reaching you",
            (
                _NOTIFY,
                shared_fields.contact(
                    "How your peer can reach you",
                    "Your peer sees it only after you have both said yes. Without it you can write to each other here, "
                    "and your peer may show you how to reach them.",
                    MISSING,
                ),
                _WORDS,
                _AT_ONCE,
            ),
        ),
        Section("Programme code", (_PROGRAMME,)),
    )
)
"""Everything a person may say when asking."""

WISHES = Form(
    (
        Section("Your peer", (_CARE_AREA_WISH, _gender_wish(None), _MUST_HAVES, _WAIVE, _AVOID), folded=False),
        Section("The conversation", (_URGENCY, *_conversation_fields(), shared_fields.LANGUAGES)),
        Section("What it is about", (_THEMES, _most_important(None))),
        Section("The introduction", (_AT_ONCE,)),
    )
)
"""What a person may change while the search goes on. Every field is shown as it is, and all are sent."""
