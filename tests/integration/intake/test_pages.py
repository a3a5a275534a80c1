"""The pages on a real PostgreSQL: they do what the API does, and say it to people."""

import re

import pytest
from flask.testing import FlaskClient

from tests.integration.intake.browsing import ASK, act, heading, shown_key
from tests.integration.intake.world import World


def test_asking_shows_a_key_that_opens_the_request(site: FlaskClient, world: World) -> None:
    asked = site.post("/ask", data=ASK)

    assert asked.status_code == 201
    assert world.events("requests") == ["published"]
    opened = act(site, "/request", shown_key(asked).lower().replace("-", " "), "open")
    assert (opened.status_code, heading(opened)) == (200, "Looking for your peer")


def test_a_form_sent_twice_is_one_request_and_shows_the_same_key(site: FlaskClient, world: World) -> None:
    keys = {shown_key(site.post("/ask", data=ASK)) for _ in range(2)}

    assert len(keys) == 1
    assert world.events("requests") == ["published"]


def test_another_form_under_the_same_form_key_is_told_that_the_first_stands(site: FlaskClient, world: World) -> None:
    site.post("/ask", data=ASK)

    again = site.post("/ask", data=ASK | {"words": "planted"})

    assert (again.status_code, heading(again)) == (422, "This form was sent before")
    assert "planted" not in again.text


def test_a_refused_form_comes_back_filled_in_and_stores_nothing(site: FlaskClient, world: World) -> None:
    refused = site.post("/ask", data=ASK | {"profession": "", "words": "planted words"})

    assert refused.status_code == 422
    assert 'href="#f-profession"' in refused.text
    assert "planted words" in refused.text
    assert ASK["idempotency_key"] in refused.text
    assert world.events("requests") == []


def test_the_theme_that_matters_most_has_to_be_one_of_the_themes(site: FlaskClient, world: World) -> None:
    refused = site.post("/ask", data=ASK | {"themes": "burnout", "most_important": "bereavement"})

    assert refused.status_code == 422
    assert "This is not one of the themes you chose." in refused.text


def test_the_preview_shows_the_card_and_stores_nothing(site: FlaskClient, world: World) -> None:
    shown = site.post("/ask", data=ASK | {"step": "preview", "themes": "burnout"})

    assert shown.status_code == 200
    assert "What a peer who is asked would see" in shown.text
    assert world.events("requests") == []


@pytest.mark.parametrize("path", ["/request", "/volunteer"])
@pytest.mark.parametrize(("key", "status"), [("", 422), ("abc", 422), ("0" * 28, 404), ("0" * 27 + "1", 422)])
def test_a_wrong_key_is_told_so_and_may_be_tried_again(
    site: FlaskClient, world: World, path: str, key: str, status: int
) -> None:
    answer = act(site, path, key, "open")

    assert answer.status_code == status
    assert "aria-invalid=true" in answer.text


def test_wishes_are_shown_as_they_are_and_changed(site: FlaskClient, world: World) -> None:
    key = world.ask()

    shown = act(site, "/request", key, "wishes")
    assert 'value="planted' not in shown.text
    assert re.search(r'name="themes" value="burnout" checked', shown.text)

    form = {"languages": "en", "urgency": "today", "themes": "bereavement", "care_area_wish": "same"}
    saved = act(site, "/request", key, "save_wishes", **form)

    assert saved.status_code == 200
    seen = world.person("GET", "request", key).json
    assert seen["wishes"]["urgency"] == "today"
    assert seen["wishes"]["themes"] == ["bereavement"]
    assert seen["wishes"]["most_important"] is None


def test_wishes_that_contradict_each_other_come_back(site: FlaskClient, world: World) -> None:
    form = {"languages": "en", "themes": "burnout", "most_important": "bereavement", "urgency": "wizard"}

    refused = act(site, "/request", world.ask(), "save_wishes", **form)

    assert refused.status_code == 422
    assert 'href="#f-urgency"' in refused.text


def test_a_request_is_withdrawn_once_and_for_all(site: FlaskClient, world: World) -> None:
    key = world.ask()

    assert heading(act(site, "/request", key, "withdraw")) == "Withdrawn"
    too_late = act(site, "/request", key, "introduce", match="m" * 26)
    assert (too_late.status_code, heading(too_late)) == (409, "Withdrawn")


