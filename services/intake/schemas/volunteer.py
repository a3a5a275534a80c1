"""What a volunteer and a coordinator send. Unknown fields are refused."""

from datetime import time
from typing import Any

from marshmallow import ValidationError, post_load, validate, validates_schema

from services.intake.domain.faults import Fault
from services.intake.schemas import fields as f
from services.intake.schemas.person import LONGEST_WORDS, WORDS, Avoid, Contact, availability
from services.intake.schemas.places import LONGEST_NAME, Place, places
from shared.vault.purposes import Purpose

PROFILE, PRIVATE = Purpose.VOLUNTEER_PROFILE, Purpose.VOLUNTEER_PRIVATE
NOTIFY = Purpose.VOLUNTEER_NOTIFY
RESTRICTED = [name for name, theme in WORDS.themes.items() if theme.restricted]
VOLUNTEER_CHANNELS = ("email", "webhook")
LONGEST_HOOK = 500
SHOWS = ("name", "profession", "care_area", "stage", "gender", "themes", "values", "contact")
"""What a person may see of a volunteer besides affiliations and roles, if the volunteer wishes; contact only after the
introduction."""

VETTED_BY = ("name", "profession", "care_area", "stage", "affiliations", "evaluative_roles", "ready_for", "proof")
"""What of an application a coordinator sees, and only until it is approved."""


