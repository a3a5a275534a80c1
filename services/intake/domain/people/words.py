"""The words that stand around people's names, and the short forms of names, out of `words.yaml`."""

from collections import defaultdict
from collections.abc import Mapping
from importlib import resources
from typing import Any

import yaml

_TEXT = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
_DOCUMENT: Any = yaml.load(_TEXT, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe.

NEVER_NAMES, SELDOM_NAMES, AMBIGUOUS, PRONOUNS, BEFORE_WORKPLACES, PARTICLES = (
    frozenset(_DOCUMENT[name].split())
    for name in ("never_names", "seldom_names", "ambiguous", "pronouns", "before_workplaces", "particles")
)


def _short_forms() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, shorts in _DOCUMENT["short_forms"].items():
        for short in shorts.split():
            found[short].append(name)
    return found


SHORT_FORMS = _short_forms()
"""Short form -> the names that it stands for."""
