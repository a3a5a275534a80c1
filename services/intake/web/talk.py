"""Writing to each other while a match lives, and saying that one has spoken: the same on both sides' pages."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from flask import Response

from services.intake.domain.refusals import Invalid, WrongState
from services.intake.domain.relay import PROPOSES, TEXT, texts_left
from services.intake.domain.times import moment_at
from services.intake.handlers.relay import Text
from services.intake.texts import texts
from services.intake.web.forms.raw import Raw, one
from services.intake.web.own import OwnPages, Step
from services.intake.web.site import Site
from shared.vocabulary import vocabulary

FEW = 10
"""How many texts are left when a page begins to say so."""


class Relay(Protocol):
    """One side of a conversation, as that side's desk has it."""

    def messages(self, key: str, /) -> list[Text]:
        """Return the texts so far; WrongState outside of a live match."""

    def write(self, key: str, text: str, proposes: datetime | None = None, /) -> None:
        """Add a text, a time to talk, or both; Invalid if there is neither, or what there is cannot be taken."""

    def spoken(self, key: str, /) -> None:
        """Say that the two have spoken."""


@dataclass(frozen=True)
class Draft:
    """What was refused, as its writer gets it back; `wrong` names the field that the error is about."""

    text: str = ""
    error: str = ""
    proposes: str = ""
    wrong: str = TEXT


NOTHING_REFUSED = Draft()


@dataclass(frozen=True)
class Talk:
    """What a page shows of a conversation: the texts, and the one being written."""

    texts: list[Text]
    draft: Draft
    longest: int = vocabulary().defaults.conversation.characters

    @property
    def few_left(self) -> int | None:
        """Return how many texts can still be written; None while there are so many that nobody need think of it."""
        left = texts_left(len(self.texts))
        return left if left <= FEW else None


class TalkPages(OwnPages):
    """A page with one side of a conversation; `written` is the key of what is said to whoever has written."""

    written: str

    def __init__(self, site: Site, relay: Relay, steps: Mapping[str, Step]) -> None:
        """Draw with `site`, and take texts to the other side by `relay`."""
        super().__init__(site, {"write": self._write, "spoken": self._spoken, **steps})
        self._relay = relay

    @abstractmethod
    def page(self, key: str, *, notice: str = "", status: int = 200, draft: Draft = NOTHING_REFUSED) -> Response:
        """Return the page as it stands, with a text that was refused in its place."""

    @abstractmethod
    def zone(self, key: str) -> str:
        """Return the time zone (IANA) of whoever holds this key, by which they read and propose times."""

    def talk(self, key: str, draft: Draft, *, live: bool) -> Talk | None:
        """Return the conversation of this key; None unless its match is `live`, or if it ends at this very moment."""
        if not live:
            return None
        try:
            return Talk(self._relay.messages(key), draft)
        except WrongState:
            return None

    def _write(self, key: str, raw: Raw) -> Response:
        draft = Draft(text=one(raw, TEXT), proposes=one(raw, PROPOSES))
        try:
            self._relay.write(key, draft.text, self._proposed(key, draft.proposes))
        except Invalid as error:
            return self.page(key, status=422, draft=replace(draft, error=error.message, wrong=error.field))
        return self.page(key, notice=self.written)

    def _proposed(self, key: str, typed: str) -> datetime | None:
        if not typed:
            return None
        try:
            return moment_at(typed, self.zone(key))
        except ValueError:
            raise Invalid(PROPOSES, texts().say("error.no_time")) from None

    def _spoken(self, key: str, _: Raw) -> Response:
        self._relay.spoken(key)
        return self.page(key, notice="conversation.said.spoken")
