"""A person's whole way and a volunteer's evening, on a phone. Each page on the way is kept as a picture to look at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.intake.handlers.conversation import VOLUNTEER, write_text
from shared.vault.tokens import home_link, to_type
from tests.browser.site import Site, fill_ask, key_on
from tests.integration.intake.world import LATER, NOW

Look = Callable[[str], None]


@pytest.fixture
def look(phone: Page, tmp_path: Path) -> Look:
    """Take a picture of the whole page into this test's folder, and see that nothing is wider than the phone."""

    def take(name: str) -> None:
        phone.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    return take


def headed(phone: Page, title: str) -> None:
    """See that the page has this heading."""
    expect(phone.get_by_role("heading", level=1)).to_have_text(title)


def press(phone: Page, name: str) -> None:
    """Press a button."""
    phone.get_by_role("button", name=name, exact=True).click()


def open_request(phone: Page, key: str) -> None:
    """Come back to one's request with its key."""
    phone.goto("/request")
    phone.get_by_label("Your request key").fill(key)
    press(phone, "Open my request")


def open_home(phone: Page, key: str) -> None:
    """Come back to one's page as a volunteer."""
    phone.goto("/volunteer")
    phone.get_by_label("Your volunteer key").fill(key)
    press(phone, "Open my page")


def test_a_person_asks_waits_is_matched_writes_says_yes_speaks_closes_and_erases(
    phone: Page, site: Site, look: Look
) -> None:
    world = site.world
    phone.goto("/")
    look("01-start")
    phone.get_by_role("link", name="Yes, I am safe").click()
    fill_ask(phone)
    press(phone, "Ask for a peer")
    look("02-asked")
    key, request = key_on(phone), world.newest("requests")
    press(phone, "I have kept my key. Go on")

    world.searching(request, why="asleep", next_try_at=LATER)
    open_request(phone, key)
    headed(phone, "Looking for your peer")
    expect(phone.get_by_text("awake and free at this hour")).to_be_visible()
    expect(phone.locator("time").first).to_contain_text("Sunday")
    look("03-waiting")

    _, volunteer = world.approved()
    offer = world.offered(request, volunteer)
    token = world.token(offer)
    assert world.person("POST", "offer/accept", token).status_code == 202
    world.offered(request, volunteer, offer=offer, state="accepted", closed_at=NOW)
    world.matched(request, volunteer, offer)
    open_request(phone, key)
    headed(phone, "There is somebody for you")
    look("04-matched")

    phone.get_by_label("Write to your peer").fill("Good evening. Could we talk on Tuesday at seven?")
    press(phone, "Send")
    expect(phone.get_by_role("status")).to_contain_text("Your text waits for them")
    expect(phone.locator(".texts .mine")).to_contain_text("Could we talk on Tuesday at seven?")
    look("05-written")

    press(phone, "Yes, introduce us")
    headed(phone, "You both said yes")
    write_text(world.intake, VOLUNTEER, token, "Yes, gladly.")
    open_request(phone, key)
    expect(phone.locator(".texts")).to_contain_text("Yes, gladly.")
    look("06-introduced")

    press(phone, "We have spoken")
    expect(phone.get_by_role("status")).to_contain_text("good that you have spoken")
    look("07-spoken")

    phone.get_by_text("Close my request", exact=True).first.click()
    phone.get_by_label("Why").select_option(index=1)
    press(phone, "Close my request")
    headed(phone, "Closed")
    expect(phone.get_by_role("heading", name="When you are well, someone may need you")).to_be_visible()
    look("08-closed")

    press(phone, "Erase my request")
    look("09-erase")
    press(phone, "Yes, erase everything")
    headed(phone, "Everything is erased")
    look("10-erased")
    open_request(phone, key)
    headed(phone, "This was erased")
    assert phone.url == f"{site.url}/request"


