"""What the API answers: what the handlers return, as marshmallow schemas, from which the OpenAPI document is made.

Most answers are made from the dataclass that a handler returns, so that a field and its meaning are said once, there.
A field that is added to one is answered too, unless it is named here as left out.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from marshmallow import Schema, fields, pre_dump, validate

from services.intake.domain.next_step import NextStep
from services.intake.domain.programme import Programme
from services.intake.domain.register import Place
from services.intake.handlers.conversation import PERSON, VOLUNTEER, Revealed
from services.intake.handlers.coordinator import ListedRequest
from services.intake.handlers.offers import OfferView
from services.intake.handlers.reading import Conversation, Held, MatchView, RequestView, Text
from services.intake.handlers.reports import ListedReport
from services.intake.handlers.submitting import Submitted
from services.intake.handlers.vetting import Change, ListedVolunteer
from services.intake.handlers.volunteers import ListedOffer, VolunteerView
from services.intake.schemas.fields import Moment
from services.intake.schemas.person import Contact, Wishes
from services.intake.schemas.volunteer import VETTED_BY, Apply
from services.intake.storage.access import Access
from services.intake.texts import saying, texts
from shared.vocabulary import vocabulary

KINDS: Mapping[type, type[fields.Field[Any]]] = {
    str: fields.String,
    bool: fields.Boolean,
    int: fields.Integer,
    datetime: Moment,
    date: fields.Date,
}
"""Type of a dataclass's field -> the field of the answer."""

ANSWERS: dict[type, type[Schema]] = {}
"""Dataclass -> its answer, which stands wherever another dataclass holds one."""


class Said(fields.String):
    """A code as its sentence; `say` makes the one of the other."""

    def __init__(self, say: Callable[[Any], str], **options: Any) -> None:
        super().__init__(required=True, **options)
        self._say = say

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return None if value is None else self._say(value)


def answer(name: str, view: type, *, without: Collection[str] = (), **otherwise: fields.Field[Any]) -> type[Schema]:
    """Return the schema `name` of the dataclass `view`: its fields by their types, all required; `state` as `status`.

    `without` names those that are not answered, `otherwise` gives those that are answered in another way.
    """
    hints = get_type_hints(view)
    same = [each.name for each in dataclasses.fields(view) if each.name not in {*without, *otherwise}]
    made = {"status" if each == "state" else each: _field(hints[each], attribute=each) for each in same}
    ANSWERS[view] = Schema.from_dict({**made, **otherwise}, name=name)
    return ANSWERS[view]


def _field(hint: Any, **options: Any) -> fields.Field[Any]:
    if get_origin(hint) is UnionType:
        return _field(get_args(hint)[0], allow_none=True, **options)
    if get_origin(hint) is list:
        return fields.List(_field(get_args(hint)[0]), required=True, **options)
    if hint in ANSWERS:
        return fields.Nested(ANSWERS[hint], required=True, **options)
    return next(KINDS[each] for each in hint.__mro__ if each in KINDS)(required=True, **options)


def answer_of(name: str, **members: fields.Field[Any]) -> type[Schema]:
    return Schema.from_dict(members, name=name)


