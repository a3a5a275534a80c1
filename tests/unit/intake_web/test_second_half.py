"""Volunteers rest and come from those who were helped; those who worry about a colleague find words and a card."""

from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from tests.unit.intake_web.drawn import pages
from tests.unit.intake_web.markup import Page
from tests.unit.intake_web.samples import KEY, renderer


def words_of(name: str) -> str:
    """Return what a page says."""
    return Page(pages()[name]).every("main")[0].words


def test_a_rest_is_one_tap_and_comes_before_everything_else_on_the_home_page() -> None:
    page = Page(pages()["volunteer active"])

    first = next(element for element in page.elements if element.tag == "button")
    assert (first["value"], first.words) == ("pause", "I need a rest")
    form = first.inside[-1]
    sent = {each["name"]: each["value"] for each in page.every("input") if form in each.inside}
    assert sent == {"key": KEY, "days": "14"}


def test_someone_who_rests_comes_back_in_one_tap() -> None:
    page = Page(pages()["volunteer paused"])

    assert page.every("button")[0]["value"] == "resume"
    for state in set(VolunteerState) - {VolunteerState.ACTIVE, VolunteerState.PAUSED}:
        assert "I need a rest" not in words_of(f"volunteer {state}")


def test_after_the_end_and_only_then_stands_that_someone_may_need_you() -> None:
    invited = {state for state in RequestState if "someone may need you" in words_of(f"request {state}")}

    assert invited == {RequestState.CLOSED, RequestState.WITHDRAWN}
    assert "someone may need you" in words_of("erased")


def test_the_way_to_volunteering_carries_nothing_of_the_request() -> None:
    for name in ("request closed", "erased"):
        links = [link for link in Page(pages()[name]).every("a") if link.words == "What volunteers do"]
        assert [(link["href"], link["rel"]) for link in links] == [("/volunteer", "")]


def test_the_card_for_a_colleague_says_where_to_go_and_whom_to_call() -> None:
    page = Page(pages()["colleague"])

    card = next(section for section in page.every("section") if section["class"] == "handout")
    for said in ("You do not have to carry it alone", "peers.example", "999", "116 123"):
        assert said in card.words
    assert "* Number not checked by this programme lately." in card.words


def test_what_stands_around_the_card_is_not_printed() -> None:
    page = Page(pages()["colleague"])

    intake = [element["class"] for element in page.elements if element.inside and element.inside[-1].tag == "main"]
    assert intake == ["screen", "handout"]


def test_without_a_country_the_card_names_no_number_that_may_be_wrong() -> None:
    said = words_of("colleague anywhere")

    assert "Call the emergency number of your country." in said
    assert "999" not in said


def test_a_lost_request_key_is_said_to_be_lost_and_the_request_to_end_by_itself() -> None:
    said = words_of("request key")

    assert "cannot be recovered" in said
    assert "ends by itself" in said


def test_a_lost_volunteer_key_is_replaced_by_a_link_without_a_word_on_who_is_known() -> None:
    page = Page(pages()["volunteer key"])

    assert "link" in [button["value"] for button in page.every("button")]
    assert "We never say here whether we know it." in page.every("main")[0].words


def test_the_waiting_page_names_the_hour_by_the_persons_own_clock() -> None:
    assert "Sunday 22 November, 12:00 (London time)" in words_of("request waiting")
    assert "12:00" not in renderer().draw("request_key.html", error="")
