"""What docker-compose.yml starts is whole, closed, and carries a request to an introduction, also across a stop."""

import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.client import token_in, wait_until
from tests.compose.installation import CommandFailed, Installation
from tests.support.people import AWAKE_ALL_DAY, a_request, an_application, lived

pytestmark = [pytest.mark.compose, pytest.mark.timeout(600)]

SERVICE = "com.docker.compose.service"
PORTS = {"caddy": 8080, "intake-web": 8080, "mail": 1025, "kafka": 9092, "postgres": 5432, "vault": 5432}
"""Where those who listen listen."""

TRY_ALL = """
import concurrent.futures, socket, sys
def connect(address):
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), 2).close()
    except OSError:
        return ""
    return address
print(*concurrent.futures.ThreadPoolExecutor(32).map(connect, sys.argv[1:]))
"""
"""Run inside a container: prints, from one thread, those of the addresses given that it can connect to."""

MAIL_IN_CLEAR_TEXT = """
import smtplib
connection = smtplib.SMTP("mail", 1025, timeout=5)
connection.ehlo()
print(connection.mail("planted@example.org")[0])
"""

STOPPED_WELL = {"kafka": {0, 143}}
"""Java's answer to SIGTERM, after an orderly end, is 143."""

VOLUNTEER = an_application(
    profession="physician",
    care_area="emergency_medicine",
    themes=lived("burnout"),
    waking_hours=AWAKE_ALL_DAY,
    capacity={"active": 1, "new_per_month": 5},
)
PERSON = a_request(
    profession="physician",
    care_area="emergency_medicine",
    themes=["burnout"],
    words="Written by the compose test.",
    contact={"channel": "phone", "value": "planted-555-0100"},
)


def service_of(container: dict[str, Any]) -> str:
    """The name in docker-compose.yml of what `container` runs."""
    return str(container["Config"]["Labels"][SERVICE])


def test_all_is_healthy_with_two_matchers_and_two_notifiers(installation: Installation) -> None:
    states = [(service_of(each), each["State"]) for each in installation.containers()]
    staying = [(name, state) for name, state in states if name not in ("migrate", "topics")]
    assert {name: state["Health"]["Status"] for name, state in staying} == dict.fromkeys(dict(staying), "healthy")
    assert {name: state["ExitCode"] for name, state in states if name in ("migrate", "topics")} == {
        "migrate": 0,
        "topics": 0,
    }
    running = Counter(name for name, _ in staying)
    assert running["matcher"] == running["notifier"] == 2


def test_ports_are_published_by_the_gateway_alone_and_on_the_loopback(installation: Installation) -> None:
    published = {
        (service_of(container), binding["HostIp"])
        for container in installation.containers()
        for bindings in (container["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    }
    assert published == {("caddy", "127.0.0.1")}


def test_no_process_of_ours_is_root_or_can_write_to_its_image(installation: Installation) -> None:
    for service in ("intake-web", "intake-worker", "matcher", "notifier", "mail"):
        assert installation.run_in(service, "id", "-u").strip() == "10001"
        with pytest.raises(CommandFailed, match="Read-only file system"):
            installation.run_in(service, "touch", "/app/planted")


def test_the_matcher_reaches_kafka_and_its_databases_and_nothing_else(installation: Installation) -> None:
    everywhere = addresses(installation)
    reached = installation.run_in("matcher", "python", "-c", TRY_ALL, *everywhere.values()).split()
    assert {name for name, address in everywhere.items() if address in reached} == {
        "kafka in matcher",
        "postgres in matcher",
        "vault in matcher",
    }


def test_the_mail_catcher_takes_nothing_in_clear_text(installation: Installation) -> None:
    assert installation.run_in("notifier", "python", "-c", MAIL_IN_CLEAR_TEXT).strip() == "530"


@pytest.mark.parametrize(
    ("service", "keyrings"),
    [
        ("matcher", {"person.profile.json", "volunteer.profile.json"}),
        ("notifier", {"person.notify.json", "volunteer.notify.json", "links.json"}),
    ],
)
def test_a_container_sees_the_keyrings_of_its_service_alone(
    installation: Installation, service: str, keyrings: set[str]
) -> None:
    assert set(installation.run_in(service, "ls", "/run/keyrings").split()) == keyrings


def test_a_request_becomes_an_introduction_though_everything_is_stopped_in_between(installation: Installation) -> None:
    client = installation.client
    approve_a_volunteer(installation)
    answer = client.send("POST", "/requests", PERSON, headers={"Idempotency-Key": secrets.token_urlsafe(24)})
    assert answer.status == 201
    key = answer.body["request_key"]
    offer = token_in(installation.mailbox.wait_for(sent_to(VOLUNTEER["notify"]), seconds=60))

    installation.stop()
    ended = {(service_of(each), each["State"]["ExitCode"]) for each in installation.containers()}
    assert [(name, code) for name, code in ended if code not in STOPPED_WELL.get(name, {0})] == []
    installation.up()

    assert client.ask("GET", "/request", key=key)["status"] == "offering"
    outcome = client.ask("POST", "/offer/accept", key=offer)["outcome"]
    assert outcome in ("matched", "noted")
    match = wait_until(lambda: client.ask("GET", "/request", key=key)["match"], seconds=30, what="the match", pause=0.2)
    assert client.ask("POST", "/request/introduce", {"match": match["match"]}, key=key)["status"] == "introduced"
    revealed = wait_until(lambda: reveal(installation, offer), seconds=30, what="the person's words", pause=0.2)
    assert revealed == {"words": PERSON["words"], "contact": PERSON["contact"], "forgotten": False}
    # The catcher keeps its mail in memory, so what it has now was sent after the stop.
    installation.mailbox.wait_for(sent_to(VOLUNTEER["notify"]), seconds=30)

    assert "planted-555-0100" not in (said := installation.logs())
    assert VOLUNTEER["notify"]["value"] not in said


def addresses(installation: Installation) -> dict[str, str]:
    """ "<service> in <network>" -> host:port, for everyone who listens and every network they are in."""
    return {
        f"{service_of(container)} in {network.removeprefix(installation.name + '_')}": (
            f"{place['IPAddress']}:{PORTS[service_of(container)]}"
        )
        for container in installation.containers()
        if service_of(container) in PORTS
        for network, place in container["NetworkSettings"]["Networks"].items()
    }


def approve_a_volunteer(installation: Installation) -> None:
    """Let the volunteer apply, and a coordinator approve everybody who has applied."""
    client, token = installation.client, installation.coordinator_token
    client.ask("POST", "/volunteers", VOLUNTEER)
    approval = {"trained_until": (datetime.now(UTC) + timedelta(days=90)).date().isoformat(), "trained_for": []}
    for volunteer in client.ask("GET", "/coordinator/volunteers", key=token)["volunteers"]:
        client.ask("POST", f"/coordinator/volunteers/{volunteer['volunteer']}/approve", approval, key=token)


def sent_to(notify: Any) -> Any:
    """What tells whether a mail went to the address in `notify` and asks something, i.e. has a link."""
    return lambda message: message["to"] == [notify["value"]] and "#" in message["text"]


def reveal(installation: Installation, offer: str) -> Any:
    """The person's words and contact, None as long as the introduction has not reached the offer."""
    answer = installation.client.send("POST", "/offer/reveal", key=offer)
    return answer.body if answer.status == 200 else None
