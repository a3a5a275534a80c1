"""What the API answers to a person, and the parts that all answers are made of."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, pre_dump

from services.intake.domain.next_step import NextStep
from services.intake.schemas.fields import Moment
from services.intake.schemas.person import Contact, Wishes
from services.intake.texts import saying, texts
from shared.vocabulary import vocabulary


def a_text(*, nullable: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=nullable)


def a_moment(*, nullable: bool = False) -> Moment:
    return Moment(required=True, allow_none=nullable)


def all_texts() -> fields.List[Any]:
    return fields.List(fields.String(), required=True)


class FieldError(Schema):
    """What is wrong with one field; a path such as `notify.channel` or `availability.0.to`."""

    field = a_text()
    message = a_text()


class Problem(Schema):
    """A problem document (RFC 9457). `errors` names fields; `state`: where the thing is that a command did not fit."""

    type = a_text()
    title = a_text()
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(FieldError))
    state = fields.String()


class Word(Schema):
    """One word to choose from. Some lists say more of each."""

    slug = a_text()
    label = a_text()
    clusters = fields.List(fields.String())
    restricted = fields.Boolean()
    offer_window_h = fields.Float()


class KnownPlace(Schema):
    """A place of the operator's register, to be named by its slug; `level` is one of affiliation_levels."""

    slug = a_text()
    name = a_text()
    level = a_text()


VocabularyAnswer = Schema.from_dict(
    {
        **{
            name: fields.List(fields.Nested(Word), required=True) for name in vocabulary().public() if name != "at_most"
        },
        "at_most": fields.Dict(keys=fields.String(), values=fields.Integer(), required=True),
        "affiliations": fields.List(fields.Nested(KnownPlace), required=True),
    },
    name="Vocabulary",
)
"""All that people choose from, list by list. `affiliations` are suggestions: any other text is taken as well."""


class SubmittedAnswer(Schema):
    """The request key, shown now and never again."""

    request_key = a_text()
    status = a_text()


class Card(Schema):
    """What a volunteer reads of a person before the person's yes, in labels."""

    profession_family = a_text()
    care_area_group = a_text()
    stage_band = a_text()
    themes = all_texts()
    languages = all_texts()
    modalities = all_texts()
    times = all_texts()

    @pre_dump
    def in_words(self, card: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        return {**card, "themes": saying.themes_said(card), "times": saying.times_said(card)}


class PreviewAnswer(Schema):
    """The card, as any volunteer might see it at most."""

    card = fields.Nested(Card, required=True)


class NextStepAnswer(Schema):
    text = a_text()
    when = a_moment(nullable=True)

    @pre_dump
    def in_words(self, step: NextStep, **_: Any) -> dict[str, Any]:
        return {"text": saying.next_step_said(step.codes), "when": step.when}


class RoleShown(Schema):
    role = a_text()
    body = a_text()


class Shown(Schema):
    """What a volunteer shows: affiliations and roles always, the rest as they chose."""

    affiliations = all_texts()
    evaluative_roles = fields.List(fields.Nested(RoleShown), required=True)
    name = fields.String()
    profession = fields.String()
    care_area = fields.String()
    stage = fields.String()
    gender = fields.String()
    themes = fields.List(fields.String())
    values = fields.List(fields.String())
    contact = fields.Nested(Contact)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Look into a mapping by its keys alone: where `values` is not shown, its method of that name is not meant."""
        return obj.get(attr, default)


class ConversationAnswer(Schema):
    """What the two of a live match may still do here: how many texts can be written.

    `check_ins` and `sign_asks` count how often we have asked both how it goes, and for a sign of life.
    """

    texts_left = fields.Integer(required=True)
    check_ins = fields.Integer(required=True)
    sign_asks = fields.Integer(required=True)


class MatchAnswer(Schema):
    """The peer who said yes.

    `why` and `shows` are null where the peer has left, `conversation` where nothing may be written.
    """

    match = a_text()
    since = a_moment()
    live = fields.Boolean(required=True)
    introduced = fields.Boolean(required=True)
    why = a_text(nullable=True)
    shows = fields.Nested(Shown, required=True, allow_none=True)
    conversation = fields.Nested(ConversationAnswer, required=True, allow_none=True)

    @pre_dump
    def in_words(self, match: Any, **_: Any) -> dict[str, Any]:
        return {**vars(match), "why": saying.why_said(match.why) if match.why else None}


class HeldAnswer(Schema):
    """One thing that is held, and until when if nothing more happens.

    `ends` says in words what ends it sooner, besides an erasure, or moves that day.
    """

    what = a_text()
    purpose = a_text()
    opened_by = a_text()
    until = a_moment(nullable=True)
    ends = a_text()

    @pre_dump
    def in_words(self, held: Any, **_: Any) -> dict[str, Any]:
        said = {name: texts().say(f"request.held.{held.part}.{name}") for name in ("what", "purpose", "opened_by")}
        return {**said, "until": held.until, "ends": texts().say(f"request.held.ends.{held.ends}")}


class AccessAnswer(Schema):
    """One opening of something sealed, to the hour."""

    opened_by = a_text()
    what = a_text()
    why = a_text()
    at = a_moment()

    @pre_dump
    def in_words(self, access: Any, **_: Any) -> dict[str, Any]:
        said = {name: texts().say_code(f"page.access.{name}", getattr(access, name)) for name in ("what", "why")}
        return {**vars(access), **said}


class StateAnswer(Schema):
    status = a_text()


class RequestAnswer(Schema):
    """A request as its person sees it; `wishes` is what can be changed now, null where nothing can."""

    status = fields.String(required=True, attribute="state")
    next_step = fields.Nested(NextStepAnswer, required=True)
    match = fields.Nested(MatchAnswer, required=True, allow_none=True)
    wishes = fields.Nested(Wishes, required=True, allow_none=True)
    held = fields.List(fields.Nested(HeldAnswer), required=True)
    accesses = fields.List(fields.Nested(AccessAnswer), required=True)
    asked_at = a_moment()


class ReceiptAnswer(Schema):
    """Signed proof that the keys were destroyed."""

    receipt = a_text()


class CheckedReceiptAnswer(Schema):
    """What a receipt says, and whether it is true."""

    destroyed = fields.Boolean(required=True)
    hour = a_moment()
    keys = fields.Integer(required=True)
