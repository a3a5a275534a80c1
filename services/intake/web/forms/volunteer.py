"""The form with which a volunteer applies, and the one with which they change what they said."""

from services.intake.web.forms import lists, shared_fields
from services.intake.web.forms.composite import Address, Capacity, Hours, Lived, Roles
from services.intake.web.forms.controls import Choice, Choices, Lines, Text
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import Field, Form, Section
from services.intake.web.forms.person import NOTICE_LANGUAGE

_NAME = Field(
    "name",
    "Your name",
    Text(longest=120),
    hint="For those who approve volunteers. People who ask see it only if you say so below.",
    missing="Write your name.",
)
_NOTIFY = Field(
    "notify",
    "E-mail address for questions",
    Address(NOTICE_LANGUAGE, widget="address"),
    hint="We write when somebody asks for you. The message says nothing about anybody. If a program of yours is to be "
    "told instead, give its address, which begins with https://.",
    missing="Write an e-mail address, so that we can ask you.",
)
_AFFILIATIONS = Field(
    "affiliations",
    "Where you work, teach or study",
    Lines(),
    hint="All of them, one a line: units, hospitals, employers, programmes, universities. Nobody from there is sent to "
    "you, and a person you are matched with always sees this list.",
    missing="Name at least one place.",
)
_ROLES = Field(
    "evaluative_roles",
    "Roles in which you judge others",
    Roles(lists.roles(), none_label="I hold none of these roles"),
    hint="A person you are matched with always sees these.",
    missing="Name your roles, or tick that you hold none.",
)
_THEMES = Field(
    "themes",
    "What you have lived yourself",
    Lived(lists.themes()),
    hint="And how many years ago. What is less than a year ago is not used.",
)
_READY = Field(
    "ready_for",
    "Harder things you are ready for",
    Choices(lists.restricted_themes()),
    hint="You will be asked about these only once you are trained for them. They are never named in a message.",
)
_WAKING = Field("waking_hours", "When you are awake", Hours(), hint="You have time to answer within these hours.")
_GENDER = Field("gender", "You are", Choice(plain(WORDS.genders), nothing="I would rather not say", blank=None))
_CAPACITY = Field("capacity", "How much you can carry", Capacity(), hint="You can change this at any time.")
_SHOWS = Field(
    "shows",
    "What a person you are matched with may see",
    Choices(plain(lists.SHOWS)),
    hint="Besides your places and your roles, which they always see.",
)
_PROOF = Field(
    "proof",
    "How we can check who you are",
    Text("long", longest=2_000, blank=None),
    hint="A register and your number in it, or somebody we may ask.",
)

VOLUNTEER = Form(
    (
        Section(
            "You",
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
            lead="These we need. Everything further down is up to you.",
            folded=False,
        ),
        Section("What you have lived", (_THEMES, _READY)),
        Section(
            "The conversation",
            (
                shared_fields.conversation("What you are good at"),
                shared_fields.modalities("How you can talk"),
                shared_fields.AVAILABILITY,
                _WAKING,
                _CAPACITY,
                shared_fields.VALUES,
            ),
        ),
        Section(
            "What you show, and to whom",
            (
                _SHOWS,
                _GENDER,
                shared_fields.contact(
                    "How a person can reach you",
                    "They see it only if you ticked it above, after the introduction.",
                    None,
                ),
                shared_fields.avoid(
                    "One a line. Kept sealed, and compared as codes. Nobody you are matched with sees this."
                ),
            ),
        ),
        Section("Checking who you are", (_PROOF,)),
    )
)
"""Everything a volunteer may say, when applying and later."""
