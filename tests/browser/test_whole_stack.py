"""One whole life on the whole stack: two phones, real mail, and nobody who plays a service's part."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.client import token_in
from deploy.demo.cast import volunteer
from tests.browser.site import PHONE, fill_ask, key_on
from tests.e2e.town import Town, running_stack
from tests.support.kafka import KafkaBroker

PEER = volunteer(1, ["burnout"], care_area="critical_care")
WORDS = "I would rather say it to somebody who knows the ward."


@pytest.fixture
def town(kafka_broker: KafkaBroker) -> Iterator[Town]:
    """All services, with a register of their own."""
    with running_stack(kafka_broker) as stack:
        yield Town(stack)


@pytest.fixture
def open_phone(browser: Browser, town: Town) -> Iterator[Callable[[], Page]]:
    """Open a fresh phone."""
    contexts: list[BrowserContext] = []

    def open_one() -> Page:
        contexts.append(browser.new_context(base_url=town.stack.intake_url, viewport=PHONE))
        contexts[-1].set_default_timeout(15_000)
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()


def press(phone: Page, name: str) -> None:
    """Press a button."""
    phone.get_by_role("button", name=name, exact=True).first.click()


def headed(phone: Page, title: str) -> None:
    """See that the page has this heading."""
    expect(phone.get_by_role("heading", level=1)).to_have_text(title)


def headed_in_time(phone: Page, title: str) -> None:
    """See that the page comes to have this heading, looking again as people do while news is on its way."""
    heading = phone.get_by_role("heading", level=1)
    for _ in range(40):
        if heading.inner_text() == title:
            return
        if phone.get_by_role("button", name="Look again").count():
            press(phone, "Look again")
        phone.wait_for_timeout(250)
    headed(phone, title)


def mail(town: Town, subject: str) -> dict[str, str]:
    """Wait for the mail whose subject begins like this."""
    found: dict[str, str] = town.mailbox.wait_for(lambda each: each["subject"].startswith(subject), seconds=30)
    return found


def approve(desk: Page, town: Town) -> None:
    """Let the coordinator look at the one application and approve it."""
    desk.goto("/coordinator")
    desk.get_by_label("The coordinator's token").fill(town.stack.coordinator_token)
    press(desk, "Open")
    press(desk, "Look at the application")
    holds_until = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
    desk.get_by_label("Their training holds until").fill(holds_until)
    press(desk, "Approve")
    expect(desk.get_by_role("status")).to_contain_text("Approved.")


def ask(person: Page) -> str:
    """Let the person ask, with something for their peer to read; return the request key."""
    person.goto("/ask")
    fill_ask(person)
    person.get_by_role("heading", name="Reaching you").click()
    person.get_by_label("Words for your peer").fill(WORDS)
    press(person, "Ask for a peer")
    key = key_on(person)
    press(person, "I have kept my key. Go on")
    return key


def open_request(person: Page, key: str) -> None:
    """Come back with the key."""
    person.goto("/request")
    person.get_by_label("Your request key").fill(key)
    press(person, "Open my request")


def test_two_people_find_each_other_and_nothing_of_it_is_left(
    town: Town, open_phone: Callable[[], Page], tmp_path: Path
) -> None:
    person, peer, desk = open_phone(), open_phone(), open_phone()

    def look(phone: Page, name: str) -> None:
        phone.screenshot(path=tmp_path / f"{name}.png", full_page=True)

    town.client.ask("POST", "/volunteers", PEER)
    approve(desk, town)
    assert "Your two words: " in mail(town, "Everything is ready")["text"]

    key = ask(person)
    question = mail(town, "A question for you")
    peer.goto(f"/offer#{token_in(question)}")
    headed_in_time(peer, "Somebody would like to talk")
    expect(peer.get_by_text(WORDS)).to_have_count(0)
    look(peer, "01-question")
    press(peer, "Yes, I would talk with them")
    headed_in_time(peer, "Thank you. It is you")

    open_request(person, key)
    headed(person, "There is somebody for you")
    expect(person.get_by_text("They wait for your answer until")).to_be_visible()
    look(person, "02-matched")
    person.get_by_label("Write to your peer").fill("Good evening. Are you free on Tuesday?")
    press(person, "Send")
    expect(person.get_by_role("status")).to_contain_text("Your text waits for them")
    press(person, "Yes, introduce us")
    headed(person, "You both said yes")

    peer.goto("about:blank")
    peer.goto(f"/offer#{token_in(mail(town, 'An answer for you'))}")
    headed_in_time(peer, "You are introduced")
    expect(peer.get_by_text("Are you free on Tuesday?")).to_be_visible()
    press(peer, "Show me how to reach them")
    expect(peer.get_by_text(WORDS)).to_be_visible()
    look(peer, "03-introduced")

    open_request(person, key)
    expect(person.get_by_text("your words")).not_to_have_count(0)
    press(person, "We have spoken")
    expect(person.get_by_role("status")).to_contain_text("good that you have spoken")
    person.get_by_text("Close my request", exact=True).first.click()
    person.get_by_label("Why").select_option(index=1)
    press(person, "Close my request")
    headed(person, "Closed")
    mail(town, "A question is closed")
    look(person, "04-closed")
    press(person, "Erase my request")
    press(person, "Yes, erase everything")
    headed(person, "Everything is erased")

    town.wait_until_quiet()
    assert town.rows("matcher", "SELECT FROM requests") == []
    assert town.rows("intake", "SELECT FROM messages") == []
    [left] = town.rows("intake", "SELECT state, profile, notify, private, card FROM requests")
    assert left == {"state": "erased", "profile": None, "notify": None, "private": None, "card": None}
    peer.reload()
    expect(peer.get_by_text(WORDS)).to_have_count(0)
