"""What the browser's tests talk about: the site, the phone, and where Chromium is."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, Playwright, ViewportSize

from tests.integration.intake.world import World

ORGANISATION = "Hospital, university or employer"
EXIT = "https://weather.example/"
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Site:
    """The running pages, and the world behind them."""

    url: str
    world: World


def chromium(playwright: Playwright) -> str | None:
    """Return the path of a Chromium that can be started; None if there is none."""
    installed = playwright.chromium.executable_path
    return shutil.which("chromium") or (installed if Path(installed).exists() else None)


def place_input(page: Page, label: str) -> Locator:
    """Return an input of the first place that a form for asking has: its organisation, unit or town, by its label."""
    return page.get_by_role("group", name="Where you work or study").get_by_label(label, exact=True).first


def fill_ask(page: Page) -> None:
    """Fill in what the form cannot do without."""
    page.get_by_label("What you do").select_option("nurse")
    page.get_by_label("Where in health care").select_option("critical_care")
    page.get_by_label("Where you are on the way").select_option("early_career")
    place_input(page, ORGANISATION).fill("St Elsewhere, unit 4")
    page.get_by_label("The language you are most at ease in").select_option("en")
    page.get_by_label("Your time zone").select_option("Europe/London")


def key_on(page: Page) -> str:
    """Return the key that a page shows."""
    return re.sub(r"\s+", "-", page.locator(".key").inner_text().strip())
