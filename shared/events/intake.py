"""What intake announces: requests, volunteers, and the replies of volunteers."""

from shared.events import fields
from shared.events.topics import NOTHING, Topic, event


class Request(fields.Aggregate):
    """A request for a peer, as intake holds it. Withdrawn, closed and erased requests carry nothing sealed.

    `match` is the one at hand. `sign_at` and `sign_by` tell of the last sign of life in it: words opened, a text, "we
    have spoken".
    `ends_at` is set once the person is to be told that the request ends by itself then.
    """

    request = fields.ref("r")
    state = fields.one_of("open", "introduced", "withdrawn", "closed", "erased")
    round = fields.count()
    match = fields.ref("m", optional=True)
    introduced_at = fields.moment(None)
    sign_at = fields.moment(None)
    sign_by = fields.one_of("person", "volunteer", optional=True)
    ends_at = fields.moment(None)
    profile = fields.sealed()
    notify = fields.sealed()


class Message(fields.Aggregate):
    """A text that waits behind the link of one side of a match; never what it says."""

    message = fields.ref("a")
    request = fields.ref("r")
    match = fields.ref("m")
    volunteer = fields.ref("v")
    to = fields.one_of("person", "volunteer")


class Report(fields.Aggregate):
    """Something that a coordinator is to look at: a report about safety, or more requests at once than are usual."""

    report = fields.ref("a")
    kind = fields.one_of("safety", "flood")


OPEN = {"profile": fields.SAMPLE_SEALED}
INTRODUCED = OPEN | {"state": "introduced", "match": fields.sample_ref("m"), "introduced_at": fields.LATER}

REQUESTS = Topic(
    "requests",
    key="request, else report",
    producer="intake",
    consumers=("matcher", "notifier"),
    events=(
        event(
            "published",
            Request,
            OPEN,
            matcher="a search; what is open is judged again by the new wishes",
            notifier="the address for notices is kept, or forgotten where there is none",
        ),
        event(
            "introduced",
            Request,
            INTRODUCED,
            matcher="the match is looked after: check-ins, questions for a sign of life, its end",
            notifier="the volunteer hears of the yes",
        ),
        event(
            "sign_of_life",
            Request,
            INTRODUCED | {"sign_at": fields.LATER, "sign_by": "volunteer"},
            matcher="the silence of the match, or the wait for the person's yes, is counted anew",
            notifier="a question for a sign that has not left yet is not sent",
        ),
        event(
            "ends_soon",
            Request,
            OPEN | {"ends_at": fields.LATER},
            matcher=NOTHING,
            notifier="the person hears when the request ends by itself",
        ),
        event(
            "message_waiting",
            Message,
            {"to": "volunteer"},
            matcher=NOTHING,
            notifier="the side it is for hears that a text waits",
        ),
        event("reported", Report, matcher=NOTHING, notifier="the coordinator hears that there is something to look at"),
        event(
            "withdrawn",
            Request,
            {"state": "withdrawn"},
            matcher="offers are closed, a match ends, the volunteers are free",
            notifier="the address is forgotten",
        ),
        event(
            "closed",
            Request,
            {"state": "closed"},
            matcher="offers are closed, a match ends, the volunteers are free",
            notifier="the address is forgotten",
        ),
        event(
            "erased",
            Request,
            {"state": "erased"},
            matcher="offers are closed, a match ends, every row about the request goes",
            notifier="the address is forgotten, and what is still to be said about the request is not sent",
        ),
    ),
)


class Volunteer(fields.Aggregate):
    """A volunteer, as intake holds them. A removed volunteer carries nothing sealed.

    `applied` is also said of somebody at work whose address another volunteer has: an inbox is never asked twice.

    `to_vet`: what they were vetted by has changed since a coordinator last looked. `generation` counts the home links
    that were asked for: a fresh one is sent for each, and ends those before.
    """

    volunteer = fields.ref("v")
    state = fields.one_of("applied", "refused", "active", "paused", "suspended", "removed")
    trained_until = fields.date_or_none()
    paused_until = fields.moment(None)
    to_vet = fields.added_flag()
    generation = fields.count(0)
    profile = fields.sealed()
    notify = fields.sealed()


ACTIVE = {
    "state": "active",
    "trained_until": "2027-06-30",
    "profile": fields.SAMPLE_SEALED,
    "notify": fields.SAMPLE_SEALED,
}

VOLUNTEERS = Topic(
    "volunteers",
    key="volunteer",
    producer="intake",
    consumers=("matcher", "notifier"),
    events=(
        event(
            "published",
            Volunteer,
            ACTIVE,
            matcher="the pool follows; what is open with them is judged again; requests that wait are tried at once",
            notifier="the address is kept; the coordinator hears what is to be vetted, the volunteer of an approval",
        ),
        event(
            "link_asked", Volunteer, ACTIVE | {"generation": 1}, matcher=NOTHING, notifier="a fresh home link is sent"
        ),
        event(
            "removed",
            Volunteer,
            {"state": "removed"},
            matcher="what is open with them ends, their row goes",
            notifier="the address is forgotten",
        ),
    ),
)


class Reply(fields.Aggregate):
    """What a volunteer answered to an offer, or that they hand back the match it led to.

    `volunteer_sequence` is the volunteer's version that holds the pause.
    """

    reply = fields.ref("a")
    offer = fields.ref("k")
    request = fields.ref("r")
    round = fields.count()
    volunteer = fields.ref("v")
    answer = fields.one_of("accepted", "declined", "handed_back")
    pause_until = fields.moment(None)
    volunteer_sequence = fields.sequence_or_none()


REPLIES = Topic(
    "replies",
    key="request",
    producer="intake",
    consumers=("matcher",),
    events=(
        event("accepted", Reply, matcher="the match, unless another yes came first or the offer has closed"),
        event(
            "declined",
            Reply,
            {"answer": "declined"},
            matcher="the volunteer has free capacity again, the next one is asked",
        ),
        event(
            "handed_back",
            Reply,
            {"answer": "handed_back"},
            matcher="the match ends, the volunteer is free, the search goes on before an introduction",
        ),
    ),
)
