"""The vocabulary as frozen dataclasses. Slugs are the keys of every mapping; labels are English and shown to people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from marshmallow import ValidationError

from shared.vocabulary import finding
from shared.vocabulary.figures import Figures
from shared.vocabulary.reading import Count, Days, Hours, Labels

Pairs = Mapping[tuple[str, str], float]
"""Nearness in [0, 1] of every ordered pair of slugs."""

OtherNames = tuple[str, ...]
"""What else people call a word."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of a week, as weekly times name them."""


@dataclass(frozen=True)
class Group:
    """A group of care areas: the coarse label an offer card shows, and the branch of medicine it lies in."""

    label: str
    branch: str


@dataclass(frozen=True)
class Stage:
    """A career stage. `order` is None for those outside the ladder; `trainee` includes those who may be in training."""

    label: str
    order: int | None
    band: str
    student: bool = False
    trainee: bool = False


@dataclass(frozen=True)
class Theme:
    """Something lived. `first` names where the person should be sent before any peer (None: nowhere)."""

    label: str
    clusters: frozenset[str]
    restricted: bool = False
    first: str | None = None

    def __post_init__(self) -> None:
        if not self.clusters:
            raise ValidationError("At least one is needed.", "clusters")


class Parts(dict[str, tuple[str, ...]]):
    """Slug -> the words that it stands for; a word of a newer version than this one stands for itself."""

    def __missing__(self, slug: str) -> tuple[str, ...]:
        return (slug,)


class Shown(dict[str, str]):
    """Slug -> label; a word of a newer version than this one is shown by its slug."""

    def __missing__(self, slug: str) -> str:
        return slug.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Former:
    """A word that is no longer offered, and the words that it may mean for those who chose it."""

    label: str
    means: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.means:
            raise ValidationError("At least one is needed.", "means")


@dataclass(frozen=True)
class Urgency:
    """How soon an answer is wanted. The window counts in the volunteer's waking hours, the alarm on the wall."""

    label: str
    offer_window: Hours
    alarm_after: Hours
    awake_only: bool = False

    def __post_init__(self) -> None:
        if not self.offer_window:
            raise ValidationError("A window is longer than nothing.", "offer_window_h")


@dataclass(frozen=True)
class EvaluativeRole:
    """A role that judges people. Students, trainees and the blamed are sheltered from those who examine or license."""

    label: str
    sheltered: bool = False


@dataclass(frozen=True)
class CrisisLine:
    """A number to ring now. `country` is ISO 3166 alpha-2, or "*" for every country.

    `source` is an address on the web, `read_on` the day on which the number was read there, and `verified_on` the day
    of the operator's test call.
    """

    country: str
    name: str
    source: str
    verified_on: date | None
    read_on: date | None = None
    kind: str | None = None
    call: str | None = None
    text: str | None = None
    web: str | None = None
    hours: str | None = None

    def __post_init__(self) -> None:
        if not (self.call or self.text or self.web):
            raise ValidationError(f"{self.name} has nothing to call, text or open.")

    @property
    def emergency(self) -> bool:
        return self.kind == "emergency"

    @property
    def site(self) -> str:
        """The site of the source: pages name that alone, since whole addresses would bury the numbers."""
        return self.source.partition("/")[0]


@dataclass(frozen=True)
class CrisisLines:
    """The lines of a file, and how long a test call counts (ours; an operator's file need not say it)."""

    crisis_lines: tuple[CrisisLine, ...]
    stale_after: Days = timedelta(days=180)


def countries_of(lines: Iterable[CrisisLine]) -> frozenset[str]:
    """Return the countries that have lines of their own."""
    return frozenset(line.country for line in lines) - {"*"}


def lines_for(lines: Iterable[CrisisLine], country: str) -> tuple[CrisisLine, ...]:
    """Return those `lines` that are of a country or of every country, emergency numbers first."""
    fitting = [line for line in lines if line.country in (country, "*")]
    return tuple(sorted(fitting, key=lambda line: not line.emergency))


@dataclass(frozen=True)
class Nearness:
    """`stages` is of (person, volunteer): a little ahead is best, so it is not symmetric."""

    professions: Pairs
    care_areas: Pairs
    stages: Pairs
    themes: Pairs


@dataclass(frozen=True)
class Choices:
    """What else people choose from: choices.yaml."""

    values: Labels
    values_at_most: Count
    conversation: Labels
    modalities: Labels
    genders: Labels
    care_area_wishes: Labels
    default_care_area_wish: str
    must_haves: Labels
    waivers: Labels
    contact_channels: Labels
    decline_reasons: Labels
    closing_reasons: Labels
    affiliation_levels: Labels
    compared_levels: tuple[str, ...]
    urgencies: Mapping[str, Urgency]
    default_urgency: str
    evaluative_roles: Mapping[str, EvaluativeRole]


