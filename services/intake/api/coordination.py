"""The coordinator's operations."""

from typing import Any

from flask import Blueprint

from services.intake.api.operations import COORDINATOR_TOKEN, operation, this_intake
from services.intake.domain.programme import Programme
from services.intake.handlers import coordinator, reports
from services.intake.handlers.context import Intake
from services.intake.schemas import answers, volunteer, volunteer_answers

coordination = Blueprint("coordination", __name__, url_prefix="/api/v1/coordinator")
VOLUNTEER = "/volunteers/<ref>"
STEPPED = {404: "No such volunteer.", 409: "It does not fit the state of the volunteer, which `state` names."}


def as_coordinator(token: str) -> Intake:
    """Return intake for the holder of `token`; Unknown unless it is the coordinator's."""
    intake = this_intake()
    coordinator.check_token(intake, token)
    return intake


@operation(coordination, "GET", "/volunteers", key=COORDINATOR_TOKEN, answer=volunteer_answers.VolunteersAnswer())
def list_volunteers(token: str) -> dict[str, Any]:
    """See every volunteer, and what is needed to vet those who apply, which is written into their access record."""
    return {"volunteers": coordinator.list_volunteers(as_coordinator(token))}


@operation(coordination, "GET", "/requests", key=COORDINATOR_TOKEN, answer=volunteer_answers.RequestsAnswer())
def list_requests(token: str) -> dict[str, Any]:
    """See every request as ref, state, age and the rule that leaves nobody; never what was said."""
    return {"requests": coordinator.list_requests(as_coordinator(token))}


@operation(coordination, "GET", "/reports", key=COORDINATOR_TOKEN, answer=volunteer_answers.ReportsAnswer())
def list_reports(token: str) -> dict[str, Any]:
    """Read every report that is not closed; each look is written into its writer's access record."""
    return {"reports": reports.list_reports(as_coordinator(token))}


@operation(
    coordination,
    "POST",
    "/reports/<ref>/close",
    key=COORDINATOR_TOKEN,
    answer=answers.StateAnswer(),
    problems={404: "No such report."},
)
def close_report(token: str, ref: str) -> dict[str, str]:
    """Close a report; it is erased after its retention."""
    reports.close_report(as_coordinator(token), ref)
    return {"status": "closed"}


@operation(
    coordination,
    "POST",
    "/intake",
    key=COORDINATOR_TOKEN,
    body=volunteer.Intake(),
    answer=volunteer_answers.IntakeAnswer(),
)
def set_intake(token: str, body: dict[str, Any]) -> Programme:
    """Take new requests, or none until a day."""
    return coordinator.set_intake(as_coordinator(token), is_open=body["open"], until=body["until"])


@operation(
    coordination,
    "POST",
    f"{VOLUNTEER}/approve",
    key=COORDINATOR_TOKEN,
    body=volunteer.Approve(),
    answer=answers.StateAnswer(),
    problems=STEPPED,
)
def approve_volunteer(token: str, body: dict[str, Any], ref: str) -> dict[str, str]:
    """Approve a volunteer, or renew their training."""
    return {"status": coordinator.approve(as_coordinator(token), ref, **body)}


@operation(
    coordination,
    "POST",
    f"{VOLUNTEER}/refuse",
    key=COORDINATOR_TOKEN,
    answer=answers.StateAnswer(),
    problems=STEPPED,
)
def refuse_volunteer(token: str, ref: str) -> dict[str, str]:
    """Refuse an application."""
    return {"status": coordinator.refuse(as_coordinator(token), ref)}


@operation(
    coordination,
    "POST",
    f"{VOLUNTEER}/suspend",
    key=COORDINATOR_TOKEN,
    answer=answers.StateAnswer(),
    problems=STEPPED,
)
def suspend_volunteer(token: str, ref: str) -> dict[str, str]:
    """Take a volunteer out for the time being."""
    return {"status": coordinator.suspend(as_coordinator(token), ref)}


@operation(
    coordination,
    "POST",
    f"{VOLUNTEER}/reinstate",
    key=COORDINATOR_TOKEN,
    answer=answers.StateAnswer(),
    problems=STEPPED,
)
def reinstate_volunteer(token: str, ref: str) -> dict[str, str]:
    """Take a suspended volunteer back."""
    return {"status": coordinator.reinstate(as_coordinator(token), ref)}
