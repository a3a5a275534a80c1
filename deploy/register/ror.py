"""Reads a data dump of the Research Organization Registry, schema 2: an array of records, or the zip that holds it.

One record is decoded at a time. The dump of 2026 has about 120,000 records in 280 MB.
"""

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.register.entries import BadFile, Entry, Say

CHUNK = 1 << 20
LONGEST = 1 << 24
"""No record has as many characters: whatever cannot be read by then is no JSON."""


def read_ror(path: Path, say: Say) -> Iterator[Entry]:
    """Yield the active records; raises BadFile."""
    left: Counter[str] = Counter()
    for number, record in enumerate(_records(path), 1):
        where = f"{path}: record {number}"
        if not isinstance(record, dict):
            raise BadFile(f"{where}: no object")
        if "names" not in record and "name" in record:
            raise BadFile(
                f"{path}: this is schema 1 of ROR; take the file of schema 2 (its name ends in _schema_v2.json)"
            )
        if record.get("status", "active") != "active":
            left[str(record["status"])] += 1
            continue
        try:
            yield _entry(record)
        except (AttributeError, KeyError, TypeError, StopIteration):
            say(f"{where}: has no id or no name in the form of schema 2; left out")
    for status, count in left.items():
        say(f"{path}: {count} left out, which are {status}")


def _entry(record: dict[str, Any]) -> Entry:
    names = record["names"]
    name = next(each["value"] for each in sorted(names, key=lambda each: "ror_display" not in each["types"]))
    where = next((each.get("geonames_details") or {} for each in record.get("locations") or ()), {})
    types = tuple(record.get("types") or ())
    return Entry(
        key=_key(record["id"]),
        name=name.strip(),
        town=where.get("name") or "",
        region=where.get("country_subdivision_code") or "",
        country=where.get("country_code") or "",
        level="university" if "education" in types else "" if "healthcare" in types else "employer",
        types=types,
        parents=_linked(record, "parent"),
        children=_linked(record, "child"),
        other_names=tuple(dict.fromkeys(each["value"].strip() for each in names)),
    )


def _linked(record: dict[str, Any], kind: str) -> tuple[str, ...]:
    return tuple(_key(each["id"]) for each in record.get("relationships") or () if each["type"] == kind)


def _key(ror: str) -> str:
    return ror.rpartition("/")[2]


def _records(path: Path) -> Iterator[Any]:
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8-sig") as file:
            yield from _decoded(path, file)
        return
    with zipfile.ZipFile(path) as archive:
        found = [name for name in archive.namelist() if name.endswith(".json")]
        # Until 2025 the zip held a file of schema 1 as well.
        found = [name for name in found if "schema_v2" in name] or found
        if len(found) != 1:
            raise BadFile(f"{path}: holds {len(found)} JSON files, not one")
        with archive.open(found[0]) as member:
            yield from _decoded(path, io.TextIOWrapper(member, encoding="utf-8-sig"))


def _decoded(path: Path, text: io.TextIOBase) -> Iterator[Any]:
    """Yield the values of an array, whose text is held a piece at a time."""
    decoder, between = json.JSONDecoder(), re.compile(r"[\s,\[\]]*")
    held, number = "", 0
    try:
        while chunk := text.read(CHUNK):
            held, at = held + chunk, 0
            while (at := between.match(held, at).end()) < len(held):  # type: ignore[union-attr]
                try:
                    record, at = decoder.raw_decode(held, at)
                except json.JSONDecodeError:
                    break
                number += 1
                yield record
            held = held[at:]
            if len(held) > LONGEST:
                break
    except UnicodeDecodeError:
        raise BadFile(f"{path}: is not UTF-8, after record {number}") from None
    if held or not number:
        raise BadFile(f"{path}: is no JSON, or cut off, after record {number}")
