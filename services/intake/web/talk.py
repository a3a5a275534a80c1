"""Writing to each other while a match lives, and saying that one has spoken: the same on both sides' pages."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import Response

from services.intake.domain.refusals import Invalid, WrongState
from services.intake.handlers.relay import Text
from services.intake.web.forms.raw import Raw, one
from services.intake.web.own import OwnPages, Step
from services.intake.web.site import Site
from services.intake.web.wording import SPOKEN, WRITTEN
from shared.vocabulary import vocabulary


class Relay(Protocol):
    """One side of a conversation, as that side's desk has it."""

    def messages(self, key: str, /) -> list[Text]:
        """Return the texts so far; WrongState outside of a live match."""

    def write(self, key: str, text: str, /) -> None:
        """Add a text; Invalid if it is empty, too long, or one too many."""

    def spoken(self, key: str, /) -> None:
        """Say that the two have spoken."""


@dataclass(frozen=True)
class Draft:
    """A text that was refused, as its writer gets it back."""

    text: str = ""
    error: str = ""


NOTHING_REFUSED = Draft()


@dataclass(frozen=True)
class Talk:
    """What a page shows of a conversation: the texts, and the one being written."""

    texts: list[Text]
    draft: Draft
    longest: int = vocabulary().defaults.relay.characters


class TalkPages(OwnPages):
    """A page with one side of a conversation on it."""

    def __init__(self, site: Site, relay: Relay, steps: Mapping[str, Step]) -> None:
        """Draw with `site`, and take texts to the other side by `relay`."""
        super().__init__(site, {"write": self._write, "spoken": self._spoken, **steps})
        self._relay = relay

    @abstractmethod
    def page(self, key: str, *, notice: str = "", status: int = 200, draft: Draft = NOTHING_REFUSED) -> Response:
        """Return the page as it stands, with a text that was refused in its place."""

    def talk(self, key: str, draft: Draft, *, live: bool) -> Talk | None:
        """Return the conversation of this key; None unless its match is `live`, or if it ends at this very moment."""
        if not live:
            return None
        try:
            return Talk(self._relay.messages(key), draft)
        except WrongState:
            return None

    def _write(self, key: str, raw: Raw) -> Response:
        text = one(raw, "text")
        try:
            self._relay.write(key, text)
        except Invalid as error:
            return self.page(key, status=422, draft=Draft(text, error.message))
        return self.page(key, notice=WRITTEN)

    def _spoken(self, key: str, _: Raw) -> Response:
        self._relay.spoken(key)
        return self.page(key, notice=SPOKEN)
