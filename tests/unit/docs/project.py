"""The project's own files, as the tests of its documents read them."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[3]
PAGES = sorted(
    path.relative_to(PROJECT).as_posix()
    for path in (*PROJECT.glob("docs/**/*.md"), *PROJECT.glob("*.md"))
    if path.is_file()
)
"""Every page in Markdown, by its path from the project's folder."""

_ROW = re.compile(r"^\|(.+)\|$")


def read(path: str) -> str:
    """Return the text of the file at `path` in the project."""
    return (PROJECT / path).read_text(encoding="utf-8")


def rows_under(page: str, heading: str) -> list[list[str]]:
    """Return the cells of every row, its head and ruler left out, of the first table under `heading` in `page`."""
    after = read(page).split(f"\n{heading}\n", 1)[1].splitlines()
    start = next(number for number, line in enumerate(after) if line.startswith("|"))
    found = []
    for line in after[start:]:
        row = _ROW.match(line)
        if row is None:
            break
        found.append([cell.strip() for cell in row[1].split(" | ")])
    return found[2:]


def words_in(cell: str) -> list[str]:
    """Return what stands between back-quotes in a cell."""
    return re.findall(r"`([^`]+)`", cell)
