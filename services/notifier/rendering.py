"""Notices as text: one folder per language, and in it one per notice with subject.txt, body.txt and body.html."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notifier.domain.notices import Notice

FOLDER = Path(__file__).parent / "templates"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice in words. Text and HTML say the same."""

    subject: str
    text: str
    html: str


class Templates:
    """The templates of every language there is a folder for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Use the folders in `folder`, each named by its language tag in lower case."""
        self._languages = {
            path.name: Environment(
                loader=FileSystemLoader(path),
                undefined=StrictUndefined,
                autoescape=select_autoescape(["html"]),
                trim_blocks=True,
                keep_trailing_newline=True,
            )
            for path in folder.iterdir()
            if path.is_dir()
        }

    def render(self, notice: Notice, language: str, values: Mapping[str, Any]) -> Rendered:
        """Return `notice` in `language` (BCP 47), or in English if there is no folder for it.

        Raises jinja2.UndefinedError if a template uses something that is not in `values`.
        """
        templates = self._languages[self._nearest(language)]
        subject, text, html = (
            templates.get_template(f"{notice.value}/{part}").render(values).strip()
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Rendered(subject, text + "\n", html + "\n")

    def _nearest(self, language: str) -> str:
        """Return the language's own folder, that of the language without its region, or the fallback."""
        tag = language.lower()
        return next((name for name in (tag, tag.partition("-")[0]) if name in self._languages), FALLBACK)