def test_closing_needs_a_reason(site: FlaskClient, world: World) -> None:
    key = world.ask()

    assert act(site, "/request", key, "close").status_code == 422
    assert heading(act(site, "/request", key, "close", reason="no_match_found")) == "Closed"


def test_erasing_asks_first_and_gives_a_receipt_that_checks_out(site: FlaskClient, world: World) -> None:
    key = world.ask()

    assert heading(act(site, "/request", key, "erase")) == "Erase everything?"
    assert world.person("GET", "request", key).status_code == 200
    erased = act(site, "/request", key, "erase_yes")
    receipt = re.search(r'class="receipt">(.*?)<', erased.text)
    assert receipt

    assert heading(site.post("/receipt", data={"receipt": receipt[1]})) == "It is true: destroyed"
    assert site.post("/receipt", data={"receipt": receipt[1][:-1]}).status_code == 422
    gone = act(site, "/request", key, "open")
    assert (gone.status_code, heading(gone)) == (410, "This was erased")


def test_the_whole_story_of_two_yeses(site: FlaskClient, world: World) -> None:
    key, token, match = world.met()

    seen = act(site, "/request", key, "open")
    assert "Planted Clinic" in seen.text
    assert "planted phone" not in seen.text
    too_early = act(site, "/offer", token, "reveal")
    assert (too_early.status_code, "planted words" in too_early.text) == (409, False)

    assert heading(act(site, "/request", key, "introduce", match=match)) == "You both said yes"
    assert "planted words" not in act(site, "/offer", token, "look").text
    revealed = act(site, "/offer", token, "reveal")
    assert "planted words of the person" in revealed.text
    assert "your peer opened your words" in act(site, "/request", key, "open").text


def test_half_a_character_that_came_by_the_api_spoils_no_page(site: FlaskClient, world: World) -> None:
    key, token, match = world.met(words="half \ud800 a character")
    act(site, "/request", key, "introduce", match=match)

    revealed = act(site, "/offer", token, "reveal")

    assert revealed.status_code == 200
    assert "half ? a character" in revealed.text


def test_a_yes_to_another_match_than_the_one_that_was_read_is_no_yes(site: FlaskClient, world: World) -> None:
    key, _, _ = world.met()

    answer = act(site, "/request", key, "introduce", match="0" * 26)

    assert answer.status_code == 409
    assert heading(answer) == "There is somebody for you"


def test_no_answer_sets_a_cookie_and_all_have_one_of_three_sizes(site: FlaskClient, world: World) -> None:
    key = world.ask()
    answers = [
        *(site.get(path) for path in ("/", "/ask", "/request", "/receipt", "/volunteer", "/offer", "/nowhere")),
        *(
            act(site, "/request", key, step)
            for step in ("open", "wishes", "erase", "close", "nonsense", "erase_yes", "open")
        ),
    ]

    assert {len(answer.data) // 1024 for answer in answers} <= {32, 64, 128}
    assert not [answer for answer in answers if "Set-Cookie" in answer.headers]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_on_the_page_a_time_over_midnight_is_made_two_the_first_until_00_00(site: FlaskClient, world: World) -> None:
    said = {"availability.mon.from": "23:30", "availability.mon.to": "00:30"}
    refused = site.post("/ask", data=ASK | said)
    assert refused.status_code == 422
    assert "Over midnight, make it two: until 00:00, and from 00:00 on the next day." in refused.text
    assert refused.text.count('name="availability.mon.from"') == 2

    said |= {"availability.mon.to": "00:00", "availability.tue.from": "00:00", "availability.tue.to": "00:30"}
    key = shown_key(site.post("/ask", data=ASK | said))
    assert world.person("GET", "request", key).json["wishes"]["availability"] == [
        {"day": "mon", "from": "23:30", "to": "24:00"},
        {"day": "tue", "from": "00:00", "to": "00:30"},
    ]
    page = act(site, "/request", key, "wishes")
    assert re.search(r'name="availability.mon.to" value="00:00"', page.text)
