"""The pages on a real PostgreSQL: they do what the API does, and say it to people."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.intake.bootstrap import Parts
from services.intake.web_server import whole_app
from tests.integration.intake.world import LATER, NOW, World

ASK = {
    "profession": "nurse",
    "care_area": "critical_care",
    "stage": "early_career",
    "languages": "en",
    "time_zone": "Europe/London",
    "affiliations.none": "on",
    "idempotency_key": "k" * 32,
}
APPLY = {
    **{name: ASK[name] for name in ("profession", "care_area", "stage", "languages", "time_zone")},
    "name": "Planted Volunteer",
    "notify": "planted.volunteer@example.org",
    "affiliations": "Planted Clinic",
    "evaluative_roles.none": "on",
}

Send = Callable[..., TestResponse]


@pytest.fixture
def site(parts: Parts) -> FlaskClient:
    """A browser without cookies, in front of the pages."""
    return whole_app(parts).test_client(use_cookies=False)


def heading(page: TestResponse) -> str:
    """Return the heading of a page."""
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found
    return found[1]


def shown_key(page: TestResponse) -> str:
    """Return the key that a page shows."""
    return "-".join(re.findall(r"<span>([0-9A-Z]{4})</span>", page.text))


def act(site: FlaskClient, path: str, key: str, step: str, **more: str) -> TestResponse:
    """Press a button on one's own page."""
    name = "token" if path == "/offer" else "key"
    return site.post(path, data={name: key, "step": step, **more})


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


def test_a_no_needs_a_reason_and_may_come_with_a_rest(site: FlaskClient, world: World) -> None:
    world.ask()
    volunteer_key, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer))

    assert act(site, "/offer", token, "decline", reason="").status_code == 422
    assert world.events("replies") == []
    act(site, "/offer", token, "decline", reason="no_time_now", days="7")

    assert world.events("replies") == ["declined"]
    assert heading(act(site, "/volunteer", volunteer_key, "open")) == "You are resting"


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
    assert re.search(r'<option value="burnout" selected>', edited.text)


def test_a_volunteer_changes_rests_returns_and_leaves(site: FlaskClient, world: World) -> None:
    # What was vetted stays as the form says it, so nothing of this has to be vetted again.
    key, _ = world.approved(affiliations=[APPLY["affiliations"]], evaluative_roles=[])
    home = act(site, "/volunteer", key, "open")
    assert "Your two words" in home.text

    form = APPLY | {"capacity.active": "2", "capacity.new_per_month": "4"}
    assert "2 at a time, 4 new ones a month" in act(site, "/volunteer", key, "save", **form).text
    missing = act(site, "/volunteer", key, "save", **form | {"affiliations": ""})
    assert (missing.status_code, 'href="#f-affiliations"' in missing.text) == (422, True)
    assert world.person("GET", "volunteer", key).json["profile"]["capacity"]["active"] == 2

    assert act(site, "/volunteer", key, "pause", days="1000").status_code == 422
    assert heading(act(site, "/volunteer", key, "pause", days="14")) == "You are resting"
    assert heading(act(site, "/volunteer", key, "resume")) == "You are with us"
    assert heading(act(site, "/volunteer", key, "leave")) == "Leave and be erased?"
    assert heading(act(site, "/volunteer", key, "leave_yes")) == "Thank you for having been there"
    assert act(site, "/volunteer", key, "open").status_code == 410


def test_an_open_offer_is_on_the_volunteers_page(site: FlaskClient, world: World) -> None:
    world.ask()
    key, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer, expires_at=LATER))

    home = act(site, "/volunteer", key, "open")

    assert token in home.text
    assert "Sunday 22 November, 19:34 (Paris time)" in home.text


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
