"""`python -m deploy.documents` writes the documents that are made from the code, and says which of them changed."""

import re
from pathlib import Path

from deploy.documents.asyncapi import asyncapi_text
from deploy.documents.tables import events_page, fields_table, metrics_table
from services.intake.schemas.person import Ask
from services.intake.schemas.volunteer import Apply

OPERATIONS, PRIVACY = "docs/operations.md", "docs/privacy.md"


def documents(project: Path) -> dict[str, str]:
    """Return path -> text of every document that is made from the code, for the project in the folder `project`.

    Of docs/operations.md and docs/privacy.md only what lies between marks is made; the rest is read from the file.
    """
    operations, privacy = ((project / path).read_text(encoding="utf-8") for path in (OPERATIONS, PRIVACY))
    privacy = _between(privacy, "fields of a person", fields_table(Ask))
    return {
        "asyncapi.yaml": asyncapi_text(),
        "docs/events.md": events_page(),
        OPERATIONS: _between(operations, "metrics", metrics_table()),
        PRIVACY: _between(privacy, "fields of a volunteer", fields_table(Apply)),
    }


def _between(page: str, name: str, table: str) -> str:
    """Return `page` with `table` between the two marks that carry `name`."""
    begin, end = f"<!-- {name}: made by python -m deploy.documents -->", f"<!-- end of {name} -->"
    return re.sub(f"(?<={re.escape(begin)}\n).*?(?={re.escape(end)})", lambda _: f"\n{table}\n", page, flags=re.DOTALL)


def write_documents(project: Path) -> list[str]:
    """Write what differs from the code in the folder `project` and return the paths written."""
    changed = []
    for name, text in documents(project).items():
        path = project / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


if __name__ == "__main__":
    written = write_documents(Path(__file__).parents[2])
    print(f"written: {', '.join(written)}" if written else "nothing had changed")
