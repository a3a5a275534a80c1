"""docs/architecture.md lists what the matcher does by itself."""

from services.matcher.handlers import kinds
from tests.unit.docs.project import rows_under, words_in


def test_every_due_row_of_the_matcher_is_on_the_page_and_no_other() -> None:
    rows = rows_under("docs/architecture.md", "## What the matcher does by itself")
    listed = [kind for row in rows for kind in words_in(row[0])]
    assert sorted(listed) == sorted(value for name, value in vars(kinds).items() if name.isupper())
