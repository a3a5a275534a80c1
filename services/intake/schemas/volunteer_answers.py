"""What the API answers to a volunteer and to the coordinator."""

from marshmallow import Schema, fields

from services.intake.schemas.answers import AccessAnswer, Card, ConversationAnswer, a_moment, a_text, all_texts
from services.intake.schemas.person import Contact
from services.intake.schemas.volunteer import VETTED_BY, VolunteerFields


class AppliedAnswer(Schema):
    """The volunteer key, shown now and never again."""

    volunteer_key = a_text()
    status = a_text()


class VolunteerAnswer(Schema):
    """A volunteer as they see themselves. `two_words` stand in every genuine notice; null before approval.

    `webhook_secret` signs every genuine call of a webhook; null for whoever is told by e-mail. `has_pin`: a home link
    opens nothing without their PIN.
    """

    status = fields.String(required=True, attribute="state")
    two_words = a_text(nullable=True)
    webhook_secret = a_text(nullable=True)
    trained_until = fields.Date(required=True, allow_none=True)
    trained_for = all_texts()
    paused_until = a_moment(nullable=True)
    reachable = fields.Boolean(required=True)
    has_pin = fields.Boolean(required=True)
    profile = fields.Nested(VolunteerFields, required=True, attribute="form")
    accesses = fields.List(fields.Nested(AccessAnswer), required=True)


class ListedOfferAnswer(Schema):
    """An offer; `token` opens it."""

    token = a_text()
    status = fields.String(required=True)
    made_at = a_moment()
    expires_at = a_moment()


class OffersAnswer(Schema):
    offers = fields.List(fields.Nested(ListedOfferAnswer), required=True)


class OfferAnswer(Schema):
    """An offer as its volunteer sees it; `conversation` is null where nothing may be written.

    `may_reveal`: words and contact can be opened; `forgotten`: they could be, and their time is over.
    """

    status = fields.String(required=True)
    expires_at = a_moment()
    card = fields.Nested(Card, required=True, allow_none=True)
    may_reveal = fields.Boolean(required=True)
    forgotten = fields.Boolean(required=True)
    conversation = fields.Nested(ConversationAnswer, required=True, allow_none=True)


class OutcomeAnswer(Schema):
    """What has become of an offer. `noted`: the answer is kept, and the judgement is on its way."""

    outcome = a_text()


class RevealedAnswer(Schema):
    """What the person wants the volunteer to have; null is what they did not give.

    `forgotten`: the time of both is over, and whether they were given is not known any more.
    """

    words = a_text(nullable=True)
    contact = fields.Nested(Contact, required=True, allow_none=True)
    forgotten = fields.Boolean(required=True)


class Application(VolunteerFields):
    """What of an application a coordinator sees."""

    class Meta:
        fields = VETTED_BY


class ListedVolunteerAnswer(Schema):
    """A volunteer in the coordinator's list; an approval can name the `version` that was vetted."""

    volunteer = a_text()
    version = fields.Integer(required=True)
    status = fields.String(required=True, attribute="state")
    applied_at = a_moment()
    trained_until = fields.Date(required=True, allow_none=True)
    paused_until = a_moment(nullable=True)
    reachable = fields.Boolean(required=True)
    application = fields.Nested(Application, required=True, allow_none=True)


class VolunteersAnswer(Schema):
    volunteers = fields.List(fields.Nested(ListedVolunteerAnswer), required=True)


class ListedReportAnswer(Schema):
    """A report. `text` is null for an alarm (kind flood), and where its writer has erased it."""

    report = a_text()
    kind = a_text()
    by = a_text(nullable=True)
    request = a_text(nullable=True)
    volunteer = a_text(nullable=True)
    at = a_moment()
    text = a_text(nullable=True)


class ReportsAnswer(Schema):
    reports = fields.List(fields.Nested(ListedReportAnswer), required=True)


class IntakeAnswer(Schema):
    """Whether requests are taken, and from when on if they are not."""

    open = fields.Boolean(required=True)
    until = a_moment(nullable=True)


class ListedRequestAnswer(Schema):
    """A request in the coordinator's list, without anything that was said."""

    request = a_text()
    status = fields.String(required=True, attribute="state")
    asked_at = a_moment()
    why = a_text(nullable=True)
    next_try_at = a_moment(nullable=True)
    late = a_text()


class RequestsAnswer(Schema):
    requests = fields.List(fields.Nested(ListedRequestAnswer), required=True)
