"""A person's own request, opened by its key. The key goes from page to page in hidden inputs, never in an address."""

from flask import Response
from marshmallow import ValidationError

from services.intake.domain.refusals import Invalid, WrongState
from services.intake.handlers import erasing, reading, requests
from services.intake.handlers.conversation import PERSON
from services.intake.schemas.person import Close, Introduce
from services.intake.web.conversation import NOTHING_REFUSED, ConversationPage, Draft
from services.intake.web.forms.model import Errors, Filled
from services.intake.web.forms.person import WISHES
from services.intake.web.site import sent, typed


class RequestPage(ConversationPage):
    path, holder = "/request", "key"
    asking, unknown = "request_key.html", "error.no_request"
    by, written = PERSON, "conversation.said.written_to_peer"

    def page(self, key: str, *, notice: str = "", status: int = 200, draft: Draft = NOTHING_REFUSED) -> Response:
        view = reading.read_request(self._intake, key)
        conversation = view.match.conversation if view.match else None
        return self._site.page(
            "request.html", status, key=key, view=view, notice=notice, conversation=conversation, draft=draft
        )

    def do_open(self, key: str) -> Response:
        return self.page(key)

    def do_introduce(self, key: str) -> Response:
        requests.introduce(self._intake, key, Introduce().load({"match": typed("match")})["match"])
        return self.page(key)

    def do_another(self, key: str) -> Response:
        requests.another(self._intake, key)
        return self.page(key, notice="request.do.another.done")

    def do_wishes(self, key: str, errors: Errors | None = None) -> Response:
        """Show the wishes as they are, or with `errors` as they were sent."""
        view = reading.read_request(self._intake, key)
        if view.wishes is None:
            raise WrongState(view.state)
        filled = Filled(WISHES, WISHES.write(view.wishes) if errors is None else sent(), errors or {})
        return self._site.page("wishes.html", 422 if errors else 200, key=key, filled=filled)

    def do_save_wishes(self, key: str) -> Response:
        try:
            requests.change_wishes(self._intake, key, WISHES.schema.load(WISHES.read(sent())))
        except (ValidationError, Invalid) as error:
            return self.do_wishes(key, WISHES.errors_of(error))
        return self.page(key, notice="request.wishes.saved")

    def do_withdraw(self, key: str) -> Response:
        requests.withdraw(self._intake, key)
        return self.page(key)

    def do_close(self, key: str) -> Response:
        requests.close(self._intake, key, Close().load({"reason": typed("reason")})["reason"])
        return self.page(key)

    def do_erase(self, key: str) -> Response:
        return self._site.page("erase.html", key=key)

    def do_erase_yes(self, key: str) -> Response:
        return self._site.page("erased.html", receipt=erasing.erase(self._intake, key))
