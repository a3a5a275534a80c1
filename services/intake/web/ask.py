"""Asking for a peer."""

from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from services.intake.domain.programme import ALWAYS_OPEN
from services.intake.domain.refusals import Closed, Invalid, OtherBody
from services.intake.handlers.submitting import current_programme, preview, submit
from services.intake.web.forms.model import Errors, Filled
from services.intake.web.forms.person import ASK
from services.intake.web.forms.raw import Raw
from services.intake.web.site import FORM_KEY, STEP, Page, sent, typed
from shared.database import is_transient


class AskPage(Page):
    def show(self) -> Response:
        """Show what to know before the first question, and an empty form with a key of its own.

        While no requests are taken, show until when instead.
        """
        try:
            programme = current_programme(self._intake)
        except SQLAlchemyError as error:
            if not is_transient(error):
                raise
            # The page is there while the database is away (R9); when the form is sent it is known again.
            programme = ALWAYS_OPEN
        if not programme.open:
            return self._closed(programme.until)
        return self._form(ASK.untouched(), self._site.form_key())

    def act(self) -> Response:
        """Take the form, or show it again as it was filled in: with what is wrong, or with the card it would make."""
        raw = sent()
        form_key = typed(FORM_KEY)
        try:
            return self._take(raw, form_key)
        except SQLAlchemyError as error:
            if not is_transient(error):
                raise
            # The same key of the form again: if it was taken after all, it is not taken twice.
            return self._form(raw, form_key, away=True, status=503)

    def _take(self, raw: Raw, form_key: str) -> Response:
        body = ASK.read(raw)
        try:
            form = ASK.schema.load(body)
            if typed(STEP) == "preview":
                return self._form(raw, form_key, card=preview(self._intake, form))
            submitted = submit(self._intake, form, body, form_key)
        except (ValidationError, Invalid) as error:
            errors = ASK.errors_of(error)
            if not errors:
                raise
            return self._form(raw, form_key, errors=errors, status=422)
        except Closed as error:
            return self._closed(error.until, status=409)
        except OtherBody:
            return self._site.page("message.html", 422, said="ask.sent_before", onward=("/ask", "ask.empty_form"))
        return self._site.page("asked.html", 201, key=submitted.request_key)

    def _closed(self, until: datetime | None, status: int = 200) -> Response:
        return self._site.page("closed.html", status, until=until, lines=self._site.crisis_lines())

    def _form(
        self, raw: Raw, form_key: str, status: int = 200, errors: Errors | None = None, **beside: Any
    ) -> Response:
        """`beside` the form: the `card` that it would make, or that the database is `away`."""
        filled = Filled(ASK, raw, errors or {}, ASK.untouched())
        return self._site.page(
            "ask.html", status, filled=filled, form_key=form_key, **{"card": None, "away": False} | beside
        )
