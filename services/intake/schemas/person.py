"""What a person sends: the form, changed wishes, and the small bodies of their commands. Unknown fields are refused."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from services.intake.domain.faults import Fault
from services.intake.schemas import fields as f
from services.intake.schemas.places import LONGEST_NAME, places
from shared.refs import REF_PATTERN
from shared.vault.purposes import Purpose
from shared.vocabulary import DAYS, vocabulary
from shared.vocabulary.times import SHORTEST, minutes_of, too_short

WORDS = vocabulary()
PROFILE, PRIVATE = Purpose.PERSON_PROFILE, Purpose.PERSON_PRIVATE
NOTIFY, CARD = Purpose.PERSON_NOTIFY, Purpose.PERSON_CARD
LONGEST_WORDS = 2_000
LONGEST_REPORT = 2_000
LONGEST_RECEIPT = 120_000
"""Characters: a receipt for four thousand keys, and what a body may hold at most."""

NOTICE_CHANNELS = ("email",)
"""The channels by which a person can be told. Text messages are refused by name until there is a way to send them."""

CONTACT_CHANNELS = ("email", "sms", "signal", "phone")


class _BlockEnds(f.Strict):
    day = f.slug(DAYS)
    to = f.clock_time(f.CLOCK_END)

    @validates_schema(skip_on_field_errors=True)
    def ends_after_it_begins(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a block that ends before it begins; one that crosses midnight is two blocks."""
        if data["from"] >= data["to"]:
            raise ValidationError(Fault("ends_before_it_begins"), "to")


# `from` is a keyword in Python, so the field cannot be an attribute of a class body.
Block = type("Block", (_BlockEnds,), {"__doc__": "A weekly block of time.", "from": f.clock_time()})


def _long_enough(blocks: list[dict[str, str]]) -> None:
    """Refuse a block in which nobody could talk; those that adjoin, over midnight too, count together."""
    times = [(block["day"], minutes_of(block["from"]), minutes_of(block["to"])) for block in blocks]
    if short := too_short(times):
        raise ValidationError({index: {"to": [Fault("too_short", min=SHORTEST)]} for index in short})


def availability(*sealed: Purpose) -> f.Many:
    """Return the field for somebody's weekly times."""
    at_most = validate.Length(max=28, error=Fault("too_many"))
    held = f.held(*sealed, use="overlapping time")
    return f.Many(f.Whole(Block), validate=[at_most, _long_enough], load_default=list, **held)


class Notify(f.Strict):
    """Where notices to a person go."""

    channel = f.Text(validate=validate.OneOf(NOTICE_CHANNELS, error=Fault("only_email")))
    value = f.Email()
    language = f.language()


class Contact(f.Strict):
    """How to be reached, told to the other side after the introduction alone; nothing is sent there."""

    channel = f.slug(CONTACT_CHANNELS)
    value = f.text(200)


class Avoid(f.Strict):
    """Places and people never to meet. Compared as keyed hashes."""

    affiliations = places(20, load_default=list)
    people = f.people(LONGEST_NAME, 20, load_default=list)

    @classmethod
    def nothing(cls) -> dict[str, list[str]]:
        return {"affiliations": [], "people": []}


class Wishes(f.Strict):
    """What a person may change while the search goes on."""

    languages = f.languages(**f.held(PROFILE, CARD, use="a shared language; the card shows those in common"))
    themes = f.words(
        "themes",
        at_most=WORDS.themes_at_most,
        load_default=list,
        **f.held(PROFILE, CARD, use="nearness; the card names at most two open ones that the volunteer named too"),
    )
    most_important = f.word(
        "themes", load_default=None, **f.held(PROFILE, CARD, use="counts twice; comes first on the card")
    )
    values = f.slugs(WORDS.values, at_most=WORDS.values_at_most, load_default=list, **f.held(PROFILE, use="nearness"))
    conversation = f.slugs(WORDS.conversation, load_default=list, **f.held(PROFILE, use="nearness"))
    modalities = f.slugs(WORDS.modalities, load_default=list, **f.held(PROFILE, CARD, use="a shared way to talk"))
    availability = availability(PROFILE, CARD)
    urgency = f.slug(
        WORDS.urgencies,
        load_default=WORDS.default_urgency,
        **f.held(PROFILE, use="how long an offer stands, and when a wait is late"),
    )
    care_area_wish = f.slug(
        WORDS.care_area_wishes, load_default=WORDS.default_care_area_wish, **f.held(PROFILE, use="a wish")
    )
    gender_wish = f.slug(WORDS.genders, load_default=None, **f.held(PROFILE, use="a wish"))
    must_haves = f.slugs(WORDS.must_haves, load_default=list, **f.held(PROFILE, use="wishes that may not be broken"))
    waive = f.slugs(WORDS.waivers, load_default=list, **f.held(PROFILE, use="rules that the person lifts"))
    avoid = f.Whole(
        Avoid, load_default=Avoid.nothing, **f.held(PRIVATE, hashed=PROFILE, use="places and people never to meet")
    )
    at_once = f.JsonBoolean(load_default=False, **f.held(PRIVATE, use="to be introduced without a second question"))

    @validates_schema(skip_on_field_errors=True)
    def what_matters_most_is_one_of_the_themes(self, data: dict[str, Any], *, partial: bool, **_: Any) -> None:
        if not partial and not most_important_is_a_theme(data):
            raise ValidationError(Fault("not_a_chosen_theme"), "most_important")


def most_important_is_a_theme(form: Mapping[str, Any]) -> bool:
    """Tell whether the theme that matters most, if one is said to, is one of the themes."""
    return form["most_important"] in (None, *form["themes"])


class Ask(Wishes):
    """A request for a peer. An absent wish restricts nothing."""

    profession = f.word("professions", **f.held(PROFILE, CARD, use="nearness; the card shows its family"))
    care_area = f.word("care_areas", **f.held(PROFILE, CARD, use="nearness; the card shows its group"))
    stage = f.word("stages", **f.held(PROFILE, CARD, use="nearness, the student rule; the card shows its band"))
    time_zone = f.time_zone(**f.held(PROFILE, NOTIFY, CARD, use="times that overlap, times said in the reader's zone"))
    affiliations = places(
        10, nowhere="names_no_workplace", **f.held(PRIVATE, hashed=PROFILE, use="nobody from one's own places")
    )
    programme_code = f.text(100, load_default=None, **f.held(use="compared with the operator's code, if there is one"))
    notify = f.Whole(
        Notify,
        load_default=None,
        **f.held(NOTIFY, hashed=PROFILE, use="where notices go; the hash, so that nobody is matched with themselves"),
    )
    contact = f.Whole(
        Contact,
        load_default=None,
        **f.held(PRIVATE, hashed=PROFILE, use="how the peer reaches the person after the introduction"),
    )
    words = f.text(
        LONGEST_WORDS, load_default=None, **f.held(PRIVATE, use="what the peer reads after the introduction")
    )


class ChangeWishes(Wishes):
    """Changed wishes; what is left out stays as it is."""


class Introduce(f.Strict):
    """The person's yes. With `match` it holds for that match alone, the one whose page the person has read."""

    match = f.Text(load_default=None, validate=f.Fits(f"^{REF_PATTERN}$", error=Fault("not_a_match")))


class Close(f.Strict):
    """Why the request is closed; it is counted and tied to nobody."""

    reason = f.slug(WORDS.closing_reasons)


class SafetyReport(f.Strict):
    """Something that a coordinator should know because somebody may not be safe."""

    text = f.text(LONGEST_REPORT)


class CheckReceipt(f.Strict):
    receipt = f.text(LONGEST_RECEIPT)
