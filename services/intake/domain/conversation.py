"""What may be written in a conversation, and how much of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.domain.refusals import Invalid
from shared.vocabulary import vocabulary

TEXT, PROPOSES = "text", "proposes"
"""The fields of what is written, as its writer sends them."""

FURTHEST = timedelta(days=365)
"""How far ahead a time to talk can be proposed."""


@dataclass(frozen=True)
class Written:
    """What one side writes: a text, a time to talk that it proposes, or both. A text of nothing is empty."""

    text: str
    proposes: datetime | None


def texts_left(written: int) -> int:
    """Return how many texts can still be written in a match that has `written` of them."""
    return max(0, vocabulary().defaults.conversation.messages_per_match - written)


def check_written(said: Written, *, written: int, now: datetime) -> None:
    """Raise Invalid unless `said` can be taken, where `written` texts came before it in this match.

    Refused are nothing at all, too much, a time that is over or further ahead than a year, and whatever comes once the
    match has as many texts as it may have.
    """
    figures = vocabulary().defaults.conversation
    if not said.text and said.proposes is None:
        raise Invalid(TEXT, "nothing_written")
    if len(said.text) > figures.characters:
        raise Invalid(TEXT, "text_too_long", max=figures.characters)
    if said.proposes is not None and not now < said.proposes <= now + FURTHEST:
        raise Invalid(PROPOSES, "proposed_too_far")
    if not texts_left(written):
        raise Invalid(TEXT, "no_texts_left")
