"""What the pages say about where things stand, in plain words."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.intake.domain.offers import View
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import AT_WORK, VolunteerState
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
KEPT_REFUSED = vocabulary().defaults.retention.refused_application.days

VOLUNTEERS = {
    VolunteerState.APPLIED: Said(
        "Thank you for applying",
        "A coordinator looks at your application. Nobody new is sent to you before you are approved and trained. "
        f"If nobody answers you, it is erased {KEPT_UNANSWERED} days after you sent it.",
    ),
    VolunteerState.REFUSED: Said(
        "Not this time",
        "We could not take you as a volunteer. This says nothing about you as a colleague. You may leave now; then "
        f"everything about you is erased, as it is by itself {KEPT_REFUSED} days after the answer.",
    ),
    VolunteerState.ACTIVE: Said("You are with us", "We write to you when somebody asks for a peer like you."),
    VolunteerState.PAUSED: Said("You are resting", "Nobody is sent to you until your pause is over."),
    VolunteerState.SUSPENDED: Said(
        "Your place is on hold", "A coordinator has put it on hold and will write to you. Nobody is sent to you now."
    ),
    VolunteerState.REMOVED: Said("You have left", "Everything about you is erased."),
}

VETTED_AGAIN = Said(
    "Somebody looks again",
    "You changed something that you were vetted by, so a coordinator looks at it once more. Nobody new is sent to you "
    "until then. Whoever you are introduced to can still write to you.",
)
UNTRAINED = Said(
    "Your training is over",
    "Nobody new is sent to you until a coordinator has renewed it. Please ask them what it takes.",
)


def said_to_volunteer(state: VolunteerState, trained_until: date | None, today: date) -> Said:
    """Return what a volunteer is told about where they stand."""
    if state is VolunteerState.APPLIED and trained_until is not None:
        return VETTED_AGAIN
    if state in AT_WORK and trained_until is not None and trained_until < today:
        return UNTRAINED
    return VOLUNTEERS[state]


REST_HOURS = vocabulary().defaults.offers.cool_down_ignored // timedelta(hours=1)
WORDS_STAY = vocabulary().defaults.retention.contact_and_words_after_introduction.days

OFFERS = {
    View.OPEN: Said(
        "Somebody would like to talk",
        "A colleague is looking for a peer, and you may be the right one.",
    ),
    View.NOTED: Said("Your answer is noted", "Thank you. We are making sure how things stand. It takes a moment."),
    View.MATCHED: Said(
        "Thank you. It is you",
        "The person now reads what you show, and decides whether to be introduced. They may write to you here first. "
        "We write to you when there is something to read or to do.",
    ),
    View.INTRODUCED: Said(
        "You are introduced",
        "The person said yes too. If they left words or a way to reach them, you can now open both.",
    ),
    View.TAKEN: Said(
        "Somebody else was there first",
        "Another volunteer said yes a little earlier. There is nothing for you to do. Thank you for being ready.",
    ),
    View.EXPIRED: Said(
        "The time for this one is over",
        "That is all right: nothing is asked of you here any more. A question that ends without an answer brings a "
        f"short rest: for {REST_HOURS} hours after it you get no new one.",
    ),
    View.WITHDRAWN: Said(
        "This is no longer needed",
        "No answer is needed here any more. There is nothing for you to do. Thank you.",
    ),
    View.DECLINED: Said(
        "Thank you for saying so",
        "A no is as good as a yes: the search goes on at once.",
    ),
    View.ENDED: Said("This conversation is over", "There is nothing more to do here. Thank you for being there."),
}

INTRODUCED_LONG_AGO = Said(
    "You are introduced",
    "The person said yes too. If they left words or a way to reach them, both have been forgotten here: they stay "
    f"{WORDS_STAY} days after the introduction, and no longer.",
)


def said_of_offer(view: View, *, forgotten: bool) -> Said:
    """Return what a volunteer is told about one offer; `forgotten`: what the person left for them is."""
    return INTRODUCED_LONG_AGO if forgotten else OFFERS[view]


PAUSES = {"7": "For a week", "14": "For two weeks", "30": "For a month", "90": "For three months"}
"""How long somebody may rest: days, as the pages send them, and in words."""

OTHER_ANSWER = "You answered before, and that answer holds. This is how it stands."
NO_REQUEST = (
    "This key opens no request. Perhaps a character is wrong, it is the key of a volunteer, or the request ended long "
    "ago: then nothing about it is left."
)
NO_VOLUNTEER = (
    "This key opens nothing here. Perhaps a character is wrong, it is the key of a request, or the place was given up "
    "long ago: then nothing about it is left."
)
NO_OFFER = "This is not one of our links. Perhaps a part of it is missing."
WRITTEN_TO_PEER = "Your text waits for them. They are told that something is there, and nothing of what it says."
WRITTEN_TO_PERSON = (
    "Your text waits for them. If they asked for news they are told that something is there, and nothing of what it "
    "says; else they find it when they next look."
)
SPOKEN = "It is good that you have spoken. You may go on writing here, or end it whenever it is enough."
LINK_ON_ITS_WAY = Said(
    "Thank you",
    "If this is the address of a volunteer, a fresh link is on its way to it, at most one every ten minutes. Links "
    "that were asked for earlier stop working then.",
)
WRONG_PIN = "This is not your PIN."
PIN_BLOCKED = (
    "This was tried too often, so no PIN is taken for a while, longer each time. "
    "Your volunteer key opens the page even now."
)
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
    410: Said("This was erased", "Nothing about it is left here: its owner wished so, or its time was over."),
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
    "One moment, please",
    "Your link is one of ours, but the news has not quite reached this page yet. Please look again. If your message is "
    "older than a day, this is over, and nothing about it is left here.",
)
ALREADY_SENT = Said(
    "This form was sent before",
    "Your first request stands, with what you said then. To ask anew, begin with an empty form.",
)
