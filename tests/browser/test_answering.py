"""A volunteer follows the link in a mail, and two yeses become an introduction."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from shared.vault.tokens import to_type
from tests.browser.site import Site
from tests.integration.intake.world import NOW


@dataclass(frozen=True)
class Asked:
    """A request of which one volunteer has been asked."""

    key: str
    request: str
    volunteer: str
    offer: str
    token: str


@pytest.fixture
def asked(site: Site) -> Asked:
    """A person has asked, and a volunteer got a mail."""
    world = site.world
    key = world.ask()
    request = world.newest("requests")
    _, volunteer = world.approved()
    offer = world.offered(request, volunteer)
    return Asked(key, request, volunteer, offer, world.token(offer))


def follow(phone: Page, site: Site, token: str, *, javascript: bool) -> None:
    """Follow the link in the mail; without JavaScript type the code that stands below it."""
    if not javascript:
        # Without a script nothing notices that a link to the page at hand has another end; a mail opens it anew.
        phone.goto("/")
    phone.goto(f"/offer#{token}")
    if not javascript:
        phone.get_by_label("The code in your message").fill(to_type(token).upper())
        phone.get_by_role("button", name="Look").click()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Answer a message")
    assert phone.url == f"{site.url}/offer"


@pytest.fixture
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether the phone of this test runs scripts."""
    return bool(request.node.callspec.params["phone"])


def test_a_link_becomes_a_card_a_yes_and_an_introduction(
    phone: Page, javascript: bool, site: Site, asked: Asked
) -> None:
    world = site.world
    follow(phone, site, asked.token, javascript=javascript)
    expect(phone.get_by_text("Nursing or midwifery")).to_be_visible()
    expect(phone.get_by_text("planted")).to_have_count(0)
    assert world.events("replies") == []

    phone.get_by_role("button", name="Yes, I would talk with them").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your answer is noted")
    assert world.events("replies") == ["accepted"]

    world.offered(asked.request, asked.volunteer, offer=asked.offer, state="accepted", closed_at=NOW)
    match = world.matched(asked.request, asked.volunteer, asked.offer)
    phone.get_by_role("button", name="Look again").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you. It is you")
    expect(phone.get_by_role("button", name="Show me how to reach them")).to_have_count(0)

    world.person("POST", "request/introduce", asked.key, {"match": match})
    follow(phone, site, asked.token, javascript=javascript)
    phone.get_by_role("button", name="Show me how to reach them").click()
    expect(phone.get_by_text("planted words of the person")).to_be_visible()
    expect(phone.get_by_text("+44 20 7946 0958")).to_be_visible()


def test_the_person_reads_about_the_peer_and_says_yes(phone: Page, site: Site) -> None:
    key, _, _ = site.world.met()
    phone.goto("/request")
    phone.get_by_label("Your request key").fill(key)
    phone.get_by_role("button", name="Open my request").click()
    expect(phone.get_by_text("Planted Clinic")).to_be_visible()

    phone.get_by_role("button", name="Yes, introduce us").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("You both said yes")
    expect(phone.get_by_text("planted phone")).to_be_visible()
    assert key.replace("-", "") not in phone.url


def test_a_volunteer_says_no_and_rests(phone: Page, javascript: bool, site: Site, asked: Asked) -> None:
    follow(phone, site, asked.token, javascript=javascript)
    phone.get_by_text("Not this time", exact=True).click()
    phone.get_by_label("Why").select_option("too_close_to_home")
    phone.get_by_label("And then rest").select_option("7")
    phone.get_by_role("button", name="No, not this time").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Your answer is noted")
    assert site.world.events("replies") == ["declined"]


def test_a_used_link_says_so_kindly(phone: Page, javascript: bool, site: Site, asked: Asked) -> None:
    site.world.offered(asked.request, asked.volunteer, offer=asked.offer, state="superseded", closed_at=NOW)

    follow(phone, site, asked.token, javascript=javascript)

    expect(phone.get_by_role("heading", level=1)).to_have_text("Somebody else was there first")
