"""What may be written through the relay, and how much of it."""

from services.intake.domain.refusals import Invalid
from shared.vocabulary import vocabulary

FIELD = "text"


def texts_left(written: int) -> int:
    """Return how many texts can still be written in a match that has `written` of them."""
    return max(0, vocabulary().defaults.relay.messages_per_match - written)


def check_text(text: str, *, written: int) -> str:
    """Return `text` without blanks at its ends, where `written` texts came before it in this match.

    Raises Invalid for nothing, for too much, and once the match has as many texts as it may have.
    """
    figures, text = vocabulary().defaults.relay, text.strip()
    if not text:
        raise Invalid(FIELD, "Write something first.")
    if len(text) > figures.characters:
        raise Invalid(FIELD, f"This is too long; {figures.characters} characters are the most.")
    if not texts_left(written):
        raise Invalid(FIELD, "No more texts can be written here. Please go on in the way you agreed on.")
    return text
