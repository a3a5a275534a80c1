"""Reports about safety, open to everybody who holds a key."""

from typing import Any

from flask import Blueprint

from services.intake.api.operations import OFFER_TOKEN, REQUEST_KEY, VOLUNTEER_KEY, operation, pin, this_intake
from services.intake.api.volunteers import ONE_MOMENT, WRONG_PINS
from services.intake.handlers.reports import report
from services.intake.schemas import answers, person

reports = Blueprint("reports", __name__, url_prefix="/api/v1")


@operation(
    reports,
    "POST",
    "/safety-report",
    key=(REQUEST_KEY, VOLUNTEER_KEY, OFFER_TOKEN),
    body=person.SafetyReport(),
    answer=answers.StateAnswer(),
    status=201,
    also=ONE_MOMENT,
    problems={410: "What the key opens was erased.", **WRONG_PINS},
)
def report_about_safety(key: str, body: dict[str, Any]) -> dict[str, str]:
    """Tell the coordinator something about safety; nobody else can read it."""
    report(this_intake(), key, body["text"], pin())
    return {"status": "taken"}
