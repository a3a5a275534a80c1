"""A volunteer's pages on a real PostgreSQL: the offer and the home page do what the API does."""

import re

import pytest
from flask.testing import FlaskClient

from tests.integration.intake.browsing import APPLY, act, heading, shown_key
from tests.integration.intake.world import LATER, NOW, World


def test_looking_at_an_offer_changes_nothing_and_answering_counts_once(site: FlaskClient, world: World) -> None:
    world.ask()
    _, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer))

    for _ in range(3):
        assert heading(act(site, "/offer", token, "look")) == "Somebody would like to talk"
    assert world.events("replies") == []

    accepted = act(site, "/offer", token, "accept")
    assert (accepted.status_code, heading(accepted)) == (202, "Your answer is noted")
    assert accepted.headers["Retry-After"] == "1"
    other = act(site, "/offer", token, "decline", reason="other")
    assert (other.status_code, "that answer holds" in other.text) == (409, True)
    assert world.events("replies") == ["accepted"]


def test_a_no_needs_a_reason_and_may_come_with_a_rest(site_today: FlaskClient, world: World) -> None:
    world.ask()
    volunteer_key, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer))

    assert act(site_today, "/offer", token, "decline", reason="").status_code == 422
    assert world.events("replies") == []
    act(site_today, "/offer", token, "decline", reason="no_time_now", days="7")

    assert world.events("replies") == ["declined"]
    assert heading(act(site_today, "/volunteer", volunteer_key, "open")) == "You are resting"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("expired", "The time for this one is over"),
        ("superseded", "Somebody else was there first"),
        ("withdrawn", "This is no longer needed"),
        ("declined", "Thank you for saying so"),
    ],
)
def test_a_link_that_is_over_says_so_kindly(site: FlaskClient, world: World, state: str, said: str) -> None:
    world.ask()
    _, volunteer = world.approved()
    offer = world.offered(world.newest("requests"), volunteer, state=state, closed_at=NOW)

    for step in ("look", "accept"):
        answer = act(site, "/offer", world.token(offer), step)
        assert (answer.status_code, heading(answer)) == (200, said)
        assert "Who it is about" not in answer.text


def test_a_forged_link_opens_nothing_and_an_early_one_waits_a_moment(site: FlaskClient, world: World) -> None:
    early = act(site, "/offer", world.token("0" * 26), "look")
    assert (early.status_code, heading(early), early.headers["Retry-After"]) == (202, "One moment, please", "1")
    assert act(site, "/offer", "0" * 26 + "." + "1" * 22, "look").status_code == 404


def test_a_volunteer_applies_and_finds_everything_again(site: FlaskClient, world: World) -> None:
    assert heading(site.post("/volunteer", data={"step": "form"})) == "Apply as a volunteer"
    refused = site.post("/volunteer", data=APPLY | {"step": "apply", "name": ""})
    assert (refused.status_code, "Planted Clinic" in refused.text) == (422, True)

    applied = site.post("/volunteer", data=APPLY | {"step": "apply", "themes.slug": "burnout", "themes.years_ago": "3"})
    key = shown_key(applied)

    assert (applied.status_code, world.events("volunteers")) == (202, ["published"])
    assert heading(act(site, "/volunteer", key, "open")) == "Thank you for applying"
    edited = act(site, "/volunteer", key, "edit")
    assert 'value="Planted Volunteer"' in edited.text
    assert re.search(r'<option value="burnout"[^>]* selected>', edited.text)


def test_a_volunteer_changes_rests_returns_and_leaves(site_today: FlaskClient, world: World) -> None:
    # What was vetted stays as the form says it, so nothing of this has to be vetted again.
    key, _ = world.approved(affiliations=[APPLY["affiliations"]], evaluative_roles=[])
    home = act(site_today, "/volunteer", key, "open")
    assert "Your two words" in home.text

    form = APPLY | {"capacity.active": "2", "capacity.new_per_month": "4"}
    assert "2 at a time, 4 new ones a month" in act(site_today, "/volunteer", key, "save", **form).text
    missing = act(site_today, "/volunteer", key, "save", **form | {"affiliations": ""})
    assert (missing.status_code, 'href="#f-affiliations"' in missing.text) == (422, True)
    assert world.person("GET", "volunteer", key).json["profile"]["capacity"]["active"] == 2

    assert act(site_today, "/volunteer", key, "pause", days="1000").status_code == 422
    assert heading(act(site_today, "/volunteer", key, "pause", days="14")) == "You are resting"
    assert heading(act(site_today, "/volunteer", key, "resume")) == "You are with us"
    assert heading(act(site_today, "/volunteer", key, "leave")) == "Leave and be erased?"
    assert heading(act(site_today, "/volunteer", key, "leave_yes")) == "Thank you for having been there"
    assert act(site_today, "/volunteer", key, "open").status_code == 410


def test_an_open_offer_is_on_the_volunteers_page(site: FlaskClient, world: World) -> None:
    world.ask()
    key, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer, expires_at=LATER))

    home = act(site, "/volunteer", key, "open")

    assert token in home.text
    assert "Sunday 22 November, 19:34 (Paris time)" in home.text
