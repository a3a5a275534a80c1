"""What each event leads to in each service that reads it: the words of the table in docs/events.md.

The names are held to the catalogue by a test, so an event that nobody answers for cannot be added unseen.
"""

from collections.abc import Mapping

NOTHING = "nothing"

EFFECTS: Mapping[str, Mapping[str, str]] = {
    "requests.published": {
        "matcher": "a search; what is open is judged again by the new wishes",
        "notifier": "the address for notices is kept, or forgotten where there is none",
    },
    "requests.introduced": {
        "matcher": "the match is looked after: check-ins, questions for a sign of life, its end",
        "notifier": "the volunteer hears of the yes",
    },
    "requests.sign_of_life": {
        "matcher": "the silence of the match, or the wait for the person's yes, is counted anew",
        "notifier": "a question for a sign that has not left yet is not sent",
    },
    "requests.ends_soon": {"matcher": NOTHING, "notifier": "the person hears when the request ends by itself"},
    "requests.message_waiting": {"matcher": NOTHING, "notifier": "the side it is for hears that a text waits"},
    "requests.reported": {"matcher": NOTHING, "notifier": "the coordinator hears that there is something to look at"},
    "requests.withdrawn": {
        "matcher": "offers are closed, a match ends, the volunteers are free",
        "notifier": "the address is forgotten",
    },
    "requests.closed": {
        "matcher": "offers are closed, a match ends, the volunteers are free",
        "notifier": "the address is forgotten",
    },
    "requests.erased": {
        "matcher": "offers are closed, a match ends, every row about the request goes",
        "notifier": "the address is forgotten, and what is still to be said about the request is not sent",
    },
    "volunteers.published": {
        "matcher": "the pool follows; what is open with them is judged again; requests that wait are tried at once",
        "notifier": "the address is kept; an application is told to the coordinator, an approval to the volunteer",
    },
    "volunteers.link_asked": {"matcher": NOTHING, "notifier": "a fresh home link is sent"},
    "volunteers.removed": {
        "matcher": "what is open with them ends, their row goes",
        "notifier": "the address is forgotten",
    },
    "replies.accepted": {"matcher": "the match, unless another yes came first or the offer has closed"},
    "replies.declined": {"matcher": "the place is free again, the next volunteer is asked"},
    "replies.handed_back": {
        "matcher": "the match ends, the volunteer is free, the search goes on before an introduction"
    },
    "matches.offered": {"intake": "the link shows the card", "notifier": "the volunteer is asked"},
    "matches.nudged": {"intake": NOTHING, "notifier": "the volunteer is reminded"},
    "matches.offer_closed": {
        "intake": "the link says what became of the offer; the person's page that the search goes on",
        "notifier": "the volunteer hears that another was first, or that the request was taken back",
    },
    "matches.matched": {
        "intake": "the person sees the peer; whoever chose so is introduced at once",
        "notifier": "the person hears of the yes",
    },
    "matches.asked": {
        "intake": "both pages ask how it goes",
        "notifier": "both are asked how it goes, the volunteer for a sign of life, or the person for their yes",
    },
    "matches.ended": {
        "intake": "the request waits again or has ended; the texts of the match are deleted",
        "notifier": "whoever did not end it hears of the end",
    },
    "matches.waiting": {
        "intake": "the person's page says why nobody was asked and when it is tried again, or that it takes long",
        "notifier": "the coordinator hears of a late request, in the end the person too",
    },
    "matches.stalled": {
        "intake": "the person's page says that nobody is there who could be asked",
        "notifier": "the coordinator and the person hear of it",
    },
    "deliveries.sent": {"intake": NOTHING, "matcher": NOTHING},
    "deliveries.failed": {
        "intake": "the coordinator sees that the volunteer cannot be reached; their home says so",
        "matcher": "a volunteer whose address failed is not asked until it changes; a lost offer goes to the next one",
    },
}
"""Topic and name of an event -> service that reads the topic -> what follows there. `sent` is for whoever watches."""
