"""All pages of intake, put together: one blueprint, and the page for whatever goes wrong."""

from dataclasses import dataclass

from flask import Blueprint, Response

from services.intake.handlers.context import Intake
from services.intake.texts import texts
from services.intake.web.ask import AskPage
from services.intake.web.coordinator import CoordinatorPage
from services.intake.web.my_request import RequestPage
from services.intake.web.offers import OfferPage
from services.intake.web.protection import protect
from services.intake.web.receipts import ReceiptPage
from services.intake.web.rendering import Renderer
from services.intake.web.site import TO_THE_FIRST_PAGE, Site
from services.intake.web.start import StartPage
from services.intake.web.volunteers import VolunteerPage


@dataclass(frozen=True)
class Pages:
    """The blueprint to register, and what draws a page for an error."""

    blueprint: Blueprint
    site: Site

    def error(self, status: int) -> Response:
        """Return the page for an error with `status`; one that has no words of its own gets those of its kind."""
        known = f"failure.{status}.title" in texts()
        said = f"failure.{status if known else 500 if status >= 500 else 400}"
        return protect(self.site.page("message.html", status, said=said, onward=TO_THE_FIRST_PAGE))


def make_pages(intake: Intake) -> Pages:
    """Return the pages. Nothing is connected: the first page is there without any database."""
    site = Site(intake, Renderer(intake.settings))
    blueprint = Blueprint("pages", __name__, static_folder="static", static_url_path="/assets")
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
        blueprint.add_url_rule(path, f"{name}_show", page.show, methods=["GET"])
        blueprint.add_url_rule(path, f"{name}_act", page.act, methods=["POST"])
    blueprint.add_url_rule("/colleague", "colleague_show", start.show_colleague, methods=["GET"])
    blueprint.after_request(protect)
    return Pages(blueprint, site)
