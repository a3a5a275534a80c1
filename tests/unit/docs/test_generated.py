"""What is made from the code is what lies in the project."""

import pytest

from deploy.documents.__main__ import OPERATIONS, PRIVACY, documents, write_documents
from tests.unit.docs.project import PROJECT, read

MADE = documents(PROJECT)


@pytest.mark.parametrize("path", MADE)
def test_a_document_made_from_the_code_says_what_the_code_says(path: str) -> None:
    assert read(path) == MADE[path], "run: python -m deploy.documents"


def test_writing_again_changes_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("project")
    (folder / "docs").mkdir()
    for page in (OPERATIONS, PRIVACY):
        (folder / page).write_text(read(page), encoding="utf-8")
    assert set(write_documents(folder)) == {"asyncapi.yaml", "docs/events.md"}
    assert write_documents(folder) == []
