"""The coordinator's page on a real PostgreSQL."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.app import create_app
from tests.integration.intake.browsing import heading
from tests.integration.intake.test_coordinator_intake import SOON
from tests.integration.intake.world import NOW, World

UNTIL = "2027-06-30"


class Coordinator:
    """Presses buttons on the coordinator's page."""

    def __init__(self, world: World) -> None:
        """Sign in with the token of `world`, in a browser without cookies."""
        self.world = world
        self.browser: FlaskClient = create_app(world.intake).test_client(use_cookies=False)

    def press(self, step: str, ref: str = "", **more: str | list[str]) -> TestResponse:
        """Press a button."""
        versions = {row["ref"]: row["sequence"] for row in self.world.rows("SELECT ref, sequence FROM volunteers")}
        seen = {"version": versions.get(ref, 0)} if step == "approve" else {}
        data = {"token": self.world.intake.settings.coordinator_token, "step": step, "ref": ref, **seen, **more}
        return self.browser.post("/coordinator", data=data)

    def looks(self) -> list[str]:
        """Return what is in the access record."""
        return [row["what"] for row in self.world.rows("SELECT what FROM access_record ORDER BY id")]


@pytest.fixture
def coordinator(world: World) -> Coordinator:
    """The coordinator at the page."""
    return Coordinator(world)


def status(world: World) -> str:
    """Return where the newest volunteer is."""
    return str(world.rows("SELECT state FROM volunteers ORDER BY ctid DESC LIMIT 1")[0]["state"])


@pytest.mark.parametrize("token", ["", "wrong", "c" * 39, "c" * 41, "ü" * 40])
def test_without_the_token_nothing_is_shown_whatever_the_step(coordinator: Coordinator, token: str) -> None:
    key = coordinator.world.apply()
    for step in ("open", "reports", "volunteer", "refuse", "close_intake"):
        refused = coordinator.press(step, coordinator.world.newest("volunteers"), token=token)
        assert (refused.status_code, heading(refused)) == (404, "For coordinators")
        assert "aria-invalid=true" in refused.text
        assert "Set-Cookie" not in refused.headers
    assert coordinator.world.person("GET", "volunteer", key).json["status"] == "applied"
    assert coordinator.press("dance").status_code == 422


def test_the_first_look_opens_nothing_that_anybody_said(coordinator: Coordinator) -> None:
    world = coordinator.world
    key, _, _ = world.met()
    world.apply()
    world.person("POST", "safety-report", key, {"text": "planted fear"})
    page = coordinator.press("open")
    assert heading(page) == "What needs you"
    assert "planted" not in page.text.lower()
    assert coordinator.looks() == []


def test_an_application_is_opened_on_the_record_and_approved(coordinator: Coordinator) -> None:
    world = coordinator.world
    key = world.apply()
    ref = world.newest("volunteers")
    shown = coordinator.press("volunteer", ref)
    assert heading(shown) == "Planted Volunteer"
    assert "planted proof" in shown.text
    assert "planted.volunteer@example.org" not in shown.text
    assert coordinator.looks() == ["application"]
    approved = coordinator.press("approve", ref, trained_until=UNTIL, trained_for=["suicidality_survivor"])
    assert "Approved." in approved.text
    seen = world.person("GET", "volunteer", key).json
    assert (seen["status"], seen["trained_until"], seen["trained_for"]) == ("active", UNTIL, ["suicidality_survivor"])


@pytest.mark.parametrize("day", ["", "2020-01-01", "some day"])
def test_an_approval_without_a_day_ahead_comes_back_to_its_form(coordinator: Coordinator, day: str) -> None:
    coordinator.world.apply()
    ref, theme = coordinator.world.newest("volunteers"), "suicidality_survivor"
    refused = coordinator.press("approve", ref, trained_until=day, trained_for=[theme])
    assert (refused.status_code, heading(refused)) == (422, "Planted Volunteer")
    assert "Please choose a day ahead." in refused.text
    assert f'value="{theme}" checked' in refused.text
    assert status(coordinator.world) == "applied"


def test_an_application_that_was_changed_since_it_was_looked_at_is_not_approved_unseen(
    coordinator: Coordinator,
) -> None:
    world = coordinator.world
    key = world.apply()
    ref = world.newest("volunteers")
    [seen] = re.findall(r'name="version" value="(\d+)"', coordinator.press("volunteer", ref).text)
    world.person("PATCH", "volunteer", key, {"evaluative_roles": []})
    late = coordinator.press("approve", ref, trained_until=UNTIL, version=seen)
    assert (late.status_code, status(world)) == (409, "applied")
    for no_version in ("", "x", "-1", "9" * 5000):
        refused = coordinator.press("approve", ref, trained_until=UNTIL, version=no_version)
        assert (refused.status_code, status(world)) == (409, "applied")
    by_api = {"trained_until": UNTIL, "trained_for": [], "version": int(seen)}
    headers = {"Authorization": f"Bearer {world.intake.settings.coordinator_token}"}
    assert world.post(f"/api/v1/coordinator/volunteers/{ref}/approve", json=by_api, headers=headers).status_code == 409
    assert status(world) == "applied"


def test_someone_who_was_refused_is_vetted_like_an_applicant_before_they_are_approved_after_all(
    coordinator: Coordinator,
) -> None:
    coordinator.world.apply()
    ref = coordinator.world.newest("volunteers")
    coordinator.press("refuse", ref)
    shown = coordinator.press("volunteer", ref)
    assert "planted proof" in shown.text
    assert "Planted College" in shown.text
    assert coordinator.looks() == ["application"]


