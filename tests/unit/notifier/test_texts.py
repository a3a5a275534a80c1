"""What notices say, and above all what they do not."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from jinja2 import UndefinedError

from services.notifier.domain.notices import Notice
from services.notifier.gateway.port import RenderedNotice
from services.notifier.sending.claims import Claim, Recipient
from services.notifier.sending.rendering import TEXTS, Renderer
from shared.vault.purposes import Purpose
from tests.support.giveaways import FORBIDDEN
from tests.unit.notifier.facts import (
    ASKING,
    OF_A_MATCH,
    OFFER,
    REQUEST,
    TO_THE_COORDINATOR,
    TO_THE_PERSON,
    TO_THE_VOLUNTEER,
    VOLUNTEER,
)
from tests.unit.notifier.test_rendering import ADDRESS, CLAIM

TWO_WORDS = "amber river"
TOKENS = (lambda _offer: "abcd.efgh", lambda _volunteer, _generation: "abcd.efgh")
RENDERER = Renderer("https://x.example", *TOKENS)
ALL_TEXTS: dict[str, Any] = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in TEXTS.iterdir()}


def claimed(notice: Notice) -> Claim:
    """Return a claim of `notice` as it leaves, with the refs and the time that its kind has."""
    recipient: Recipient | None = Recipient(VOLUNTEER, Purpose.VOLUNTEER_NOTIFY, 3, "sealed")
    if notice in TO_THE_PERSON:
        recipient = Recipient(REQUEST, Purpose.PERSON_NOTIFY, None, "sealed")
    return replace(
        CLAIM,
        notice=notice,
        recipient=None if notice in TO_THE_COORDINATOR else recipient,
        offer=OFFER if notice in ASKING | OF_A_MATCH else None,
        generation=1 if notice is Notice.HOME_LINK else None,
        until=datetime(2026, 11, 22, 23, 30, 59, tzinfo=UTC) if notice in ASKING | {Notice.ENDS_SOON} else None,
        shown="abcd" if notice in TO_THE_COORDINATOR else None,
    )


def render(notice: Notice, language: str = "en", two_words: str | None = TWO_WORDS) -> RenderedNotice:
    """Return `notice` for an address that has two words."""
    address = {"channel": "email", "value": "x@example.org", "language": language, "time_zone": "America/Toronto"}
    return RENDERER.render(claimed(notice), address | {"two_words": two_words})


def visible(markup: str) -> str:
    """Return the words of a page in their order, as a reader sees them."""
    body = markup.partition("<body")[2].partition(">")[2]
    inline = re.sub(r"</?(strong|code|a)\b[^>]*>", "", body)
    return one_line(html.unescape(re.sub(r"<[^>]+>", " ", inline)))


def one_line(text: str) -> str:
    return " ".join(text.split())


def keys_of(texts: dict[str, Any], above: str = "") -> dict[str, set[str]]:
    """Return every key of a language's texts, with the names of what is filled in there."""
    keys: dict[str, set[str]] = {}
    for name, value in texts.items():
        if isinstance(value, dict):
            keys |= keys_of(value, f"{above}{name}.")
        else:
            keys[above + name] = {str(field).partition(".")[0] for _, field, _, _ in Formatter().parse(value) if field}
    return keys


@pytest.mark.parametrize("language", ALL_TEXTS)
def test_every_language_has_the_keys_of_english_and_fills_in_the_same(language: str) -> None:
    assert keys_of(ALL_TEXTS[language]) == keys_of(ALL_TEXTS["en"])


def test_every_notice_has_texts_and_no_text_is_of_none() -> None:
    assert set(ALL_TEXTS["en"]["notices"]) == set(Notice)
    for said in ALL_TEXTS["en"]["notices"].values():
        assert {"subject", "before"} <= said.keys() <= {"subject", "before", "after"}


def test_every_part_is_used_by_a_template_or_the_renderer() -> None:
    code = "".join(path.read_text() for path in (TEXTS.parent / "templates").iterdir())
    assert {f"parts.{name}" for name in ALL_TEXTS["en"]["parts"]} - {"parts.until", "parts.subject"} == set(
        re.findall(r"parts\.\w+", code)
    )


@pytest.mark.parametrize("notice", Notice)
def test_text_and_html_say_the_same(notice: Notice) -> None:
    rendered = render(notice)
    assert visible(rendered.html) == one_line(rendered.text)


@pytest.mark.parametrize("notice", Notice)
def test_no_notice_contains_a_word_that_gives_something_away(notice: Notice) -> None:
    rendered = render(notice)
    shown = " ".join((rendered.subject, rendered.text, rendered.html)).lower()
    assert [stem for stem in FORBIDDEN if re.search(rf"\b{stem}", shown)] == []


def test_the_list_of_forbidden_words_finds_what_it_is_for() -> None:
    giveaway = "A peer support offer from St Mary's Hospital"
    assert [stem for stem in ("peer", "support", "hospital") if re.search(rf"\b{stem}", giveaway.lower())]


@pytest.mark.parametrize("language", ALL_TEXTS)
def test_each_subject_is_one_short_line(language: str) -> None:
    for notice in Notice:
        subject = render(notice, language).subject
        assert "\n" not in subject, notice
        assert 5 < len(subject) < 70, notice


