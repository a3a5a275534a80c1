"""Applying as a volunteer, and a volunteer's own page, opened by their key."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Response
from marshmallow import ValidationError

from services.intake.domain.refusals import Invalid, OldLink, PinBlocked, PinNeeded, Unknown
from services.intake.domain.volunteers import AT_WORK, VolunteerState
from services.intake.handlers import erasing, home_links, volunteers
from services.intake.handlers.volunteers import VolunteerView
from services.intake.schemas.volunteer import ChangeVolunteer
from services.intake.texts import texts
from services.intake.web.forms.model import Errors, Filled
from services.intake.web.forms.raw import Raw, one
from services.intake.web.forms.volunteer import VOLUNTEER
from services.intake.web.key_page import KeyPage, pin_sent
from services.intake.web.site import PAUSES, STEP, TO_THE_FIRST_PAGE, Site, sent
from shared.clock import to_text
from shared.vault.request_keys import parse_key
from shared.vault.tokens import may_be_home_link


def said_to_volunteer(state: VolunteerState, trained_until: date | None, today: date) -> str:
    """Return what a volunteer is told about where they stand, as the last part of a key."""
    if state is VolunteerState.APPLIED and trained_until is not None:
        return "vetted_again"
    if state in AT_WORK and trained_until is not None and trained_until < today:
        return "untrained"
    return state


class VolunteerPage(KeyPage):
    """`/volunteer`."""

    path, holder, opening, unknown = "/volunteer", "key", "open", "error.no_volunteer"

    def __init__(self, site: Site) -> None:
        super().__init__(
            site,
            {
                "edit": lambda key, _: self._edit(key),
                "save": self._save,
                "pause": self._pause,
                "resume": self._resume,
                "set_pin": self._set_pin,
                "drop_pin": self._drop_pin,
                "leave": lambda key, _: self._site.page("leave.html", key=key, pin=pin_sent()),
                "leave_yes": self._leave,
            },
        )
        self._without_key: dict[str, Callable[[Raw], Response]] = {
            "form": lambda _: self._application(VOLUNTEER.untouched()),
            "apply": self._apply,
            "link": self._send_link,
        }

    def act(self) -> Response:
        """Do the step that was sent; to apply, or to ask for a lost link, needs no key."""
        raw = sent()
        step = self._without_key.get(one(raw, STEP))
        return step(raw) if step else super().act()

    def ask_for_key(self, error: str = "", status: int = 200) -> Response:
        return self._site.page("volunteer_key.html", status, error=error)

    def read_key(self, typed: str) -> str:
        """Return a volunteer key as it is shown, or a home link as it came; the command reads that."""
        return typed if may_be_home_link(typed) else parse_key(typed)

    def turned_away(self, refusal: Unknown, key: str) -> Response:
        """Ask for the PIN where one is missing; else say what is wrong with the key or the link."""
        match refusal:
            case PinNeeded():
                return self._site.page(
                    "pin.html", 401, key=key, error=texts().say("error.wrong_pin") if refusal.wrong else ""
                )
            case PinBlocked():
                return self._site.page("pin.html", 429, key=key, error=texts().say("error.pin_blocked"))
            case OldLink():
                return self.ask_for_key(texts().say("error.old_link"), status=401)
            case _:
                return super().turned_away(refusal, key)

    def _send_link(self, raw: Raw) -> Response:
        home_links.ask_link(self._site.intake, one(raw, "value"))
        return self._site.page("message.html", 202, said="volunteer.link_sent", onward=TO_THE_FIRST_PAGE)

    def _application(self, raw: Raw, errors: Errors | None = None) -> Response:
        filled = Filled(VOLUNTEER, raw, errors or {}, VOLUNTEER.untouched())
        return self._site.page("apply.html", 422 if errors else 200, filled=filled)

    def _apply(self, raw: Raw) -> Response:
        try:
            key = volunteers.apply(self._site.intake, VOLUNTEER.schema.load(VOLUNTEER.read(raw)))
        except ValidationError as error:
            return self._application(raw, VOLUNTEER.errors_of(error.messages_dict))
        return self._site.page("applied.html", 202, key=key)

    def page(self, key: str, *, notice: str = "", status: int = 200) -> Response:
        view = volunteers.read_volunteer(self._site.intake, key, pin_sent())
        return self._home(key, view, notice=notice, status=status)

    def _home(
        self, key: str, view: VolunteerView, *, notice: str = "", status: int = 200, pin: str | None = None
    ) -> Response:
        """`pin` is the one that holds from now on, if it was just set."""
        today = self._site.intake.clock.now().date()
        return self._site.page(
            "volunteer.html",
            status,
            key=key,
            pin=pin or pin_sent(),
            view=view,
            said=said_to_volunteer(view.state, view.trained_until, today),
            today=today,
            offers=view.offers,
            pauses=PAUSES,
            notice=notice,
        )

    def _edit(self, key: str, raw: Raw | None = None, errors: Errors | None = None) -> Response:
        initial = VOLUNTEER.write(volunteers.read_volunteer(self._site.intake, key, pin_sent()).form)
        filled = Filled(VOLUNTEER, initial if raw is None else raw, errors or {}, {})
        return self._site.page("edit.html", 422 if errors else 200, key=key, pin=pin_sent(), filled=filled)

    def _save(self, key: str, raw: Raw) -> Response:
        body = VOLUNTEER.read(raw)
        try:
            form = VOLUNTEER.schema.load(body)
        except ValidationError as error:
            return self._edit(key, raw, VOLUNTEER.errors_of(error.messages_dict))
        view = volunteers.change_volunteer(self._site.intake, key, {name: form[name] for name in body}, pin_sent())
        return self._home(key, view, notice="volunteer.done.saved")

    def _pause(self, key: str, raw: Raw) -> Response:
        days = one(raw, "days")
        if days not in PAUSES:
            raise ValidationError("no such pause")
        until = to_text(self._site.intake.clock.now() + timedelta(days=int(days)))
        view = self._changed(key, {"pause_until": until})
        return self._home(key, view, notice="volunteer.done.resting")

    def _resume(self, key: str, _: Raw) -> Response:
        return self._home(key, self._changed(key, {"pause_until": None}), notice="volunteer.done.back")

    def _set_pin(self, key: str, raw: Raw) -> Response:
        pin = one(raw, "new_pin")
        try:
            view = self._changed(key, {"pin": pin})
        except ValidationError:
            return self.page(key, notice="error.pin_digits", status=422)
        return self._home(key, view, notice="volunteer.done.pin_set", pin=pin)

    def _drop_pin(self, key: str, _: Raw) -> Response:
        return self._home(key, self._changed(key, {"pin": None}), notice="volunteer.done.pin_dropped")

    def _changed(self, key: str, body: dict[str, str | None]) -> VolunteerView:
        try:
            changes = ChangeVolunteer(partial=True).load(body)
            return volunteers.change_volunteer(self._site.intake, key, changes, pin_sent())
        except Invalid as error:
            raise ValidationError(error.fault) from None

    def _leave(self, key: str, _: Raw) -> Response:
        return self._site.page("left.html", receipt=erasing.leave(self._site.intake, key, pin_sent()))
