"""All pages of intake, put together: one blueprint, and the page for whatever goes wrong."""

from dataclasses import dataclass

from flask import Blueprint, Response

from services.intake.handlers.context import Intake
from services.intake.texts import texts
from services.intake.web.ask import AskPages
from services.intake.web.coordinator import CoordinatorPages
from services.intake.web.my_request import RequestPage
from services.intake.web.offers import OfferPage
from services.intake.web.protection import protect
from services.intake.web.receipts import ReceiptPages
from services.intake.web.rendering import PageSettings, Renderer
from services.intake.web.site import TO_THE_FIRST_PAGE, Site
from services.intake.web.start import StartPages
from services.intake.web.volunteers import VolunteerPage


@dataclass(frozen=True)
class Pages:
    """The blueprint to register, and what draws a page for an error."""

    blueprint: Blueprint
    renderer: Renderer

    def error(self, status: int) -> Response:
        """Return the page for an error with `status`; one that has no words of its own gets those of its kind."""
        known = f"failure.{status}.title" in texts()
        said = f"failure.{status if known else 500 if status >= 500 else 400}"
        html = self.renderer.draw("message.html", said=said, onward=TO_THE_FIRST_PAGE)
        return protect(Response(html, status, content_type="text/html; charset=utf-8"))


def make_pages(intake: Intake) -> Pages:
    """Return the pages. Nothing is connected: the first page is there without any database."""
    settings = intake.settings
    page_settings = PageSettings(
        trust=settings.trust,
        lines=settings.crisis_lines,
        country=settings.country,
        exit_url=settings.exit_url,
        public_url=settings.public_url,
        coordinator_phone=settings.coordinator_phone,
    )
    site = Site(intake, Renderer(page_settings))
    blueprint = Blueprint("pages", __name__, static_folder="static", static_url_path="/assets")
    start, ask, request, receipt = StartPages(site), AskPages(site), RequestPage(site), ReceiptPages(site)
    volunteer, offer, coordinator = VolunteerPage(site), OfferPage(site), CoordinatorPages(site)
    for path, show, act in (
        ("/", start.show, start.answer),
        ("/ask", ask.show, ask.submit),
        ("/request", request.show, request.act),
        ("/receipt", receipt.show, receipt.check),
        ("/volunteer", volunteer.show, volunteer.act),
        ("/offer", offer.show, offer.act),
        ("/coordinator", coordinator.show, coordinator.act),
    ):
        name = path.strip("/") or "start"
        blueprint.add_url_rule(path, f"{name}_show", show, methods=["GET"])
        blueprint.add_url_rule(path, f"{name}_act", act, methods=["POST"])
    blueprint.add_url_rule("/colleague", "colleague_show", start.show_colleague, methods=["GET"])
    blueprint.after_request(protect)
    return Pages(blueprint, site.renderer)
