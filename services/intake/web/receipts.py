"""Checking a receipt. Anybody may, and nothing is stored."""

from flask import Response
from marshmallow import ValidationError

from services.intake.domain.refusals import Invalid
from services.intake.handlers.erasing import check_receipt
from services.intake.schemas.person import CheckReceipt
from services.intake.texts import texts
from services.intake.texts.saying import fault_on_page
from services.intake.web.site import Page, typed


class ReceiptPage(Page):
    def show(self, error: str = "", text: str = "") -> Response:
        return self._site.page("receipt.html", 422 if error else 200, error=error, text=text)

    def act(self) -> Response:
        text = typed("receipt")
        try:
            receipt, destroyed = check_receipt(self._intake, CheckReceipt().load({"receipt": text})["receipt"])
        except ValidationError:
            return self.show(texts().say("error.whole_receipt"), text)
        except Invalid as error:
            return self.show(fault_on_page(error.fault), text)
        return self._site.page("receipt_checked.html", receipt=receipt, destroyed=destroyed)
