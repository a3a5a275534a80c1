"""What a person sends: the form, changed wishes, and the small bodies of their commands. Unknown fields are refused."""

from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from services.intake.domain.reports import LONGEST_REPORT
from services.intake.domain.times import DAYS
from services.intake.schemas.faults import Fault
from services.intake.schemas.fields import (
    Email,
    Fits,
    JsonBoolean,
    Strict,
    Text,
    Whole,
    clock_time,
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
from shared.vocabulary import vocabulary

WORDS = vocabulary()
LONGEST_NAME = 120
LONGEST_WORDS = 2_000
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
    """Return an empty list of places and of people."""
    return {"affiliations": [], "people": []}


class Wishes(Strict):
    """What a person may change while the search goes on. Every field may be left out."""

    languages = languages()
    themes = slugs(WORDS.themes, at_most=WORDS.themes_at_most, load_default=list)
    most_important = slug(WORDS.themes, load_default=None)
    values = slugs(WORDS.values, at_most=WORDS.values_at_most, load_default=list)
    conversation = slugs(WORDS.conversation, load_default=list)
    modalities = slugs(WORDS.modalities, load_default=list)
    availability = objects(Block, 28, load_default=list)
    urgency = slug(WORDS.urgencies, load_default=WORDS.default_urgency)
    care_area_wish = slug(WORDS.care_area_wishes, load_default=WORDS.default_care_area_wish)
    gender_wish = slug(WORDS.genders, load_default=None)
    must_haves = slugs(WORDS.must_haves, load_default=list)
    waive = slugs(WORDS.waivers, load_default=list)
    avoid = Whole(Avoid, load_default=nothing_to_avoid)
    at_once = JsonBoolean(load_default=False)


class Ask(Wishes):
    """A request for a peer. An absent wish restricts nothing."""

    profession = slug(WORDS.professions, required=True)
    care_area = slug(WORDS.care_areas, required=True)
    stage = slug(WORDS.stages, required=True)
    languages = languages(required=True)
    time_zone = time_zone(required=True)
    affiliations = texts(LONGEST_NAME, 10, required=True)
    programme_code = text(100, load_default=None)
    notify = Whole(Notify, load_default=None)
    contact = Whole(Contact, load_default=None)
    words = text(LONGEST_WORDS, load_default=None)


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
    """A receipt, as it was given out."""

    receipt = text(10_000, required=True)