@dataclass(frozen=True)
class Vocabulary(Choices):
    """Everything people choose from. Unknown slugs raise KeyError in every method."""

    professions: Labels
    families: Labels
    family_of: Mapping[str, str]
    student_professions: frozenset[str]
    care_areas: Labels
    groups: Mapping[str, Group]
    groups_of: Mapping[str, tuple[str, ...]]
    stages: Mapping[str, Stage]
    bands: Labels
    student_limit: str
    themes: Mapping[str, Theme]
    themes_at_most: int
    themes_not_before_years: int
    sheltered_cluster: str
    crisis_lines: tuple[CrisisLine, ...]
    crisis_line_stale_after: timedelta
    nearness: Nearness
    defaults: Figures
    other_names: Mapping[str, Mapping[str, OtherNames]]
    """List -> slug -> other names, for care areas, professions, stages and themes."""
    names: Mapping[str, finding.Names]
    """The same lists -> slug -> label and other names in the form in which they are compared."""
    parts: Mapping[str, Parts]
    """The same lists -> slug -> the words that it stands for: itself, or what a former word was made into."""
    labels: Mapping[str, Shown]
    """The same lists -> slug -> label, of former words too."""
    fingerprint: str
    """The same for two services that go by the same words and figures."""

    def found(self, name: str, text: str) -> list[str]:
        """Return the slugs of a list that `text` may mean, the likeliest first."""
        return finding.found(text, self.names[name])

    def meant(self, name: str, text: str) -> str | None:
        """Return the slug of a list that `text` means, None if it means none or several; lists without names: None."""
        return finding.meant(text, self.names.get(name, {}))

    @property
    def restricted_themes(self) -> Mapping[str, Theme]:
        return {slug: theme for slug, theme in self.themes.items() if theme.restricted}

    def is_restricted(self, theme: str) -> bool:
        """Say whether a theme, or a part of it, is restricted; one of a newer version may be."""
        return any(part not in self.themes or self.themes[part].restricted for part in self.parts["themes"][theme])

    def parts_of(self, name: str, slugs: Iterable[str]) -> frozenset[str]:
        """Return the words of a list that any of `slugs` stand for."""
        return frozenset(part for slug in slugs for part in self.parts[name][slug])

    def former(self, name: str) -> dict[str, str]:
        """Return slug -> label of the former words of a list."""
        return {slug: label for slug, label in self.labels[name].items() if slug not in self.names[name]}

    def near(self, name: str, one: str, other: str) -> float:
        """Return how near two slugs of a list are in [0, 1]; a former one is as near as the nearest of its parts.

        A word of a newer version than this one is near to itself alone.
        """
        parts, pairs = self.parts[name], vars(self.nearness)[name]
        return max(float(pairs.get((a, b), a == b)) for a, b in product(parts[one], parts[other]))

    def alike(self, name: str, one: str, other: str) -> bool:
        """Say whether two slugs of a list may mean the same word: a former one means any of its parts."""
        return not set(self.parts[name][one]).isdisjoint(self.parts[name][other])

    def is_student(self, profession: str, stage: str) -> bool:
        """Say whether someone studies, by profession or by stage."""
        return not self.student_professions.isdisjoint(self.parts["professions"][profession]) or any(
            self.stages[part].student for part in self.parts["stages"][stage]
        )

    def is_trainee(self, stage: str) -> bool:
        return any(self.stages[part].trainee for part in self.parts["stages"][stage])

    def family_label(self, profession: str) -> str:
        """Return the coarse label of a profession, for an offer card; one of a newer version is in the last family."""
        family = self.family_of.get(self.parts["professions"][profession][0])
        return self.families[family or list(self.families)[-1]]

    def group_label(self, care_area: str) -> str:
        """Return the coarse label of a care area, for an offer card; an area without a group has its own label.

        One of a newer version is like the last of the list, which is any other.
        """
        area = self.parts["care_areas"][care_area][0]
        area = area if area in self.care_areas else list(self.care_areas)[-1]
        groups = self.groups_of[area]
        return self.groups[groups[0]].label if groups else self.care_areas[area]

    def band_label(self, stage: str) -> str:
        part = self.parts["stages"][stage][0]
        return self.bands[self.stages[part].band] if part in self.stages else self.labels["stages"][stage]

    def is_stale(self, line: CrisisLine, today: date) -> bool:
        """Say whether nobody made a test call to a line lately, so that the page must say so. No call lies ahead."""
        age = today - line.verified_on if line.verified_on else None
        return age is None or not timedelta() <= age <= self.crisis_line_stale_after

    def public(self) -> dict[str, Any]:
        """Return what a form needs, as plain JSON: lists of {slug, label, ...} in the order to show them."""
        plain = {name: [_word(slug, word) for slug, word in getattr(self, name).items()] for name in PLAIN_LISTS}
        named: dict[str, list[dict[str, Any]]] = {
            name: [
                _word(slug, getattr(self, name)[slug]) | {"other_names": list(self.other_names[name][slug])}
                for slug in offered
            ]
            for name, offered in self.names.items()
        }
        for each in named["themes"]:
            theme = self.themes[each["slug"]]
            each |= {"clusters": sorted(theme.clusters), "restricted": theme.restricted}
        return {
            **plain,
            **named,
            "urgencies": [
                _word(slug, urgency) | {"offer_window_h": urgency.offer_window / timedelta(hours=1)}
                for slug, urgency in self.urgencies.items()
            ],
            "evaluative_roles": [_word(slug, role) for slug, role in self.evaluative_roles.items()],
            "at_most": {"themes": self.themes_at_most, "values": self.values_at_most},
        }


def _word(slug: str, word: Any) -> dict[str, Any]:
    """Return a word as JSON; it is its label, or has one."""
    return {"slug": slug, "label": getattr(word, "label", word)}


PLAIN_LISTS = (
    "values",
    "conversation",
    "modalities",
    "genders",
    "care_area_wishes",
    "must_haves",
    "waivers",
    "contact_channels",
    "decline_reasons",
    "closing_reasons",
    "affiliation_levels",
)
"""The lists of the public vocabulary that hold nothing but slugs and labels."""
