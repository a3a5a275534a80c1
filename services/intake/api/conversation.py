"""What both sides of a match may do with it: write to each other, say that they spoke, ask for someone else."""

from typing import Any

from flask import Blueprint

from services.intake.api.operations import OFFER_TOKEN, REQUEST_KEY, operation, this_intake
from services.intake.domain.conversation import Written
from services.intake.handlers import conversation as conversations
from services.intake.handlers import offers, requests
from services.intake.handlers.conversation import PERSON, VOLUNTEER
from services.intake.schemas.answers import StateAnswer
from services.intake.schemas.conversation import TextsAnswer, Write
from services.intake.schemas.volunteer_answers import OutcomeAnswer

conversation = Blueprint("conversation", __name__, url_prefix="/api/v1")

ONE_MOMENT = {202: OutcomeAnswer()}
NOT_LIVE = {409: "There is no live match; `state` names where it stands."}
NOT_LIVE_OR_ERASED = {**NOT_LIVE, 410: "The request was erased."}


@operation(conversation, "GET", "/request/messages", key=REQUEST_KEY, answer=TextsAnswer(), problems=NOT_LIVE_OR_ERASED)
def read_texts_as_person(key: str) -> dict[str, Any]:
    """Read the texts of one's present match."""
    return {"texts": conversations.read_texts(this_intake(), PERSON, key)}


@operation(
    conversation,
    "POST",
    "/request/messages",
    key=REQUEST_KEY,
    body=Write(),
    answer=StateAnswer(),
    status=201,
    problems=NOT_LIVE_OR_ERASED,
)
def write_text_as_person(key: str, body: dict[str, Any]) -> dict[str, str]:
    """Write a short text to the volunteer or propose a time to talk; they are told that something waits."""
    conversations.write_text(this_intake(), PERSON, key, Written(**body))
    return {"status": "taken"}


@operation(conversation, "POST", "/request/spoken", key=REQUEST_KEY, answer=StateAnswer(), problems=NOT_LIVE_OR_ERASED)
def say_spoken_as_person(key: str) -> dict[str, str]:
    """Say that the two have spoken."""
    conversations.say_spoken(this_intake(), PERSON, key)
    return {"status": "noted"}


@operation(conversation, "POST", "/request/another", key=REQUEST_KEY, answer=StateAnswer(), problems=NOT_LIVE_OR_ERASED)
def ask_for_another(key: str) -> dict[str, str]:
    """Ask for someone else; nobody who was asked before is asked again."""
    return {"status": requests.another(this_intake(), key)}


@operation(
    conversation, "GET", "/offer/messages", key=OFFER_TOKEN, answer=TextsAnswer(), also=ONE_MOMENT, problems=NOT_LIVE
)
def read_texts_as_volunteer(token: str) -> dict[str, Any]:
    """Read the texts of the match that this offer led to."""
    return {"texts": conversations.read_texts(this_intake(), VOLUNTEER, token)}


@operation(
    conversation,
    "POST",
    "/offer/messages",
    key=OFFER_TOKEN,
    body=Write(),
    answer=StateAnswer(),
    status=201,
    also=ONE_MOMENT,
    problems=NOT_LIVE,
)
def write_text_as_volunteer(token: str, body: dict[str, Any]) -> dict[str, str]:
    """Write a short text to the person or propose a time; they are told that something waits if they want notices."""
    conversations.write_text(this_intake(), VOLUNTEER, token, Written(**body))
    return {"status": "taken"}


@operation(
    conversation, "POST", "/offer/spoken", key=OFFER_TOKEN, answer=StateAnswer(), also=ONE_MOMENT, problems=NOT_LIVE
)
def say_spoken_as_volunteer(token: str) -> dict[str, str]:
    """Say that the two have spoken."""
    conversations.say_spoken(this_intake(), VOLUNTEER, token)
    return {"status": "noted"}


@operation(
    conversation,
    "POST",
    "/offer/hand-back",
    key=OFFER_TOKEN,
    answer=OutcomeAnswer(),
    also=ONE_MOMENT,
    problems=NOT_LIVE,
)
def hand_back(token: str) -> dict[str, str]:
    """Give the match back: the volunteer cannot go on with it, and need not say why."""
    return {"outcome": offers.hand_back(this_intake(), token)}
