"""What single pages say, and what they leave out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.intake.domain.offers import OfferStatus
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.conversation import Revealed
from services.intake.settings import Trust
from services.intake.texts import texts
from services.intake.texts.saying import when
from services.intake.web.conversation import NOTHING_REFUSED
from services.intake.web.forms.model import Filled
from services.intake.web.forms.person import ASK
from services.intake.web.rendering import Renderer, crisis_lines
from services.intake.web.site import PAUSES
from tests.unit.intake_web.drawn import pages
from tests.unit.intake_web.markup import Page
from tests.unit.intake_web.samples import (
    KEY,
    LINES,
    NOW,
    PERSON,
    TALK,
    TOKEN,
    offer_view,
    renderer,
    request_view,
)

BARE_FORM: dict[str, Any] = {"form_key": "k" * 32, "card": None, "away": False}


def asking(site: Renderer) -> str:
    """Return the text of an empty form."""
    filled = Filled(ASK, ASK.untouched(), {}, ASK.untouched())
    html = site.draw("ask.html", filled=filled, **BARE_FORM)
    return Page(html).every("main")[0].words


def request_page(state: RequestState) -> str:
    """Return a request's page."""
    return renderer().draw(
        "request.html", key=KEY, view=request_view(state), notice="", conversation=None, draft=NOTHING_REFUSED
    )


def test_the_number_for_danger_of_life_comes_first_and_can_be_called() -> None:
    for name in ("start", "not safe"):
        lines = [link["href"] for link in Page(pages()[name]).every("a") if link["href"].startswith("tel:")]
        assert lines[:1] == (["tel:999"] if name == "start" else [])
    first = next(item for item in Page(pages()["not safe"]).every("li") if item["class"] == "emergency")
    assert "emergency number of your country" in first.words


def test_a_line_that_was_not_tried_within_180_days_is_marked() -> None:
    today = NOW.date()
    line = crisis_lines(LINES, "GB", today)[1].line

    def shown(days: int | None) -> str:
        tried = None if days is None else today - timedelta(days=days)
        tried_then = [replace(line, verified_on=tried)]
        return renderer().draw("not_safe.html", lines=crisis_lines(tried_then, "GB", today), country="GB")

    assert "not checked by this programme lately" in shown(None)
    assert "not checked by this programme lately" not in shown(180)
    assert "We called it last on 26 May 2026" in shown(180)
    assert "not checked by this programme lately" in shown(181)


@pytest.mark.parametrize("name", ["start", "not safe abroad", "colleague", "reported"])
def test_an_emergency_number_is_never_said_to_be_unchecked(name: str) -> None:
    page = Page(pages()[name])
    emergency = [item for item in page.every("li") if item["class"] == "emergency"]

    assert emergency
    assert not [item for item in emergency if "not checked" in item.words]
    assert not [item.words for item in page.every("li") if item.words.startswith("If a life") and "*" in item.words]


def test_before_the_first_question_stands_what_the_operator_says() -> None:
    trust = Trust("The Friends of St Eligius", "They employ nobody who asks.", "Nobody reads.", "Danger to others.")

    said = asking(renderer(trust))

    assert said.index("The Friends of St Eligius") < said.index("What you do")
    for sentence in (trust.employs, trust.reads, trust.reports, "not legally privileged", "off the hospital's network"):
        assert sentence in said


def test_what_the_operator_left_out_is_said_to_be_missing() -> None:
    assert asking(renderer()).count("not filled this in yet") == 3
    assert "has not said yet whether it employs" in asking(renderer())


def test_a_refused_form_comes_back_filled_in() -> None:
    raw = ASK.write(PERSON)
    filled = Filled(ASK, raw, {"themes": ["At most 3 here, please."]}, ASK.untouched())
    site = renderer()

    page = Page(site.draw("ask.html", filled=filled, **BARE_FORM))

    assert ("#f-themes", "What it is about") in [(link["href"], link.words) for link in page.every("a")]
    assert PERSON["words"] in [area.attributes and "".join(area.text).strip() for area in page.every("textarea")]
    ticked = {box["value"] for box in page.every("input") if "checked" in box.attributes and box["name"] == "themes"}
    assert ticked == set(PERSON["themes"])
    assert page.every("title")[0].words.startswith("Please look again")


def test_what_somebody_typed_is_shown_as_text_and_never_as_markup() -> None:
    raw = ASK.write(PERSON | {"words": "</textarea><script>alert(1)</script>"})
    site = renderer()

    page = Page(site.draw("ask.html", filled=Filled(ASK, raw), form_key="k" * 32, card=None, away=False))

    assert len(page.every("script")) == 1


def test_a_person_can_say_yes_only_while_a_peer_waits_for_it() -> None:
    offered = {
        state
        for state in RequestState
        if [button for button in Page(request_page(state)).every("button") if button["value"] == "introduce"]
    }

    assert offered == {RequestState.MATCHED}


