"""What the matcher knows of a person and of a volunteer: opened profiles, and the volunteer's state in the pool.

Affiliations, bodies and people are marks made by intake; they are compared, never read. `marks` is the version of the
rules and the register that made them; None before there were versions.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.matcher.domain.fields import Fields
from services.matcher.domain.marks import Marks
from services.matcher.domain.weeks import Rhythm, month_of
from shared.vocabulary import vocabulary
from shared.vocabulary.times import Week

MOST_CAPACITY = 200
"""More conversations at a time, or new ones in a month, than this are not meant."""


@dataclass(frozen=True)
class Avoid:
    """Marks of institutions and of people that must not be met."""

    affiliations: Marks
    people: Marks


@dataclass(frozen=True)
class PersonProfile:
    """What a person said that matters for matching. Empty and None mean: not said, which restricts nothing."""

    profession: str
    care_area: str
    stage: str
    languages: tuple[str, ...]
    zone: str
    week: Week
    affiliations: Marks
    themes: tuple[str, ...]
    most_important: str | None
    values: frozenset[str]
    conversation: frozenset[str]
    modalities: frozenset[str]
    urgency: str
    care_area_wish: str
    gender_wish: str | None
    must_haves: frozenset[str]
    waive: frozenset[str]
    avoid: Avoid
    identity: Marks
    marks: str | None

    @property
    def is_sheltered(self) -> bool:
        """Whether nobody who examines or licenses may be asked: student, trainee, blamed, or no theme named."""
        words = vocabulary()
        return (
            words.is_student(self.profession, self.stage)
            or words.is_trainee(self.stage)
            or not self.themes
            or any(
                words.sheltered_cluster in words.themes[theme].clusters
                for theme in words.parts_of("themes", self.themes)
            )
        )

    @property
    def restricted_themes(self) -> frozenset[str]:
        """The themes that only a volunteer who is ready for them may hear; of a former one all that it may mean."""
        words = vocabulary()
        return frozenset(theme for theme in words.parts_of("themes", self.themes) if words.themes[theme].restricted)

    @classmethod
    def from_data(cls, data: Any) -> "PersonProfile":
        """Build from an opened person.profile; unknown fields are ignored, bad ones raise ValueError naming them."""
        words, fields = vocabulary(), Fields(data)
        return cls(
            profession=fields.slug("profession", words.parts["professions"]),
            care_area=fields.slug("care_area", words.parts["care_areas"]),
            stage=fields.slug("stage", words.parts["stages"]),
            languages=fields.languages("languages"),
            zone=fields.zone("time_zone"),
            week=fields.week("availability"),
            affiliations=fields.marks("affiliations"),
            themes=tuple(dict.fromkeys(fields.slugs("themes", words.parts["themes"]))),
            most_important=fields.slug_or_none("most_important", words.parts["themes"]),
            values=frozenset(fields.slugs("values", words.values)),
            conversation=frozenset(fields.slugs("conversation", words.conversation)),
            modalities=frozenset(fields.slugs("modalities", words.modalities)),
            urgency=fields.slug_or_none("urgency", words.urgencies) or words.default_urgency,
            care_area_wish=fields.slug_or_none("care_area_wish", words.care_area_wishes)
            or words.default_care_area_wish,
            gender_wish=fields.slug_or_none("gender_wish", words.genders),
            must_haves=frozenset(fields.slugs("must_haves", words.must_haves)),
            waive=frozenset(fields.slugs("waive", words.waivers)),
            avoid=_avoid(fields),
            identity=fields.marks("identity"),
            marks=fields.text_or_none("marks"),
        )


@dataclass(frozen=True)
class Capacity:
    """How many conversations at a time, and how many new ones in a calendar month."""

    active: int
    new_per_month: int


@dataclass(frozen=True)
class VolunteerProfile:
    """What a volunteer said that matters for matching.

    `roles` are evaluative ones, over the `bodies`. `lived` holds only themes that count: long enough ago and, if
    restricted, among `ready`. `ready` holds the restricted themes for which the volunteer both opted in and is trained.
    `earlier` holds the professions with their stages of before a change, until a coordinator has looked: rules count
    them beside the present ones.
    """

    profession: str
    care_area: str
    stage: str
    earlier: frozenset[tuple[str, str]]
    languages: frozenset[str]
    rhythm: Rhythm
    affiliations: Marks
    roles: frozenset[str]
    bodies: Marks
    lived: frozenset[str]
    ready: frozenset[str]
    values: frozenset[str]
    conversation: frozenset[str]
    modalities: frozenset[str]
    gender: str | None
    avoid: Avoid
    capacity: Capacity
    identity: Marks
    marks: str | None

    @property
    def stands(self) -> frozenset[tuple[str, str]]:
        """Every profession with its stage that counts."""
        return self.earlier | {(self.profession, self.stage)}

    @property
    def examines_or_licenses(self) -> bool:
        """Whether a role is held from which students, trainees and the blamed are sheltered."""
        return any(vocabulary().evaluative_roles[role].sheltered for role in self.roles)

    @classmethod
    def from_data(cls, data: Any) -> "VolunteerProfile":
        """Build from an opened volunteer.profile; unknown fields are ignored, bad ones raise ValueError naming them."""
        words, fields = vocabulary(), Fields(data)
        roles = fields.objects("evaluative_roles")
        ready, trained = (
            words.parts_of("themes", fields.slugs(name, words.parts["themes"])) for name in ("ready_for", "trained_for")
        )
        ready &= trained & words.restricted_themes.keys()
        return cls(
            profession=fields.slug("profession", words.parts["professions"]),
            care_area=fields.slug("care_area", words.parts["care_areas"]),
            stage=fields.slug("stage", words.parts["stages"]),
            earlier=frozenset(
                (stood.slug("profession", words.parts["professions"]), stood.slug("stage", words.parts["stages"]))
                for stood in fields.objects("earlier")
            ),
            languages=frozenset(fields.languages("languages")),
            rhythm=_rhythm(fields),
            affiliations=fields.marks("affiliations"),
            roles=frozenset(held.slug("role", words.evaluative_roles) for held in roles),
            bodies=Marks.of(held.text("body") for held in roles),
            lived=_lived(fields, ready),
            ready=ready,
            values=frozenset(fields.slugs("values", words.values)),
            conversation=frozenset(fields.slugs("conversation", words.conversation)),
            modalities=frozenset(fields.slugs("modalities", words.modalities)),
            gender=fields.slug_or_none("gender", words.genders),
            avoid=_avoid(fields),
            capacity=_capacity(fields.inside("capacity")),
            identity=fields.marks("identity"),
            marks=fields.text_or_none("marks"),
        )


@dataclass(frozen=True)
class PoolState:
    """What changes about a volunteer from hour to hour. Times are aware; `trained_until` is the last day that counts.

    `cool_until` ends the rest after an offer that was ignored. Counts are what the matcher's rows count;
    `new_in_month` counts the matches of `month`, given by its first day.
    """

    state: str
    trained_until: date | None = None
    paused_until: datetime | None = None
    cool_until: datetime | None = None
    reachable: bool = True
    open_offers: int = 0
    live_matches: int = 0
    month: date | None = None
    new_in_month: int = 0

    @property
    def stands(self) -> bool:
        """Whether the volunteer is in the pool, though perhaps resting."""
        return self.state in ("active", "paused")

    def rests(self, now: datetime) -> bool:
        """Say whether a volunteer is paused, without or before the end, or left alone after an ignored offer."""
        if self.state == "paused" and self.paused_until is None:
            return True
        return any(until is not None and until > now for until in (self.paused_until, self.cool_until))

    def has_capacity(self, capacity: Capacity, now: datetime) -> bool:
        """Say whether one more offer may be made; an open offer reserves capacity, now and in the month."""
        return (
            self.open_offers < vocabulary().defaults.offers.open_per_volunteer
            and self.open_offers + self.live_matches < capacity.active
            and self.open_offers + self.new_this_month(now) < capacity.new_per_month
        )

    def new_this_month(self, now: datetime) -> int:
        """Return how many matches were made in the month that `now` lies in."""
        return self.new_in_month if self.month == month_of(now) else 0


def _avoid(fields: Fields) -> Avoid:
    avoid = fields.inside("avoid")
    return Avoid(avoid.marks("affiliations"), avoid.marks("people"))


def _rhythm(fields: Fields) -> Rhythm:
    wakes, sleeps = vocabulary().defaults.volunteer.waking_hours
    awake = fields.hours("waking_hours", (wakes.hour * 60 + wakes.minute, sleeps.hour * 60 + sleeps.minute))
    return Rhythm.of(fields.zone("time_zone"), fields.week("availability"), *awake)


def _lived(fields: Fields, ready: frozenset[str]) -> frozenset[str]:
    words = vocabulary()
    lived = (
        (theme.slug("slug", words.parts["themes"]), theme.years("years_ago")) for theme in fields.objects("themes")
    )
    return frozenset(
        slug
        for said, years_ago in lived
        for slug in words.parts["themes"][said]
        if years_ago >= words.themes_not_before_years and (slug in ready or not words.themes[slug].restricted)
    )


def _capacity(fields: Fields) -> Capacity:
    usual = vocabulary().defaults.volunteer
    return Capacity(
        active=fields.number("active", usual.active, MOST_CAPACITY),
        new_per_month=fields.number("new_per_month", usual.new_per_month, MOST_CAPACITY),
    )
