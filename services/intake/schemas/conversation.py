"""What the two of a match write to each other."""

from marshmallow import Schema, fields, validate

from services.intake.domain.faults import Fault
from services.intake.schemas.answers import a_moment
from services.intake.schemas.fields import Moment, Strict, Text
from shared.vocabulary import vocabulary

LONGEST_TEXT = vocabulary().defaults.conversation.characters


class Write(Strict):
    """For the other side: a text, a time to talk (ahead, within a year), or both; one of them has to be there."""

    text = Text(load_default="", validate=validate.Length(max=LONGEST_TEXT, error=Fault("too_long")))
    proposes = Moment(
        load_default=None, error_messages=dict.fromkeys(("invalid", "invalid_awareness"), Fault("not_a_proposal"))
    )


class TextAnswer(Schema):
    """One text: whose it is, in which hour it was written, and the time that it proposes.

    Where a time alone is proposed, the text is empty.
    """

    ref = fields.String(required=True)
    by = fields.String(required=True, validate=validate.OneOf(("person", "volunteer")))
    text = fields.String(required=True)
    proposes = a_moment(nullable=True)
    at = fields.AwareDateTime(required=True, format="iso")


class TextsAnswer(Schema):
    """The texts of a match, oldest first."""

    texts = fields.List(fields.Nested(TextAnswer), required=True)
