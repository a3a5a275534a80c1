"""Which files are made from the code, whole or in part, and what stands in them."""

import re
from pathlib import Path

from deploy.documents.asyncapi import asyncapi_text
from deploy.documents.tables import events_page, metrics_table

OPERATIONS = "docs/operations.md"
METRICS = re.compile(
    r"(?<=<!-- metrics: made by python -m deploy\.documents -->\n).*?(?=<!-- end of metrics -->)", re.DOTALL
)


def documents(project: Path) -> dict[str, str]:
    """Return path -> text of every document that is made from the code, for the project in the folder `project`.

    Of docs/operations.md only what lies between its two marks is made; the rest is read from the file.
    """
    operations = (project / OPERATIONS).read_text(encoding="utf-8")
    return {
        "asyncapi.yaml": asyncapi_text(),
        "docs/events.md": events_page(),
        OPERATIONS: METRICS.sub(lambda _old: f"\n{metrics_table()}\n", operations),
    }


def write_documents(project: Path) -> list[str]:
    """Write what differs from the code in the folder `project` and return the paths written."""
    changed = []
    for name, text in documents(project).items():
        path = project / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
