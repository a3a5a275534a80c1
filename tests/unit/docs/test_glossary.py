"""docs/glossary.md and the names in the code agree."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.unit.docs.project import PROJECT, rows_under, words_in

PAGE = "docs/glossary.md"
ROOMS = ("services", "shared", "deploy")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@cache
def names_by_file() -> dict[str, frozenset[str]]:
    """Return the single words of all names that each product file defines, in lower case: `put_match` -> put, match."""
    files = (path for room in ROOMS for path in (PROJECT / room).rglob("*.py") if "migrations" not in path.parts)
    return {
        path.relative_to(PROJECT).as_posix(): frozenset(
            word.lower() for name in (path.stem, *_defined(path.read_text("utf-8"))) for word in WORD.findall(name)
        )
        for path in sorted(files)
    }


def _defined(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def files_with(word: str) -> set[str]:
    """Return the product files that name something by `word` or its plural."""
    return {path for path, words in names_by_file().items() if words & {word, f"{word}s"}}


def test_a_word_with_a_home_names_nothing_elsewhere() -> None:
    for word, where in rows_under(PAGE, "## Words that have a home"):
        homes = tuple(home if home.endswith(".py") else f"{home}/" for home in words_in(where))
        found = files_with(word)
        assert {path for path in found if not path.startswith(homes)} == set(), word
        # A home in which the word names nothing any more is struck off.
        assert [home for home in homes if not any(path.startswith(home) for path in found)] == [], word


def test_a_word_that_is_not_used_names_nothing() -> None:
    for words, _ in rows_under(PAGE, "## Words we do not use"):
        for word in words.split(", "):
            assert files_with(word) == set(), word


def test_every_word_of_the_flow_names_something_in_the_code() -> None:
    for word, _ in rows_under(PAGE, "## The flow of events"):
        assert files_with(word.split()[-1]) != set(), word
