"""Loading the vocabulary: YAML files of this package -> one checked `Vocabulary`, once per process."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import chain
from typing import Any

import yaml

from shared.vocabulary.additions import added_to, operators_text
from shared.vocabulary.figures import Figures
from shared.vocabulary.finding import plain_names
from shared.vocabulary.model import (
    Choices,
    CrisisLine,
    CrisisLines,
    Former,
    Group,
    Nearness,
    OtherNames,
    Parts,
    Shown,
    Stage,
    Theme,
    Vocabulary,
)
from shared.vocabulary.nearness import CareAreaRules, ProfessionRules, StageRules, ThemeRules
from shared.vocabulary.reading import Count, Labels, VocabularyError, read

DOCUMENTS = ("professions", "care_areas", "stages", "themes", "choices", "figures", "crisis_lines", "other_names")


@dataclass(frozen=True)
class _Profession:
    label: str
    family: str
    student: bool = False


@dataclass(frozen=True)
class _Professions:
    families: Labels
    professions: Mapping[str, _Profession]
    nearness: ProfessionRules
    former: Mapping[str, Former] | None = None


@dataclass(frozen=True)
class _CareArea:
    label: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class _CareAreas:
    groups: Mapping[str, Group]
    care_areas: Mapping[str, _CareArea]
    nearness: CareAreaRules
    former: Mapping[str, Former] | None = None


@dataclass(frozen=True)
class _Stages:
    bands: Labels
    stages: Mapping[str, Stage]
    student_limit: str
    nearness: StageRules
    former: Mapping[str, Former] | None = None


@dataclass(frozen=True)
class _Themes:
    themes: Mapping[str, Theme]
    at_most: Count
    not_before_years: Count
    sheltered_cluster: str
    nearness: ThemeRules
    former: Mapping[str, Former] | None = None


@dataclass(frozen=True)
class _OtherNames:
    """List -> slug -> names, in any number of rows."""

    other_names: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]


_Lists = Mapping[str, tuple[Mapping[str, Any], Mapping[str, Former]]]
"""List -> its words (each has a label), and its former words."""


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary with the operator's additions; the first call reads and checks the files.

    Raises VocabularyError if one is wrong.
    """
    return build(added_to(documents(), operators_text()))