def a_text(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def all_texts() -> fields.List[Any]:
    return fields.List(fields.String(), required=True)


def an_object(schema: type[Schema] | Schema, *, nullable: bool = False, **options: Any) -> fields.Nested:
    return fields.Nested(schema, required=True, allow_none=nullable, **options)


def all_of(schema: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


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
    other_names = fields.List(fields.String())
    clusters = fields.List(fields.String())
    restricted = fields.Boolean()
    offer_window_h = fields.Float()


KnownPlace = answer("KnownPlace", Place, without=["parent", "other_names", "other_parents"])
VocabularyAnswer = Schema.from_dict(
    {
        **{name: all_of(Word) for name in vocabulary().public() if name != "at_most"},
        "at_most": fields.Dict(keys=fields.String(), values=fields.Integer(), required=True),
        "affiliations": all_of(KnownPlace),
    },
    name="Vocabulary",
)
"""All that people choose from, list by list. `affiliations` are suggestions: any other text is taken as well."""

SubmittedAnswer = answer("SubmittedAnswer", Submitted)
AppliedAnswer = answer_of("AppliedAnswer", volunteer_key=a_text(), status=a_text())


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


PreviewAnswer = answer_of("PreviewAnswer", card=an_object(Card))
RoleShown = answer_of("RoleShown", role=a_text(), body=a_text())


class Shown(Schema):
    """What a volunteer shows: affiliations and roles always, the rest as they chose."""

    affiliations = all_texts()
    evaluative_roles = all_of(RoleShown)
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


class HeldAnswer(Schema):
    """One thing that is held, and until when if nothing more happens.

    `ends` says in words what ends it sooner, besides an erasure, or moves that day.
    """

    what = a_text()
    purpose = a_text()
    opened_by = a_text()
    until = Moment(required=True, allow_none=True)
    ends = a_text()

    @pre_dump
    def in_words(self, held: Held, **_: Any) -> dict[str, Any]:
        said = {name: texts().say(f"request.held.{held.part}.{name}") for name in ("what", "purpose", "opened_by")}
        return {**said, "until": held.until, "ends": texts().say(f"request.held.ends.{held.ends}")}


ANSWERS[Held] = HeldAnswer
NextStepAnswer = answer(
    "NextStepAnswer", NextStep, without=["codes"], text=Said(saying.next_step_said, attribute="codes")
)
ConversationAnswer = answer(
    "ConversationAnswer", Conversation, without=["texts"], texts_left=fields.Integer(required=True)
)
MatchAnswer = answer(
    "MatchAnswer", MatchView, why=Said(saying.why_said, allow_none=True), shows=an_object(Shown, nullable=True)
)
AccessAnswer = answer(
    "AccessAnswer",
    Access,
    what=Said(lambda code: texts().say_code("page.access.what", code)),
    why=Said(lambda code: texts().say_code("page.access.why", code)),
)
RequestAnswer = answer(
    "RequestAnswer",
    RequestView,
    without=["may_ask_again", "words_kept", "time_zone"],
    wishes=an_object(Wishes(partial=True), nullable=True),
)
StateAnswer = answer_of("StateAnswer", status=a_text())
ReceiptAnswer = answer_of("ReceiptAnswer", receipt=a_text())
CheckedReceiptAnswer = answer_of(
    "CheckedReceiptAnswer",
    destroyed=fields.Boolean(required=True),
    hour=Moment(required=True),
    keys=fields.Integer(required=True),
)


class VolunteerFields(Apply):
    """What a volunteer has filled in."""


VolunteerAnswer = answer(
    "VolunteerAnswer",
    VolunteerView,
    without=["form", "offers"],
    profile=an_object(VolunteerFields(partial=True), attribute="form"),
)
ListedOfferAnswer = answer("ListedOfferAnswer", ListedOffer)
OffersAnswer = answer_of("OffersAnswer", offers=all_of(ListedOfferAnswer))
OfferAnswer = answer("OfferAnswer", OfferView, without=["time_zone"], card=an_object(Card, nullable=True))
OutcomeAnswer = answer_of("OutcomeAnswer", outcome=a_text())
RevealedAnswer = answer("RevealedAnswer", Revealed, contact=an_object(Contact, nullable=True))

TextAnswer = answer(
    "TextAnswer",
    Text,
    by=a_text(validate=validate.OneOf((PERSON, VOLUNTEER))),
    at=fields.AwareDateTime(required=True, format="iso"),
)
TextsAnswer = answer_of("TextsAnswer", texts=all_of(TextAnswer))


class Application(Apply):
    """What of an application a coordinator sees."""

    class Meta:
        fields = VETTED_BY


ChangeAnswer = answer("ChangeAnswer", Change)
ListedVolunteerAnswer = answer(
    "ListedVolunteerAnswer", ListedVolunteer, application=an_object(Application(partial=True), nullable=True)
)
ListedRequestAnswer = answer("ListedRequestAnswer", ListedRequest)
VolunteersAnswer = answer_of("VolunteersAnswer", volunteers=all_of(ListedVolunteerAnswer))
RequestsAnswer = answer_of("RequestsAnswer", requests=all_of(ListedRequestAnswer))
ListedReportAnswer = answer("ListedReportAnswer", ListedReport)
ReportsAnswer = answer_of("ReportsAnswer", reports=all_of(ListedReportAnswer))
IntakeAnswer = answer("IntakeAnswer", Programme)
