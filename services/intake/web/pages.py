"""All pages of intake, put together: one blueprint, and the page for whatever goes wrong."""

from flask import Blueprint, Response, jsonify

from services.intake.handlers.context import Intake
from services.intake.texts import texts
from services.intake.web.ask import AskPage
from services.intake.web.coordinator import CoordinatorPage
from services.intake.web.my_request import RequestPage
from services.intake.web.offers import OfferPage
from services.intake.web.places import names_of
from services.intake.web.protection import protect
from services.intake.web.receipts import ReceiptPage
from services.intake.web.rendering import Renderer
from services.intake.web.site import TO_THE_FIRST_PAGE, Site
from services.intake.web.start import StartPage
from services.intake.web.volunteers import VolunteerPage


class Pages:
    """The blueprint to register, and what draws a page for an error.

    Nothing is connected: the first page is there without any database.
    """

    def __init__(self, intake: Intake) -> None:
        self._site = site = Site(intake, Renderer(intake.settings))
        self.blueprint = Blueprint("pages", __name__, static_folder="static", static_url_path="/assets")
        self.blueprint.after_request(protect)
        start = StartPage(site)
        for path, page in (
            ("/", start),
            ("/ask", AskPage(site)),
            ("/request", RequestPage(site)),
            ("/receipt", ReceiptPage(site)),
            ("/volunteer", VolunteerPage(site)),
            ("/offer", OfferPage(site)),
            ("/coordinator", CoordinatorPage(site)),
        ):
            name = path.strip("/") or "start"
            self.blueprint.add_url_rule(path, f"{name}_show", page.show, methods=["GET"])
            self.blueprint.add_url_rule(path, f"{name}_act", page.act, methods=["POST"])
        self.blueprint.add_url_rule("/colleague", "colleague_show", start.show_colleague, methods=["GET"])
        names = names_of(intake.register.places)
        self.blueprint.add_url_rule("/assets/places.json", "places", lambda: jsonify(names), methods=["GET"])

    def error(self, status: int) -> Response:
        """Return the page for an error with `status`; one that has no words of its own gets those of its kind."""
        known = f"failure.{status}.title" in texts()
        said = f"failure.{status if known else 500 if status >= 500 else 400}"
        return protect(self._site.page("message.html", status, said=said, onward=TO_THE_FIRST_PAGE))
