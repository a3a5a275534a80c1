"""What a person sends: the form, changed wishes, and the small bodies of their commands. Unknown fields are refused."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from services.intake.domain.faults import Fault
from services.intake.schemas.fields import (
    Email,
    Fits,
    JsonBoolean,
    Strict,
    Text,
    Whole,
    clock_time,
    held,
    language,
    languages,
    objects,
    slug,
    slugs,
    text,
    texts,
    time_zone,
)
from shared.refs import REF_PATTERN
from shared.vault.purposes import Purpose
from shared.vocabulary import DAYS, vocabulary

WORDS = vocabulary()
PROFILE, PRIVATE = Purpose.PERSON_PROFILE, Purpose.PERSON_PRIVATE
NOTIFY, CARD = Purpose.PERSON_NOTIFY, Purpose.PERSON_CARD
LONGEST_NAME = 120
LONGEST_WORDS = 2_000
LONGEST_REPORT = 2_000
NOTICE_CHANNELS = ("email",)
"""The channels by which a person can be told. Text messages are refused by name until there is a way to send them."""

LONGEST_ADDRESS = 254
"""Of an e-mail address."""

ADDRESS_FITS = validate.Length(max=LONGEST_ADDRESS, error=Fault("too_long"))

CONTACT_CHANNELS = ("email", "sms", "signal", "phone")


class _BlockEnds(Strict):
    day = slug(DAYS, required=True)
    to = clock_time(required=True)

    @validates_schema(skip_on_field_errors=True)
    def ends_after_it_begins(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a block that ends before it begins; one that crosses midnight is two blocks."""
        if data["from"] >= data["to"]:
            raise ValidationError(Fault("ends_before_it_begins"), "to")


# `from` is a keyword in Python, so the field cannot be an attribute of a class body.
Block = type("Block", (_BlockEnds,), {"__doc__": "A weekly block of time.", "from": clock_time(required=True)})


class Notify(Strict):
    """Where notices to a person go."""

    channel = Text(required=True, validate=validate.OneOf(NOTICE_CHANNELS, error=Fault("only_email")))
    value = Email(required=True, validate=ADDRESS_FITS)
    language = language(required=True)


class Contact(Strict):
    """How to be reached, told to the other side after the introduction alone; nothing is sent there."""

    channel = slug(CONTACT_CHANNELS, required=True)
    value = text(200, required=True)


class Avoid(Strict):
    """Places and people never to meet. Compared as keyed hashes."""

    affiliations = texts(LONGEST_NAME, 20, load_default=list)
    people = texts(LONGEST_NAME, 20, load_default=list)


def nothing_to_avoid() -> dict[str, list[str]]:
    return {"affiliations": [], "people": []}


class Wishes(Strict):
    """What a person may change while the search goes on."""

    languages = languages(required=True, **held(PROFILE, CARD, use="a shared language; the card shows those in common"))
    themes = slugs(
        WORDS.themes,
        at_most=WORDS.themes_at_most,
        load_default=list,
        **held(PROFILE, CARD, use="nearness; the card names at most two open ones that the volunteer named too"),
    )
    most_important = slug(
        WORDS.themes, load_default=None, **held(PROFILE, CARD, use="counts twice; comes first on the card")
    )
    values = slugs(WORDS.values, at_most=WORDS.values_at_most, load_default=list, **held(PROFILE, use="nearness"))
    conversation = slugs(WORDS.conversation, load_default=list, **held(PROFILE, use="nearness"))
    modalities = slugs(WORDS.modalities, load_default=list, **held(PROFILE, CARD, use="a shared way to talk"))
    availability = objects(Block, 28, load_default=list, **held(PROFILE, CARD, use="overlapping time"))
    urgency = slug(
        WORDS.urgencies,
        load_default=WORDS.default_urgency,
        **held(PROFILE, use="how long an offer stands, and when a wait is late"),
    )
    care_area_wish = slug(
        WORDS.care_area_wishes, load_default=WORDS.default_care_area_wish, **held(PROFILE, use="a wish")
    )
    gender_wish = slug(WORDS.genders, load_default=None, **held(PROFILE, use="a wish"))
    must_haves = slugs(WORDS.must_haves, load_default=list, **held(PROFILE, use="wishes that may not be broken"))
    waive = slugs(WORDS.waivers, load_default=list, **held(PROFILE, use="rules that the person lifts"))
    avoid = Whole(
        Avoid, load_default=nothing_to_avoid, **held(PRIVATE, hashed=PROFILE, use="places and people never to meet")
    )
    at_once = JsonBoolean(load_default=False, **held(PRIVATE, use="to be introduced without a second question"))

    @validates_schema(skip_on_field_errors=True)
    def what_matters_most_is_one_of_the_themes(self, data: dict[str, Any], *, partial: bool, **_: Any) -> None:
        if not partial and not most_important_is_a_theme(data):
            raise ValidationError(Fault("not_a_chosen_theme"), "most_important")


def most_important_is_a_theme(form: Mapping[str, Any]) -> bool:
    """Tell whether the theme that matters most, if one is said to, is one of the themes."""
    return form["most_important"] in (None, *form["themes"])


class Ask(Wishes):
    """A request for a peer. An absent wish restricts nothing."""

    profession = slug(
        WORDS.professions, required=True, **held(PROFILE, CARD, use="nearness; the card shows its family")
    )
    care_area = slug(WORDS.care_areas, required=True, **held(PROFILE, CARD, use="nearness; the card shows its group"))
    stage = slug(
        WORDS.stages, required=True, **held(PROFILE, CARD, use="nearness, the student rule; the card shows its band")
    )
    time_zone = time_zone(
        required=True, **held(PROFILE, NOTIFY, CARD, use="times that overlap, times said in the reader's zone")
    )
    affiliations = texts(
        LONGEST_NAME, 10, required=True, **held(PRIVATE, hashed=PROFILE, use="nobody from one's own places")
    )
    programme_code = text(100, load_default=None, **held(use="compared with the operator's code, if there is one"))
    notify = Whole(
        Notify,
        load_default=None,
        **held(NOTIFY, hashed=PROFILE, use="where notices go; the hash, so that nobody is matched with themselves"),
    )
    contact = Whole(
        Contact,
        load_default=None,
        **held(PRIVATE, hashed=PROFILE, use="how the peer reaches the person after the introduction"),
    )
    words = text(LONGEST_WORDS, load_default=None, **held(PRIVATE, use="what the peer reads after the introduction"))


class ChangeWishes(Wishes):
    """Changed wishes; what is left out stays as it is."""


class Introduce(Strict):
    """The person's yes. With `match` it holds for that match alone, the one whose page the person has read."""

    match = Text(load_default=None, validate=Fits(f"^{REF_PATTERN}$", error=Fault("not_a_match")))


class Close(Strict):
    """Why the request is closed; it is counted and tied to nobody."""

    reason = slug(WORDS.closing_reasons, required=True)


class SafetyReport(Strict):
    """Something that a coordinator should know because somebody may not be safe."""

    text = text(LONGEST_REPORT, required=True)


class CheckReceipt(Strict):
    receipt = text(10_000, required=True)
