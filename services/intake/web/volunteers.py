"""Applying as a volunteer, and a volunteer's own page, opened by their key."""

from collections.abc import Callable
from datetime import timedelta

from flask import Response, abort
from marshmallow import ValidationError

from services.intake.api.volunteering import Apply, ChangeVolunteer
from services.intake.domain.refusals import Invalid, Unknown, WrongState
from services.intake.web.forms.model import Errors, Filled
from services.intake.web.forms.raw import Raw, one
from services.intake.web.forms.refusals import errors_of
from services.intake.web.forms.volunteer import VOLUNTEER
from services.intake.web.site import STEP, Site, sent
from services.intake.web.wording import NO_VOLUNTEER, NOT_ANY_MORE, OFFERS, PAUSES, PLEASE_CHOOSE, VOLUNTEERS
from shared.clock import to_text
from shared.vault.request_keys import MistypedKey, parse_key

SCHEMA = Apply()
UNTOUCHED = VOLUNTEER.write({name: SCHEMA.fields[name].load_default() for name in ("waking_hours", "capacity")})
"""What the form holds before anybody has touched it: the API's own defaults."""


class VolunteerPages:
    """`/volunteer`."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self._site = site
        self._without_key: dict[str, Callable[[Raw], Response]] = {
            "form": lambda _: self._application(UNTOUCHED),
            "apply": self._apply,
        }
        self._steps: dict[str, Callable[[str, Raw], Response]] = {
            "open": lambda key, _: self._home(key),
            "edit": lambda key, _: self._edit(key),
            "save": self._save,
            "pause": self._pause,
            "resume": self._resume,
            "leave": lambda key, _: self._site.page("leave.html", key=key),
            "leave_yes": self._leave,
        }

    def show(self) -> Response:
        """Say what volunteers do; ask for the key of those who are one."""
        return self._ask_for_key()

    def act(self) -> Response:
        """Do the step that was sent, with the key unless it is an application."""
        raw = sent()
        name = one(raw, STEP) or "open"
        if name in self._without_key:
            return self._without_key[name](raw)
        if name not in self._steps:
            abort(422)
        try:
            key = parse_key(one(raw, "key"))
        except MistypedKey as error:
            return self._ask_for_key(str(error), status=422)
        try:
            return self._steps[name](key, raw)
        except Unknown:
            return self._ask_for_key(NO_VOLUNTEER, status=404)
        except ValidationError:
            return self._home(key, notice=PLEASE_CHOOSE, status=422)
        except WrongState:
            return self._home(key, notice=NOT_ANY_MORE, status=409)

    def _ask_for_key(self, error: str = "", status: int = 200) -> Response:
        return self._site.page("volunteer_key.html", status, error=error)

    def _application(self, raw: Raw, errors: Errors | None = None) -> Response:
        filled = Filled(VOLUNTEER, raw, errors or {}, UNTOUCHED)
        return self._site.page("apply.html", 422 if errors else 200, filled=filled)

    def _apply(self, raw: Raw) -> Response:
        try:
            key = self._site.volunteers.apply(SCHEMA.load(VOLUNTEER.read(raw)))
        except ValidationError as error:
            return self._application(raw, errors_of(error.messages_dict, VOLUNTEER))
        return self._site.page("applied.html", 202, key=key)

    def _home(self, key: str, *, notice: str = "", status: int = 200) -> Response:
        view = self._site.volunteers.read(key)
        return self._site.page(
            "volunteer.html",
            status,
            key=key,
            view=view,
            said=VOLUNTEERS[view.state],
            offers=[(each, OFFERS[each.view]) for each in self._site.volunteers.offers(key)],
            pauses=PAUSES,
            notice=notice,
        )

    def _edit(self, key: str, raw: Raw | None = None, errors: Errors | None = None) -> Response:
        initial = VOLUNTEER.write(self._site.volunteers.read(key).form)
        filled = Filled(VOLUNTEER, initial if raw is None else raw, errors or {}, {})
        return self._site.page("edit.html", 422 if errors else 200, key=key, filled=filled)

    def _save(self, key: str, raw: Raw) -> Response:
        body = VOLUNTEER.read(raw)
        errors = {each.name: [each.missing] for each in VOLUNTEER.fields() if each.required and each.name not in body}
        try:
            changes = ChangeVolunteer(partial=True).load(body)
        except ValidationError as error:
            errors |= errors_of(error.messages_dict, VOLUNTEER)
        if errors:
            return self._edit(key, raw, errors)
        self._site.volunteers.change(key, changes)
        return self._home(key, notice="Your changes are saved.")

    def _pause(self, key: str, raw: Raw) -> Response:
        days = one(raw, "days")
        if days not in PAUSES:
            raise ValidationError("no such pause")
        until = to_text(self._site.clock.now() + timedelta(days=int(days)))
        self._change(key, {"pause_until": until})
        return self._home(key, notice="You are resting now. Thank you for saying so.")

    def _resume(self, key: str, _: Raw) -> Response:
        self._change(key, {"pause_until": None})
        return self._home(key, notice="Welcome back.")

    def _change(self, key: str, body: dict[str, str | None]) -> None:
        try:
            self._site.volunteers.change(key, ChangeVolunteer(partial=True).load(body))
        except Invalid as error:
            raise ValidationError(error.message) from None

    def _leave(self, key: str, _: Raw) -> Response:
        return self._site.page("left.html", receipt=self._site.volunteers.remove(key))
