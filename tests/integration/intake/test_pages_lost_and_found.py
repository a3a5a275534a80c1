"""A volunteer's page opened by a home link, with and without a PIN, on a real PostgreSQL."""

import re

from flask.testing import FlaskClient

from shared.vault.tokens import home_link, to_type
from tests.integration.intake.browsing import act, heading
from tests.integration.intake.world import World

PIN = "8624"


def link_of(world: World, volunteer: str, generation: int = 0) -> str:
    """Return the home link of a volunteer."""
    return home_link(world.intake.links, volunteer, generation)


def hidden(page: str) -> set[tuple[str, str]]:
    """Return names and values of the hidden inputs of a page."""
    return set(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_a_home_link_opens_the_page_and_goes_from_step_to_step(site_today: FlaskClient, world: World) -> None:
    _, volunteer = world.approved()
    link = link_of(world, volunteer)

    assert heading(act(site_today, "/volunteer", to_type(link).upper(), "open")) == "You are with us"
    rested = act(site_today, "/volunteer", link, "pause", days="14")

    assert heading(rested) == "You are resting"
    assert ("key", link) in hidden(rested.text)
    assert heading(act(site_today, "/volunteer", link, "leave")) == "Leave and be erased?"


def test_an_old_link_and_a_made_up_one_open_nothing_and_say_which_it_is(site: FlaskClient, world: World) -> None:
    _, volunteer = world.approved()
    link = link_of(world, volunteer)

    assert "A newer link was sent since" not in act(site, "/volunteer", link, "open").text
    old = act(site, "/volunteer", link_of(world, volunteer, 1), "open")
    made_up = act(site, "/volunteer", link[:-1] + ("0" if link[-1] != "0" else "1"), "open")

    assert (old.status_code, "A newer link was sent since" in old.text) == (401, True)
    assert (made_up.status_code, "opens nothing here" in made_up.text) == (404, True)


def test_with_a_pin_a_link_asks_for_it_on_every_way_in_and_the_key_does_not(
    site_today: FlaskClient, world: World
) -> None:
    key, volunteer = world.approved()
    link = link_of(world, volunteer)
    refused = act(site_today, "/volunteer", key, "set_pin", new_pin="12")
    assert (refused.status_code, "A PIN has 4 to 12 digits" in refused.text) == (422, True)

    assert heading(act(site_today, "/volunteer", link, "set_pin", new_pin=PIN)) == "You are with us"

    for step in ("open", "edit", "pause", "leave_yes"):
        asked = act(site_today, "/volunteer", link, step, days="14")
        assert (asked.status_code, heading(asked)) == (401, "Your PIN")
    wrong = act(site_today, "/volunteer", link, "open", pin="0000")
    assert (wrong.status_code, "This is not your PIN." in wrong.text) == (401, True)
    opened = act(site_today, "/volunteer", link, "open", pin=PIN)
    assert {("key", link), ("pin", PIN)} <= hidden(opened.text)
    assert heading(act(site_today, "/volunteer", key, "open")) == "You are with us"


def test_a_pin_tried_too_often_waits_and_the_key_still_opens(site: FlaskClient, world: World) -> None:
    key, volunteer = world.approved()
    link = link_of(world, volunteer)
    act(site, "/volunteer", key, "set_pin", new_pin=PIN)

    for _ in range(5):
        act(site, "/volunteer", link, "open", pin="0000")
    blocked = act(site, "/volunteer", link, "open", pin=PIN)

    assert (blocked.status_code, "no PIN is taken for a while" in blocked.text) == (429, True)
    assert heading(act(site, "/volunteer", key, "open")) == "You are with us"


def test_a_pin_can_be_changed_and_taken_away_from_within(site: FlaskClient, world: World) -> None:
    _, volunteer = world.approved()
    link = link_of(world, volunteer)
    act(site, "/volunteer", link, "set_pin", new_pin=PIN)

    changed = act(site, "/volunteer", link, "set_pin", new_pin="1357", pin=PIN)
    assert ("pin", "1357") in hidden(changed.text)
    dropped = act(site, "/volunteer", link, "drop_pin", pin="1357")

    assert "without a PIN now" in dropped.text
    assert heading(act(site, "/volunteer", link, "open")) == "You are with us"


def test_a_report_by_home_link_needs_the_pin_too(site: FlaskClient, world: World) -> None:
    _, volunteer = world.approved()
    link = link_of(world, volunteer)
    act(site, "/volunteer", link, "set_pin", new_pin=PIN)

    assert act(site, "/volunteer", link, "send_report", text="planted worry").status_code == 401
    assert world.rows("SELECT * FROM reports") == []
    form = act(site, "/volunteer", link, "report", pin=PIN)
    assert {("key", link), ("pin", PIN)} <= hidden(form.text)
    sent = act(site, "/volunteer", link, "send_report", text="planted worry", pin=PIN)
    assert heading(sent) == "Thank you for telling us"


def test_an_address_that_nobody_has_gets_the_same_answer_as_a_volunteers(site: FlaskClient, world: World) -> None:
    world.apply()

    answers = [
        site.post("/volunteer", data={"step": "link", "value": value})
        for value in ("planted.volunteer@example.org", "nobody@example.org", "", "no address")
    ]

    assert {(answer.status_code, answer.data) for answer in answers} == {(202, answers[0].data)}


def test_whose_program_is_called_reads_the_secret_of_its_calls_and_nobody_else_does(
    site: FlaskClient, world: World
) -> None:
    hook = {"channel": "webhook", "value": "https://hook.example.org/alongside", "language": "en"}
    called, _ = world.approved(notify=hook)
    written_to, _ = world.approved(name="Planted Other")
    secret = world.person("GET", "volunteer", called).json["webhook_secret"]
    assert secret in act(site, "/volunteer", called, "open").text
    assert "made with this secret" not in act(site, "/volunteer", written_to, "open").text
