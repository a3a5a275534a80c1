"""The coordinator's page. The token travels in the body with every step; what people said is opened on demand alone."""

from typing import Any

from flask import Response
from marshmallow import ValidationError

from services.intake.domain.refusals import AddressHeld, Invalid, NoSuch, Unknown, WrongState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers import coordinator, reports, vetting
from services.intake.schemas.volunteer import Approve, Intake
from services.intake.texts import texts
from services.intake.web.forms.raw import every
from services.intake.web.site import Page, sent, typed

LONGEST_VERSION = 19
"""Digits: a version has eight bytes."""


class CoordinatorPage(Page):
    def show(self, error: str = "", status: int = 200) -> Response:
        return self._site.page("coordinator_token.html", status, error=error)

    def act(self) -> Response:
        step, token = self.chosen("open"), typed("token")
        try:
            coordinator.check_token(self._intake, token)
        except Unknown:
            return self.show(texts().say("error.no_coordinator"), status=404)
        try:
            return step(token)
        except NoSuch:
            return self.do_open(token, notice="error.gone", status=404)
        except WrongState:
            return self.do_open(token, notice="error.not_any_more", status=409)
        except AddressHeld:
            return self.do_open(token, notice="coordinator.volunteer.address_held", status=409)

    def do_open(self, token: str, *, notice: str = "", error: str = "", status: int = 200) -> Response:
        now = self._intake.clock.now()
        shown: dict[str, Any] = {"view": coordinator.overview(self._intake), "now": now, "today": now.date()}
        return self._site.page("coordinator.html", status, token=token, notice=notice, error=error, **shown)

    def do_reports(self, token: str, notice: str = "") -> Response:
        listed, now = reports.list_reports(self._intake), self._intake.clock.now()
        return self._site.page("coordinator_reports.html", token=token, reports=listed, notice=notice, now=now)

    def do_close_report(self, token: str) -> Response:
        reports.close_report(self._intake, typed("ref"))
        return self.do_reports(token, notice="coordinator.reports.closed")

    def do_volunteer(self, token: str, *, refused: bool = False) -> Response:
        """Show one volunteer; if `refused`, with the form of their training as it was sent."""
        opened = vetting.open_for_care(self._intake, typed("ref"))
        return self._site.page(
            "coordinator_volunteer.html",
            422 if refused else 200,
            token=token,
            opened=opened,
            harder=list(dict.fromkeys([*opened.ready_for, *opened.trained_for])),
            today=self._site.today(),
            until=typed("trained_until") if refused else opened.listed.trained_until or "",
            ticked=every(sent(), "trained_for") if refused else opened.trained_for,
            error=texts().say("error.day_ahead") if refused else "",
        )

    def do_approve(self, token: str) -> Response:
        version = typed("version")
        training = {
            "trained_until": typed("trained_until"),
            "trained_for": every(sent(), "trained_for"),
            # No volunteer has the version 0, so what is no version fits none, like one that is over.
            "version": int(version) if version.isdecimal() and len(version) <= LONGEST_VERSION else 0,
        }
        try:
            state = vetting.approve(self._intake, typed("ref"), **Approve().load(training))
        except (ValidationError, Invalid):
            return self.do_volunteer(token, refused=True)
        done = "approved" if state is VolunteerState.ACTIVE else "renewed"
        return self.do_open(token, notice=f"coordinator.volunteer.{done}")

    def do_refuse(self, token: str) -> Response:
        state = vetting.refuse(self._intake, typed("ref"))
        done = "refuse" if state is VolunteerState.REFUSED else "take_back"
        return self.do_open(token, notice=f"coordinator.volunteer.{done}.done")

    def do_suspend(self, token: str) -> Response:
        vetting.suspend(self._intake, typed("ref"))
        return self.do_open(token, notice="coordinator.volunteer.suspend.done")

    def do_reinstate(self, token: str) -> Response:
        vetting.reinstate(self._intake, typed("ref"))
        return self.do_open(token, notice="coordinator.volunteer.reinstate.done")

    def do_close_intake(self, token: str) -> Response:
        try:
            until = Intake().load({"open": False, "until": typed("until") or None})["until"]
            coordinator.set_intake(self._intake, is_open=False, until=until)
        except (ValidationError, Invalid):
            return self.do_open(token, error=texts().say("error.day_ahead"), status=422)
        return self.do_open(token, notice="coordinator.intake.is_closed")

    def do_open_intake(self, token: str) -> Response:
        coordinator.set_intake(self._intake, is_open=True, until=None)
        return self.do_open(token, notice="coordinator.intake.is_open")
