"""`python -m deploy.documents.pictures` takes the pictures of the pages that the README and docs/demo.md show.

A person and a volunteer, each with a phone of their own, go through the pages of a running embedded stack. It needs a
Chromium: Debian's package `chromium`, or the one that `playwright install chromium` brings.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

from deploy.client import Mailbox, token_in
from deploy.demo.cast import VOLUNTEERS
from deploy.embedded.supervisor import Stack
from deploy.volunteers import invite

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE: ViewportSize = {"width": 390, "height": 760}
PATIENCE_MS = 30_000


def take_pictures(folder: Path) -> None:
    """Write ask.png, offer.png and matched.png into `folder`."""
    folder.mkdir(exist_ok=True)
    with Stack() as stack, phones(stack.intake_url) as (person, volunteer):
        invite(stack, [VOLUNTEERS[3]])
        key = ask(person, folder / "ask.png")
        mail = Mailbox(stack.mail.url).wait_for(
            lambda each: each["subject"].startswith("A question for you"), seconds=30
        )
        volunteer.goto(f"/offer#{token_in(mail)}")
        save(volunteer.get_by_role("heading", name="Somebody would like to talk"), folder / "offer.png")
        press(volunteer, "Yes, I would talk with them")
        volunteer.get_by_role("heading", name="Thank you. It is you").wait_for()
        person.goto("/request")
        person.get_by_label("Your request key").fill(key)
        press(person, "Open my request")
        save(person.get_by_role("heading", name="There is somebody for you"), folder / "matched.png")


@contextmanager
def phones(url: str) -> Iterator[tuple[Page, Page]]:
    """Give two phones that share nothing; addresses are relative to `url`."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield phone(browser, url), phone(browser, url)
        browser.close()


def phone(browser: Browser, url: str) -> Page:
    # Sharp enough to be read on paper.
    page = browser.new_context(base_url=url, viewport=SIZE, device_scale_factor=1.5).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def ask(page: Page, picture: Path) -> str:
    """Fill in the form, take its picture, send it, and return the request key."""
    page.goto("/ask")
    page.get_by_label("What you do").select_option("physician")
    page.get_by_label("Where in health care").select_option("family_medicine")
    page.get_by_label("Where you are on the way").select_option("early_career")
    page.get_by_label("Hospital, university or employer").first.fill("St Elsewhere, unit 4")
    page.get_by_label("The language you are most at ease in").select_option("en")
    page.get_by_label("Your time zone").select_option("Europe/London")
    theme = page.get_by_label("Exhausted, nothing left").first
    page.locator("details", has=theme).locator("summary").first.click()
    theme.check()
    save(page.get_by_label("What you do"), picture)
    press(page, "Ask for a peer")
    key = page.locator(".key").inner_text().strip()
    press(page, "I have kept my key. Go on")
    return key


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def save(shown: Locator, picture: Path) -> None:
    """Take a picture of the phone once the page has what should be `shown`, with the section around it at the top."""
    shown.wait_for()
    shown.evaluate("element => (element.closest('section') ?? document.body).scrollIntoView()")
    shown.page.screenshot(path=picture)


if __name__ == "__main__":
    take_pictures(FOLDER)
