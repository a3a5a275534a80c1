"""What a programme's operator adds to the vocabulary by a file: care areas, professions and other names.

The same file is given to every service. Nothing that is there already can be changed or taken away by it.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from shared.vocabulary.reading import Share, VocabularyError, read
from shared.vocabulary.spelling import normalise

SETTING = "VOCABULARY"
SLUG = re.compile(r"[a-z][a-z0-9_]{1,59}")


@dataclass(frozen=True)
class _Area:
    label: str
    groups: tuple[str, ...]
    near: Mapping[str, Share] | None = None
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Profession:
    label: str
    family: str
    student: bool = False
    near: Mapping[str, Share] | None = None
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Additions:
    care_areas: Mapping[str, _Area] | None = None
    professions: Mapping[str, _Profession] | None = None
    other_names: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None


def operators_text() -> str:
    """Return the text of the setting VOCABULARY, usually of the file that VOCABULARY_FILE names; empty: none.

    Raises VocabularyError if the file cannot be read.
    """
    path = os.environ.get(f"{SETTING}_FILE")
    try:
        return Path(path).read_text("utf-8") if path else os.environ.get(SETTING, "")
    except (OSError, ValueError):
        raise VocabularyError(f"{SETTING}: {SETTING}_FILE names no readable file") from None


def added_to(documents: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """Return the parsed documents with an operator's additions; VocabularyError names the entry that is wrong."""
    try:
        parsed = yaml.safe_load(text)
    except yaml.YAMLError:
        raise VocabularyError(f"{SETTING}: not YAML") from None
    if parsed is None:
        return documents
    added, merged = read(_Additions, parsed, SETTING), deepcopy(dict(documents))
    other_names = merged["other_names"]["other_names"]
    for name, words in (("care_areas", added.care_areas or {}), ("professions", added.professions or {})):
        listed = merged[name]
        # The last word of each list is any other, and stays the last.
        last = listed[name].popitem()
        for slug, word in words.items():
            _check_new(
                f"{SETTING}: {name}.{slug}", slug, {**listed[name], **listed.get("former", {}), last[0]: last[1]}
            )
            _check_label(f"{SETTING}: {name}.{slug}.label", word.label, (*listed[name].values(), last[1]))
            listed[name][slug] = {
                field: list(value) if isinstance(value, tuple) else value
                for field, value in vars(word).items()
                if field not in ("near", "other_names")
            }
            other_names[name][slug] = [list(word.other_names)]
        listed[name].update([last])
        for slug, other, near in _near(f"{SETTING}: {name}", words, listed[name]):
            if name == "care_areas":
                listed["nearness"]["pairs"].append([slug, other, near])
            else:
                listed["nearness"]["circles"].append({"members": [slug, other], "nearness": near})
    for name, named in (added.other_names or {}).items():
        for slug, names in named.items():
            other_names.setdefault(name, {}).setdefault(slug, []).append(list(names))
    return merged


def _check_new(where: str, slug: str, known: Mapping[str, Any]) -> None:
    if not SLUG.fullmatch(slug):
        raise VocabularyError(f"{where}: a slug has small letters, digits and _")
    if slug in known:
        raise VocabularyError(f"{where}: it is there already")


def _check_label(where: str, label: str, listed: Iterable[Mapping[str, Any]]) -> None:
    """Refuse what nobody could read, or tell from another line of the list."""
    if not normalise(label):
        raise VocabularyError(f"{where}: a label has a letter in it")
    if any(normalise(each["label"]) == normalise(label) for each in listed):
        raise VocabularyError(f"{where}: another word is called so")


def _near(
    where: str, words: Mapping[str, _Area] | Mapping[str, _Profession], known: Mapping[str, Any]
) -> Iterator[tuple[str, str, float]]:
    for slug, word in words.items():
        for other, near in (word.near or {}).items():
            if other not in known:
                raise VocabularyError(f"{where}.{slug}.near: {other!r} is not known")
            yield slug, other, near
