"""Volunteers who have a program of their own called instead of getting mail."""

import hmac
import json

import pytest

from deploy.embedded.processes import LOOPBACK
from services.notifier.domain.notices import Notice
from shared.vault.keyrings import Keyrings
from shared.vault.tokens import offer_token, webhook_secret
from tests.integration.notifier.hook_server import answering, hook
from tests.integration.notifier.mail_server import Manners, subjects
from tests.integration.notifier.world import VOLUNTEER, World


def test_a_volunteers_own_program_is_called_instead_of_a_mail_and_told_apart_by_its_signature(
    world: World, manners: Manners
) -> None:
    with hook(answering("204 No Content")) as calls:
        volunteer = world.volunteer(f"http://{LOOPBACK}:{calls.port}/", channel="webhook")
        world.send_due()
        offer = world.offered(world.person(), volunteer)
        world.send_due()
    assert manners.taken == []
    assert [json.loads(body)["notice"] for body in calls.bodies] == ["approved", "offer"]
    links = Keyrings(world.house.folders["intake"]).named("links")
    asked = json.loads(calls.bodies[1])
    assert asked["link"] == f"https://x.example/offer#{offer_token(links, offer)}"
    assert asked["two_words"] == "amber river"
    at = dict(part.split("=") for part in calls.headers[1]["Alongside-Signature"].split(","))
    signed = f"{at['t']}.".encode() + calls.bodies[1]
    assert at["v1"] == hmac.digest(webhook_secret(links, volunteer).encode(), signed, "sha256").hex()
    assert world.told() == [("sent", "approved"), ("sent", "offer")]


@pytest.mark.parametrize("state", ["applied", "refused"])
def test_nobodys_program_is_called_before_a_coordinator_has_approved_them(
    world: World, manners: Manners, state: str
) -> None:
    with hook(answering("204 No Content")) as calls:
        by_hook = world.volunteer(f"http://{LOOPBACK}:{calls.port}/", state="applied", channel="webhook")
        by_mail = world.volunteer(VOLUNTEER, state="applied")
        for volunteer in (by_hook, by_mail):
            world.announce("volunteers", "link_asked", volunteer, generation=1, state=state)
        world.send_due()
        assert calls.lines == []
        assert world.delivery(Notice.HOME_LINK, f"{by_hook}.1").state == "obsolete"
        assert subjects(manners, VOLUNTEER) == ["Your link"]
        world.announce("volunteers", "link_asked", by_hook, generation=2, state="active")
        world.send_due()
    assert sorted(json.loads(body)["notice"] for body in calls.bodies) == ["approved", "home_link"]


def test_someone_who_is_vetted_again_is_still_called_about_the_match_that_goes_on(world: World) -> None:
    with hook(answering("204 No Content")) as calls:
        volunteer = world.volunteer(f"http://{LOOPBACK}:{calls.port}/", channel="webhook")
        match = world.matched(world.offered(world.person(), volunteer))
        world.announce("volunteers", "published", volunteer, state="applied")
        text = world.text(match, "volunteer")
        world.send_due()
    assert "text_waiting_volunteer" in [json.loads(body)["notice"] for body in calls.bodies]
    assert world.delivery(Notice.TEXT_WAITING_VOLUNTEER, text).state == "sent"


def test_a_program_that_refuses_for_good_makes_its_volunteer_unreachable(world: World) -> None:
    with hook(answering("410 Gone")) as calls:
        volunteer = world.volunteer(f"http://{LOOPBACK}:{calls.port}/", channel="webhook")
        world.send_due()
    [(name, data)] = world.announced()
    assert (name, data["volunteer"], data["volunteer_sequence"]) == ("failed", volunteer, 1)