@pytest.mark.parametrize("ref", ["\0", "x\0" * 13, "ü" * 26])
def test_what_cannot_be_a_ref_is_nobody(coordinator: Coordinator, ref: str) -> None:
    for step in ("volunteer", "approve", "close_report"):
        answer = coordinator.press(step, ref, trained_until=UNTIL, version="1")
        assert (answer.status_code, heading(answer)) == (404, "What needs you")


def test_a_training_that_is_over_is_said_to_be_over_on_both_pages(coordinator: Coordinator) -> None:
    world = coordinator.world
    key, ref = world.approved()
    world.rows("UPDATE volunteers SET trained_until = '2026-01-01' RETURNING ref")
    assert "Ended on 1 January 2026" in coordinator.press("open").text
    assert "Their training ended on 1 January 2026" in coordinator.press("volunteer", ref).text
    home = coordinator.browser.post("/volunteer", data={"key": key, "step": "open"})
    assert heading(home) == "Your training is over"
    assert "holds until" not in home.text


def test_a_renewal_of_somebody_who_rests_does_not_say_that_they_can_be_asked(coordinator: Coordinator) -> None:
    world = coordinator.world
    key, ref = world.approved()
    world.person("PATCH", "volunteer", key, {"pause_until": (NOW + timedelta(days=400)).isoformat()})
    world.rows("UPDATE volunteers SET state = 'paused' RETURNING ref")
    renewed = coordinator.press("approve", ref, trained_until=UNTIL)
    assert "They rest" in renewed.text


def test_an_application_is_refused(coordinator: Coordinator) -> None:
    coordinator.world.apply()
    coordinator.press("refuse", coordinator.world.newest("volunteers"))
    assert status(coordinator.world) == "refused"


def test_a_volunteer_is_put_on_hold_and_taken_back(coordinator: Coordinator) -> None:
    _, ref = coordinator.world.approved()
    for step, state in (("suspend", "suspended"), ("reinstate", "active")):
        coordinator.press(step, ref)
        assert status(coordinator.world) == state


def test_a_training_that_ends_is_shown_in_time_and_renewed_without_losing_a_theme(coordinator: Coordinator) -> None:
    world = coordinator.world
    key, ref = world.approved()
    assert "None within thirty days." in coordinator.press("open").text
    ends = (NOW + timedelta(days=30)).date().isoformat()
    world.coordinate(f"{ref}/approve", {"trained_until": ends, "trained_for": ["suicidality_survivor"]})
    assert "Holds until 22 December 2026" in coordinator.press("open").text
    shown = coordinator.press("volunteer", ref)
    assert "planted.volunteer@example.org" in shown.text
    assert coordinator.looks() == ["name_and_address"]
    ticked = re.findall(r'name="trained_for" value="(\w+)" checked', shown.text)
    coordinator.press("approve", ref, trained_until=UNTIL, trained_for=ticked)
    seen = world.person("GET", "volunteer", key).json
    assert (seen["trained_until"], seen["trained_for"]) == (UNTIL, ["suicidality_survivor"])
    assert [each["opened_by"] for each in seen["accesses"]] == ["coordinator"]


def test_a_late_request_is_shown_by_its_age_and_rule_with_one_suggestion(coordinator: Coordinator) -> None:
    world = coordinator.world
    world.ask()
    world.searching(world.newest("requests"), state="waiting", why="no_shared_language", late="no")
    assert "Nobody." in coordinator.press("open").text
    world.searching(world.newest("requests"), state="stalled", why="no_shared_language", late="silent_limit")
    page = coordinator.press("open").text
    assert "Found nobody; asked less than an hour ago" in page
    assert "Nobody left shares a language with the person." in page
    assert "Invite volunteers who speak other languages." in page
    assert world.newest("requests") in page


def test_reports_are_read_on_the_record_and_closed(coordinator: Coordinator) -> None:
    world = coordinator.world
    key = world.ask()
    world.person("POST", "safety-report", key, {"text": "<b>planted fear</b>"})
    assert "1 about safety" in coordinator.press("open").text
    shown = coordinator.press("reports")
    assert "&lt;b&gt;planted fear&lt;/b&gt;" in shown.text
    assert coordinator.looks() == ["report"]
    closed = coordinator.press("close_report", world.newest("reports"))
    assert "None is open." in closed.text
    assert world.rows("SELECT closed FROM reports") == [{"closed": True}]


def test_the_intake_is_closed_until_a_day_and_opened_again(coordinator: Coordinator) -> None:
    closed = coordinator.press("close_intake", until=SOON.isoformat())
    assert f"until {SOON.day} {SOON:%B %Y}" in closed.text
    assert coordinator.world.rows("SELECT open FROM programme") == [{"open": False}]
    coordinator.press("open_intake")
    coordinator.press("close_intake", until="")
    assert coordinator.world.rows("SELECT open, until FROM programme") == [{"open": False, "until": None}]
    coordinator.press("open_intake")
    refused = coordinator.press("close_intake", until="2020-01-01")
    assert refused.status_code == 422
    assert "Please choose a day ahead." in refused.text
    assert coordinator.world.rows("SELECT open FROM programme") == [{"open": True}]


@pytest.mark.parametrize("step", ["volunteer", "approve", "refuse", "suspend", "reinstate", "close_report"])
def test_what_is_not_here_any_more_leads_back_to_what_is(coordinator: Coordinator, step: str) -> None:
    gone = coordinator.press(step, "0" * 26, trained_until=UNTIL)
    assert (gone.status_code, heading(gone)) == (404, "What needs you")


def test_a_step_that_does_not_fit_any_more_is_said_so(coordinator: Coordinator) -> None:
    coordinator.world.apply()
    refused = coordinator.press("suspend", coordinator.world.newest("volunteers"))
    assert (refused.status_code, heading(refused)) == (409, "What needs you")
