"""A person's own request, opened by its key. The key goes from page to page in hidden inputs, never in an address."""

from flask import Response
from marshmallow import ValidationError

from services.intake.domain.refusals import Invalid, WrongState
from services.intake.handlers import erasing, reading, requests
from services.intake.handlers.conversation import PERSON
from services.intake.schemas.person import Close, Introduce
from services.intake.web.conversation import NOTHING_REFUSED, ConversationPage, Draft, shown
from services.intake.web.forms.model import Errors, Filled
from services.intake.web.forms.person import WISHES
from services.intake.web.forms.raw import Raw, one
from services.intake.web.site import Site
from shared.vault.request_keys import parse_key


class RequestPage(ConversationPage):
    """`/request`."""

    path, holder, opening, unknown = "/request", "key", "open", "error.no_request"
    by, written = PERSON, "conversation.said.written_to_peer"

    def __init__(self, site: Site) -> None:
        super().__init__(
            site,
            {
                "introduce": self._introduce,
                "another": self._another,
                "wishes": lambda key, _: self._wishes(key),
                "save_wishes": self._save_wishes,
                "withdraw": self._withdraw,
                "close": self._close,
                "erase": lambda key, _: self._site.page("erase.html", key=key),
                "erase_yes": self._erase,
            },
        )

    def ask_for_key(self, error: str = "", status: int = 200) -> Response:
        return self._site.page("request_key.html", status, error=error)

    def read_key(self, typed: str) -> str:
        return parse_key(typed)

    def page(self, key: str, *, notice: str = "", status: int = 200, draft: Draft = NOTHING_REFUSED) -> Response:
        view = reading.read_request(self._site.intake, key)
        talk = shown(view.match.conversation if view.match else None, draft)
        return self._site.page("request.html", status, key=key, view=view, notice=notice, talk=talk)

    def _introduce(self, key: str, raw: Raw) -> Response:
        requests.introduce(self._site.intake, key, Introduce().load({"match": one(raw, "match")})["match"])
        return self.page(key)

    def _another(self, key: str, _: Raw) -> Response:
        requests.another(self._site.intake, key)
        return self.page(key, notice="request.do.another.done")

    def _wishes(self, key: str, raw: Raw | None = None, errors: Errors | None = None) -> Response:
        view = reading.read_request(self._site.intake, key)
        if view.wishes is None:
            raise WrongState(view.state)
        initial = WISHES.write(view.wishes)
        filled = Filled(WISHES, initial if raw is None else raw, errors or {}, {})
        return self._site.page("wishes.html", 422 if errors else 200, key=key, filled=filled)

    def _save_wishes(self, key: str, raw: Raw) -> Response:
        try:
            requests.change_wishes(self._site.intake, key, WISHES.schema.load(WISHES.read(raw)))
        except ValidationError as error:
            return self._wishes(key, raw, WISHES.errors_of(error.messages_dict))
        except Invalid as error:
            return self._wishes(key, raw, WISHES.errors_of({error.field: error.fault}))
        return self.page(key, notice="request.wishes.saved")

    def _withdraw(self, key: str, _: Raw) -> Response:
        requests.withdraw(self._site.intake, key)
        return self.page(key)

    def _close(self, key: str, raw: Raw) -> Response:
        requests.close(self._site.intake, key, Close().load({"reason": one(raw, "reason")})["reason"])
        return self.page(key)

    def _erase(self, key: str, _: Raw) -> Response:
        return self._site.page("erased.html", receipt=erasing.erase(self._site.intake, key))
