"""Reads registers that come as CSV: NHS ODS, CMS Hospital General Information, and lists of one's own.

The text may be UTF-8 or Windows-1252, and between commas, semicolons or tabs. Columns are found by the names in the
first line; the files of NHS ODS have none, and their columns are known by place.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from deploy.register.entries import BadFile, Entry, Say, readable

COLUMNS: Mapping[str, Sequence[str]] = {
    "key": ("facility id", "provider id", "organisation code", "org code", "ods code", "code", "id"),
    "name": ("facility name", "hospital name", "organisation name", "name"),
    "town": ("city town", "city", "town", "address line 4"),
    "region": ("state", "region", "county", "address line 5"),
    "country": ("country code", "country"),
    "types": ("hospital type", "primary role name", "organisation sub type code", "type"),
    "parent": ("parent organisation code", "parent code", "parent"),
    "closed": ("close date", "legal end date", "operational end date"),
    "other_names": ("other names",),
    "level": ("level",),
    "slug": ("slug",),
}
"""What an entry needs -> the names that its column has in one file or another, in small letters, without signs."""

LEGACY_ODS = {"key": 0, "name": 1, "town": 7, "region": 8, "closed": 11, "types": 13, "parent": 14}
"""The places of the columns in etr.csv, ets.csv and their like, counted from 0; address line 4 is the town."""

LEGACY_WIDTH = 27
TRUST_CODE = re.compile(r"[A-Z0-9]{3}")
COUNTRIES = {"ods": "GB", "cms": "US"}


def read_table(path: Path, source: str, say: Say) -> Iterator[Entry]:
    """Yield the entries of a file of `source`: ods, cms or csv. A row that is none is told and left out."""
    text = _text(path, say)
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        places, width, row = _header(path, source, next(rows, []))
        while row is not None:
            if row:
                yield from _entry(
                    row, places, width, source, lambda why: say(f"{path}:{rows.line_num}: {why}; left out")
                )
            row = next(rows, None)
    except csv.Error as error:
        raise BadFile(f"{path}:{rows.line_num}: {error}") from None


def _text(path: Path, say: Say) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        say(f"{path}: read as Windows-1252, for it is not UTF-8")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        raise BadFile(f"{path}: is neither UTF-8 nor Windows-1252") from None


def _header(path: Path, source: str, first: list[str]) -> tuple[Mapping[str, int], int, list[str] | None]:
    """Return the place of each column, how many there are, and the first row of data if the first line is one."""
    named = {re.sub("[^a-z0-9]+", " ", cell.lower()).strip(): number for number, cell in reversed([*enumerate(first)])}
    found = {
        column: next(named[name] for name in names if name in named)
        for column, names in COLUMNS.items()
        if not named.keys().isdisjoint(names)
    }
    needed = {"name"} if source == "csv" else {"key", "name"}
    if needed <= found.keys():
        return found, len(first), []
    if source == "ods" and len(first) == LEGACY_WIDTH:
        return LEGACY_ODS, LEGACY_WIDTH, first
    missing = " and none ".join(", ".join(COLUMNS[each]) for each in sorted(needed - found.keys()))
    raise BadFile(f"{path}:1: the first line names the columns, and none is called {missing}")


def _entry(row: list[str], places: Mapping[str, int], width: int, source: str, refuse: Say) -> Iterator[Entry]:
    if len(row) != width:
        refuse(f"has {len(row)} columns, not {width}")
        return
    said = {column: row[number].strip() for column, number in places.items()}
    if not any(map(str.isalnum, said["name"])):
        refuse("has no name")
    elif "key" in said and not said["key"]:
        refuse("has no code")
    elif _is_over(said.get("closed", "")):
        refuse(f"{said['name']} closed on {said['closed']}")
    else:
        parents = tuple(filter(None, [said.get("parent", "")]))
        is_trust = source == "ods" and not parents and TRUST_CODE.fullmatch(said["key"]) is not None
        yield Entry(
            # Spreadsheets take the zeros from the ids of CMS.
            key=said.get("key", "").zfill(6 if source == "cms" else 0),
            name=readable(said["name"]),
            town=readable(said.get("town", "")),
            region=said.get("region", ""),
            country=said.get("country") or COUNTRIES.get(source, ""),
            level=said.get("level") or ("employer" if is_trust else ""),
            slug=said.get("slug", ""),
            types=tuple(filter(None, [said.get("types", "")])),
            parents=parents,
            other_names=tuple(filter(None, map(str.strip, re.split("[;|]", said.get("other_names", ""))))),
        )


def _is_over(day: str) -> bool:
    """Tell whether a day, written in any way whose digits are year, month and day, lies behind us."""
    digits = re.sub(r"\D", "", day)[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) <= datetime.now(UTC).date()
    except ValueError:
        return False
