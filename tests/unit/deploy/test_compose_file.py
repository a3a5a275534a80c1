"""docker-compose.yml keeps each container to what it needs."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.secrets import KEYRINGS

PROJECT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {"migrate", "topics"}
OURS = {"intake-web": "intake", "intake-worker": "intake", "matcher": "matcher", "notifier": "notifier"}


def keyring_mounts(service: str) -> list[dict[str, Any]]:
    """The folders of secrets that are mounted into a container."""
    return [mount for mount in SERVICES[service].get("volumes", []) if isinstance(mount, dict)]


def short_mounts(service: str) -> list[list[str]]:
    """The volumes and files of the project that are mounted into a container, each as [from, to] or [from, to, ro]."""
    return [mount.split(":") for mount in SERVICES[service].get("volumes", []) if isinstance(mount, str)]


def secret_files(service: str) -> set[str]:
    """The files behind a container's secrets, under the folder of secrets."""
    names = [each if isinstance(each, str) else each["source"] for each in SERVICES[service].get("secrets", [])]
    return {COMPOSE["secrets"][name]["file"].partition("}/")[2] for name in names}


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_may_do_nothing_that_it_does_not_need(service: str) -> None:
    container = SERVICES[service]
    assert container["cap_drop"] == ["ALL"]
    assert container["read_only"] is True
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in container
    assert set(container.get("cap_add", [])) <= ({"NET_BIND_SERVICE"} if service == "caddy" else set())


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_is_bounded_and_can_be_scaled(service: str) -> None:
    container = SERVICES[service]
    assert container["mem_limit"]
    assert container["logging"]["options"] == {"max-size": "10m", "max-file": "3"}
    assert "container_name" not in container


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - JOBS))
def test_what_stays_up_says_whether_it_is_well_and_comes_back(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", ["intake-worker", "matcher", "notifier"])
def test_a_worker_begins_when_its_parts_are_ready_and_the_jobs_are_done(service: str) -> None:
    conditions = {name: each["condition"] for name, each in SERVICES[service]["depends_on"].items()}
    assert conditions == dict.fromkeys(JOBS, "service_completed_successfully") | dict.fromkeys(
        ("kafka", "postgres", "vault"), "service_healthy"
    )


def test_the_door_opens_whether_kafka_is_there_or_not() -> None:
    assert SERVICES["caddy"]["depends_on"] == {"intake-web": {"condition": "service_started"}}
    assert SERVICES["intake-web"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"].keys() == {"postgres", "vault"}


def test_only_the_gateway_publishes_ports_and_only_on_the_loopback_unless_told() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"caddy"}
    assert all(":-127.0.0.1:" in port for port in published["caddy"])


def test_two_services_share_no_network() -> None:
    for one, other in itertools.combinations(OURS, 2):
        if OURS[one] != OURS[other]:
            assert not set(SERVICES[one]["networks"]) & set(SERVICES[other]["networks"]), (one, other)


def test_only_the_gateway_and_the_notifier_can_reach_the_world() -> None:
    open_networks = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    reaching = {name for name, service in SERVICES.items() if open_networks & set(service["networks"])}
    assert reaching == {"caddy", "notifier"}


@pytest.mark.parametrize(("service", "owner"), OURS.items())
def test_a_service_is_given_its_own_keyrings_and_secrets_alone(service: str, owner: str) -> None:
    assert [mount["source"].partition("}/")[2] for mount in keyring_mounts(service)] == [f"{owner}/keyrings"]
    lent = {"mail/certificate.pem"} if service == "notifier" else set()
    assert {file for file in secret_files(service) if not file.startswith(f"{owner}/")} == lent


def test_nothing_but_the_services_is_given_keyrings() -> None:
    for service in SERVICES.keys() - OURS.keys():
        assert not keyring_mounts(service)
    assert set(OURS.values()) == set(KEYRINGS)


def test_the_vault_lies_on_a_volume_of_its_own() -> None:
    named = {name: {mount[0] for mount in short_mounts(name)} & COMPOSE["volumes"].keys() for name in SERVICES}
    assert [name for name, volumes in named.items() if "vault-data" in volumes] == ["vault"]
    assert named["vault"] == {"vault-data"}


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_has_a_tag_and_can_be_replaced(service: str) -> None:
    name, _, tag = SERVICES[service]["image"].removeprefix("${").removesuffix("}").partition(":-")
    assert name.endswith("_IMAGE")
    assert ":" in tag and not tag.endswith(":latest")


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_mounted_from_this_folder_is_there_and_cannot_be_written(service: str) -> None:
    for source, _, *options in short_mounts(service):
        if source not in COMPOSE["volumes"]:
            assert (PROJECT / source).exists()
            assert options == ["ro"]
    # Without this an engine makes an empty folder where the operator has forgotten `make secrets`.
    for mount in keyring_mounts(service):
        assert mount["read_only"] is True
        assert mount["bind"] == {"create_host_path": False}
