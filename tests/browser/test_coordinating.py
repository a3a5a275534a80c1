"""A coordinator's evening, on a phone. Each page on the way is kept as a picture to look at."""

from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.browser.site import Site
from tests.integration.intake.world import APPLY, World
from tests.support.people import by_email


def fill_the_evening(world: World) -> None:
    """Let all that can need a coordinator be there."""
    for ages, why in ((9, "restricted_theme"), (3, "no_overlapping_time")):
        world.ask()
        request = world.newest("requests")
        world.searching(request, state="stalled", why=why, late="silent_limit")
        with world.intake.database.transaction() as tx:
            age = text("UPDATE requests SET asked_at = asked_at - make_interval(days => :days) WHERE ref = :ref")
            tx.execute(age, {"days": ages, "ref": request})
    key, _, _ = world.met()
    report = {"text": "My peer wrote that they do not want to go on.\n\nI do not know how near it is."}
    assert world.person("POST", "safety-report", key, report).status_code == 201
    with world.intake.database.transaction() as tx:
        tx.execute(text("UPDATE volunteers SET trained_until = current_date + 12"))
    own = {"notify": by_email("ada.planted@example.org"), "proof": "Register 12345, by the college's public list."}
    world.apply(**{**APPLY, **own, "name": "Dr Ada Planted"})


def test_a_coordinator_looks_after_everything_in_one_evening(phone: Page, site: Site, tmp_path: Path) -> None:
    world = site.world
    fill_the_evening(world)

    def press(name: str) -> None:
        phone.get_by_role("button", name=name, exact=True).first.click()

    def look(name: str, title: str) -> None:
        expect(phone.get_by_role("heading", level=1)).to_have_text(title)
        phone.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    phone.goto("/coordinator")
    look("01-sign-in", "For coordinators")
    phone.get_by_label("The coordinator's token").fill("wrong")
    press("Open")
    look("02-wrong-token", "For coordinators")
    phone.get_by_label("The coordinator's token").fill(world.intake.settings.coordinator_token)
    press("Open")
    look("03-what-needs-you", "What needs you")
    expect(phone.get_by_text("planted", exact=False)).to_have_count(0)
    assert world.rows("SELECT * FROM access_record") == []

    press("Read the reports")
    look("04-reports", "Reports")
    expect(phone.get_by_text("they do not want to go on")).to_be_visible()
    press("Close this report")
    look("05-report-closed", "Reports")
    press("Back to what needs you")

    press("Look at the application")
    look("06-application", "Dr Ada Planted")
    press("Approve")
    look("07-no-day", "Dr Ada Planted")
    phone.get_by_label("Their training holds until").fill("2099-06-30")
    phone.get_by_label("I have been suicidal").check()
    press("Approve")
    expect(phone.get_by_role("status")).to_contain_text("Approved.")
    assert [row["state"] for row in world.rows("SELECT state FROM volunteers")] == ["active", "active"]

    press("Open this volunteer")
    look("08-volunteer", "Planted Volunteer")
    phone.get_by_text("Put this volunteer on hold").click()
    press("Put on hold")

    phone.get_by_text("Take none for a while").click()
    phone.get_by_label("Until which day").fill("2099-06-30")
    press("Take no new requests")
    look("09-intake-closed", "What needs you")
    expect(phone.get_by_text("None are taken until 30 June 2099.")).to_be_visible()
    phone.goto("/ask")
    look("10-closed-for-people", "No new requests at present")

    what = [row["what"] for row in world.rows("SELECT what FROM access_record ORDER BY id")]
    # The same opening is one row within an hour, and the hour may turn while this runs.
    assert list(dict.fromkeys(what)) == ["report", "application", "name_and_address"]
    assert phone.url == f"{site.url}/ask"
