"""What the notifier announces: which notices went out, and which did not arrive."""

from shared.events import fields
from shared.events.topics import NOTHING, Topic, event


class Delivery(fields.Aggregate):
    """One notice to one recipient. It names the volunteer's version whose address was used."""

    delivery = fields.ref("d")
    notice = fields.code("offer")
    request = fields.ref("r", optional=True)
    offer = fields.ref("k", optional=True)
    match = fields.ref("m", optional=True)
    volunteer = fields.ref("v", optional=True)
    report = fields.ref("a", optional=True)
    volunteer_sequence = fields.sequence_or_none()
    state = fields.one_of("sent", "failed")
    attempts = fields.count()
    at = fields.moment()


ABOUT_AN_OFFER = {
    "request": fields.sample_ref("r"),
    "offer": fields.sample_ref("k"),
    "volunteer": fields.sample_ref("v"),
    "volunteer_sequence": 3,
}

DELIVERIES = Topic(
    "deliveries",
    key="request, else volunteer or report",
    producer="notifier",
    consumers=("intake", "matcher"),
    events=(
        # For those who watch from outside.
        event("sent", Delivery, ABOUT_AN_OFFER, intake=NOTHING, matcher=NOTHING),
        event(
            "failed",
            Delivery,
            ABOUT_AN_OFFER | {"state": "failed"},
            intake="the coordinator sees that the volunteer cannot be reached; their home says so",
            matcher="a volunteer whose address failed is not asked until it changes; a lost offer goes to the next one",
        ),
    ),
)
