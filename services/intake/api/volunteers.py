"""The volunteer's operations: at home with the volunteer key, and on one offer with its token."""

from typing import Any

from flask import Blueprint

from services.intake.api.operations import OFFER_TOKEN, VOLUNTEER_KEY, operation, pin, this_intake
from services.intake.domain.offers import OfferStatus
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers import conversation, erasing, home_links
from services.intake.handlers import offers as offer_handlers
from services.intake.handlers import volunteers as volunteer_handlers
from services.intake.handlers.conversation import Revealed
from services.intake.handlers.offers import OfferView
from services.intake.handlers.volunteers import VolunteerView
from services.intake.schemas import answers, volunteer, volunteer_answers

volunteers = Blueprint("volunteers", __name__, url_prefix="/api/v1")
offers = Blueprint("offers", __name__, url_prefix="/api/v1")

WRONG_PINS = {429: "Too many wrong PINs; Retry-After says when the next one counts. The volunteer key opens as ever."}
LEFT = {410: "The volunteer has left.", **WRONG_PINS}
ONE_MOMENT = {202: volunteer_answers.OutcomeAnswer()}
"""The judgement is not here yet (`noted`), or the offer itself is not (`unknown`: ask again after Retry-After)."""

OTHER_ANSWER = {409: "The other answer was given before; `state` names it."}


@operation(
    volunteers, "POST", "/volunteers", body=volunteer.Apply(), answer=volunteer_answers.AppliedAnswer(), status=202
)
def apply_as_volunteer(form: dict[str, Any]) -> dict[str, str]:
    """Apply as a volunteer. The volunteer key in the answer is shown once; a coordinator looks at the application."""
    return {"volunteer_key": volunteer_handlers.apply(this_intake(), form), "status": VolunteerState.APPLIED}


@operation(
    volunteers, "GET", "/volunteer", key=VOLUNTEER_KEY, answer=volunteer_answers.VolunteerAnswer(), problems=LEFT
)
def read_volunteer(key: str) -> VolunteerView:
    """See one's own profile, state, two words, and who opened what."""
    return volunteer_handlers.read_volunteer(this_intake(), key, pin())


@operation(
    volunteers,
    "PATCH",
    "/volunteer",
    key=VOLUNTEER_KEY,
    body=volunteer.ChangeVolunteer(partial=True),
    answer=volunteer_answers.VolunteerAnswer(),
    problems={409: "Only who is active can pause; `state` names where the volunteer is.", **LEFT},
)
def change_volunteer(key: str, changes: dict[str, Any]) -> VolunteerView:
    """Change the profile or the capacity, pause, end a pause, or set a PIN for home links."""
    return volunteer_handlers.change_volunteer(this_intake(), key, changes, pin())


@operation(
    volunteers, "GET", "/volunteer/offers", key=VOLUNTEER_KEY, answer=volunteer_answers.OffersAnswer(), problems=LEFT
)
def list_offers(key: str) -> dict[str, Any]:
    """See every offer made to oneself."""
    return {"offers": offer_handlers.list_offers(this_intake(), key, pin())}


@operation(volunteers, "DELETE", "/volunteer", key=VOLUNTEER_KEY, answer=answers.ReceiptAnswer(), problems=WRONG_PINS)
def remove_volunteer(key: str) -> dict[str, str]:
    """Leave; the answer comes when the keys to everything that is sealed are destroyed."""
    return {"receipt": erasing.leave(this_intake(), key, pin())}


@operation(
    volunteers,
    "POST",
    "/volunteer/link",
    body=volunteer.AskLink(),
    answer=answers.StateAnswer(),
    status=202,
)
def ask_for_home_link(body: dict[str, Any]) -> dict[str, str]:
    """Ask for a fresh home link. It goes to the address if a volunteer has it, which is not told here."""
    home_links.ask_link(this_intake(), body["value"])
    return {"status": "taken"}


@operation(offers, "GET", "/offer", key=OFFER_TOKEN, answer=volunteer_answers.OfferAnswer(), also=ONE_MOMENT)
def read_offer(token: str) -> OfferView:
    """Read the card, later what has become of the offer. Changes nothing."""
    return offer_handlers.read_offer(this_intake(), token)


@operation(
    offers,
    "POST",
    "/offer/accept",
    key=OFFER_TOKEN,
    answer=volunteer_answers.OutcomeAnswer(),
    also=ONE_MOMENT,
    problems=OTHER_ANSWER,
)
def accept_offer(token: str) -> tuple[dict[str, str], int]:
    """Say yes."""
    return _outcome(offer_handlers.accept(this_intake(), token))


@operation(
    offers,
    "POST",
    "/offer/decline",
    key=OFFER_TOKEN,
    body=volunteer.Decline(),
    answer=volunteer_answers.OutcomeAnswer(),
    also=ONE_MOMENT,
    problems=OTHER_ANSWER,
)
def decline_offer(token: str, body: dict[str, Any]) -> tuple[dict[str, str], int]:
    """Say no, and pause in the same step if wanted."""
    return _outcome(offer_handlers.decline(this_intake(), token, body["reason"], body["pause_until"]))


@operation(
    offers,
    "POST",
    "/offer/reveal",
    key=OFFER_TOKEN,
    answer=volunteer_answers.RevealedAnswer(),
    also=ONE_MOMENT,
    problems={409: "The person has not said yes, or it is over; `state` names which."},
)
def reveal(token: str) -> Revealed:
    """Open the person's words and contact, which is written into the person's access record."""
    return conversation.reveal(this_intake(), token)


def _outcome(status: OfferStatus) -> tuple[dict[str, str], int]:
    # The same answer again gets the same answer, though the two have been introduced since.
    outcome = OfferStatus.MATCHED if status is OfferStatus.INTRODUCED else status
    return {"outcome": outcome}, 202 if status is OfferStatus.NOTED else 200
