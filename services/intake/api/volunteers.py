"""The volunteer's operations: at home with the volunteer key, and on one offer with its token."""

from typing import Any, cast

from flask import Blueprint, current_app

from services.intake.api.operations import OFFER_TOKEN, VOLUNTEER_KEY, operation, pin
from services.intake.bootstrap import Parts
from services.intake.domain.offers import View
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.offers import OfferView, Revealed
from services.intake.handlers.volunteers import VolunteerView
from services.intake.schemas import answers, volunteer, volunteer_answers

volunteers = Blueprint("volunteers", __name__, url_prefix="/api/v1")
offers = Blueprint("offers", __name__, url_prefix="/api/v1")

WRONG_PINS = {429: "Too many wrong PINs; Retry-After says when the next one counts. The volunteer key opens as ever."}
LEFT = {410: "The volunteer has left.", **WRONG_PINS}
ONE_MOMENT = {202: volunteer_answers.OutcomeAnswer()}
"""The judgement is not here yet (`noted`), or the offer itself is not (`unknown`: ask again after Retry-After)."""

OTHER_ANSWER = {409: "The other answer was given before; `state` names it."}


def parts() -> Parts:
    """Return the parts of this application."""
    return cast(Parts, current_app.extensions["intake"])


@operation(
    volunteers, "POST", "/volunteers", body=volunteer.Apply(), answer=volunteer_answers.AppliedAnswer(), status=202
)
def apply_as_volunteer(form: dict[str, Any]) -> dict[str, str]:
    """Apply as a volunteer. The volunteer key in the answer is shown once; a coordinator looks at the application."""
    return {"volunteer_key": parts().volunteers.apply(form), "status": VolunteerState.APPLIED}


@operation(
    volunteers, "GET", "/volunteer", key=VOLUNTEER_KEY, answer=volunteer_answers.VolunteerAnswer(), problems=LEFT
)
def read_volunteer(key: str) -> VolunteerView:
    """See one's own profile, state, two words, and who opened what."""
    return parts().volunteers.read(key, pin())


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
    return parts().volunteers.change(key, changes, pin())


@operation(
    volunteers, "GET", "/volunteer/offers", key=VOLUNTEER_KEY, answer=volunteer_answers.OffersAnswer(), problems=LEFT
)
def list_offers(key: str) -> dict[str, Any]:
    """See every offer made to oneself."""
    return {"offers": parts().volunteers.offers(key, pin())}


@operation(volunteers, "DELETE", "/volunteer", key=VOLUNTEER_KEY, answer=answers.ReceiptAnswer(), problems=WRONG_PINS)
def remove_volunteer(key: str) -> dict[str, str]:
    """Leave; the answer comes when the keys to everything that is sealed are destroyed."""
    return {"receipt": parts().volunteers.remove(key, pin())}


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
    parts().volunteers.ask_link(body["value"])
    return {"status": "taken"}


@operation(offers, "GET", "/offer", key=OFFER_TOKEN, answer=volunteer_answers.OfferAnswer(), also=ONE_MOMENT)
def read_offer(token: str) -> OfferView:
    """Read the card, later what has become of the offer. Changes nothing."""
    return parts().offers.read(token)


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
    return _outcome(parts().offers.accept(token))


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
    return _outcome(parts().offers.decline(token, body["reason"], body["pause_until"]))


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
    return parts().offers.reveal(token)


def _outcome(view: View) -> tuple[dict[str, str], int]:
    # The same answer again gets the same answer, though the two have been introduced since.
    outcome = View.MATCHED if view is View.INTRODUCED else view
    return {"outcome": outcome}, 202 if view is View.NOTED else 200
