"""`alongside register import`: makes a register of ours from a public one, and writes it to the standard output."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import yaml

from deploy.register.entries import BadFile, Entry
from deploy.register.making import made
from deploy.register.ror import read_ror
from deploy.register.tables import read_table
from services.intake.domain.register import Place, RegisterError, read_places

SOURCES = {
    "ror": "The Research Organization Registry (ror.org), CC0",
    "ods": "Contains information from NHS England, licensed under the Open Government Licence v3.0",
    "cms": "Hospital General Information of data.cms.gov, in the public domain",
    "csv": "A list of one's own",
}
"""What may be imported -> what has to be said of where it is from."""


def run(options: argparse.Namespace) -> int:
    """Write the register that `options.files` make; 1, and nothing written, if a file or what comes of it is wrong."""
    try:
        entries = [entry for path in options.files for entry in _read(path, options.source)]
        places = made(entries, country=options.country, types=options.types, say=_say)
        document = {"affiliations": [_document(place) for place in places]}
        read_places(document)
    except (BadFile, RegisterError, OSError) as error:
        _say(str(error))
        return 1
    print(f"# {SOURCES[options.source]}. Made by `alongside register import`.")
    yaml.dump(document, sys.stdout, yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120)
    _say(f"{len(places)} entries")
    return 0


def _read(path: Path, source: str) -> Iterator[Entry]:
    return read_ror(path, _say) if source == "ror" else read_table(path, source, _say)


def _document(place: Place) -> dict[str, Any]:
    """Return what an entry says in YAML, without what is left out."""
    said = {field.name: getattr(place, field.name) for field in fields(place)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in said.items()
        if value or Place.__dataclass_fields__[name].default is MISSING
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr)
