"""What the pages say about where things stand, in plain words."""

from dataclasses import dataclass

from services.intake.domain.offers import View
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from shared.vocabulary import vocabulary


@dataclass(frozen=True)
class Said:
    """A heading, and what it means."""

    title: str
    text: str


REQUEST_TITLES = {
    RequestState.WAITING: "Looking for your peer",
    RequestState.OFFERING: "Waiting for an answer",
    RequestState.STALLED: "Not yet",
    RequestState.MATCHED: "There is somebody for you",
    RequestState.INTRODUCED: "You both said yes",
    RequestState.ENDED: "Over for now",
    RequestState.CLOSED: "Closed",
    RequestState.WITHDRAWN: "Withdrawn",
    RequestState.ERASED: "Erased",
}

KEPT_UNANSWERED = vocabulary().defaults.retention.unanswered_application.days

VOLUNTEERS = {
    VolunteerState.APPLIED: Said(
        "Thank you for applying",
        "A coordinator looks at your application. Nobody is sent to you before you are approved and trained. "
        f"If nobody answers you, it is erased {KEPT_UNANSWERED} days after you sent it.",
    ),
    VolunteerState.REFUSED: Said(
        "Not this time",
        "We could not take you as a volunteer. This says nothing about you as a colleague. You may write to us, "
        "or leave; then everything about you is erased.",
    ),
    VolunteerState.ACTIVE: Said("You are with us", "We write to you when somebody asks for a peer like you."),
    VolunteerState.PAUSED: Said("You are resting", "Nobody is sent to you until your pause is over."),
    VolunteerState.SUSPENDED: Said(
        "Your place is on hold", "A coordinator has put it on hold and will write to you. Nobody is sent to you now."
    ),
    VolunteerState.REMOVED: Said("You have left", "Everything about you is erased."),
}

OFFERS = {
    View.OPEN: Said(
        "Somebody would like to talk",
        "A colleague from elsewhere is looking for a peer, and you may be the right one.",
    ),
    View.NOTED: Said("Your answer is noted", "Thank you. We are making sure how things stand. It takes a moment."),
    View.MATCHED: Said(
        "Thank you. It is you",
        "The person now reads what you show, and decides whether to be introduced. They may write to you here first. "
        "We write to you when there is something to read or to do.",
    ),
    View.INTRODUCED: Said(
        "You are introduced",
        "The person said yes too. You can now see what they want you to have.",
    ),
    View.TAKEN: Said(
        "Somebody else was there first",
        "Another volunteer said yes a little earlier. There is nothing for you to do. Thank you for being ready.",
    ),
    View.EXPIRED: Said(
        "The time for this one is over",
        "We have asked somebody else. That is all right: no answer is held against you.",
    ),
    View.WITHDRAWN: Said(
        "This is no longer needed",
        "No answer is needed here any more. There is nothing for you to do. Thank you.",
    ),
    View.DECLINED: Said(
        "Thank you for saying so",
        "A no is as good as a yes: we can ask somebody else at once.",
    ),
    View.ENDED: Said("This conversation is over", "There is nothing more to do here. Thank you for being there."),
}

PAUSES = {"7": "For a week", "14": "For two weeks", "30": "For a month", "90": "For three months"}
"""How long somebody may rest: days, as the pages send them, and in words."""

OTHER_ANSWER = "You answered before, and that answer holds. This is how it stands."
NO_REQUEST = "This key opens no request. Perhaps a character is wrong, or it is the key of a volunteer."
NO_VOLUNTEER = "This key opens nothing here. Perhaps a character is wrong, or it is the key of a request."
NO_OFFER = "This is not one of our links. Perhaps a part of it is missing."
WRITTEN = "Your text waits for them. They are told that something is there, and nothing of what it says."
SPOKEN = "It is good that you have spoken. You may go on writing here, or end it whenever it is enough."
LINK_ON_ITS_WAY = Said(
    "Thank you",
    "If this is the address of a volunteer, a fresh link is on its way to it. Links that were asked for earlier stop "
    "working then.",
)
WRONG_PIN = "This is not your PIN."
PIN_BLOCKED = "This was tried too often. Please wait a quarter of an hour; your volunteer key opens the page even now."
OLD_LINK = "A newer link was sent since, and only the newest counts. Please look for it, or use your key."
PLEASE_CHOOSE = "Please choose one of the reasons listed. Nothing was changed."
NOT_ANY_MORE = "That was no longer possible. This is how it stands now."

ERRORS = {
    400: Said("We could not read that", "Something in what your browser sent was not readable. Please try again."),
    404: Said(
        "There is no such page",
        "Perhaps the address was cut off on its way to you. Everything begins on the first page.",
    ),
    405: Said("This does not open like that", "Please begin on the first page."),
    410: Said("This was erased", "Nothing about it is left here, as its owner wished."),
    413: Said(
        "That was too much at once", "What you sent is longer than we can take. Please shorten it. Nothing was stored."
    ),
    422: Said(
        "We could not read that",
        "Something in what your browser sent was not what this page asks for. Nothing was changed.",
    ),
    500: Said("Something went wrong here", "It is our fault, not yours. Please try again in a while."),
    503: Said(
        "One moment, please",
        "We cannot reach what we need at this moment. Nothing was lost. Please try again in a minute.",
    ),
}
"""What error pages say, by status. Nothing that anybody sent is ever on them."""

ONE_MOMENT = Said(
    "One moment, please", "Your link is good, but the news has not quite reached this page yet. Please look again."
)
ALREADY_SENT = Said(
    "This form was sent before",
    "Your first request stands, with what you said then. To ask anew, begin with an empty form.",
)
