"""Every page, drawn from the samples: what the tests look at without a server or a database."""

from dataclasses import replace
from functools import cache

from marshmallow import ValidationError

from services.intake.domain.faults import Fault
from services.intake.domain.offers import OfferStatus
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.conversation import Revealed
from services.intake.handlers.volunteers import ListedOffer
from services.intake.web.conversation import NOTHING_REFUSED
from services.intake.web.forms.model import Filled, Form
from services.intake.web.forms.person import ASK, WISHES
from services.intake.web.forms.volunteer import VOLUNTEER
from services.intake.web.rendering import Renderer, crisis_lines
from services.intake.web.site import PAUSES, TO_THE_FIRST_PAGE
from shared.vault.receipts import Receipt
from tests.unit.intake_web.coordinator_samples import coordinator_pages
from tests.unit.intake_web.samples import (
    CARD,
    FULL_TALK,
    HOME_LINK,
    KEY,
    LINES,
    LONG_TALK,
    NO_TALK,
    NOW,
    PERSON,
    REFUSED_TEXT,
    REFUSED_TIME,
    TALK,
    TOKEN,
    VOLUNTEERED,
    offer_view,
    renderer,
    request_view,
    volunteer_view,
)


def refused(form: Form) -> Filled:
    """Return a form of which every field was refused."""
    return Filled(form, {}, form.errors_of(ValidationError({each.name: [Fault("missing")] for each in form.fields()})))


@cache
def pages() -> dict[str, str]:
    """Return every page of the site by a name for it."""
    site = renderer()
    drawn = {
        "start": site.draw("start.html", lines=crisis_lines(LINES, "GB", NOW.date())),
        "not safe": site.draw("not_safe.html", lines=crisis_lines(LINES, "", NOW.date()), country=""),
        "not safe abroad": site.draw("not_safe.html", lines=crisis_lines(LINES, "NZ", NOW.date()), country="NZ"),
        "colleague": site.draw("colleague.html", lines=crisis_lines(LINES, "GB", NOW.date())),
        "colleague anywhere": site.draw("colleague.html", lines=crisis_lines(LINES, "", NOW.date())),
        "asked": site.draw("asked.html", key=KEY),
        "request key": site.draw("request_key.html", error=""),
        "request key refused": site.draw("request_key.html", error="A key has 28 characters; this has 3."),
        "erase": site.draw("erase.html", key=KEY),
        "erased": site.draw("erased.html", receipt="abc"),
        "receipt": site.draw("receipt.html", error="", text=""),
        "receipt refused": site.draw("receipt.html", error="This is no receipt.", text="abc"),
        "volunteer key": site.draw("volunteer_key.html", error=""),
        "applied": site.draw("applied.html", key=KEY),
        "pin": site.draw("pin.html", key=HOME_LINK, error=""),
        "pin refused": site.draw("pin.html", key=HOME_LINK, error="This is not your PIN."),
        "leave": site.draw("leave.html", key=KEY, pin=None),
        "left": site.draw("left.html", receipt="abc"),
        "code": site.draw("code.html", error=""),
        "code refused": site.draw("code.html", error="No link of ours."),
        "one moment": site.draw("moment.html", token=TOKEN),
    }
    drawn |= {
        f"receipt checked, {destroyed}": site.draw(
            "receipt_checked.html", receipt=Receipt((), NOW), destroyed=destroyed
        )
        for destroyed in (True, False)
    }
    drawn |= {
        f"error {status}": site.draw("message.html", said=f"failure.{status}", onward=TO_THE_FIRST_PAGE)
        for status in (400, 404, 405, 410, 413, 422, 500, 503)
    }
    drawn |= _forms(site) | _states(site) | _offers(site) | _refused_texts(site)
    return drawn | _other_talks(site) | coordinator_pages(site)


