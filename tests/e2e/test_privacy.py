"""What people write is found nowhere where nothing readable may be (I10, T5 to T8).

A whole programme is played in which every field carries a marker; then everything that the stack holds is searched.
That the search finds what is there is shown in every place by a marker of its own.
"""

import smtplib
import urllib.request
from email.message import EmailMessage

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from shared.events.catalogue import CATALOGUE
from tests.e2e.holdings import cluster_files, everything, logs, sightings
from tests.e2e.people import circle_in
from tests.e2e.planting import PERSON_STEM, POISON_STEM, POISONED_TOPICS, SAID, SAID_OF_THEMES, Planter, play, refuse
from tests.e2e.town import Town
from tests.support.kafka import KafkaBroker

pytestmark = pytest.mark.timeout(900)

CONTROL_STEM = "wjxvqkzgpfh"
PATHS_FOR_EVERYBODY = ("/", "/ask", "/request", "/volunteer", "/offer", "/receipt", "/api/v1/vocabulary")


@pytest.fixture(scope="module")
def given_out(town: Town) -> list[str]:
    """Return every key and token that was given out while the whole programme was played."""
    return play(town)


@pytest.fixture(scope="module")
def held(town: Town, given_out: list[str]) -> dict[str, bytes]:
    """Return all that the stack holds afterwards, and a control marker in a row, a record, a log and a mail."""
    town.wait_until_quiet()
    plant_controls(town)
    return everything(town.stack)


def plant_controls(town: Town) -> None:
    """Write the control marker into each kind of place."""
    town.change("vault", "CREATE TABLE control (plain text, bytes bytea, coded text)")
    row = "INSERT INTO control VALUES (%s, %s::text::bytea, 'x' || encode(%s::text::bytea, 'base64'))"
    town.change("vault", row, *[f"before{CONTROL_STEM}after"] * 3)
    admin = KafkaAdminClient(bootstrap_servers=town.stack.kafka)
    admin.create_topics({"deliveries.control": {"num_partitions": 1, "replication_factor": 1}})
    admin.close()
    producer = KafkaProducer(bootstrap_servers=town.stack.kafka, enable_idempotence=True)
    try:
        producer.send("deliveries.control", b"value", headers=[("name", CONTROL_STEM.encode())]).get(timeout=20)
    finally:
        producer.close()
    with town.stack.processes["intake-web"].log.open("a") as log:
        log.write(f"{CONTROL_STEM[::-1]}\n")
    message = EmailMessage()
    message["Subject"], message["To"] = CONTROL_STEM, "control@example.org"
    with smtplib.SMTP("127.0.0.1", town.stack.mail.smtp_port, timeout=15) as smtp:
        smtp.sendmail("control@example.org", ["control@example.org"], message.as_bytes())


def test_a_service_announces_to_its_topics_and_to_no_other(town: Town, held: dict[str, bytes]) -> None:
    for service in ("intake", "matcher", "notifier"):
        announced = {row["topic"] for row in town.rows(service, "SELECT DISTINCT topic FROM outbox")}
        own = {topic.name for topic in CATALOGUE.values() if topic.producer == service}
        assert announced & CATALOGUE.keys() == own


def test_the_search_finds_a_marker_in_every_kind_of_place(held: dict[str, bytes]) -> None:
    found = "\n".join(sightings(held, CONTROL_STEM))
    for place in ("table vault.control", "dump of vault", "topic deliveries.control", "log intake-web.log", "mail "):
        assert place in found
    assert "base64" in found
    assert "hexadecimal" in found


def test_nothing_that_anybody_wrote_is_found_anywhere(held: dict[str, bytes]) -> None:
    assert sightings(held, PERSON_STEM) == []


def test_nothing_that_anybody_chose_is_found_anywhere(held: dict[str, bytes]) -> None:
    words = [word.encode() for word in (*SAID, *SAID_OF_THEMES)]
    assert [(place, word) for place, content in held.items() for word in words if word in content] == []


def test_a_poisoned_event_leaves_nothing_behind_but_its_own_record(held: dict[str, bytes]) -> None:
    own = {f"topic {topic}" for topic in POISONED_TOPICS}
    elsewhere = {place: content for place, content in held.items() if place not in own}
    assert len([place for place in held if place.endswith(".dlq")]) == 9
    assert sightings(elsewhere, POISON_STEM) == []
    assert len(sightings(held, POISON_STEM)) >= len(own)


def test_no_key_and_no_token_is_found_in_a_table_a_record_or_a_log(
    held: dict[str, bytes], given_out: list[str]
) -> None:
    # Mail alone carries the token, to its recipient.
    places = {place: content for place, content in held.items() if not place.startswith("mail ")}
    assert [place for place, content in places.items() if any(part in content for part in parts_of(given_out))] == []


def parts_of(given_out: list[str]) -> list[bytes]:
    """Return what each key and token may be recognised by."""
    return [part.encode() for token in given_out for part in (token, token.replace("-", ""), token.rpartition(".")[2])]


def test_the_disk_of_the_databases_holds_nothing_readable(town: Town, held: dict[str, bytes]) -> None:
    seen = set()
    for name, content in cluster_files(town.stack):
        for stem in (PERSON_STEM, POISON_STEM, CONTROL_STEM):
            if stem.encode() in content or stem.encode("utf-16-le") in content:
                seen.add((name.partition(":")[0], stem))
    assert seen == {("disk", CONTROL_STEM)}


def test_t7_the_disk_of_kafka_holds_nothing_readable(
    town: Town, held: dict[str, bytes], kafka_broker: KafkaBroker, given_out: list[str]
) -> None:
    files = kafka_broker.disk()
    refs = [str(row["ref"]).encode() for row in town.rows("intake", "SELECT ref FROM requests")]
    asked = b"".join(content for path, content in files.items() if path.startswith("requests-"))
    # Every ref is found as it is, so neither the relay nor the broker has compressed what is searched here.
    assert refs != []
    assert [ref for ref in refs if ref not in asked] == []
    assert any("deliveries.control-0/" in found for found in sightings(files, CONTROL_STEM))
    assert sightings(files, PERSON_STEM) == []
    unspoken = [*parts_of(given_out), *[word.encode() for word in (*SAID, *SAID_OF_THEMES)]]
    assert [path for path, content in files.items() if any(word in content for word in unspoken)] == []
    poisoned = {found.partition("-")[0] for found in sightings(files, POISON_STEM)}
    assert poisoned == set(POISONED_TOPICS)


def test_a_refusal_repeats_nothing_of_what_was_sent_and_no_log_does(town: Town) -> None:
    answers = refuse(town, Planter(PERSON_STEM))
    assert sightings({f"answer {number}": answer for number, answer in enumerate(answers)}, PERSON_STEM) == []
    assert sightings(logs(town.stack), PERSON_STEM) == []
    assert b"request_unreadable" in logs(town.stack)["log intake-web.log"]


def test_what_everybody_may_see_shows_nothing_of_anybody(town: Town, given_out: list[str]) -> None:
    pages = {}
    for path in PATHS_FOR_EVERYBODY:
        with urllib.request.urlopen(f"{town.stack.intake_url}{path}", timeout=15) as page:
            pages[path] = page.read()
    stranger = circle_in(town).ask()
    seen = str([stranger.look(), stranger.do("introduce").body]).encode()
    listed = town.client.send("GET", "/coordinator/requests", key=town.stack.coordinator_token)
    assert sightings({**pages, "a stranger's request": seen, "the list": str(listed.body).encode()}, PERSON_STEM) == []
