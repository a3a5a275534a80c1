"""Writing to each other while a match lives, and saying that one has spoken: the same on both sides' pages."""

from abc import abstractmethod
from dataclasses import dataclass, replace

from flask import Response

from services.intake.domain.conversation import PROPOSES, TEXT
from services.intake.domain.refusals import Invalid
from services.intake.handlers.conversation import say_spoken, write_text
from services.intake.texts.saying import fault_on_page
from services.intake.web.key_page import KeyPage
from services.intake.web.site import typed


@dataclass(frozen=True)
class Draft:
    """What was refused, as its writer gets it back; `wrong` names the field that the error is about."""

    text: str = ""
    error: str = ""
    proposes: str = ""
    wrong: str = TEXT


NOTHING_REFUSED = Draft()


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
