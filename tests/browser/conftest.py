"""A real browser before the real application on a real PostgreSQL. The matcher's part is played by the test."""

import random
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import make_server

from services.intake.app import create_app
from services.intake.bootstrap import build_intake
from shared.vault.keyrings import new_keyring
from shared.vault.purposes import INTAKE
from tests.browser.site import EXIT, PHONE, Site, chromium
from tests.integration.intake.conftest import settings_for
from tests.integration.intake.world import World
from tests.support.keyrings import write_keyring

if TYPE_CHECKING:
    from tests.support.databases import Databases

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium: Debian's, or the one that Playwright installed. Skips where there is neither."""
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            pytest.skip("needs Chromium: install Debian's package `chromium`, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def site(databases: "Databases", tmp_path: Path) -> Iterator[Site]:
    """Intake with its pages, served on a port of its own."""
    for name in INTAKE.keyrings:
        write_keyring(tmp_path / f"{name}.json", new_keyring(secrets.token_bytes))
    settings = settings_for(databases.fresh("intake"), databases.fresh("vault"), tmp_path)
    intake = build_intake(settings, process="test", pool_size=3, chooser=random.Random(7), patience=0.15)
    app = create_app(intake)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", World(intake, app.test_client()))
    server.shutdown()
    thread.join()
    server.server_close()
    intake.dispose()


@pytest.fixture
def open_phone(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a fresh phone, with or without JavaScript. A request to anywhere but the site and the exit is an error."""
    contexts: list[BrowserContext] = []
    strayed: list[str] = []

    def open_one(*, javascript: bool) -> Page:
        context = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=javascript)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda sent: None if sent.url.startswith((site.url, EXIT)) else strayed.append(sent.url))
        return page

    yield open_one
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert strayed == []


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def phone(request: pytest.FixtureRequest, open_phone: Callable[..., Page]) -> Page:
    """A phone; each test runs once with JavaScript and once without."""
    return open_phone(javascript=request.param)
