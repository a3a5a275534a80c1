"""What a page names exists: files, functions, tests, make targets."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from deploy.cli import build_parser
from tests.unit.docs.project import PAGES, PROJECT, read

QUOTED = re.compile(r"`([^`\n]+)`")
LINKED = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")
ROOMS = ("services/", "shared/", "deploy/", "tests/", "docs/", "requirements/")
TEST_NAME = re.compile(r"test_[a-z0-9_]+")
NOT_YET = re.compile(r"^#+ [^\n]* yet\n.*?(?=^#|\Z)", re.MULTILINE | re.DOTALL)
"""A section about what is not there yet, which may name what will be."""


@cache
def names_in(path: str) -> frozenset[str]:
    """Return what a module defines: functions, classes, methods and assigned names."""
    names = set()
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return frozenset(names)


@cache
def names_of_all_tests() -> frozenset[str]:
    """Return the names of all tests."""
    modules = (path.relative_to(PROJECT).as_posix() for path in sorted((PROJECT / "tests").rglob("test_*.py")))
    return frozenset(name for module in modules for name in names_in(module) if name.startswith("test_"))


def quoted_in(page: str) -> list[str]:
    """Return everything between back-quotes on a page."""
    return QUOTED.findall(read(page))


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_function_that_a_page_names_exists(page: str) -> None:
    for quoted in quoted_in(page):
        if not quoted.startswith(ROOMS) or re.search(r"[*<> ]", quoted):
            continue
        path, _, name = quoted.partition("::")
        assert (PROJECT / path).exists(), quoted
        if name:
            assert set(name.split(".")) <= names_in(path), quoted


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = {quoted for quoted in quoted_in(page) if TEST_NAME.fullmatch(quoted)}
    assert named <= names_of_all_tests()


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_project_leads_somewhere(page: str) -> None:
    folder = (PROJECT / page).parent
    for target in LINKED.findall(read(page)):
        assert Path(folder / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_every_heading_that_a_link_leads_to_exists(page: str) -> None:
    for target, heading in re.findall(r"\]\((?!https?://)([^)#]*)#([^)]+)\)", read(page)):
        text = (PROJECT / page).parent.joinpath(target).read_text("utf-8") if target else read(page)
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert heading in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, heading


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    said = NOT_YET.sub("", read(page))
    named = {quoted.split()[1] for quoted in QUOTED.findall(said) if re.match(r"make [a-z]+", quoted)}
    assert named <= targets


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    usable = build_parser()
    for quoted in quoted_in(page):
        _, alongside, command = quoted.rpartition("alongside ")
        if not alongside:
            continue
        arguments = ["1" if word == "NUMBER" else word for word in command.split()]
        assert usable.parse_args(arguments).command == arguments[0], quoted
