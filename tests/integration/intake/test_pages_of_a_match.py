"""The pages of a match on a real PostgreSQL: write, speak, ask for someone else, hand back, report."""

import pytest
from flask.testing import FlaskClient

from tests.integration.intake.browsing import act, heading
from tests.integration.intake.world import NOW, World


def introduced(world: World) -> tuple[str, str]:
    """Let two people meet and both say yes; return request key and offer token."""
    key, token, match = world.met()
    assert world.person("POST", "request/introduce", key, {"match": match}).status_code == 200
    return key, token


def test_what_one_side_writes_stands_on_both_pages_and_nowhere_readable(site: FlaskClient, world: World) -> None:
    key, token, _ = world.met()

    written = act(site, "/request", key, "write", text="planted text, before any yes")
    answered = act(site, "/offer", token, "write", text="planted answer")

    assert (written.status_code, answered.status_code) == (200, 200)
    for page in (answered, act(site, "/request", key, "open")):
        assert "planted text, before any yes" in page.text
        assert "planted answer" in page.text
    assert "planted" not in str(world.rows("SELECT * FROM messages"))
    assert "+44 20 7946 0958" not in answered.text


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2_001])
def test_a_refused_text_comes_back_and_is_not_stored(site: FlaskClient, world: World, text: str) -> None:
    key, token, _ = world.met()

    for path, holder in (("/request", key), ("/offer", token)):
        refused = act(site, path, holder, "write", text=text)
        assert refused.status_code == 422
        assert "aria-invalid=true" in refused.text
        assert text.strip() in refused.text
    assert world.rows("SELECT * FROM messages") == []


def test_nobody_writes_where_there_is_no_match(site: FlaskClient, world: World) -> None:
    key = world.ask()

    answer = act(site, "/request", key, "write", text="planted text")

    assert (answer.status_code, "That was no longer possible" in answer.text) == (409, True)
    assert 'name="text"' not in answer.text


def test_we_have_spoken_is_one_tap_on_either_side(site: FlaskClient, world: World) -> None:
    key, token = introduced(world)

    for path, holder in (("/request", key), ("/offer", token)):
        spoken = act(site, path, holder, "spoken")
        assert (spoken.status_code, "good that you have spoken" in spoken.text) == (200, True)


def test_a_person_asks_for_someone_else_and_the_search_begins_again(site: FlaskClient, world: World) -> None:
    key, token, _ = world.met()

    again = act(site, "/request", key, "another")

    assert (again.status_code, heading(again)) == (200, "Looking for your peer")
    assert world.rows("SELECT round FROM requests") == [{"round": 2}]
    assert 'name="text"' not in act(site, "/offer", token, "look").text


def test_a_volunteer_hands_back_and_nothing_more_is_asked_of_them(site: FlaskClient, world: World) -> None:
    key, token = introduced(world)

    handed = act(site, "/offer", token, "hand_back")

    assert handed.status_code in {200, 202}
    assert world.events("replies") == ["accepted", "handed_back"]
    assert act(site, "/offer", token, "hand_back").status_code in {200, 202, 409}
    assert world.events("replies") == ["accepted", "handed_back"]
    assert world.person("GET", "request", key).status_code == 200


@pytest.mark.parametrize("whose", ["/request", "/volunteer", "/offer"])
def test_a_report_reaches_the_coordinator_from_every_page(site: FlaskClient, world: World, whose: str) -> None:
    key, token, _ = world.met()
    volunteer = world.apply(name="Somebody else")
    holder = {"/request": key, "/volunteer": volunteer, "/offer": token}[whose]

    assert heading(act(site, whose, holder, "report")) == "Tell a coordinator"
    empty = act(site, whose, holder, "send_report", text=" ")
    assert (empty.status_code, "Please say in a few words" in empty.text) == (422, True)
    sent = act(site, whose, holder, "send_report", text="planted worry")

    assert (sent.status_code, heading(sent)) == (200, "Thank you for telling us")
    assert holder in sent.text
    assert [row["kind"] for row in world.rows("SELECT kind FROM reports")] == ["safety"]


def test_the_hour_of_the_next_try_is_said_by_the_persons_own_clock(site: FlaskClient, world: World) -> None:
    key = world.ask(time_zone="Pacific/Auckland")
    world.searching(world.newest("requests"), why="asleep", next_try_at=NOW)

    page = act(site, "/request", key, "open")

    assert "Nobody who fits is awake and free at this hour." in page.text
    assert "Monday 23 November, 01:34 (Auckland time)" in page.text


def test_the_end_of_an_answers_time_is_said_by_the_volunteers_own_clock(site: FlaskClient, world: World) -> None:
    world.ask()
    _, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer))

    assert "Sunday 22 November, 19:34 (Paris time)" in act(site, "/offer", token, "look").text


def test_both_pages_ask_how_it_goes_once_the_house_has_asked(site: FlaskClient, world: World) -> None:
    key, token = introduced(world)
    request, volunteer, offer = (world.newest(table) for table in ("requests", "volunteers", "offers"))
    for path, holder in (("/request", key), ("/offer", token)):
        assert "How is it going?" not in act(site, path, holder, "open" if path == "/request" else "look").text
    match = world.newest("matches")
    world.matched(request, volunteer, offer, match=match, introduced_at=NOW, check_ins=1)
    for path, holder in (("/request", key), ("/offer", token)):
        assert "How is it going?" in act(site, path, holder, "open" if path == "/request" else "look").text
