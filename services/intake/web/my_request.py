"""A person's own request, opened by its key. The key goes from page to page in hidden inputs, never in an address."""

from collections.abc import Callable

from flask import Response, abort
from marshmallow import ValidationError

from services.intake.api.asking import Close, Introduce, Wishes
from services.intake.domain.refusals import Invalid, Unknown, WrongState
from services.intake.web.forms.model import Errors, Filled
from services.intake.web.forms.person import WISHES
from services.intake.web.forms.raw import Raw, one
from services.intake.web.forms.refusals import errors_of
from services.intake.web.site import STEP, Site, sent
from services.intake.web.wording import NO_REQUEST, NOT_ANY_MORE, PLEASE_CHOOSE, REQUEST_TITLES
from shared.vault.request_keys import MistypedKey, parse_key

Step = Callable[[str, Raw], Response]


class RequestPages:
    """`/request`."""

    def __init__(self, site: Site) -> None:
        """Draw with `site`."""
        self._site = site
        self._steps: dict[str, Step] = {
            "open": lambda key, _: self._show(key),
            "introduce": self._introduce,
            "wishes": lambda key, _: self._wishes(key),
            "save_wishes": self._save_wishes,
            "withdraw": self._withdraw,
            "close": self._close,
            "erase": lambda key, _: self._site.page("erase.html", key=key),
            "erase_yes": self._erase,
        }

    def show(self) -> Response:
        """Ask for the key."""
        return self._ask_for_key()

    def act(self) -> Response:
        """Do the step that was sent with the key."""
        raw = sent()
        step = self._steps.get(one(raw, STEP) or "open")
        if step is None:
            abort(422)
        try:
            key = parse_key(one(raw, "key"))
        except MistypedKey as error:
            return self._ask_for_key(str(error), status=422)
        try:
            return step(key, raw)
        except Unknown:
            return self._ask_for_key(NO_REQUEST, status=404)
        except ValidationError:
            return self._show(key, notice=PLEASE_CHOOSE, status=422)
        except WrongState:
            return self._show(key, notice=NOT_ANY_MORE, status=409)

    def _ask_for_key(self, error: str = "", status: int = 200) -> Response:
        return self._site.page("request_key.html", status, error=error)

    def _show(self, key: str, *, notice: str = "", status: int = 200) -> Response:
        view = self._site.people.read(key)
        title = REQUEST_TITLES[view.state]
        return self._site.page("request.html", status, key=key, view=view, title=title, notice=notice)

    def _introduce(self, key: str, raw: Raw) -> Response:
        self._site.people.introduce(key, Introduce().load({"match": one(raw, "match")})["match"])
        return self._show(key)

    def _wishes(self, key: str, raw: Raw | None = None, errors: Errors | None = None) -> Response:
        view = self._site.people.read(key)
        if view.wishes is None:
            raise WrongState(view.state)
        initial = WISHES.write(view.wishes)
        filled = Filled(WISHES, initial if raw is None else raw, errors or {}, {})
        return self._site.page("wishes.html", 422 if errors else 200, key=key, filled=filled)

    def _save_wishes(self, key: str, raw: Raw) -> Response:
        try:
            self._site.people.change(key, Wishes(partial=True).load(WISHES.read(raw)))
        except ValidationError as error:
            return self._wishes(key, raw, errors_of(error.messages_dict, WISHES))
        except Invalid as error:
            return self._wishes(key, raw, {error.field: [error.message]})
        return self._show(key, notice="Your wishes are changed. The search goes on with them at once.")

    def _withdraw(self, key: str, _: Raw) -> Response:
        self._site.people.withdraw(key)
        return self._show(key)

    def _close(self, key: str, raw: Raw) -> Response:
        self._site.people.close(key, Close().load({"reason": one(raw, "reason")})["reason"])
        return self._show(key)

    def _erase(self, key: str, _: Raw) -> Response:
        return self._site.page("erased.html", receipt=self._site.people.erase(key))
