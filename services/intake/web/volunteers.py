"""Applying as a volunteer, and a volunteer's own page, opened by their key."""

from datetime import date
from typing import Any

from flask import Response
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from services.intake.domain.refusals import Invalid, OldLink, OtherBody, PinBlocked, PinNeeded, Unknown
from services.intake.domain.volunteers import AT_WORK, VolunteerState
from services.intake.handlers import erasing, home_links, volunteers
from services.intake.handlers.volunteers import VolunteerView
from services.intake.schemas.volunteer import ChangeVolunteer
from services.intake.texts import texts
from services.intake.web.forms.model import Errors, Filled
from services.intake.web.forms.raw import Raw
from services.intake.web.forms.volunteer import VOLUNTEER
from services.intake.web.key_page import KeyPage, pin_sent
from services.intake.web.site import FORM_KEY, PAUSES, STEP, TO_THE_FIRST_PAGE, sent, typed
from shared.database import is_transient
from shared.vault.tokens import may_be_home_link


def said_to_volunteer(state: VolunteerState, trained_until: date | None, today: date) -> str:
    """Return what a volunteer is told about where they stand, as the last part of a key."""
    if state is VolunteerState.APPLIED and trained_until is not None:
        return "vetted_again"
    if state in AT_WORK and trained_until is not None and trained_until < today:
        return "untrained"
    return state


class VolunteerPage(KeyPage):
    path, holder = "/volunteer", "key"
    asking, unknown = "volunteer_key.html", "error.no_volunteer"

    def act(self) -> Response:
        """Do the step that was sent; to apply, or to ask for a lost link, needs no key."""
        if typed(STEP) in {"form", "apply", "link"}:
            return self.chosen(self.opening)()
        return super().act()

    def read_key(self, typed_key: str) -> str:
        """Return a volunteer key as it is shown, or a home link as it came; the command reads that."""
        return typed_key if may_be_home_link(typed_key) else super().read_key(typed_key)

    def turned_away(self, refusal: Unknown, key: str) -> Response:
        """Ask for the PIN where one is missing; else say what is wrong with the key or the link."""
        match refusal:
            case PinNeeded():
                error = texts().say("error.wrong_pin") if refusal.wrong else ""
                return self._site.page("pin.html", 401, key=key, error=error)
            case PinBlocked():
                return self._site.page("pin.html", 429, key=key, error=texts().say("error.pin_blocked"))
            case OldLink():
                return self.show(texts().say("error.old_link"), status=401)
            case _:
                return super().turned_away(refusal, key)

    def do_link(self) -> Response:
        home_links.ask_link(self._intake, typed("value"))
        return self._site.page("message.html", 202, said="volunteer.link_sent", onward=TO_THE_FIRST_PAGE)

    def do_form(self) -> Response:
        return self._application(VOLUNTEER.untouched(), self._site.form_key())

    def do_apply(self) -> Response:
        """Take the application, or show it again as it was filled in."""
        body, form_key = VOLUNTEER.read(sent()), typed(FORM_KEY)
        try:
            key = volunteers.apply(self._intake, VOLUNTEER.schema.load(body), body, form_key or None)
        except ValidationError as error:
            return self._application(sent(), form_key, status=422, errors=VOLUNTEER.errors_of(error))
        except OtherBody:
            onward = (self.path, "volunteer.key.open")
            return self._site.page("message.html", 422, said="volunteer.apply.sent_before", onward=onward)
        except SQLAlchemyError as error:
            if not is_transient(error):
                raise
            # The same key of the form again: if it was taken after all, it is not taken twice.
            return self._application(sent(), form_key, status=503, away=True)
        return self._site.page("applied.html", 202, key=key)

    def _application(
        self, raw: Raw, form_key: str, *, status: int = 200, errors: Errors | None = None, away: bool = False
    ) -> Response:
        filled = Filled(VOLUNTEER, raw, errors or {}, VOLUNTEER.untouched())
        return self._site.page("apply.html", status, filled=filled, form_key=form_key, away=away)

    def page(self, key: str, *, notice: str = "", status: int = 200) -> Response:
        return self._home(key, volunteers.read_volunteer(self._intake, key, pin_sent()), notice, status)

    def _home(self, key: str, view: VolunteerView, notice: str, status: int = 200, pin: str | None = None) -> Response:
        """Return the page with `view` on it; `pin` is the one that holds from now on, if it was just set."""
        today = self._site.today()
        said = said_to_volunteer(view.state, view.trained_until, today)
        shown: dict[str, Any] = {"view": view, "offers": view.offers, "said": said, "today": today, "pauses": PAUSES}
        return self._site.page("volunteer.html", status, key=key, pin=pin or pin_sent(), notice=notice, **shown)

    def do_open(self, key: str) -> Response:
        return self.page(key)

    def do_edit(self, key: str, errors: Errors | None = None) -> Response:
        """Show what the volunteer has said, or with `errors` what was sent."""
        said = VOLUNTEER.write(volunteers.read_volunteer(self._intake, key, pin_sent()).form)
        filled = Filled(VOLUNTEER, said if errors is None else sent(), errors or {})
        return self._site.page("edit.html", 422 if errors else 200, key=key, pin=pin_sent(), filled=filled)

    def do_save(self, key: str) -> Response:
        body = VOLUNTEER.read(sent())
        try:
            form = VOLUNTEER.schema.load(body)
            view = volunteers.change_volunteer(self._intake, key, {name: form[name] for name in body}, pin_sent())
        except (ValidationError, Invalid) as error:
            return self.do_edit(key, VOLUNTEER.errors_of(error))
        return self._home(key, view, "volunteer.done.saved")

    def do_pause(self, key: str) -> Response:
        until = self._site.pause_end()
        if until is None:
            raise ValidationError("no such pause")
        return self._home(key, self._changed(key, {"pause_until": until}), "volunteer.done.resting")

    def do_resume(self, key: str) -> Response:
        return self._home(key, self._changed(key, {"pause_until": None}), "volunteer.done.back")

    def do_set_pin(self, key: str) -> Response:
        pin = typed("new_pin")
        try:
            view = self._changed(key, {"pin": pin})
        except ValidationError:
            return self.page(key, notice="error.pin_digits", status=422)
        return self._home(key, view, "volunteer.done.pin_set", pin=pin)

    def do_drop_pin(self, key: str) -> Response:
        return self._home(key, self._changed(key, {"pin": None}), "volunteer.done.pin_dropped")

    def _changed(self, key: str, body: dict[str, str | None]) -> VolunteerView:
        try:
            changes = ChangeVolunteer(partial=True).load(body)
            return volunteers.change_volunteer(self._intake, key, changes, pin_sent())
        except Invalid as error:
            raise ValidationError(error.fault) from None

    def do_leave(self, key: str) -> Response:
        return self._site.page("leave.html", key=key, pin=pin_sent())

    def do_leave_yes(self, key: str) -> Response:
        return self._site.page("left.html", receipt=erasing.leave(self._intake, key, pin_sent()))
