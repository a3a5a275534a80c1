"""Loading the vocabulary: YAML files of this package -> one checked `Vocabulary`, once per process."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from shared.vocabulary.figures import read_figures
from shared.vocabulary.model import CrisisLine, EvaluativeRole, Group, Nearness, Stage, Theme, Urgency, Vocabulary
from shared.vocabulary.nearness import care_area_pairs, profession_pairs, stage_pairs, theme_pairs
from shared.vocabulary.reading import Entry, VocabularyError

DOCUMENTS = ("professions", "care_areas", "stages", "themes", "choices", "figures", "crisis_lines")


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary; the first call reads and checks the files, and raises VocabularyError if one is wrong."""
    return build(documents())


def documents() -> dict[str, Any]:
    """Return the parsed YAML documents by name, unchecked."""
    folder = resources.files("shared.vocabulary") / "words"
    return {name: yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8")) for name in DOCUMENTS}


def build(parsed: Mapping[str, Any]) -> Vocabulary:
    """Build and check a vocabulary from parsed documents; raises VocabularyError naming the entry that is wrong."""
    files = {name: Entry(f"{name}.yaml", parsed[name]) for name in DOCUMENTS}
    return Vocabulary(
        **_professions(files["professions"]),
        **_care_areas(files["care_areas"]),
        **_stages(files["stages"]),
        **_themes(files["themes"]),
        **_choices(files["choices"]),
        crisis_lines=read_crisis_lines(parsed["crisis_lines"]),
        crisis_line_stale_after=files["crisis_lines"].span("stale_after_d"),
        nearness=_nearness(files),
        defaults=read_figures(files["figures"]),
    )


def read_crisis_lines(parsed: Any) -> tuple[CrisisLine, ...]:
    """Return the lines under `crisis_lines` of a parsed document; raises VocabularyError naming what is wrong."""
    return tuple(_crisis_line(line) for line in Entry("crisis_lines", parsed).items("crisis_lines"))


def _labels(entry: Entry, key: str) -> dict[str, str]:
    return {slug: entry.at(key).text(slug) for slug, _ in entry.entries(key)}


def _professions(entry: Entry) -> dict[str, Any]:
    families = _labels(entry, "families")
    known = dict(entry.entries("professions"))
    return {
        "families": families,
        "professions": {slug: found.text("label") for slug, found in known.items()},
        "family_of": {slug: found.at("family").slug_in(families) for slug, found in known.items()},
        "student_professions": frozenset(slug for slug, found in known.items() if found.flag("student")),
    }


def _care_areas(entry: Entry) -> dict[str, Any]:
    groups = _groups(entry)
    known = dict(entry.entries("care_areas"))
    return {
        "groups": groups,
        "care_areas": {slug: found.text("label") for slug, found in known.items()},
        "groups_of": {
            slug: tuple(group.slug_in(groups) for group in found.items("groups")) for slug, found in known.items()
        },
    }


def _groups(entry: Entry) -> dict[str, Group]:
    return {slug: Group(found.text("label"), found.text("branch")) for slug, found in entry.entries("groups")}


def _stages(entry: Entry) -> dict[str, Any]:
    bands = _labels(entry, "bands")
    stages = {slug: _stage(found, bands) for slug, found in entry.entries("stages")}
    limit = entry.at("student_limit").slug_in(stages)
    if stages[limit].order is None:
        raise VocabularyError(f"{entry.where}.student_limit: {limit} stands outside the ladder")
    return {"bands": bands, "stages": stages, "student_limit": limit}


def _stage(entry: Entry, bands: Mapping[str, str]) -> Stage:
    order = entry.at("order")
    return Stage(
        label=entry.text("label"),
        order=None if order.value is None else order.number_at_least(0),
        band=entry.at("band").slug_in(bands),
        student=entry.flag("student"),
        trainee=entry.flag("trainee"),
    )


def _themes(entry: Entry) -> dict[str, Any]:
    themes = {slug: _theme(found) for slug, found in entry.entries("themes")}
    clusters = {cluster for theme in themes.values() for cluster in theme.clusters}
    return {
        "themes": themes,
        "themes_at_most": entry.count("at_most"),
        "themes_not_before_years": float(entry.count("not_before_years")),
        "sheltered_cluster": entry.at("sheltered_cluster").slug_in(clusters),
    }


def _theme(entry: Entry) -> Theme:
    clusters = frozenset(str(cluster.value) for cluster in entry.items("clusters"))
    if not clusters:
        raise VocabularyError(f"{entry.where}.clusters: at least one is needed")
    return Theme(entry.text("label"), clusters, entry.flag("restricted"), entry.text_or_none("first"))


PLAIN_CHOICES = (
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


def _choices(entry: Entry) -> dict[str, Any]:
    plain = {name: _labels(entry, name) for name in PLAIN_CHOICES}
    levels = plain["affiliation_levels"]
    urgencies = {slug: _urgency(found) for slug, found in entry.entries("urgencies")}
    return plain | {
        "default_care_area_wish": entry.at("default_care_area_wish").slug_in(plain["care_area_wishes"]),
        "values_at_most": entry.count("values_at_most"),
        "compared_levels": tuple(level.slug_in(levels) for level in entry.items("compared_levels")),
        "urgencies": urgencies,
        "default_urgency": entry.at("default_urgency").slug_in(urgencies),
        "evaluative_roles": {
            slug: EvaluativeRole(found.text("label"), found.flag("sheltered"))
            for slug, found in entry.entries("evaluative_roles")
        },
    }


def _urgency(entry: Entry) -> Urgency:
    window = entry.span("offer_window_h")
    if window <= timedelta(0):
        raise VocabularyError(f"{entry.where}.offer_window_h: a window is longer than nothing")
    return Urgency(entry.text("label"), window, entry.span("alarm_h"), entry.flag("awake_only"))


def _crisis_line(entry: Entry) -> CrisisLine:
    line = CrisisLine(
        country=entry.text("country"),
        name=entry.text("name"),
        source=entry.text("source"),
        emergency=entry.text_or_none("kind") == "emergency",
        call=entry.text_or_none("call"),
        text=entry.text_or_none("text"),
        web=entry.text_or_none("web"),
        hours=entry.text_or_none("hours"),
        verified_on=entry.day_or_none("verified_on"),
    )
    if not (line.call or line.text or line.web):
        raise VocabularyError(f"{entry.where}: {line.name} has nothing to call, text or open")
    return line


def _nearness(files: Mapping[str, Entry]) -> Nearness:
    areas = _care_areas(files["care_areas"])
    return Nearness(
        professions=profession_pairs(files["professions"].at("nearness"), files["professions"].value["professions"]),
        care_areas=care_area_pairs(files["care_areas"].at("nearness"), areas["groups"], areas["groups_of"]),
        stages=stage_pairs(files["stages"].at("nearness"), _stages(files["stages"])["stages"]),
        themes=theme_pairs(files["themes"].at("nearness"), _themes(files["themes"])["themes"]),
    )
