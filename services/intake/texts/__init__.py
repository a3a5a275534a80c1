"""Every sentence that people read, by a stable key: one folder of YAML files a language.

The key of a sentence is its path, from the name of the file on: `ask.lead`. `{name}` is a placeholder. A sentence whose
key ends in `_html` may hold <strong>, <em> and links; all others are plain text. A key with `one` and `other` below it
is a count. Numbers that the vocabulary sets are placeholders too, and filled in already: see `figures`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

import yaml
from babel import Locale
from babel.lists import format_list
from markupsafe import Markup, escape

from shared.vocabulary import vocabulary

HTML = "_html"


class UnknownText(LookupError):
    """No sentence has this key."""


class WrongValues(ValueError):
    """The values given are not those that the sentence has placeholders for."""


class Texts:
    """The sentences of one language."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        fixed = figures()
        self._sentences = {key: _filled(sentence, fixed) for key, sentence in sentences.items()}
        self._placeholders = {key: frozenset(_names(sentence)) for key, sentence in self._sentences.items()}
        self.locale = Locale.parse(self.say("page.language"), sep="-")

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def say(self, key: str, /, **values: object) -> str:
        """Return a sentence as plain text; UnknownText or WrongValues if key and values do not fit the catalogue."""
        if key.endswith(HTML):
            raise UnknownText(f"{key} is markup, not text")
        return self._found(key, values).format(**values)

    def say_some(self, key: str, values: Mapping[str, object], /) -> str:
        """Return a sentence that need not hold all of `values`."""
        return self.say(key, **{name: values[name] for name in self._placeholders[key]})

    def html(self, key: str, /, **values: object) -> Markup:
        """Return a sentence as markup, with every value escaped that is not markup itself."""
        found = self._found(key, values)
        # The catalogue is ours: tests hold what markup may stand in it.
        sentence = Markup(found) if key.endswith(HTML) else escape(found)  # noqa: S704
        return sentence.format(**values) if values else sentence

    def count(self, key: str, number: int, /, **values: object) -> Markup:
        """Return, as markup, the sentence under `key` for this number, which it may hold as `{number}`."""
        form = f"{key}.{self.locale.plural_form(number)}"
        form = form if form in self else f"{form}{HTML}"
        named = {"number": number} if "number" in self._placeholders.get(form, ()) else {}
        return self.html(form, **named, **values)

    def say_code(self, prefix: str, code: str) -> str:
        """Return the sentence of a code from a row. What is no code is a sentence, from before there were codes."""
        key = f"{prefix}.{code}"
        return self.say(key) if key in self else code

    def listed(self, prefix: str, codes: Sequence[str]) -> str:
        """Return the sentences of several codes as one list, e.g. `a, b and c`."""
        return format_list([self.say(f"{prefix}.{code}") for code in codes], locale=self.locale)

    def _found(self, key: str, values: Mapping[str, object]) -> str:
        if key not in self._sentences:
            raise UnknownText(key)
        if values.keys() != self._placeholders[key]:
            raise WrongValues(f"{key} needs {sorted(self._placeholders[key])}")
        return self._sentences[key]


@cache
def texts(language: str = "en") -> Texts:
    """Return the sentences of a language (the name of its folder), read once per process."""
    return Texts(read_sentences(language))


def read_sentences(language: str) -> dict[str, str]:
    """Return the sentences of a language by key, as they stand in its files."""
    files = (resources.files("services.intake.texts") / language).iterdir()
    # The C loader reads the files of a language in a tenth of a second less, for every process that starts.
    parsed = {
        file.name.removesuffix(".yaml"): yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) for file in files
    }
    return dict(_flat("", parsed))


def figures() -> dict[str, int]:
    """Return the numbers of the vocabulary that sentences name, by placeholder."""
    words = vocabulary()
    keep = words.defaults.retention
    return {
        "themes_at_most": words.themes_at_most,
        "values_at_most": words.values_at_most,
        "crisis_line_days": words.crisis_line_stale_after.days,
        "rest_hours": words.defaults.offers.cool_down_ignored // timedelta(hours=1),
        "words_days": keep.contact_and_words_after_introduction.days,
        "untouched_request_days": keep.untouched_request.days,
        "refused_application_days": keep.refused_application.days,
        "unanswered_application_days": keep.unanswered_application.days,
        "closed_report_days": keep.report_after_close.days,
        "open_report_days": keep.open_report.days,
    }


def _flat(path: str, node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node.strip()
        return
    for name, inner in node.items():
        yield from _flat(f"{path}.{name}" if path else str(name), inner)


def _names(sentence: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def _filled(sentence: str, fixed: Mapping[str, int]) -> str:
    for name, number in fixed.items():
        sentence = sentence.replace(f"{{{name}}}", str(number))
    return sentence
