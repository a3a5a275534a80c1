"""What the matcher announces: offers, matches, and how long a request has waited."""

from shared.events import fields
from shared.events.topics import NOTHING, Topic, event


class Offer(fields.Aggregate):
    """An offer of the matcher to one volunteer. `expires_at` is the time shown; it closes two minutes later (R7)."""

    offer = fields.ref("k")
    request = fields.ref("r")
    round = fields.count()
    volunteer = fields.ref("v")
    wave = fields.count()
    state = fields.one_of("made", "accepted", "declined", "expired", "withdrawn", "superseded", "undeliverable")
    made_at = fields.moment()
    expires_at = fields.moment(fields.LATER)
    nudged_at = fields.moment(None)
    closed_at = fields.moment(None)


class Match(fields.Aggregate):
    """A match of the matcher. `then` says what follows its end: the request waits again, or it is over.

    `request_sequence` is the request's version by which it was judged, so a change of wishes that crossed it shows.
    `nudged_at`: since then the person has been asked for the yes that the volunteer waits for. `check_ins` counts how
    often both were asked how it goes, `sign_asks` how often for a sign of life.
    """

    match = fields.ref("m")
    offer = fields.ref("k")
    request = fields.ref("r")
    round = fields.count()
    volunteer = fields.ref("v")
    request_sequence = fields.count()
    state = fields.one_of("live", "ended")
    matched_at = fields.moment()
    introduced_at = fields.moment(None)
    nudged_at = fields.added_moment()
    check_ins = fields.count(0)
    sign_asks = fields.count(0)
    ended_at = fields.moment(None)
    ended_by = fields.one_of("person", "volunteer", "coordinator", optional=True)
    then = fields.one_of("waiting", "over", optional=True)


class Search(fields.Aggregate):
    """How long a request without a match has waited, and why it waits if nobody is asked for it at this moment.

    `waiting_since` tells one wait from the next of the same round, after a volunteer has handed it back.
    """

    request = fields.ref("r")
    round = fields.count()
    state = fields.one_of("waiting", "stalled")
    waiting_since = fields.added_moment(fields.NOON)
    why = fields.code("nobody_free", optional=True)
    next_try_at = fields.moment(fields.LATER, optional=True)
    late = fields.one_of("no", "alarm", "silent_limit")


MATCHES = Topic(
    "matches",
    key="request",
    producer="matcher",
    consumers=("intake", "notifier"),
    events=(
        event("offered", Offer, intake="the link shows the card", notifier="the volunteer is asked"),
        event("nudged", Offer, {"nudged_at": fields.NOON}, intake=NOTHING, notifier="the volunteer is reminded"),
        event(
            "offer_closed",
            Offer,
            {"state": "expired", "closed_at": fields.LATER},
            intake="the link says what became of the offer; the person's page that the search goes on",
            notifier="the volunteer hears that another was first, or that the request was taken back",
        ),
        event(
            "matched",
            Match,
            intake="the person sees the peer; a person who chose `at_once` is introduced",
            notifier="the person hears of the yes",
        ),
        event(
            "asked",
            Match,
            {"introduced_at": fields.NOON, "check_ins": 1},
            intake="both pages ask how it goes",
            notifier="both are asked how it goes, the volunteer for a sign of life, or the person for their yes",
        ),
        event(
            "ended",
            Match,
            {"state": "ended", "ended_at": fields.LATER, "ended_by": "person", "then": "over"},
            intake="the request waits again or has ended; the texts of the match are deleted",
            notifier="the side that did not end it hears of the end",
        ),
        event(
            "waiting",
            Search,
            intake="the person's page says why nobody was asked and when it is tried again, or that it takes long",
            notifier="the coordinator hears of a late request, in the end the person too",
        ),
        event(
            "stalled",
            Search,
            {"state": "stalled", "why": "restricted_theme"},
            intake="the person's page says that nobody is there who could be asked",
            notifier="the coordinator and the person hear of it",
        ),
    ),
)