def test_a_person_can_erase_in_any_state() -> None:
    for state in RequestState:
        assert "erase" in [button["value"] for button in Page(request_page(state)).every("button")]


def test_places_and_roles_of_the_peer_are_always_shown() -> None:
    said = Page(request_page(RequestState.MATCHED)).every("main")[0].words

    assert "St Eligius" in said
    assert "Examiner, Tarnside College" in said


def test_a_peer_who_has_just_left_shows_nothing_any_more_and_no_promise_is_made_for_them() -> None:
    for state in (RequestState.MATCHED, RequestState.INTRODUCED, RequestState.ENDED):
        view = request_view(state)
        assert view.match is not None
        left = replace(view, match=replace(view.match, why=None, shows=None))
        said = renderer().draw("request.html", key=KEY, view=left, notice="", conversation=None, draft=NOTHING_REFUSED)
        assert "is not here any more" in said
        assert "your peer can use it" not in said


def test_moments_are_said_by_the_clock_of_the_place() -> None:
    assert when(NOW, "Europe/Paris") == "Sunday 22 November, 13:00 (Paris time)"
    assert when(NOW) == "Sunday 22 November, 12:00 (UTC)"


def test_only_an_open_offer_can_be_answered() -> None:
    answers = {
        view
        for view in OfferStatus
        for button in Page(pages()[f"offer {view}"]).every("button")
        if button["value"] == "accept"
    }

    assert answers == {OfferStatus.OPEN}


def test_before_a_name_a_place_or_a_role_is_taken_back_stands_what_it_leads_to() -> None:
    for name in ("edit", "edit refused"):
        before_the_fields = Page(pages()[name]).every("main")[0].words.partition("These we need.")[0]
        assert "or remove one of your places or roles, a coordinator looks at it" in before_the_fields
        assert "Until then what you said before counts as well." in before_the_fields
    assert "counts as well" not in pages()["apply"]


def test_a_volunteer_whose_question_ran_out_is_told_of_the_rest_and_not_that_somebody_else_was_asked() -> None:
    said = texts().say("offer.expired.text")

    assert "nothing is asked of you here any more" in said
    assert "for 24 hours after it you get no new one" in said
    assert "somebody else" not in said


def test_a_volunteer_is_told_that_words_are_forgotten_and_not_that_there_were_none() -> None:
    said = Page(pages()["offer with words forgotten"]).every("main")[0].words

    assert "both have been forgotten here: they stay 14 days after the introduction" in said
    assert "You can still write to each other below." in said
    assert "They left no way to reach them" not in said
    assert "Show me how to reach them" not in said
    assert "This was recorded" not in said


def test_a_person_who_left_no_way_to_be_reached_is_said_to_have_left_none() -> None:
    html = renderer().draw(
        "offer.html",
        token=TOKEN,
        offer=offer_view(OfferStatus.INTRODUCED),
        said=OfferStatus.INTRODUCED,
        notice="",
        revealed=Revealed("Words.", None),
        pauses=PAUSES,
        conversation=TALK,
        draft=NOTHING_REFUSED,
        lines=[],
    )

    assert "They left no way to reach them. You can write to each other below." in Page(html).every("main")[0].words


def test_what_is_held_says_until_when_and_what_ends_it_sooner() -> None:
    said = Page(request_page(RequestState.WAITING)).every("main")[0].words

    assert (
        "Until 6 January 2027, if nothing more happens here. At once when you withdraw or close your request." in said
    )


def test_once_the_words_are_forgotten_no_page_promises_that_the_peer_will_use_them() -> None:
    view = request_view(RequestState.INTRODUCED)
    assert view.match is not None
    assert view.match.shows is not None
    silent = replace(view.match, shows={**view.match.shows, "contact": None})

    def said(*, words_kept: bool) -> str:
        shown = replace(view, match=silent, words_kept=words_kept)
        return renderer().draw("request.html", key=KEY, view=shown, notice="", conversation=None, draft=NOTHING_REFUSED)

    assert "your peer can use it" in said(words_kept=True)
    assert "your peer can use it" not in said(words_kept=False)


def test_everything_that_can_be_has_words_of_its_own() -> None:
    for key in (
        *(f"offer.{view}.{part}" for view in OfferStatus for part in ("title", "text")),
        *(f"request.title.{state}" for state in RequestState),
        *(f"volunteer.states.{state}.{part}" for state in VolunteerState for part in ("title", "text")),
    ):
        assert texts().say(key)


def test_everybody_who_opened_something_is_named() -> None:
    said = Page(request_page(RequestState.INTRODUCED)).every("main")[0].words
    for named in (
        "your peer opened your words and how to reach you, because you are introduced",
        "a coordinator opened what you reported, because it was about safety",
        "the operator looked at your ref",
        "the operator looked at something old, because it was.",
    ):
        assert named in said
