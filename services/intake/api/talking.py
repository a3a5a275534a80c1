"""What both sides of a match may do with it: write to each other, say that they spoke, ask for someone else."""

from typing import Any, cast

from flask import Blueprint, current_app

from services.intake.api.operations import OFFER_TOKEN, REQUEST_KEY, operation
from services.intake.bootstrap import Parts
from services.intake.schemas.answers import StateAnswer
from services.intake.schemas.conversation import TextsAnswer, Write
from services.intake.schemas.volunteer_answers import OutcomeAnswer

talking = Blueprint("talking", __name__, url_prefix="/api/v1")

ONE_MOMENT = {202: OutcomeAnswer()}
NOT_LIVE = {409: "There is no live match; `state` names where it stands."}
NOT_LIVE_OR_ERASED = {**NOT_LIVE, 410: "The request was erased."}


def parts() -> Parts:
    """Return the parts of this application."""
    return cast(Parts, current_app.extensions["intake"])


@operation(talking, "GET", "/request/messages", key=REQUEST_KEY, answer=TextsAnswer(), problems=NOT_LIVE_OR_ERASED)
def read_texts_as_person(key: str) -> dict[str, Any]:
    """Read the texts of one's present match."""
    return {"texts": parts().people.messages(key)}


@operation(
    talking,
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
    parts().people.write(key, body["text"], body["proposes"])
    return {"status": "taken"}


@operation(talking, "POST", "/request/spoken", key=REQUEST_KEY, answer=StateAnswer(), problems=NOT_LIVE_OR_ERASED)
def say_spoken_as_person(key: str) -> dict[str, str]:
    """Say that the two have spoken."""
    parts().people.spoken(key)
    return {"status": "noted"}


@operation(talking, "POST", "/request/another", key=REQUEST_KEY, answer=StateAnswer(), problems=NOT_LIVE_OR_ERASED)
def ask_for_another(key: str) -> dict[str, str]:
    """Ask for someone else; nobody who was asked before is asked again."""
    return {"status": parts().people.another(key)}


@operation(talking, "GET", "/offer/messages", key=OFFER_TOKEN, answer=TextsAnswer(), also=ONE_MOMENT, problems=NOT_LIVE)
def read_texts_as_volunteer(token: str) -> dict[str, Any]:
    """Read the texts of the match that this offer led to."""
    return {"texts": parts().offers.messages(token)}


@operation(
    talking,
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
    parts().offers.write(token, body["text"], body["proposes"])
    return {"status": "taken"}


@operation(talking, "POST", "/offer/spoken", key=OFFER_TOKEN, answer=StateAnswer(), also=ONE_MOMENT, problems=NOT_LIVE)
def say_spoken_as_volunteer(token: str) -> dict[str, str]:
    """Say that the two have spoken."""
    parts().offers.spoken(token)
    return {"status": "noted"}


@operation(
    talking, "POST", "/offer/hand-back", key=OFFER_TOKEN, answer=OutcomeAnswer(), also=ONE_MOMENT, problems=NOT_LIVE
)
def hand_back(token: str) -> dict[str, str]:
    """Give the match back: the volunteer cannot go on with it, and need not say why."""
    return {"outcome": parts().offers.hand_back(token)}