def test_a_repeated_notice_has_another_subject_and_a_repeat_of_the_same_has_not() -> None:
    refs = ["d" * 26, "e" * 26, "f" * 26]
    for notice in Notice:
        claims = [replace(claimed(notice), ref=ref) for ref in refs]
        subjects = [RENDERER.render(claim, ADDRESS).subject for claim in (*claims, claims[0])]
        assert len(set(subjects)) == 3, notice
        assert subjects[0] == subjects[3]
        assert {re.sub(r"[0-9]", "0", subject) for subject in subjects} == {re.sub(r"[0-9]", "0", subjects[0])}


def test_a_subject_says_the_day_of_the_reader() -> None:
    late = replace(claimed(Notice.MATCHED), made_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    subject = RENDERER.render(late, {**ADDRESS, "time_zone": "Pacific/Auckland"}).subject
    assert subject.startswith("There is news for you, 23 November (no. ")


@pytest.mark.parametrize("notice", sorted(ASKING))
def test_what_asks_for_an_answer_says_until_when_in_the_readers_own_time(notice: Notice) -> None:
    assert "until Sunday 22 November, 18:30 (EST)." in render(notice).text


def test_an_end_to_come_is_said_with_its_time() -> None:
    assert "by itself on Sunday 22 November, 18:30 (EST)," in render(Notice.ENDS_SOON).text


@pytest.mark.parametrize("notice", sorted(ASKING | OF_A_MATCH | {Notice.HOME_LINK}))
def test_what_leads_somewhere_carries_the_link_and_the_code_to_type(notice: Notice) -> None:
    rendered = render(notice)
    page = "volunteer" if notice is Notice.HOME_LINK else "offer"
    for text in (rendered.text, rendered.html):
        assert f"https://x.example/{page}#abcd.efgh" in text
        assert "abcd-efgh" in text


@pytest.mark.parametrize("notice", sorted(TO_THE_COORDINATOR))
def test_a_notice_to_the_coordinator_carries_a_ref_and_where_to_look_it_up(notice: Notice) -> None:
    rendered = render(notice)
    for text in (rendered.text, rendered.html):
        assert "under abcd:" in text
        assert "https://x.example/coordinator" in text


def test_several_things_of_one_kind_are_told_to_the_coordinator_as_a_number() -> None:
    for notice in TO_THE_COORDINATOR:
        rendered = RENDERER.render(replace(claimed(notice), count=7), ADDRESS)
        for text in (rendered.text, rendered.html):
            assert "There are 7 of these since our last message about them" in text
            assert "under abcd" not in text
            assert "https://x.example/coordinator" in text


@pytest.mark.parametrize("notice", sorted(TO_THE_VOLUNTEER))
def test_every_notice_to_a_volunteer_shows_the_two_words(notice: Notice) -> None:
    rendered = render(notice)
    assert "amber river" in rendered.text
    assert "amber river" in rendered.html


@pytest.mark.parametrize("notice", sorted(set(Notice) - TO_THE_VOLUNTEER))
def test_nobody_else_is_shown_two_words(notice: Notice) -> None:
    rendered = render(notice)
    assert "amber river" not in rendered.text + rendered.html


def test_without_two_words_nothing_is_said_about_them() -> None:
    for notice in Notice:
        assert "words:" not in render(notice, two_words=None).text


def test_all_notices_to_the_person_look_the_same_from_outside() -> None:
    assert len({render(notice).subject for notice in TO_THE_PERSON}) == 1, "of one ref and one day"


def test_no_page_loads_anything() -> None:
    for notice in Notice:
        assert re.search(r"\bsrc=|url\(|<(img|link|script|iframe)\b", render(notice).html) is None


def test_what_is_filled_in_cannot_become_markup() -> None:
    rendered = render(Notice.OFFER, two_words="<b>&")
    assert "&lt;b&gt;&amp;" in rendered.html
    assert "<b>&" in rendered.text


def test_a_value_that_is_missing_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        RENDERER.render(replace(claimed(Notice.OFFER), until=None), ADDRESS)
    with pytest.raises(UndefinedError):
        RENDERER.render(replace(claimed(Notice.OFFER), offer=None), ADDRESS)


@pytest.mark.parametrize(
    ("asked", "given"),
    [("fr-CA", "fr-ca"), ("fr-CH", "fr"), ("FR", "fr"), ("de-AT", "en"), ("../fr", "en"), ("", "en")],
)
def test_the_nearest_language_is_used_and_english_where_there_is_none(tmp_path: Path, asked: str, given: str) -> None:
    for language in ("en", "fr", "fr-ca"):
        notices = {"matched": {"subject": language, "before": language}}
        parts = {"end": "", "subject": "{subject}"}
        (tmp_path / f"{language}.yaml").write_text(yaml.safe_dump({"parts": parts, "notices": notices}))
    rendered = Renderer("", *TOKENS, tmp_path).render(claimed(Notice.MATCHED), {**ADDRESS, "language": asked})
    assert rendered.subject == given
    assert f'<html lang="{given}">' in rendered.html