def _forms(site: Renderer) -> dict[str, str]:
    common = {"form_key": "k" * 32}
    asking = {
        "empty": (Filled(ASK, ASK.untouched(), {}, ASK.untouched()), None),
        "refused": (refused(ASK), None),
        "previewed": (Filled(ASK, ASK.write(PERSON), {}, ASK.untouched()), CARD),
    }
    drawn = {
        f"ask {name}": site.draw("ask.html", filled=filled, card=card, away=False, **common)
        for name, (filled, card) in asking.items()
    }
    for name, template, form, values in (
        ("apply", "apply.html", VOLUNTEER, {}),
        ("edit", "edit.html", VOLUNTEER, VOLUNTEERED),
        ("wishes", "wishes.html", WISHES, PERSON),
    ):
        filled = Filled(form, form.write(values), {}, VOLUNTEER.untouched())
        drawn[name] = site.draw(template, key=KEY, pin=None, filled=filled, away=False, **common)
        drawn[f"{name} refused"] = site.draw(template, key=KEY, pin=None, filled=refused(form), away=False, **common)
    return drawn


def _states(site: Renderer) -> dict[str, str]:
    listed = [ListedOffer(TOKEN, view, NOW, NOW) for view in OfferStatus]
    requests = {
        f"request {state}": site.draw(
            "request.html",
            key=KEY,
            view=request_view(state),
            notice="request.wishes.saved",
            conversation=TALK if state in {RequestState.MATCHED, RequestState.INTRODUCED} else None,
            draft=NOTHING_REFUSED,
        )
        for state in RequestState
    }
    homes = {
        f"volunteer {state}": site.draw(
            "volunteer.html",
            key=KEY,
            pin=None,
            view=volunteer_view(state),
            said=state,
            offers=listed,
            pauses=PAUSES,
            today=NOW.date(),
            notice="",
        )
        for state in VolunteerState
    }
    return requests | homes


def _offers(site: Renderer) -> dict[str, str]:
    return {
        f"offer {view}{', revealed' if revealed else ''}": site.draw(
            "offer.html",
            token=TOKEN,
            offer=offer_view(view),
            said=view,
            notice="",
            revealed=revealed,
            pauses=PAUSES,
            conversation=TALK if view in {OfferStatus.MATCHED, OfferStatus.INTRODUCED} else None,
            draft=NOTHING_REFUSED,
            lines=crisis_lines(LINES, "GB", NOW.date()),
        )
        for view in OfferStatus
        for revealed in (None, Revealed("Words.", {"channel": "signal", "value": "+44"}))
    }


def _refused_texts(site: Renderer) -> dict[str, str]:
    lines = crisis_lines(LINES, "GB", NOW.date())
    back = {"here": ("/offer", {"token": TOKEN, "pin": None}), "opening": "look"}
    return {
        "report": site.draw("report.html", **back, text="", error="", longest=2000, lines=lines),
        "report refused": site.draw("report.html", **back, text="abc", error="Shorter.", longest=2000, lines=lines),
        "reported": site.draw("reported.html", **back, lines=lines),
        "request with a text refused": site.draw(
            "request.html",
            key=KEY,
            view=request_view(RequestState.MATCHED),
            notice="",
            conversation=NO_TALK,
            draft=REFUSED_TEXT,
        ),
        "offer with a text refused": site.draw(
            "offer.html",
            token=TOKEN,
            offer=offer_view(OfferStatus.INTRODUCED),
            said=OfferStatus.INTRODUCED,
            notice="",
            revealed=None,
            pauses=PAUSES,
            conversation=NO_TALK,
            draft=REFUSED_TEXT,
            lines=lines,
        ),
    }


def _other_talks(site: Renderer) -> dict[str, str]:
    view, offer = request_view(RequestState.INTRODUCED), offer_view(OfferStatus.INTRODUCED)
    drawn = {
        f"request with {name}": site.draw(
            "request.html", key=KEY, view=view, notice="", conversation=conversation, draft=draft
        )
        for name, conversation, draft in (
            ("few texts left", LONG_TALK, NOTHING_REFUSED),
            ("no text left", FULL_TALK, NOTHING_REFUSED),
            ("a time refused", LONG_TALK, REFUSED_TIME),
        )
    }
    gone = replace(offer, may_reveal=False, forgotten=True)
    drawn["offer with words forgotten"] = site.draw(
        "offer.html",
        token=TOKEN,
        offer=gone,
        said="introduced_long_ago",
        notice="",
        revealed=Revealed(None, None, forgotten=True),
        pauses=PAUSES,
        conversation=TALK,
        draft=NOTHING_REFUSED,
        lines=crisis_lines(LINES, "GB", NOW.date()),
    )
    return drawn
