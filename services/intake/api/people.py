"""The person's operations."""

from typing import Any

from flask import Blueprint, request

from services.intake.api.operations import REQUEST_KEY, json_body, operation, this_intake
from services.intake.handlers import erasing, reading, requests, submitting
from services.intake.handlers.reading import RequestView
from services.intake.handlers.submitting import IDEMPOTENCY_KEY, IDEMPOTENCY_PATTERN, Submitted
from services.intake.schemas import answers, person
from shared.vocabulary import vocabulary

people = Blueprint("requests", __name__, url_prefix="/api/v1")

ERASED = {410: "The request was erased."}
NOT_NOW = {409: "It does not fit the state of the request, which `state` names.", **ERASED}
IDEMPOTENCY_HEADER = {
    "in": "header",
    "name": IDEMPOTENCY_KEY,
    "required": False,
    "schema": {"type": "string", "pattern": IDEMPOTENCY_PATTERN},
    "description": "Random. Sent again with the same body it gets the same answer and makes no second request.",
}


@operation(
    people,
    "POST",
    "/requests",
    body=person.Ask(),
    answer=answers.SubmittedAnswer(),
    status=201,
    problems={409: "No requests are taken at present.", 410: "A request with this Idempotency-Key was erased."},
    parameters=[IDEMPOTENCY_HEADER],
)
def submit_request(form: dict[str, Any]) -> Submitted:
    """Ask for a peer. The request key in the answer is shown once and cannot be recovered."""
    return submitting.submit(this_intake(), form, json_body(), request.headers.get(IDEMPOTENCY_KEY))


@operation(people, "POST", "/requests/preview", body=person.Ask(), answer=answers.PreviewAnswer())
def preview_card(form: dict[str, Any]) -> dict[str, Any]:
    """See the card that a volunteer would read. Nothing is stored."""
    return {"card": submitting.preview(this_intake(), form)}


@operation(people, "GET", "/request", key=REQUEST_KEY, answer=answers.RequestAnswer(), problems=ERASED)
def read_request(key: str) -> RequestView:
    """See where the request is, who was found and why, what is held until when, and who opened it."""
    return reading.read_request(this_intake(), key)


@operation(
    people,
    "PATCH",
    "/request",
    key=REQUEST_KEY,
    body=person.ChangeWishes(partial=True),
    answer=answers.StateAnswer(),
    problems=NOT_NOW,
)
def change_wishes(key: str, changes: dict[str, Any]) -> dict[str, str]:
    """Change or relax wishes while the search goes on."""
    return {"status": requests.change_wishes(this_intake(), key, changes)}


@operation(
    people,
    "POST",
    "/request/introduce",
    key=REQUEST_KEY,
    body=person.Introduce(),
    body_required=False,
    answer=answers.StateAnswer(),
    problems=NOT_NOW,
)
def introduce(key: str, body: dict[str, Any]) -> dict[str, str]:
    """Say yes to the introduction."""
    return {"status": requests.introduce(this_intake(), key, body["match"])}


@operation(people, "POST", "/request/withdraw", key=REQUEST_KEY, answer=answers.StateAnswer(), problems=NOT_NOW)
def withdraw(key: str) -> dict[str, str]:
    """Withdraw the request; nobody is asked any more."""
    return {"status": requests.withdraw(this_intake(), key)}


@operation(
    people,
    "POST",
    "/request/close",
    key=REQUEST_KEY,
    body=person.Close(),
    answer=answers.StateAnswer(),
    problems=NOT_NOW,
)
def close(key: str, body: dict[str, Any]) -> dict[str, str]:
    """Close the request."""
    return {"status": requests.close(this_intake(), key, body["reason"])}


@operation(people, "DELETE", "/request", key=REQUEST_KEY, answer=answers.ReceiptAnswer())
def erase_request(key: str) -> dict[str, str]:
    """Erase the request, whatever its state; the answer comes when its keys are destroyed."""
    return {"receipt": erasing.erase(this_intake(), key)}


@operation(people, "POST", "/receipts/check", body=person.CheckReceipt(), answer=answers.CheckedReceiptAnswer())
def check_receipt(body: dict[str, Any]) -> dict[str, Any]:
    """Check a receipt: whether it is ours, and whether the keys it names are destroyed."""
    receipt, destroyed = erasing.check_receipt(this_intake(), body["receipt"])
    return {"destroyed": destroyed, "hour": receipt.hour, "keys": len(receipt.key_ids)}


@operation(people, "GET", "/vocabulary", answer=answers.VocabularyAnswer())
def read_vocabulary() -> dict[str, Any]:
    """Read the words that people choose from, with their labels, and the places that the operator's register knows."""
    return {**vocabulary().public(), "affiliations": this_intake().register.places}
