"""The coordinator's page. The token travels in the body with every step; what people said is opened on demand alone."""

from collections.abc import Callable

from flask import Response, abort
from marshmallow import ValidationError

from services.intake.domain.refusals import Invalid, NoSuchReport, NoSuchVolunteer, Unknown, WrongState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers import coordinator, reports
from services.intake.schemas.volunteer import Approve, Intake
from services.intake.texts import texts
from services.intake.web.forms.raw import Raw, every, one
from services.intake.web.site import STEP, Site, sent

Step = Callable[[str, Raw], Response]


class CoordinatorPages:
    """`/coordinator`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._intake = site.intake
        self._steps: dict[str, Step] = {
            "open": lambda token, _: self._overview(token),
            "reports": lambda token, _: self._reports(token),
            "close_report": self._close_report,
            "volunteer": lambda token, raw: self._volunteer(token, one(raw, "ref")),
            "approve": self._approve,
            "refuse": self._refuse,
            "suspend": self._suspend,
            "reinstate": self._reinstate,
            "close_intake": self._close_intake,
            "open_intake": self._open_intake,
        }

    def show(self) -> Response:
        return self._sign_in()

    def act(self) -> Response:
        raw = sent()
        step = self._steps.get(one(raw, STEP) or "open")
        if step is None:
            abort(422)
        token = one(raw, "token")
        try:
            coordinator.check_token(self._intake, token)
        except Unknown:
            return self._sign_in(texts().say("error.no_coordinator"), status=404)
        try:
            return step(token, raw)
        except (NoSuchVolunteer, NoSuchReport):
            return self._overview(token, notice="error.gone", status=404)
        except WrongState:
            return self._overview(token, notice="error.not_any_more", status=409)

    def _sign_in(self, error: str = "", status: int = 200) -> Response:
        return self._site.page("coordinator_token.html", status, error=error)

    def _overview(self, token: str, *, notice: str = "", error: str = "", status: int = 200) -> Response:
        now = self._intake.clock.now()
        return self._site.page(
            "coordinator.html",
            status,
            token=token,
            view=coordinator.overview(self._intake),
            notice=notice,
            error=error,
            now=now,
            today=now.date(),
        )

    def _reports(self, token: str, *, notice: str = "") -> Response:
        return self._site.page(
            "coordinator_reports.html",
            token=token,
            reports=reports.list_reports(self._intake),
            notice=notice,
            now=self._site.intake.clock.now(),
        )

    def _close_report(self, token: str, raw: Raw) -> Response:
        reports.close_report(self._intake, one(raw, "ref"))
        return self._reports(token, notice="coordinator.reports.closed")

    def _volunteer(self, token: str, ref: str, refused: Raw | None = None) -> Response:
        """Show one volunteer; `refused`: with the form of their training as it was sent."""
        opened = coordinator.open_for_care(self._intake, ref)
        listed = opened.listed
        harder = list(dict.fromkeys([*opened.ready_for, *opened.trained_for]))
        return self._site.page(
            "coordinator_volunteer.html",
            422 if refused else 200,
            token=token,
            opened=opened,
            harder=harder,
            today=self._intake.clock.now().date(),
            until=one(refused, "trained_until") if refused else listed.trained_until or "",
            ticked=every(refused, "trained_for") if refused else opened.trained_for,
            error=texts().say("error.day_ahead") if refused else "",
        )

    def _approve(self, token: str, raw: Raw) -> Response:
        ref = one(raw, "ref")
        try:
            seen = int(one(raw, "version")) if one(raw, "version").isdecimal() else 0
            trained = {"trained_until": one(raw, "trained_until"), "trained_for": every(raw, "trained_for")}
            state = coordinator.approve(self._intake, ref, **Approve().load({**trained, "version": seen}))
        except (ValidationError, Invalid):
            return self._volunteer(token, ref, refused=raw)
        done = "approved" if state is VolunteerState.ACTIVE else "renewed"
        return self._overview(token, notice=f"coordinator.volunteer.{done}")

    def _refuse(self, token: str, raw: Raw) -> Response:
        coordinator.refuse(self._intake, one(raw, "ref"))
        return self._overview(token, notice="coordinator.volunteer.refuse.done")

    def _suspend(self, token: str, raw: Raw) -> Response:
        coordinator.suspend(self._intake, one(raw, "ref"))
        return self._overview(token, notice="coordinator.volunteer.suspend.done")

    def _reinstate(self, token: str, raw: Raw) -> Response:
        coordinator.reinstate(self._intake, one(raw, "ref"))
        return self._overview(token, notice="coordinator.volunteer.reinstate.done")

    def _close_intake(self, token: str, raw: Raw) -> Response:
        try:
            until = Intake().load({"open": False, "until": one(raw, "until") or None})["until"]
            coordinator.set_intake(self._intake, is_open=False, until=until)
        except (ValidationError, Invalid):
            return self._overview(token, error=texts().say("error.day_ahead"), status=422)
        return self._overview(token, notice="coordinator.intake.is_closed")

    def _open_intake(self, token: str, _: Raw) -> Response:
        coordinator.set_intake(self._intake, is_open=True, until=None)
        return self._overview(token, notice="coordinator.intake.is_open")