def test_a_volunteers_evening_with_a_rest_a_yes_a_text_and_a_hand_back(phone: Page, site: Site, look: Look) -> None:
    world = site.world
    person = world.ask()
    request = world.newest("requests")
    key, volunteer = world.approved()
    open_home(phone, key)
    headed(phone, "You are with us")
    look("01-home")

    press(phone, "I need a rest")
    headed(phone, "You are resting")
    look("02-resting")
    press(phone, "I am back")
    headed(phone, "You are with us")

    offer = world.offered(request, volunteer)
    open_home(phone, key)
    look("03-asked")
    press(phone, "Open")
    headed(phone, "Somebody would like to talk")
    look("04-offer")
    press(phone, "Yes, I would talk with them")
    world.offered(request, volunteer, offer=offer, state="accepted", closed_at=NOW)
    match = world.matched(request, volunteer, offer)
    press(phone, "Look again")
    headed(phone, "Thank you. It is you")
    expect(phone.get_by_role("heading", name="If you fear for a life")).to_be_visible()
    expect(phone.get_by_text("01632 960 999")).to_be_visible()
    look("05-matched")

    phone.get_by_label("Write to the person").fill("I am here when you are ready.")
    press(phone, "Send")
    expect(phone.locator(".texts .mine")).to_contain_text("I am here when you are ready.")
    assert world.person("POST", "request/introduce", person, {"match": match}).status_code == 200
    open_home(phone, key)
    press(phone, "Open")
    headed(phone, "You are introduced")
    press(phone, "Show me how to reach them")
    expect(phone.get_by_text("planted words of the person")).to_be_visible()
    look("06-introduced")
    press(phone, "We have spoken")
    expect(phone.get_by_role("status")).to_contain_text("good that you have spoken")

    phone.get_by_text("Hand it back", exact=True).click()
    look("07-before-handing-back")
    press(phone, "Yes, hand it back")
    assert world.events("replies") == ["accepted", "handed_back"]
    world.matched(
        request, volunteer, offer, match=match, state="ended", ended_at=NOW, ended_by="volunteer", then="over"
    )
    open_home(phone, key)
    phone.get_by_text("Earlier ones").click()
    expect(phone.get_by_text("This conversation is over")).to_be_visible()
    look("08-home-again")


def test_worry_can_be_told_from_every_page_and_comes_back_with_a_way_on(phone: Page, site: Site, look: Look) -> None:
    key, _, _ = site.world.met()
    open_request(phone, key)
    press(phone, "Tell a coordinator")
    look("01-report")
    press(phone, "Send to the coordinator")
    expect(phone.get_by_role("alert")).to_contain_text("in a few words")
    look("02-refused")
    phone.get_by_label("What happened").fill("I fear for somebody.")
    press(phone, "Send to the coordinator")
    headed(phone, "Thank you for telling us")
    look("03-reported")
    press(phone, "Back to my page")
    headed(phone, "There is somebody for you")
    assert len(site.world.rows("SELECT ref FROM reports")) == 1


def test_only_the_card_for_a_colleague_is_printed(phone: Page, look: Look) -> None:
    phone.goto("/colleague")
    look("01-screen")
    phone.emulate_media(media="print")

    expect(phone.get_by_text("127.0.0.1").or_(phone.locator(".address"))).to_be_visible()
    for hidden in ("You worry about a colleague", "Leave this site", "Check a receipt"):
        expect(phone.get_by_text(hidden)).to_be_hidden()
    look("02-printed")


def test_a_lost_key_is_answered_by_a_link_which_a_pin_guards(
    phone: Page, request: pytest.FixtureRequest, site: Site, look: Look
) -> None:
    world = site.world
    key, volunteer = world.approved()
    open_home(phone, key)
    phone.get_by_text("Set a PIN", exact=True).click()
    phone.get_by_label("The new PIN").fill("8624")
    look("01-set-a-pin")
    press(phone, "Set it")
    phone.goto("/volunteer")
    phone.get_by_text("I have lost my key").click()
    phone.get_by_label("The address to which we write to you").fill("planted.volunteer@example.org")
    look("02-lost")
    press(phone, "Send me a link")
    headed(phone, "Thank you")
    look("03-on-its-way")

    link = home_link(world.intake.links, volunteer, 0)
    # A mail opens its link anew; a script is what notices another end of the same address.
    phone.goto("/")
    phone.goto(f"/volunteer#{link}")
    if not request.node.callspec.params["phone"]:
        phone.get_by_label("Your volunteer key").fill(to_type(link))
        press(phone, "Open my page")
    headed(phone, "Your PIN")
    assert phone.url == f"{site.url}/volunteer"
    look("04-pin")
    phone.get_by_label("Your PIN").fill("8624")
    press(phone, "Open my page")
    headed(phone, "You are with us")
    press(phone, "I need a rest")
    headed(phone, "You are resting")
