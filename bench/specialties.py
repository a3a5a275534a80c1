"""B8: names of specialties, by how many are found by typing them and how many lead to a wrong care area.

    python -m bench.specialties                on the names of tests/data/specialty_names.csv
    python -m bench.specialties NAMES.csv      on others: columns list, name, areas (slugs with | between them)

A name is found if the first care area offered is one of those that are right, and wrong if it is another one. Beside it
stands what letters typed into a plain list do: the browser goes to the first label that begins so, and stays there.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path

from shared.vocabulary import vocabulary

NAMES = Path(__file__).parents[1] / "tests" / "data" / "specialty_names.csv"

Find = Callable[[str], str | None]


def by_name(text: str) -> str | None:
    return next(iter(vocabulary().found("care_areas", text)), None)


def by_letters(text: str) -> str | None:
    """Return where a plain list ends up when `text` is typed into it, letter by letter."""
    chosen = None
    for end in range(1, len(text) + 1):
        begins = text[:end].casefold()
        labels = vocabulary().care_areas.items()
        chosen = next((slug for slug, label in labels if label.casefold().startswith(begins)), chosen)
    return chosen


def measure(rows: list[tuple[str, set[str]]], find: Find) -> tuple[int, int]:
    """Return how many are found and how many wrong; a name that is nothing of ours is found if nothing is offered."""
    firsts = [(find(name), areas) for name, areas in rows]
    found = sum(first in areas if areas else first is None for first, areas in firsts)
    return found, sum(first is not None and first not in areas for first, areas in firsts)


def main() -> None:
    lists: dict[str, list[tuple[str, set[str]]]] = {"all": []}
    path = Path(sys.argv[1]) if sys.argv[1:] else NAMES
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        for of in (row["list"], "all"):
            lists.setdefault(of, []).append((row["name"], {area for area in row["areas"].split("|") if area}))
    print(f"{'list':<22} {'names':>6} {'found':>8} {'wrong':>6}   {'by letters':>10} {'wrong':>6}")
    for of, rows in lists.items():
        (found, wrong), (typed, astray) = measure(rows, by_name), measure(rows, by_letters)
        shares = f"{found / len(rows):8.1%} {wrong:6}   {typed / len(rows):10.1%} {astray:6}"
        print(f"{of:<22} {len(rows):6} {shares}")


if __name__ == "__main__":
    main()
