"""What people choose from, as options for the controls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.schemas.fields import KNOWN_ZONES
from services.intake.schemas.volunteer import SHOWS
from services.intake.texts import texts
from shared.vocabulary import vocabulary

WORDS = vocabulary()

LANGUAGES = {
    "en": "English",
    "af": "Afrikaans",
    "ar": "العربية",
    "bn": "বাংলা",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "gu": "ગુજરાતી",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "mi": "Te reo Māori",
    "nl": "Nederlands",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ta": "தமிழ்",
    "tl": "Tagalog",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "yo": "Yorùbá",
    "zh": "中文",
}
"""Languages that clinicians often name, each as it calls itself; any other is typed as its BCP 47 code.

Babel knows these names too, but holds 40 MB for them in every process.
"""

CLUSTERS = ("blame", "load", "people_at_work", "path", "home", "health", "colleague", "identity")
"""The clusters of the vocabulary's themes, in the order in which they are shown."""

REGIONS = ("Europe", "America", "Australia", "Pacific", "Africa", "Asia", "Atlantic", "Indian", "Antarctica", "Arctic")


@dataclass(frozen=True)
class Option:
    """One thing to choose. `hint` says more where the label alone does not."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class OptionGroup:
    """Options that belong together, under a heading."""

    label: str
    options: tuple[Option, ...]


Groups = tuple[OptionGroup, ...]


def language(tag: str) -> str:
    """Return the name of a language by its BCP 47 tag, e.g. `Deutsch (German)`; the tag itself if nobody has named it.

    A language that is called much the same in the language of the page has one name.
    """
    own, named = LANGUAGES.get(tag, ""), texts().locale.languages.get(tag.replace("-", "_"), "")
    return f"{own} ({named})" if own and named and named not in own.split() else own or named or tag


def plain(words: Mapping[str, Any], only: Iterable[str] | None = None) -> Groups:
    """Return words as one group without a heading; each is a label, or has one. `only` keeps some of them."""
    slugs = words if only is None else only
    return (OptionGroup("", tuple(Option(slug, getattr(words[slug], "label", words[slug])) for slug in slugs)),)


def languages() -> Groups:
    return plain({tag: language(tag) for tag in LANGUAGES})


def shows() -> Groups:
    """Return what a volunteer may show besides affiliations and roles."""
    return plain({slug: texts().say(f"form.volunteer.shows.options.{slug}") for slug in SHOWS})


def care_areas() -> Groups:
    """Return the care areas under the first group of each; those that belong to no group come last."""
    headings = {slug: group.label for slug, group in WORDS.groups.items()}
    headings[""] = texts().say("form.care_area.ungrouped")
    areas = ((next(iter(WORDS.groups_of[slug]), ""), Option(slug, label)) for slug, label in WORDS.care_areas.items())
    return _grouped(headings, areas)


def themes() -> Groups:
    """Return the themes under their first cluster; one for which others can help more than a peer says so."""
    hints = {
        slug: texts().say("form.themes.first", whom=theme.first) for slug, theme in WORDS.themes.items() if theme.first
    }
    return _clustered(WORDS.themes, hints)


def restricted_themes() -> Groups:
    return _clustered([slug for slug, theme in WORDS.themes.items() if theme.restricted], {})


def _clustered(slugs: Iterable[str], hints: Mapping[str, str]) -> Groups:
    headings = {cluster: texts().say(f"form.themes.clusters.{cluster}") for cluster in CLUSTERS}
    clusters = {slug: next(each for each in CLUSTERS if each in WORDS.themes[slug].clusters) for slug in slugs}
    options = ((clusters[slug], Option(slug, WORDS.themes[slug].label, hints.get(slug, ""))) for slug in clusters)
    return _grouped(headings, options)


def time_zones() -> Groups:
    """Return every time zone that is named by a place, under its part of the world."""
    split = ((zone, *zone.partition("/")) for zone in KNOWN_ZONES)
    named = (
        (region, Option(zone, city.replace("_", " ").replace("/", ", ")))
        for zone, region, _, city in split
        if region in REGIONS
    )
    return _grouped({region: region for region in REGIONS}, named)


def _grouped(headings: Mapping[str, str], options: Iterable[tuple[str, Option]]) -> Groups:
    """Return `options`, each given with its group, under `headings` (group -> heading); empty groups are left out."""
    members: dict[str, list[Option]] = {group: [] for group in headings}
    for group, option in options:
        members[group].append(option)
    return tuple(OptionGroup(headings[group], tuple(found)) for group, found in members.items() if found)
