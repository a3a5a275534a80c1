"""`alongside register explain` and `alongside names explain`: whether two texts meet, and by which marks.

They take the marks as intake makes them, before they are hashed, and store nothing.
"""

import argparse
import csv
import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from environs import FileAwareEnv

from services.intake.domain.affiliations import Register
from services.intake.domain.people.marks import People
from services.intake.domain.place import names_a_place
from services.intake.settings import read_register
from shared.settings import read_settings

Marks = frozenset[str]
SHOWN = 3
"""Marks of one reason that are printed."""

REMEMBERED = 100_000
"""Texts whose marks are kept at hand: lists name the same places again and again."""


REASONS = {
    r"\bslug ": "an entry of the register",
    r"\boff ": "a telling word, with one letter wrong at most",
    r"\b(acronym|full)\b": "its initials",
    r"\b(chain|one of it) ": "the name of a chain",
    r"\bname ": "a name that many places bear, with nothing said that is two towns",
    r"\bword ": "a word that tells alone",
    r"\b(hospital|university) ": "what kind of place it is, and its town",
    r"^names ": "two words of a name",
    r"^mail ": "an address",
    r"^phone ": "a number",
    r"\bnear ": "a name, with one letter wrong at most",
    r"\bbegins ": "a name cut short",
    r"\bin one ": "a name written in one",
    r"\bconsonants ": "a name written without its vowels",
    r"(bears|avoids) \w ": "an initial and a name",
    r"(bears|avoids) ": "one name alone",
}
"""What the text of a mark says of why two sides have it; the first that is found counts."""


class Sides(NamedTuple):
    """How the marks of a text are made on either side, in which words to say so, and what is wrong with a text."""

    of_person: Callable[[Iterable[str]], Marks]
    of_volunteer: Callable[[Iterable[str]], Marks]
    said: str
    wrong: Callable[[str], str | None]


def register_in_use(file: Path | None) -> Register:
    """Return the register of `file`, else that of the settings; raises BadSettings."""
    if file is not None:
        os.environ.pop("AFFILIATIONS", None)
        os.environ["AFFILIATIONS_FILE"] = str(file)
    return read_settings(lambda env: read_register(env, _country(env)))


def run_places(options: argparse.Namespace) -> int:
    register = register_in_use(options.file)
    said = "a person of {one}, a volunteer of {other}"
    return _explain(
        Sides(
            register.of_person,
            register.of_volunteer,
            said,
            lambda text: None if names_a_place(text) else "names no place",
        ),
        options,
    )


def run_people(options: argparse.Namespace) -> int:
    people = People(read_settings(_country))
    said = "a person avoids {one}, a volunteer is {other}"
    return _explain(
        Sides(people.avoided_by_person, people.of_volunteer, said, lambda text: None if text.strip() else "is empty"),
        options,
    )


def _country(env: FileAwareEnv) -> str:
    return env.str("COUNTRY", "")


def _explain(sides: Sides, options: argparse.Namespace) -> int:
    if options.pairs is not None and not options.texts:
        return _add_column(sides, options.pairs)
    if options.pairs is not None or len(options.texts) != 2:
        print("give two texts, or --pairs FILE", file=sys.stderr)
        return 2
    one, other = options.texts
    for text in (one, other):
        if why := sides.wrong(text):
            print(f"{text!r} {why}.")
    found = False
    for mine, theirs in ((one, other), (other, one)):
        shared = sides.of_person([mine]) & sides.of_volunteer([theirs])
        found = found or bool(shared)
        said = sides.said.format(one=repr(mine), other=repr(theirs))
        print(f"{said}: {'they meet, by' if shared else 'they do not meet.'}")
        for why, marks in groupby(sorted(shared, key=_why), _why):
            named = [" ".join(mark.split()) for mark in sorted(marks)]
            more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
            print(f"  {why}: {', '.join(named[:SHOWN])}{more}")
    print("Whoever says which, the two are kept apart." if found else "Nothing keeps the two apart.")
    return 0


def _why(mark: str) -> str:
    return next((why for sign, why in REASONS.items() if re.search(sign, mark)), "the text as it is")


def _add_column(sides: Sides, path: Path) -> int:
    """Write the rows of a CSV with a column more: 1 where the first two texts meet, whichever side says which, else 0.

    The first line is the header. A row with less than two texts, or with one that means nothing, is 0, and is told.
    """

    @lru_cache(REMEMBERED)
    def marks(text: str) -> tuple[Marks, Marks, str | None]:
        wrong = sides.wrong(text)
        return (Marks(), Marks(), wrong) if wrong else (sides.of_person([text]), sides.of_volunteer([text]), None)

    written = csv.writer(sys.stdout, lineterminator="\n")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            header = next(rows, [])
            written.writerow([*header, "meets"])
            for row in rows:
                padded = row + [""] * (len(header) - len(row))
                (mine, theirs, wrong), (mine2, theirs2, wrong2) = map(marks, [*padded, "", ""][:2])
                for column, why in ((1, wrong), (2, wrong2)):
                    if why:
                        print(f"{path}:{rows.line_num}: text {column} {why}", file=sys.stderr)
                meets = not (mine.isdisjoint(theirs2) and mine2.isdisjoint(theirs))
                written.writerow([*padded, int(meets)])
    except UnicodeDecodeError:
        print(f"{path}: is not UTF-8", file=sys.stderr)
        return 1
    except (OSError, csv.Error) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    return 0
