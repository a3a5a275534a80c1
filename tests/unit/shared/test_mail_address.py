"""What of a text is a mail address, and how it goes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mail_address import BadAddress, read_mail_address

ANNA = "anna@example.org"


def refused(text: str) -> str:
    """Return why `text` is no address."""
    with pytest.raises(BadAddress) as caught:
        read_mail_address(text)
    assert caught.value.__context__ is None, "the library's error, which repeats the address, travels along"
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        " anna@example.org\n",
        "anna@example.org.",
        "anna@example.org,",
        "anna@EXAMPLE.org",
        "anna @ example . org",
        "anna@\r\n example.org",
        "anna\u00a0@example.org",
        "\u2009anna@example.org\u202f",
        "\ufeffan\u200bna@exam\u00adple.org\u200e",
        "anna\ufe0f@example.org",
        "ａｎｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        "mailto:anna@example.org",
        "MAILTO:anna%40example.org?subject=Hello",
        "<anna@example.org>",
        "<mailto:anna@example.org>",
        "Anna Beispiel <anna@example.org>,",
        '"Beispiel, Anna" <anna@example.org>;',
        "“anna@example.org”",
        "(anna@example.org)",
    ],
)
def test_what_pasting_brings_along_is_taken_out(text: str) -> None:
    assert read_mail_address(text) == ANNA


SHOWS_NOTHING = "\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u3164\ufe0f\ufeff"
NO_BREAK = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"


@given(st.lists(st.tuples(st.integers(0, len(ANNA)), st.sampled_from(SHOWS_NOTHING + NO_BREAK)), max_size=5))
def test_what_shows_nothing_is_taken_out_wherever_it_stands(pasted: list[tuple[int, str]]) -> None:
    text = ANNA
    for at, nothing in sorted(pasted, reverse=True):
        text = text[:at] + nothing + text[at:]
    assert read_mail_address(text) == ANNA


@pytest.mark.parametrize(
    ("text", "ascii_"),
    [
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai"),
        ("anna@例え。jp", "anna@xn--r8jz45g.jp"),
        ("anna@مثال.إختبار.example", "anna@xn--mgbh0fb.xn--kgbechtv.example"),
        ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
        ("Anna.O'Brien+x@example.org", "Anna.O'Brien+x@example.org"),
    ],
)
def test_a_domain_of_another_script_goes_out_in_ascii(text: str, ascii_: str) -> None:
    assert read_mail_address(text) == ascii_
    assert read_mail_address(ascii_) == ascii_


@pytest.mark.parametrize("text", ["ünna@example.org", "анна@example.org", "аnna@пример.рф", "anna²@example.org"])
def test_other_letters_before_the_at_are_refused_by_name(text: str) -> None:
    assert refused(text) == "address_not_ascii"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "anna",
            "@example.org",
            "anna@",
            "anna@example",
            "anna@@example.org",
            "a..b@example.org",
            ".a@example.org",
        ),
        *("anna@example.org, bert@example.org", "anna@example.org bert@example.org", "anna@example.org\nBcc: b@x.org"),
        *('"anna b"@example.org', "anna@[192.0.2.1]", "anna@192.0.2.1", "anna@[IPv6:2001:db8::1]"),
        *("anna@localhost", "anna@ward.test", "anna@ward.invalid", "anna@ward.local", "anna@-ward.org", "anna@i❤.ws"),
    ],
)
def test_what_is_no_address_or_leads_nowhere_is_refused(text: str) -> None:
    assert refused(text) == "not_an_email"


def test_a_plain_space_between_words_is_not_taken_out_because_that_would_be_somebody_elses_address() -> None:
    assert refused("Anna anna@example.org") == "not_an_email"


def test_an_address_longer_than_any_mail_server_takes_is_refused_as_such() -> None:
    assert refused(f"{'a' * 60}@{'b' * 60}.{'b' * 60}.{'b' * 60}.{'b' * 60}.example.org") == "too_long"
    assert refused(f"anna@{'ü' * 50}.{'ü' * 50}.{'ü' * 50}.{'ü' * 50}.example") in {"too_long", "not_an_email"}


@pytest.mark.timeout(2)
@pytest.mark.parametrize(
    "text", ["<>" * 60_000 + "a", " " * 120_000 + "a", "@." * 60_000, "a" * 120_000 + "@example.org"]
)
def test_a_text_of_any_length_is_refused_at_once(text: str) -> None:
    assert refused(text) == "too_long"


@given(st.text(st.characters(codec=None), max_size=30), st.text(st.characters(codec=None), max_size=30))
def test_any_text_is_an_address_in_ascii_or_none(before: str, after: str) -> None:
    try:
        found = read_mail_address(f"{before}@{after}.org")
    except BadAddress:
        return
    assert found.isascii()
    assert read_mail_address(found) == found
