"""Reading HTML as a test needs it: elements with their attributes and the text inside them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})


@dataclass
class Element:
    """One element, the elements it stands in, and all text inside it."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element"]
    text: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        """Return an attribute; empty text if it is not there."""
        return self.attributes.get(name, "")

    @property
    def words(self) -> str:
        """Return the text inside, white space made single."""
        return " ".join(" ".join(self.text).split())


class Page(HTMLParser):
    """A parsed page."""

    def __init__(self, html: str) -> None:
        """Parse `html`; AssertionError if elements are not closed in order."""
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert self._open == [], f"not closed: {[each.tag for each in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        assert self._open, f"</{tag}> closes nothing"
        opened = self._open.pop()
        assert opened.tag == tag, f"<{opened.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        """Give text to every element that it stands in."""
        for element in self._open:
            element.text.append(data)

    def every(self, *tags: str) -> list[Element]:
        """Return the elements with one of these tags, in order."""
        return [element for element in self.elements if element.tag in tags]

    def ids(self) -> list[str]:
        """Return every id."""
        return [element["id"] for element in self.elements if element["id"]]
