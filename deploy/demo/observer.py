"""Watches the topics from outside, as anybody with Kafka's tools could, and tells of each event when it appears."""

import threading
import time
from collections.abc import Callable

from kafka import KafkaConsumer, TopicPartition

from deploy.demo.cast import Person
from shared.events import CATALOGUE, Event, InvalidEvent, decode


class Observer:
    """Reads every topic from its end on, on a thread of its own, until it is stopped."""

    def __init__(self, bootstrap_servers: str, tell: Callable[[str, float, str], None]) -> None:
        """Tell `tell(name, seconds, what)` of each event about a request that is followed."""
        self._consumer = KafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            group_id=None,
            auto_offset_reset="latest",
            fetch_max_wait_ms=20,
            allow_auto_create_topics=False,
        )
        self._tell = tell
        self._lock = threading.Lock()
        self._expected: Person | None = None
        self._followed: dict[str, Person] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="observer", daemon=True)

    def start(self) -> None:
        partitions = [
            TopicPartition(topic, number)
            for topic in CATALOGUE
            for number in self._consumer.partitions_for_topic(topic) or ()
        ]
        self._consumer.assign(partitions)
        self._consumer.seek_to_end(*partitions)
        for partition in partitions:
            self._consumer.position(partition)
        self._thread.start()

    def follow(self, name: str) -> Person:
        """Follow the request that is published next, as that of `name`; its clock starts now."""
        with self._lock:
            self._expected = Person(name, time.monotonic())
            return self._expected

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)
        self._consumer.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            for records in self._consumer.poll(timeout_ms=100).values():
                for record in records:
                    try:
                        self._see(decode(record.topic, record.key, record.headers, record.value))
                    except InvalidEvent:
                        continue

    def _see(self, event: Event) -> None:
        now, request = time.monotonic(), str(event.data.get("request"))
        with self._lock:
            if self._expected is not None and event.topic == "requests" and event.name == "published":
                self._followed[request] = self._expected
                self._expected = None
            person = self._followed.get(request)
        if person is not None:
            what = describe(event)
            person.hops.setdefault(what, now - person.sent_at)
            self._tell(person.name, now - person.sent_at, what)


def describe(event: Event) -> str:
    """Say what an event tells: its type and the state it carries, which is all of it that can be read."""
    parts = [f"{event.topic}.{event.name}"]
    if event.topic == "deliveries":
        parts.append(event.data["notice"])
    elif event.name in ("offer_closed", "waiting", "stalled", "ended"):
        parts.append(event.data.get("why") or event.data["state"])
    return " ".join(parts)
