"""What holds on every page, whichever it is."""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from tests.unit.intake_web.drawn import pages
from tests.unit.intake_web.markup import Page
from tests.unit.intake_web.samples import EXIT

OUTSIDE_ALLOWED = {EXIT, "https://findahelpline.com"}
NEVER_SAID = re.compile(r"\b(patients?|clients?|cases?|treatments?|users?)\b", re.IGNORECASE)


@cache
def drawn() -> dict[str, Page]:
    return {name: Page(html) for name, html in pages().items()}


def every_page(check: Callable[[Page], None]) -> Callable[[], None]:
    """Make one test of a check of each page; a failure names the page."""

    def test() -> None:
        for name, page in drawn().items():
            try:
                check(page)
            except AssertionError as error:
                error.add_note(f"on the page {name!r}")
                raise

    return test


@every_page
def test_it_has_a_language_a_title_one_heading_and_a_way_out(page: Page) -> None:
    assert page.every("html")[0]["lang"] == "en-GB"
    assert len(page.every("title")[0].words) > len("– Alongside")
    assert [heading.words != "" for heading in page.every("h1")] == [True]
    leaves = [link for link in page.every("a") if link["href"] == EXIT]
    assert [link["rel"] for link in leaves] == ["noreferrer nofollow"]


@every_page
def test_headings_do_not_skip_a_level(page: Page) -> None:
    levels = [int(heading.tag[1]) for heading in page.every("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


@every_page
def test_every_input_has_a_label(page: Page) -> None:
    labels = {label["for"]: label.words for label in page.every("label")}

    for control in page.every("input", "select", "textarea"):
        if control["type"] != "hidden":
            assert labels.get(control["id"]) or control["aria-label"], control.attributes
    for button in page.every("button"):
        assert button.words


@every_page
def test_groups_of_inputs_have_a_legend(page: Page) -> None:
    with_legend = [legend.inside[-1] for legend in page.every("legend") if legend.words]
    assert [group for group in page.every("fieldset") if group not in with_legend] == []


@every_page
def test_ids_are_unique_and_every_reference_leads_somewhere(page: Page) -> None:
    ids = page.ids()

    assert len(set(ids)) == len(ids)
    named = [element[name] for element in page.elements for name in ("aria-describedby", "aria-labelledby", "for")]
    linked = [link["href"][1:] for link in page.every("a") if link["href"].startswith("#")]
    assert {each for text in named for each in text.split()} | set(linked) <= set(ids)


@every_page
def test_nothing_comes_from_elsewhere_and_nothing_is_inline(page: Page) -> None:
    assert page.every("style", "iframe", "img", "object") == []
    assert [(script["src"], script.words) for script in page.every("script")] == [("/assets/alongside.js", "")]
    for element in page.elements:
        assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
        for name in ("href", "src", "action"):
            outside = re.match(r"(?:https?:)?//.*", element[name])
            assert not outside or element[name] in OUTSIDE_ALLOWED, element[name]


@every_page
def test_keys_and_tokens_travel_in_the_body_alone(page: Page) -> None:
    assert [form for form in page.every("form") if form["method"] != "post" or "?" in form["action"]] == []
    assert not [link["href"] for link in page.every("a") if "?" in link["href"]]


@every_page
def test_words_that_make_people_small_are_never_said(page: Page) -> None:
    said = page.every("body")[0].words.replace("Write no patient's details", "")

    assert NEVER_SAID.findall(said) == []
