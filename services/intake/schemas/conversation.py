"""What the two of a match write to each other."""

from marshmallow import validate

from services.intake.domain.faults import Fault
from services.intake.schemas import fields as f
from shared.vocabulary import vocabulary

LONGEST_TEXT = vocabulary().defaults.conversation.characters


class Write(f.Strict):
    """For the other side: a text, a time to talk (ahead, within a year), or both; one of them has to be there."""

    text = f.Text(load_default="", validate=validate.Length(max=LONGEST_TEXT, error=Fault("too_long")))
    proposes = f.Moment(
        load_default=None, error_messages=dict.fromkeys(("invalid", "invalid_awareness"), Fault("not_a_proposal"))
    )
