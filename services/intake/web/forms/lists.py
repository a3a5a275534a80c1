"""What people choose from, as options for the controls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from services.intake.schemas.fields import KNOWN_ZONES
from services.intake.texts import texts
from shared.vocabulary import vocabulary

WORDS = vocabulary()

LANGUAGES: dict[str, str] = yaml.safe_load(files("services.intake.texts").joinpath("languages.yaml").read_text("utf-8"))
"""Languages that clinicians often name, each as it calls itself; any other is typed as its BCP 47 code.

Babel knows these names too, but holds 40 MB for them in every process.
"""

CLUSTERS = ("blame", "load", "people_at_work", "path", "home", "health", "colleague", "identity")
"""The clusters of the vocabulary's themes, in the order in which they are shown."""

REGIONS = ("Europe", "America", "Australia", "Pacific", "Africa", "Asia", "Atlantic", "Indian", "Antarctica", "Arctic")


@dataclass(frozen=True)
class Option:
    """One thing to choose. `hint` says more where the label alone does not; it is found by its plain `names`."""

    value: str
    label: str
    hint: str = ""
    names: tuple[str, ...] = ()


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


def found_by_name(name: str) -> Groups:
    """Return a list of the vocabulary, by its name, as one group without a heading; its options have names."""
    return (OptionGroup("", tuple(_option(name, slug) for slug in WORDS.names[name])),)


def care_areas() -> Groups:
    """Return the care areas under the first group of each; those that belong to no group come last."""
    headings = {slug: group.label for slug, group in WORDS.groups.items()}
    headings[""] = texts().say("form.care_area.ungrouped")
    areas = ((next(iter(WORDS.groups_of[slug]), ""), _option("care_areas", slug)) for slug in WORDS.care_areas)
    return _grouped(headings, areas)


def themes(*, only_restricted: bool = False) -> Groups:
    """Return the themes under their first cluster.

    One for which others can help more than a peer says so, unless a volunteer chooses among the restricted ones.
    """
    options = []
    for slug, theme in WORDS.themes.items():
        if theme.restricted or not only_restricted:
            hint = texts().say("form.themes.first", whom=theme.first) if theme.first and not only_restricted else ""
            cluster = next(each for each in CLUSTERS if each in theme.clusters)
            options.append((cluster, _option("themes", slug, hint)))
    return _grouped({cluster: texts().say(f"form.themes.clusters.{cluster}") for cluster in CLUSTERS}, options)


def time_zones() -> Groups:
    """Return every time zone that is named by a place, under its part of the world."""
    options = []
    for zone in KNOWN_ZONES:
        region, _, city = zone.partition("/")
        if region in REGIONS:
            options.append((region, Option(zone, city.replace("_", " ").replace("/", ", "))))
    return _grouped({region: region for region in REGIONS}, options)


def _option(name: str, slug: str, hint: str = "") -> Option:
    return Option(slug, WORDS.labels[name][slug], hint, tuple(WORDS.names[name][slug]))


def _grouped(headings: Mapping[str, str], options: Iterable[tuple[str, Option]]) -> Groups:
    """Return `options`, each given with its group, under `headings` (group -> heading); empty groups are left out."""
    members: dict[str, list[Option]] = {group: [] for group in headings}
    for group, option in options:
        members[group].append(option)
    return tuple(OptionGroup(headings[group], tuple(found)) for group, found in members.items() if found)
