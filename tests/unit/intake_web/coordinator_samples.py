"""The coordinator's pages, and what people read while the intake is closed, drawn from plain view data."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.intake.domain.programme import ALWAYS_OPEN, Programme
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.coordinator import ListedRequest, Overview
from services.intake.handlers.reports import ListedReport
from services.intake.handlers.vetting import Change, ListedVolunteer, OpenedVolunteer
from services.intake.storage.tables import ReportRow
from services.intake.texts import read_sentences
from services.intake.web.rendering import Renderer, crisis_lines
from shared.vocabulary import vocabulary

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN = "t" * 43
APPLICATION: dict[str, Any] = {
    "name": "Auschlander",
    "profession": "nurse",
    "care_area": "critical_care",
    "stage": "mid_career",
    "affiliations": ["St Eligius", "Boston General"],
    "evaluative_roles": [{"role": "examiner", "body": "Tarnside College"}],
    "ready_for": ["suicidality_survivor"],
    "proof": None,
}
CHANGES = [
    Change("name", ["Auschlander"], ["Craig"]),
    Change("notify", ["old@example.org"], ["new@example.org"]),
    Change("stands", ["Nurse, Late career"], ["Nurse, Early career"]),
    Change("affiliations", ["St Eligius"], ["Boston General"]),
    Change("evaluative_roles", ["Examiner, A college"], []),
]
RULES = [
    key.split(".")[2]
    for key in read_sentences("en")
    if key.startswith("coordinator.rules.") and key.endswith(".why") and not key.split(".")[2].startswith("un")
]
"""The rules that can leave nobody, as far as they have words of their own."""

CLOSED = "coordinator.reports.closed"
NOTHING = Overview(ALWAYS_OPEN, [], [], [], [], [], [])


def listed(state: VolunteerState) -> ListedVolunteer:
    """Return a volunteer in `state`, whom the last message did not reach."""
    return ListedVolunteer(
        volunteer=f"{list(VolunteerState).index(state)}" * 26,
        version=1,
        state=state,
        applied_at=NOW - timedelta(days=3),
        trained_until=date(2026, 12, 1) if state in {VolunteerState.ACTIVE, VolunteerState.PAUSED} else None,
        paused_until=NOW if state is VolunteerState.PAUSED else None,
        reachable=False,
        same_address=["s" * 26] if state in {VolunteerState.APPLIED, VolunteerState.PAUSED} else [],
        to_vet=state is VolunteerState.ACTIVE,
        changes=CHANGES if state is VolunteerState.ACTIVE else [],
        application=APPLICATION if state is VolunteerState.APPLIED else None,
    )


def full_evening() -> Overview:
    """Return an evening on which everything needs somebody."""
    codes = [None, "new_rule", *RULES]
    states = (RequestState.STALLED, RequestState.WAITING, RequestState.OFFERING)
    everybody = [listed(state) for state in VolunteerState]
    return Overview(
        programme=Programme(open=False, until=NOW + timedelta(days=10)),
        reports=[
            ReportRow("a" * 26, "safety", "person", "r" * 26, "v" * 26, "sealed", closed=False, at=NOW),
            ReportRow("b" * 26, "flood", None, None, None, None, closed=False, at=NOW),
        ],
        stuck=[
            ListedRequest("r" * 26, states[number % 3], NOW - timedelta(hours=7 * number), code, NOW, "alarm")
            for number, code in enumerate(codes)
        ],
        volunteers=everybody,
        ending=[everybody[2]],
        applications=[everybody[0]],
        to_vet=[everybody[2], everybody[3]],
    )


def coordinator_pages(site: Renderer) -> dict[str, str]:
    """Return every page of the coordinator by a name of its own."""
    common = {"token": TOKEN, "now": NOW}
    closed_for_good = replace(NOTHING, programme=Programme(open=False, until=None))
    evenings = {
        "quiet": (NOTHING, ""),
        "refused": (NOTHING, "Please choose a day ahead."),
        "full": (full_evening(), ""),
    }
    reports = [
        ListedReport("a" * 26, "safety", "person", "r" * 26, "v" * 26, NOW, "Words.\n\nMore words."),
        ListedReport("b" * 26, "safety", "volunteer", None, "v" * 26, NOW, None),
        ListedReport("c" * 26, "flood", None, None, None, NOW, None),
    ]
    drawn = {
        "coordinator token": site.draw("coordinator_token.html", error=""),
        "coordinator token refused": site.draw("coordinator_token.html", error="Not this one."),
        "coordinator reports": site.draw("coordinator_reports.html", reports=reports, notice=CLOSED, **common),
        "coordinator without reports": site.draw("coordinator_reports.html", reports=[], notice="", **common),
    }
    for name, (view, error) in {**evenings, "closed": (closed_for_good, "")}.items():
        drawn[f"coordinator {name}"] = site.draw(
            "coordinator.html", view=view, notice="", error=error, today=NOW.date(), **common
        )
    for state in VolunteerState:
        for harder, error in ((["suicidality_survivor"], ""), ([], "Please choose a day ahead.")):
            address = None if state is VolunteerState.APPLIED else "volunteer@example.org"
            opened = OpenedVolunteer(listed(state), "Auschlander", address, harder, harder)
            drawn[f"coordinator, volunteer {state}{', refused' if error else ''}"] = site.draw(
                "coordinator_volunteer.html",
                token=TOKEN,
                opened=opened,
                harder=harder,
                until="",
                ticked=harder,
                today=NOW.date(),
                error=error,
            )
    lines = crisis_lines(vocabulary().crisis_lines, "GB", NOW.date())
    closed = {f"closed {until}": site.draw("closed.html", until=until, lines=lines) for until in (None, NOW)}
    return drawn | closed
