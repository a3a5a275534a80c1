"""What the two pages of a match say, and what they let people do."""

from dataclasses import replace

import pytest

from services.intake.domain.offers import OfferStatus
from services.intake.domain.requests import RequestState
from services.intake.handlers.reading import Text
from services.intake.web.conversation import NOTHING_REFUSED
from services.intake.web.rendering import crisis_lines
from services.intake.web.site import PAUSES
from shared.vocabulary import vocabulary
from tests.unit.intake_web.drawn import pages
from tests.unit.intake_web.markup import Page
from tests.unit.intake_web.samples import KEY, LINES, NOW, TALK, TOKEN, offer_view, renderer, request_view


def buttons(name: str) -> set[str]:
    """Return the steps that a page offers."""
    return {button["value"] for button in Page(pages()[name]).every("button")}


def offer_page(view: OfferStatus, *, phone: str = "", country: str = "GB") -> str:
    """Return what a volunteer reads on an offer's page."""
    html = renderer(country=country, phone=phone).draw(
        "offer.html",
        token=TOKEN,
        offer=offer_view(view),
        said=view,
        notice="",
        revealed=None,
        pauses=PAUSES,
        conversation=TALK,
        draft=NOTHING_REFUSED,
        lines=crisis_lines(LINES, country, NOW.date()),
    )
    return Page(html).every("main")[0].words


def test_both_sides_can_write_from_the_volunteers_yes_until_the_end() -> None:
    person = {state for state in RequestState if "write" in buttons(f"request {state}")}
    volunteer = {view for view in OfferStatus if "write" in buttons(f"offer {view}")}

    assert person == {RequestState.MATCHED, RequestState.INTRODUCED}
    assert volunteer == {OfferStatus.MATCHED, OfferStatus.INTRODUCED}


def test_both_can_say_in_one_tap_that_they_have_spoken_once_they_are_introduced() -> None:
    person = {state for state in RequestState if "spoken" in buttons(f"request {state}")}
    volunteer = {view for view in OfferStatus if "spoken" in buttons(f"offer {view}")}

    assert (person, volunteer) == ({RequestState.INTRODUCED}, {OfferStatus.INTRODUCED})


def test_a_person_can_ask_for_someone_else_whenever_there_is_or_was_a_peer() -> None:
    asking = {state for state in RequestState if "another" in buttons(f"request {state}")}

    assert asking == {RequestState.MATCHED, RequestState.INTRODUCED, RequestState.ENDED}


def test_a_volunteer_can_hand_back_while_they_have_somebody() -> None:
    handing_back = {view for view in OfferStatus if "hand_back" in buttons(f"offer {view}")}
    assert handing_back == {OfferStatus.MATCHED, OfferStatus.INTRODUCED}


def test_each_text_says_whose_it_is_on_either_page() -> None:
    on_the_persons = [item.words for item in Page(pages()["request matched"]).every("li")]
    on_the_volunteers = [item.words for item in Page(pages()["offer matched"]).every("li")]

    assert "You, Sunday 22 November, 12:00 (London time) Good evening. Tuesday?" in on_the_persons
    assert "Your peer, Sunday 22 November, 12:00 (London time) Yes, at seven." in on_the_persons
    assert "The person, Sunday 22 November, 13:00 (Paris time) Good evening. Tuesday?" in on_the_volunteers


def test_a_proposed_time_is_said_by_each_readers_own_clock_and_names_it() -> None:
    person, volunteer = Page(pages()["request matched"]), Page(pages()["offer matched"])

    [theirs] = [each for each in person.every("p") if each["class"] == "proposes"]
    [mine] = [each for each in volunteer.every("p") if each["class"] == "proposes"]
    assert theirs.words == "Proposes to talk on Tuesday 24 November, 19:00 (London time) ."
    assert mine.words == "You propose to talk on Tuesday 24 November, 20:00 (Paris time) ."
    # A script that said it by the device's clock would say it without naming the zone.
    [said] = [time for time in person.every("time") if theirs in time.inside]
    assert (said["datetime"], "data-local" in said.attributes) == ("2026-11-24T19:00:00Z", False)


