"""What the two pages of a match say, and what they let people do."""

import pytest

from services.intake.domain.offers import View
from services.intake.domain.requests import RequestState
from services.intake.web.rendering import crisis_lines
from services.intake.web.wording import OFFERS, PAUSES
from tests.unit.intake_web.markup import Page
from tests.unit.intake_web.samples import NOW, TALK, TOKEN, offer_view, pages, renderer


def buttons(name: str) -> set[str]:
    """Return the steps that a page offers."""
    return {button["value"] for button in Page(pages()[name]).every("button")}


def offer_page(view: View, *, phone: str = "", country: str = "GB") -> str:
    """Return what a volunteer reads on an offer's page."""
    html = renderer(country=country, phone=phone).draw(
        "offer.html",
        token=TOKEN,
        offer=offer_view(view),
        said=OFFERS[view],
        notice="",
        revealed=None,
        pauses=PAUSES,
        talk=TALK,
        lines=crisis_lines(country, NOW.date()),
    )
    return Page(html).every("main")[0].words


def test_both_sides_can_write_from_the_volunteers_yes_until_the_end() -> None:
    person = {state for state in RequestState if "write" in buttons(f"request {state}")}
    volunteer = {view for view in View if "write" in buttons(f"offer {view}")}

    assert person == {RequestState.MATCHED, RequestState.INTRODUCED}
    assert volunteer == {View.MATCHED, View.INTRODUCED}


def test_both_can_say_in_one_tap_that_they_have_spoken_once_they_are_introduced() -> None:
    person = {state for state in RequestState if "spoken" in buttons(f"request {state}")}
    volunteer = {view for view in View if "spoken" in buttons(f"offer {view}")}

    assert (person, volunteer) == ({RequestState.INTRODUCED}, {View.INTRODUCED})


def test_a_person_can_ask_for_someone_else_whenever_there_is_or_was_a_peer() -> None:
    asking = {state for state in RequestState if "another" in buttons(f"request {state}")}

    assert asking == {RequestState.MATCHED, RequestState.INTRODUCED, RequestState.ENDED}


def test_a_volunteer_can_hand_back_while_they_have_somebody() -> None:
    assert {view for view in View if "hand_back" in buttons(f"offer {view}")} == {View.MATCHED, View.INTRODUCED}


def test_each_text_says_whose_it_is_on_either_page() -> None:
    on_the_persons = [item.words for item in Page(pages()["request matched"]).every("li")]
    on_the_volunteers = [item.words for item in Page(pages()["offer matched"]).every("li")]

    assert "You, Sunday 22 November, 12:00 (London time) Good evening. Tuesday?" in on_the_persons
    assert "Your peer, Sunday 22 November, 12:00 (London time) Yes, at seven." in on_the_persons
    assert "The person, Sunday 22 November, 13:00 (Paris time) Good evening. Tuesday?" in on_the_volunteers


@pytest.mark.parametrize("name", ["request with a text refused", "offer with a text refused"])
def test_a_refused_text_comes_back_to_its_writer_with_the_reason(name: str) -> None:
    page = Page(pages()[name])

    area = next(area for area in page.every("textarea") if area["id"] == "text")
    assert (area.words, area["aria-invalid"]) == ("Good evening.", "true")
    assert "Please shorten it." in page.every("main")[0].words


@pytest.mark.parametrize("view", [View.MATCHED, View.INTRODUCED])
def test_after_a_yes_stands_how_to_begin_and_whom_to_ring_when_it_cannot_wait(view: View) -> None:
    said = offer_page(view, phone="01632 960 000")

    for heading in ("How to begin", "What this is not", "If you fear for a life"):
        assert heading in said
    assert "call 999 . Say where they are" in said
    assert "The coordinator: 01632 960 000" in said


def test_a_missing_coordinators_number_and_country_are_said_to_be_missing() -> None:
    said = offer_page(View.MATCHED, country="")

    assert "has not filled in the coordinator's number" in said
    assert "the emergency number of the country they are in" in said


def test_before_a_yes_nobody_is_told_how_to_begin() -> None:
    for view in set(View) - {View.MATCHED, View.INTRODUCED}:
        assert "How to begin" not in offer_page(view)


def test_something_can_be_reported_from_every_page_that_a_key_opens() -> None:
    for name in ("request waiting", "request introduced", "volunteer active", "offer open", "offer ended"):
        assert "report" in buttons(name)
    assert {"send_report", "look"} <= buttons("report")
    assert Page(pages()["report refused"]).every("textarea")[0].words == "abc"
