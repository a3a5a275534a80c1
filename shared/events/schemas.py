"""Schemas of the events: the whole state of one aggregate each, readable in refs, states, times and rule codes only.

Loaded with these schemas, times are aware datetimes and unknown fields are left out, so that a newer producer can
add a field without stopping an older consumer.
"""

from marshmallow import EXCLUDE, Schema, fields, validate

from shared.refs import REF_PATTERN

REF = validate.Regexp(rf"^{REF_PATTERN}\Z", error="Not a ref.")
SEALED = validate.Regexp(r"^[A-Za-z0-9_-]{40,}\Z", error="Not a sealed value.")
CODE = validate.Regexp(r"^[a-z_]{1,40}\Z", error="Not a code.")


def _ref(*, optional: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=optional, validate=REF)


def _sealed() -> fields.String:
    return fields.String(required=True, allow_none=True, validate=SEALED)


def _one_of(*states: str, optional: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=optional, validate=validate.OneOf(states))


def _time(*, optional: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=optional, format="iso")


def _added_time() -> fields.AwareDateTime:
    """Return a time that events from before it was added do not have."""
    return fields.AwareDateTime(load_default=None, allow_none=True, format="iso")


def _count(minimum: int = 1) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=minimum))


class Aggregate(Schema):
    """The base of all event schemas: unknown fields are ignored."""

    class Meta:
        """Marshmallow's options."""

        unknown = EXCLUDE


class Request(Aggregate):
    """A request for a peer, as intake holds it. Withdrawn, closed and erased requests carry nothing sealed.

    `match` is the one at hand. `sign_at` and `sign_by` tell of the last sign of life in it: words opened, a text, "we
    have spoken".
    `ends_at` is set once the person is to be told that the request ends by itself then.
    """

    request = _ref()
    state = _one_of("open", "introduced", "withdrawn", "closed", "erased")
    round = _count()
    match = _ref(optional=True)
    introduced_at = _time(optional=True)
    sign_at = _time(optional=True)
    sign_by = _one_of("person", "volunteer", optional=True)
    ends_at = _time(optional=True)
    profile = _sealed()
    notify = _sealed()


class Volunteer(Aggregate):
    """A volunteer, as intake holds them. A removed volunteer carries nothing sealed.

    `generation` counts the home links that were asked for: a fresh one is sent for each, and ends those before.
    """

    volunteer = _ref()
    state = _one_of("applied", "refused", "active", "paused", "suspended", "removed")
    trained_until = fields.Date(required=True, allow_none=True)
    paused_until = _time(optional=True)
    generation = _count(0)
    profile = _sealed()
    notify = _sealed()


class Reply(Aggregate):
    """What a volunteer answered to an offer, or that they hand back the match it led to.

    `volunteer_sequence` is the volunteer's version that holds the pause.
    """

    reply = _ref()
    offer = _ref()
    request = _ref()
    round = _count()
    volunteer = _ref()
    answer = _one_of("accepted", "declined", "handed_back")
    pause_until = _time(optional=True)
    volunteer_sequence = fields.Integer(required=True, allow_none=True, strict=True)


class Offer(Aggregate):
    """An offer of the matcher to one volunteer. `expires_at` is the time shown; it closes two minutes later (R7)."""

    offer = _ref()
    request = _ref()
    round = _count()
    volunteer = _ref()
    wave = _count()
    state = _one_of("made", "accepted", "declined", "expired", "withdrawn", "superseded", "undeliverable")
    made_at = _time()
    expires_at = _time()
    nudged_at = _time(optional=True)
    closed_at = _time(optional=True)


class Match(Aggregate):
    """A match of the matcher. `then` says what follows its end: the request waits again, or it is over.

    `request_sequence` is the request's version by which it was judged, so a change of wishes that crossed it shows.
    `nudged_at`: since then the person has been asked for the yes that the volunteer waits for. `check_ins` counts how
    often both were asked how it goes, `sign_asks` how often for a sign of life.
    """

    match = _ref()
    offer = _ref()
    request = _ref()
    round = _count()
    volunteer = _ref()
    request_sequence = _count()
    state = _one_of("live", "ended")
    matched_at = _time()
    introduced_at = _time(optional=True)
    nudged_at = _added_time()
    check_ins = _count(0)
    sign_asks = _count(0)
    ended_at = _time(optional=True)
    ended_by = _one_of("person", "volunteer", "coordinator", optional=True)
    then = _one_of("waiting", "over", optional=True)


class Message(Aggregate):
    """A text that waits behind the link of one side of a match; never what it says."""

    message = _ref()
    request = _ref()
    match = _ref()
    volunteer = _ref()
    to = _one_of("person", "volunteer")


class Report(Aggregate):
    """Something that a coordinator is to look at: a report about safety, or more requests at once than are usual."""

    report = _ref()
    kind = _one_of("safety", "flood")


class Search(Aggregate):
    """How long a request without a match has waited, and why it waits if nobody is asked for it at this moment.

    `waiting_since` tells one wait from the next of the same round, after a volunteer has handed it back.
    """

    request = _ref()
    round = _count()
    state = _one_of("waiting", "stalled")
    waiting_since = _added_time()
    why = fields.String(required=True, allow_none=True, validate=CODE)
    next_try_at = _time(optional=True)
    late = _one_of("no", "alarm", "silent_limit")


class Delivery(Aggregate):
    """One notice to one recipient. It names the volunteer's version whose address was used."""

    delivery = _ref()
    notice = fields.String(required=True, validate=CODE)
    request = _ref(optional=True)
    offer = _ref(optional=True)
    match = _ref(optional=True)
    volunteer = _ref(optional=True)
    report = _ref(optional=True)
    volunteer_sequence = fields.Integer(required=True, allow_none=True, strict=True)
    state = _one_of("sent", "failed")
    attempts = _count()
    at = _time()


class DeadLetter(Aggregate):
    """Where an event lies that could not be handled, and the class of error; never what it carried."""

    topic = fields.String(required=True)
    partition = fields.Integer(required=True)
    offset = fields.Integer(required=True)
    event_id = fields.String(required=True, allow_none=True)
    error = fields.String(required=True)