def test_a_proposal_alone_shows_no_empty_text() -> None:
    page = Page(pages()["request matched"])

    alone = page.every("ol")[0]
    assert [each.words for each in page.every("p") if alone in each.inside and not each.words] == []


@pytest.mark.parametrize(("name", "clock"), [("request introduced", "London time"), ("offer introduced", "Paris time")])
def test_the_field_for_a_time_names_the_clock_by_which_it_is_read(name: str, clock: str) -> None:
    page = Page(pages()[name])

    [field] = [each for each in page.every("input") if each["name"] == "proposes"]
    assert (field["type"], "required" in field.attributes) == ("datetime-local", False)
    hint = next(each for each in page.every("p") if each["id"] == field["aria-describedby"])
    assert f"in {clock}" in hint.words


def test_a_refused_time_comes_back_to_its_writer_beside_the_text() -> None:
    page = Page(pages()["request with a time refused"])

    area = next(area for area in page.every("textarea") if area["id"] == "text")
    field = next(each for each in page.every("input") if each["id"] == "proposes")
    assert (area.words, area["aria-invalid"]) == ("Good evening.", "")
    assert (field["value"], field["aria-invalid"]) == ("2026-11-20T18:30", "true")
    assert field["aria-describedby"] == "proposes-hint proposes-error"


def test_how_many_texts_are_left_is_said_once_they_are_few() -> None:
    def said(written: int) -> str:
        conversation = replace(TALK, texts=[Text("a" * 26, "person", "x", NOW)] * written)
        view = request_view(RequestState.INTRODUCED)
        html = renderer().draw(
            "request.html", key=KEY, view=view, notice="", conversation=conversation, draft=NOTHING_REFUSED
        )
        return Page(html).every("main")[0].words

    most = vocabulary().defaults.conversation.messages_per_match
    assert "can be written here" not in said(most - 11)
    assert "10 more texts can be written here, by the two of you together." in said(most - 10)
    assert "One more text can be written here" in said(most - 1)
    assert "No more texts can be written here. Please go on in the way you agreed on." in said(most)


def test_where_no_text_is_left_nothing_asks_for_one() -> None:
    assert "write" not in buttons("request with no text left")
    assert "spoken" in buttons("request with no text left")


@pytest.mark.parametrize("name", ["request with a text refused", "offer with a text refused"])
def test_a_refused_text_comes_back_to_its_writer_with_the_reason(name: str) -> None:
    page = Page(pages()[name])

    area = next(area for area in page.every("textarea") if area["id"] == "text")
    assert (area.words, area["aria-invalid"]) == ("Good evening.", "true")
    assert "Please shorten it." in page.every("main")[0].words


@pytest.mark.parametrize("view", [OfferStatus.MATCHED, OfferStatus.INTRODUCED])
def test_after_a_yes_stands_how_to_begin_and_whom_to_ring_when_it_cannot_wait(view: OfferStatus) -> None:
    said = offer_page(view, phone="01632 960 000")

    for heading in ("How to begin", "What this is not", "If you fear for a life"):
        assert heading in said
    assert "call 999 . Say where they are" in said
    assert "The coordinator: 01632 960 000" in said


def test_a_missing_coordinators_number_and_country_are_said_to_be_missing() -> None:
    said = offer_page(OfferStatus.MATCHED, country="")

    assert "has not filled in the coordinator's number" in said
    assert "the emergency number of the country they are in" in said


def test_before_a_yes_nobody_is_told_how_to_begin() -> None:
    for view in set(OfferStatus) - {OfferStatus.MATCHED, OfferStatus.INTRODUCED}:
        assert "How to begin" not in offer_page(view)


def test_something_can_be_reported_from_every_page_that_a_key_opens() -> None:
    for name in ("request waiting", "request introduced", "volunteer active", "offer open", "offer ended"):
        assert "report" in buttons(name)
    assert {"send_report", "look"} <= buttons("report")
    assert Page(pages()["report refused"]).every("textarea")[0].words == "abc"
