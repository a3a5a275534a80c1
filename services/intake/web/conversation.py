"""Writing to each other while a match lives, and saying that one has spoken: the same on both sides' pages."""

from abc import abstractmethod
from dataclasses import dataclass, replace

from flask import Response

from services.intake.domain.conversation import PROPOSES, TEXT, texts_left
from services.intake.domain.refusals import Invalid
from services.intake.handlers.conversation import say_spoken, write_text
from services.intake.handlers.reading import Conversation, Text
from services.intake.texts.saying import fault_on_page
from services.intake.web.key_page import KeyPage
from services.intake.web.site import typed
from shared.vocabulary import vocabulary

FEW = 10
"""How many texts are left when a page begins to say so."""


@dataclass(frozen=True)
class Draft:
    """What was refused, as its writer gets it back; `wrong` names the field that the error is about."""

    text: str = ""
    error: str = ""
    proposes: str = ""
    wrong: str = TEXT


NOTHING_REFUSED = Draft()


@dataclass(frozen=True)
class ShownConversation:
    """What a page shows of a conversation: the texts, and the one being written."""

    texts: list[Text]
    draft: Draft
    longest: int = vocabulary().defaults.conversation.characters

    @property
    def few_left(self) -> int | None:
        """Return how many texts can still be written; None while there are so many that nobody need think of it."""
        left = texts_left(len(self.texts))
        return left if left <= FEW else None


def shown(conversation: Conversation | None, draft: Draft) -> ShownConversation | None:
    """Return a conversation as its page shows it; None where nothing may be written."""
    return ShownConversation(conversation.texts, draft) if conversation else None


class ConversationPage(KeyPage):
    """A page with one side of a conversation on it, that of `by` (person or volunteer).

    `written` is the key of what is said once something waits for the other.
    """

    by: str
    written: str

    @abstractmethod
    def page(self, key: str, *, notice: str = "", status: int = 200, draft: Draft = NOTHING_REFUSED) -> Response:
        """Return the page as it stands, with a text that was refused in its place."""

    def do_write(self, key: str) -> Response:
        draft = Draft(text=typed(TEXT), proposes=typed(PROPOSES))
        try:
            write_text(self._intake, self.by, key, draft.text, draft.proposes)
        except Invalid as error:
            return self.page(key, status=422, draft=replace(draft, error=fault_on_page(error.fault), wrong=error.field))
        return self.page(key, notice=self.written)

    def do_spoken(self, key: str) -> Response:
        say_spoken(self._intake, self.by, key)
        return self.page(key, notice="conversation.said.spoken")
