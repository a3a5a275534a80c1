"""Every metric of the house, in one typed list. Labels are topics, kinds and outcomes, never a ref."""

from prometheus_client import Counter, Gauge, Histogram

EVENTS = Counter("alongside_events_total", "Events taken from Kafka, by what became of them.", ["topic", "outcome"])
PARKED = Counter("alongside_parked_total", "Events parked in a dead-letter topic.", ["topic"])
FUSE = Gauge("alongside_fuse_blown", "1 while the consumer is stopped because too many events were parked.")
PUBLISHED = Counter("alongside_outbox_published_total", "Outbox rows acknowledged by Kafka.", ["topic"])
REPUBLISHED = Counter(
    "alongside_outbox_reset_total", "Outbox rows to go out again because a topic lost them.", ["topic"]
)
UNPUBLISHED = Gauge(
    "alongside_outbox_unpublished", "Outbox rows waiting for Kafka, as the active relay last counted them."
)
RELAY_ACTIVE = Gauge("alongside_relay_active", "1 while this process holds the relay's lease.")
POOL_SKIPPED = Gauge(
    "alongside_pool_skipped", "Volunteers whom the matcher leaves out because it cannot read their profile."
)
VOCABULARY = Gauge(
    "alongside_vocabulary_info",
    "1, with the fingerprint of the words this process goes by: the same in all processes, or one is of another version"
    " or has another file.",
    ["fingerprint"],
)
DUE_ROWS = Counter("alongside_due_rows_total", "Due rows taken, by kind and outcome.", ["kind", "outcome"])
DELIVERIES = Counter(
    "alongside_deliveries_total", "Tries of notices, by notice and what became of them.", ["notice", "result"]
)
REFUSALS = Counter(
    "alongside_delivery_refusals_total",
    "Tries of notices that were not taken, by reply code or what else was in the way.",
    ["code"],
)
LOOP_FAILURES = Counter(
    "alongside_loop_failures_total", "Times a loop backed off, by loop and class of error.", ["loop", "error"]
)
HEARTBEAT = Gauge("alongside_loop_heartbeat_seconds", "When each loop last came round, as Unix time.", ["loop"])
HANDLE_SECONDS = Histogram("alongside_handle_seconds", "Seconds per poll spent handling its events in a transaction.")
