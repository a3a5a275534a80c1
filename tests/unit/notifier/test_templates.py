"""What notices say, and above all what they do not."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from services.notifier.domain.notices import (
    ASKING,
    OF_A_MATCH,
    TO_THE_COORDINATOR,
    TO_THE_PERSON,
    TO_THE_VOLUNTEER,
    Notice,
)
from services.notifier.rendering import FOLDER, Rendered, Templates

VALUES = {
    "two_words": "amber river",
    "until": datetime(2026, 11, 22, 18, 30, 59, tzinfo=ZoneInfo("America/Toronto")),
    "link": "https://x.example/offer#abc.def",
    "page": "https://x.example/offer",
    "code": "abcd-efgh",
    "home": "https://x.example/",
    "ref": "abcd",
    "desk": "https://x.example/coordinator",
}

HOME = {"link": "https://x.example/volunteer#abc.def", "page": "https://x.example/volunteer"}

FORBIDDEN = (
    *("alongside", "peer", "support", "volunteer(?!#)(?! and type)", "clinic", "health", "medic", "doctor"),
    *("physician", "nurs"),
    *("hospital", "ward", "patient", "client", "case", "treat", "therap", "counsel", "well-?being", "wellness"),
    *("mental", "psych", "depress", "anxi", "burn-?out", "exhaust", "stress", "trauma", "addict", "suicid", "crisis"),
    *("struggl", "distress", "suffer", "griev", "grief", "death", "died", "error", "mistake", "complaint", "lawsuit"),
    *("colleague", "profession", "student", "resident", "programme", "university", "college", "board", "regulator"),
    *("confiden", "urgent", "emergency", "talk", "conversation", "match", "request", "offer(?!#)(?! and type)"),
)
"""Stems that would tell somebody who looks over a shoulder what this is about, or whom it is about.

The names of two pages are let through where they are part of a link, and nowhere else."""

ENGLISH = Templates()


def visible(markup: str) -> str:
    """Return the words of a page in their order, as a reader sees them."""
    body = markup.partition("<body")[2].partition(">")[2]
    inline = re.sub(r"</?(strong|code|a)\b[^>]*>", "", body)
    return one_line(html.unescape(re.sub(r"<[^>]+>", " ", inline)))


def one_line(text: str) -> str:
    return " ".join(text.split())


def all_rendered() -> Iterator[tuple[str, Notice, Rendered]]:
    for folder in FOLDER.iterdir():
        for notice in Notice:
            yield folder.name, notice, ENGLISH.render(notice, folder.name, VALUES)


@pytest.mark.parametrize("notice", Notice)
def test_text_and_html_say_the_same(notice: Notice) -> None:
    rendered = ENGLISH.render(notice, "en", VALUES)
    assert visible(rendered.html) == one_line(rendered.text)


@pytest.mark.parametrize("notice", Notice)
def test_no_notice_contains_a_word_that_gives_something_away(notice: Notice) -> None:
    rendered = ENGLISH.render(notice, "en", VALUES | (HOME if notice is Notice.HOME_LINK else {}))
    shown = " ".join((rendered.subject, rendered.text, rendered.html)).lower()
    assert [stem for stem in FORBIDDEN if re.search(rf"\b{stem}", shown)] == []


def test_the_list_of_forbidden_words_finds_what_it_is_for() -> None:
    giveaway = "A peer support offer from St Mary's Hospital"
    assert [stem for stem in ("peer", "support", "hospital") if re.search(rf"\b{stem}", giveaway.lower())]


def test_every_language_has_every_notice_and_each_subject_is_one_short_line() -> None:
    for language, notice, rendered in all_rendered():
        assert "\n" not in rendered.subject, (language, notice)
        assert 5 < len(rendered.subject) < 40, (language, notice)


@pytest.mark.parametrize("notice", sorted(ASKING))
def test_what_asks_for_an_answer_says_until_when_in_the_readers_own_time(notice: Notice) -> None:
    assert "until Sunday 22 November, 18:30 (EST)." in ENGLISH.render(notice, "en", VALUES).text


def test_an_end_to_come_is_said_with_its_time() -> None:
    assert "by itself on Sunday 22 November, 18:30 (EST)," in ENGLISH.render(Notice.ENDS_SOON, "en", VALUES).text


@pytest.mark.parametrize("notice", sorted(ASKING | OF_A_MATCH | {Notice.HOME_LINK}))
def test_what_leads_somewhere_carries_the_link_and_the_code_to_type(notice: Notice) -> None:
    rendered = ENGLISH.render(notice, "en", VALUES)
    for text in (rendered.text, rendered.html):
        assert "https://x.example/offer#abc.def" in text
        assert "abcd-efgh" in text


@pytest.mark.parametrize("notice", sorted(TO_THE_COORDINATOR))
def test_a_notice_to_the_coordinator_carries_a_ref_and_where_to_look_it_up(notice: Notice) -> None:
    rendered = ENGLISH.render(notice, "en", VALUES)
    for text in (rendered.text, rendered.html):
        assert "under abcd:" in text
        assert "https://x.example/coordinator" in text


@pytest.mark.parametrize("notice", sorted(TO_THE_VOLUNTEER))
def test_every_notice_to_a_volunteer_shows_the_two_words(notice: Notice) -> None:
    rendered = ENGLISH.render(notice, "en", VALUES)
    assert "amber river" in rendered.text
    assert "amber river" in rendered.html


@pytest.mark.parametrize("notice", sorted(set(Notice) - TO_THE_VOLUNTEER))
def test_nobody_else_is_shown_two_words(notice: Notice) -> None:
    rendered = ENGLISH.render(notice, "en", VALUES)
    assert "amber river" not in rendered.text + rendered.html


def test_without_two_words_nothing_is_said_about_them() -> None:
    for notice in Notice:
        assert "words:" not in ENGLISH.render(notice, "en", {**VALUES, "two_words": None}).text


def test_all_notices_to_the_person_look_the_same_from_outside() -> None:
    assert len({ENGLISH.render(notice, "en", VALUES).subject for notice in TO_THE_PERSON}) == 1


def test_no_page_loads_anything() -> None:
    for _, _, rendered in all_rendered():
        assert re.search(r"\bsrc=|url\(|<(img|link|script|iframe)\b", rendered.html) is None


def test_what_is_filled_in_cannot_become_markup() -> None:
    rendered = ENGLISH.render(Notice.OFFER, "en", {**VALUES, "two_words": "<b>&"})
    assert "&lt;b&gt;&amp;" in rendered.html
    assert "<b>&" in rendered.text


def test_a_value_that_is_missing_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        ENGLISH.render(Notice.OFFER, "en", {"two_words": None})


@pytest.fixture
def bilingual(tmp_path: Path) -> Templates:
    for language in ("en", "fr", "fr-ca"):
        folder = tmp_path / language / "matched"
        folder.mkdir(parents=True)
        for part in ("subject.txt", "body.txt", "body.html"):
            (folder / part).write_text(language)
    return Templates(tmp_path)


@pytest.mark.parametrize(
    ("asked", "given"),
    [("fr-CA", "fr-ca"), ("fr-CH", "fr"), ("FR", "fr"), ("de-AT", "en"), ("../fr", "en"), ("", "en")],
)
def test_the_nearest_language_is_used_and_english_where_there_is_none(
    bilingual: Templates, asked: str, given: str
) -> None:
    assert bilingual.render(Notice.MATCHED, asked, {}).subject == given