def documents() -> dict[str, Any]:
    """Return the parsed YAML documents by name, unchecked."""
    folder = resources.files("shared.vocabulary") / "words"
    texts = {name: (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in DOCUMENTS}
    # The C loader is some ten times as fast, and every process that starts reads these.
    return {name: yaml.load(text, yaml.CSafeLoader) for name, text in texts.items()}


def read_crisis_lines(parsed: Any) -> tuple[CrisisLine, ...]:
    """Return the lines of a parsed document like crisis_lines.yaml; raises VocabularyError naming what is wrong."""
    return read(CrisisLines, parsed, "crisis_lines").crisis_lines


def build(parsed: Mapping[str, Any]) -> Vocabulary:
    """Build and check a vocabulary from parsed documents; raises VocabularyError naming the entry that is wrong."""
    professions = read(_Professions, parsed["professions"], "professions.yaml")
    areas = read(_CareAreas, parsed["care_areas"], "care_areas.yaml")
    stages = read(_Stages, parsed["stages"], "stages.yaml")
    themes = read(_Themes, parsed["themes"], "themes.yaml")
    choices = read(Choices, parsed["choices"], "choices.yaml")
    lines = read(CrisisLines, parsed["crisis_lines"], "crisis_lines.yaml")
    _check(chain(_in_professions(professions), _in_areas(areas), _in_stages(stages), _in_themes(themes)))
    _check(_in_choices(choices))
    listed: _Lists = {
        "professions": (professions.professions, professions.former or {}),
        "care_areas": (areas.care_areas, areas.former or {}),
        "stages": (stages.stages, stages.former or {}),
        "themes": (themes.themes, themes.former or {}),
    }
    _check(_in_former(listed))
    other_names = _other_names(read(_OtherNames, parsed["other_names"], "other_names.yaml"), listed)
    parts = {
        name: {slug: (slug,) for slug in words} | {slug: tuple(old.means) for slug, old in former.items()}
        for name, (words, former) in listed.items()
    }
    groups_of = {slug: area.groups for slug, area in areas.care_areas.items()}
    return Vocabulary(
        **vars(choices),
        families=professions.families,
        professions={slug: profession.label for slug, profession in professions.professions.items()},
        family_of={slug: profession.family for slug, profession in professions.professions.items()},
        student_professions=frozenset(slug for slug, found in professions.professions.items() if found.student),
        groups=areas.groups,
        care_areas={slug: area.label for slug, area in areas.care_areas.items()},
        groups_of=groups_of,
        bands=stages.bands,
        stages=stages.stages,
        student_limit=stages.student_limit,
        themes=themes.themes,
        themes_at_most=themes.at_most,
        themes_not_before_years=themes.not_before_years,
        sheltered_cluster=themes.sheltered_cluster,
        crisis_lines=lines.crisis_lines,
        crisis_line_stale_after=lines.stale_after,
        nearness=Nearness(
            professions=professions.nearness.all_pairs(professions.professions),
            care_areas=areas.nearness.all_pairs(groups_of, areas.groups),
            stages=stages.nearness.all_pairs(stages.stages),
            themes=themes.nearness.all_pairs(themes.themes),
        ),
        defaults=read(Figures, parsed["figures"], "figures.yaml"),
        other_names=other_names,
        names={
            name: {slug: plain_names(word.label, other_names[name][slug]) for slug, word in words.items()}
            for name, (words, _) in listed.items()
        },
        parts={name: Parts(found) for name, found in parts.items()},
        labels={
            name: Shown((slug, word.label) for slug, word in {**words, **former}.items())
            for name, (words, former) in listed.items()
        },
        fingerprint=_fingerprint(parsed),
    )


def _other_names(file: _OtherNames, listed: _Lists) -> Mapping[str, Mapping[str, OtherNames]]:
    """Return list -> slug -> other names, each once; every word of each list is there."""
    _check([("other_names.yaml: other_names", file.other_names, listed)])
    _check(
        (f"other_names.yaml: other_names.{name}", named, listed[name][0]) for name, named in file.other_names.items()
    )
    return {
        name: {slug: tuple(dict.fromkeys(chain(*file.other_names.get(name, {}).get(slug, ())))) for slug in words}
        for name, (words, _) in listed.items()
    }


_Named = Iterable[tuple[str, Collection[str], Collection[str]]]
"""Where slugs are named, which ones, and the known ones among which they must be."""


def _check(named: _Named) -> None:
    for where, slugs, known in named:
        for slug in slugs:
            if slug not in known:
                raise VocabularyError(f"{where}: {slug!r} is not known")


def _fingerprint(parsed: Mapping[str, Any]) -> str:
    """Return what is the same for two services that go by the same words; crisis lines aside, which are intake's."""
    said = {name: document for name, document in parsed.items() if name != "crisis_lines"}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _in_former(listed: _Lists) -> _Named:
    for name, (words, former) in listed.items():
        for slug, old in former.items():
            yield f"{name}.yaml: former.{slug}.means", old.means, words
        if both := words.keys() & former.keys():
            raise VocabularyError(f"{name}.yaml: former.{min(both)}: it is offered, too")


def _in_professions(file: _Professions) -> _Named:
    for slug, profession in file.professions.items():
        yield f"professions.yaml: professions.{slug}.family", [profession.family], file.families
    for number, circle in enumerate(file.nearness.circles):
        yield f"professions.yaml: nearness.circles[{number}].members", circle.members, file.professions


def _in_areas(file: _CareAreas) -> _Named:
    for slug, area in file.care_areas.items():
        yield f"care_areas.yaml: care_areas.{slug}.groups", area.groups, file.groups
    yield "care_areas.yaml: nearness.with_any", file.nearness.with_any, file.care_areas
    for number, linked in enumerate(file.nearness.linked_groups.pairs):
        yield f"care_areas.yaml: nearness.linked_groups.pairs[{number}]", linked, file.groups
    for number, (one, other, _) in enumerate(file.nearness.pairs):
        yield f"care_areas.yaml: nearness.pairs[{number}]", (one, other), file.care_areas


def _in_stages(file: _Stages) -> _Named:
    for slug, stage in file.stages.items():
        yield f"stages.yaml: stages.{slug}.band", [stage.band], file.bands
    for number, (one, other, _) in enumerate(file.nearness.pairs):
        yield f"stages.yaml: nearness.pairs[{number}]", (one, other), file.stages
    on_the_ladder = [slug for slug, stage in file.stages.items() if stage.order is not None]
    yield "stages.yaml: student_limit (on the ladder)", [file.student_limit], on_the_ladder


def _in_themes(file: _Themes) -> _Named:
    clusters = frozenset[str]().union(*(theme.clusters for theme in file.themes.values()))
    yield "themes.yaml: sheltered_cluster", [file.sheltered_cluster], clusters


def _in_choices(file: Choices) -> _Named:
    yield "choices.yaml: default_care_area_wish", [file.default_care_area_wish], file.care_area_wishes
    yield "choices.yaml: compared_levels", file.compared_levels, file.affiliation_levels
    yield "choices.yaml: default_urgency", [file.default_urgency], file.urgencies
