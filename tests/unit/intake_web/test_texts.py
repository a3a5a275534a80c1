"""The sentences of the pages: each stands once, under a key that something names, and none stands anywhere else."""

import ast
import re
from importlib import resources
from pathlib import Path

import pytest
from jinja2 import Environment
from markupsafe import Markup

from services.intake.storage.access import Opened, Reason
from services.intake.texts import Texts, UnknownText, WrongValues, read_sentences, texts

INTAKE = Path(str(resources.files("services.intake")))
TEMPLATES = sorted((INTAKE / "web" / "templates").glob("*.html"))
SENTENCES = read_sentences("en")
ALLOWED = re.compile(r'</?(?:strong|em|a)>|<a href="/[a-z]*">')
KEY = re.compile(r"[a-z_0-9]+(?:\.[a-z_0-9]+)*\.?")


def catalogue(**sentences: str) -> Texts:
    """Return a catalogue of a few sentences."""
    return Texts({"page.language": "en-GB"} | {key.replace("__", "."): said for key, said in sentences.items()})


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UnknownText):
        texts().say("start.nothing")
    with pytest.raises(UnknownText):
        texts().html("start.nothing")


@pytest.mark.parametrize("values", [{}, {"days": 3, "more": 1}, {"day": 3}])
def test_placeholders_that_are_not_given_and_values_that_have_none_are_errors(values: dict[str, object]) -> None:
    with pytest.raises(WrongValues):
        catalogue(a__b="In {days} days.").say("a.b", **values)


def test_a_sentence_is_escaped_and_so_are_the_values_of_markup() -> None:
    said = catalogue(a__plain="1 < 2 {name}", a__link_html='<a href="/">{name}</a>')

    assert said.html("a.plain", name="<b>") == "1 &lt; 2 &lt;b&gt;"
    assert said.html("a.link_html", name="<b>") == '<a href="/">&lt;b&gt;</a>'
    assert said.html("a.plain", name=Markup("<time>")) == "1 &lt; 2 <time>"
    with pytest.raises(UnknownText):
        said.say("a.link_html", name="x")


def test_a_count_has_a_sentence_for_one_and_for_more() -> None:
    said = catalogue(a__one="one thing", a__other="{number} things")

    assert [said.count("a", number) for number in (0, 1, 2)] == ["0 things", "one thing", "2 things"]


def test_figures_of_the_vocabulary_stand_in_sentences_by_name() -> None:
    assert "14 days after the introduction" in texts().say("offer.introduced_long_ago.text")


def test_a_code_of_a_row_has_words_and_a_sentence_of_an_old_row_is_kept() -> None:
    assert texts().say_code("page.access.why", "safety") == "it was about safety"
    assert texts().say_code("page.access.why", "because we looked") == "because we looked"


def test_everything_that_the_access_record_can_hold_has_words() -> None:
    for key in (*(f"page.access.what.{what}" for what in Opened), *(f"page.access.why.{why}" for why in Reason)):
        assert texts().say(key)


def test_only_sentences_that_say_so_hold_markup_and_only_what_is_harmless() -> None:
    for key, said in SENTENCES.items():
        left = ALLOWED.sub("", said) if key.endswith("_html") else said
        assert "<" not in left, key
        assert said, key


def test_no_sentence_stands_in_a_template() -> None:
    for path in TEMPLATES:
        tokens = Environment().lex(path.read_text(encoding="utf-8"))
        written = "".join(text if kind == "data" else "~" for _, kind, text in tokens)
        for attribute in re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', written):
            assert not re.search("[A-Za-z]", attribute), (path.name, attribute)
        shown = re.sub(r' [a-z-]+=(?:"[^"]*"|true)|<[^>]*>|&[a-z]+;', "", written)
        assert not re.search(r"[A-Za-z]{2,}", shown), path.name


def test_every_sentence_is_used() -> None:
    named = _named()
    whole = {name for name in named if not name.endswith(".")}
    beginnings = tuple(name if name.endswith(".") else f"{name}." for name in named if "." in name)

    assert [key for key in SENTENCES if key not in whole and not key.startswith(beginnings)] == []


def _named() -> set[str]:
    """Return every key, or beginning of one, that is written in Python or in a template of intake."""
    found = set()
    for path in INTAKE.rglob("*.py"):
        found |= {
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for path in TEMPLATES:
        found |= {text.strip("\"'") for _, kind, text in Environment().lex(path.read_text("utf-8")) if kind == "string"}
    sections = {key.partition(".")[0] for key in SENTENCES}
    return {name for name in found if KEY.fullmatch(name) and "." in name and name.partition(".")[0] in sections}