class VolunteerNotify(f.Strict):
    """Where notices to a volunteer go: to an e-mail address, or to a program of theirs (a webhook)."""

    channel = f.Text(validate=validate.OneOf(VOLUNTEER_CHANNELS, error=Fault("only_email_or_webhook")))
    value = f.text(LONGEST_HOOK)
    language = f.language()

    @post_load
    def the_address_is_one_of_its_channel(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        read = f.hook_address if data["channel"] == "webhook" else f.mail_address
        try:
            return {**data, "value": read(data["value"])}
        except ValidationError as error:
            raise ValidationError(error.messages, "value") from None


class Role(f.Strict):
    """A role that judges people, and the body it is held in."""

    role = f.slug(WORDS.evaluative_roles)
    body = Place()


class Lived(f.Strict):
    """A theme the volunteer has lived, and how many years ago."""

    slug = f.word("themes")
    years_ago = f.JsonNumber(validate=f.between(0, 90))


class Capacity(f.Strict):
    """How much a volunteer can carry: conversations at a time, and new ones a month."""

    active = f.JsonInteger(validate=f.between(1, 10))
    new_per_month = f.JsonInteger(validate=f.between(1, 31))


def usual_capacity() -> dict[str, int]:
    return {"active": WORDS.defaults.volunteer.active, "new_per_month": WORDS.defaults.volunteer.new_per_month}


def usual_waking_hours() -> list[str]:
    return [time.isoformat(edge, "minutes") for edge in WORDS.defaults.volunteer.waking_hours]


def begins_within_the_day(hours: list[str]) -> None:
    """Refuse waking hours from 24:00 on, which is the end of a day and never its beginning."""
    if hours and hours[0] == "24:00":
        raise ValidationError({0: [Fault("not_a_time_of_day")]})


class Apply(f.Strict):
    """An application as a volunteer."""

    name = f.text(
        LONGEST_NAME,
        **f.held(
            PRIVATE,
            hashed=PROFILE,
            use="vetting; shown to the person if the volunteer wishes; the hash for avoid lists",
        ),
    )
    notify = f.Whole(VolunteerNotify, **f.held(NOTIFY, hashed=PROFILE, use="where notices go"))
    profession = f.word("professions", **f.held(PROFILE, use="nearness"))
    care_area = f.word("care_areas", **f.held(PROFILE, use="nearness"))
    stage = f.word("stages", **f.held(PROFILE, use="nearness, the student rule"))
    languages = f.languages(**f.held(PROFILE, use="a shared language"))
    time_zone = f.time_zone(**f.held(PROFILE, NOTIFY, use="times that overlap, times said in the reader's zone"))
    affiliations = places(
        10,
        at_least=1,
        **f.held(PRIVATE, hashed=PROFILE, use="nobody from the person's own places; always shown to the person"),
    )
    evaluative_roles = f.objects(
        Role, 20, **f.held(PRIVATE, hashed=PROFILE, use="nobody who judges the person; always shown to the person")
    )
    themes = f.objects(
        Lived, len(WORDS.themes), load_default=list, **f.held(PROFILE, use="what was lived, and how many years ago")
    )
    ready_for = f.words(
        "themes",
        only=RESTRICTED,
        at_most=len(RESTRICTED),
        load_default=list,
        **f.held(PROFILE, use="restricted themes the volunteer is ready for"),
    )
    values = f.slugs(WORDS.values, at_most=WORDS.values_at_most, load_default=list, **f.held(PROFILE, use="nearness"))
    conversation = f.slugs(WORDS.conversation, load_default=list, **f.held(PROFILE, use="nearness"))
    modalities = f.slugs(WORDS.modalities, load_default=list, **f.held(PROFILE, use="a shared way to talk"))
    availability = availability(PROFILE)
    waking_hours = f.Many(
        f.clock_time(f.CLOCK_END),
        validate=[validate.Length(equal=2, error=Fault("not_a_pair")), begins_within_the_day],
        load_default=usual_waking_hours,
        **f.held(PROFILE, use="nobody is asked to answer at night"),
    )
    gender = f.slug(WORDS.genders, load_default=None, **f.held(PROFILE, use="a person's wish"))
    avoid = f.Whole(
        Avoid, load_default=Avoid.nothing, **f.held(PRIVATE, hashed=PROFILE, use="places and people never to meet")
    )
    capacity = f.Whole(
        Capacity, load_default=usual_capacity, **f.held(PROFILE, use="how many at a time, how many a month")
    )
    shows = f.slugs(SHOWS, load_default=list, **f.held(PRIVATE, use="what the person may see besides places and roles"))
    contact = f.Whole(
        Contact,
        load_default=None,
        **f.held(PRIVATE, hashed=PROFILE, use="shown to the person after the introduction, if the volunteer wishes"),
    )
    proof = f.text(LONGEST_WORDS, load_default=None, **f.held(PRIVATE, use="vetting, by the coordinator alone"))

    @validates_schema(skip_on_field_errors=True)
    def each_theme_once(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a theme that is named twice: which of the two moments would count?"""
        named = [each["slug"] for each in data.get("themes", ())]
        if len(set(named)) != len(named):
            raise ValidationError(Fault("theme_twice"), "themes")


class ChangeVolunteer(Apply):
    """Changed fields; `pause_until` begins a pause, or ends it when it is null. `pin` guards home links, null: none."""

    pause_until = f.Moment(allow_none=True)
    pin = f.Text(required=False, allow_none=True, validate=f.Fits(r"^[0-9]{4,12}$", error=Fault("not_a_pin")))


class AskLink(f.Strict):
    """The address to which a fresh home link is to go."""

    value = f.text(LONGEST_HOOK)


class Decline(f.Strict):
    """A no. The reason is counted and tied to nobody; `pause_until` pauses the volunteer in the same step."""

    reason = f.slug(WORDS.decline_reasons)
    pause_until = f.Moment(load_default=None)


class Intake(f.Strict):
    """Whether requests are taken; a closed intake opens by itself on the day `until` (UTC), if one is given."""

    open = f.JsonBoolean()
    until = f.Day(load_default=None)


class Approve(f.Strict):
    """Until when a volunteer's training holds, and for which restricted themes they are trained.

    `version`: the one that was vetted; 409 if they have changed what they say since.
    """

    trained_until = f.Day()
    trained_for = f.words("themes", only=RESTRICTED, at_most=len(RESTRICTED))
    version = f.JsonInteger(load_default=None)
