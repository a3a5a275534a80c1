"""A notice as a mail, and who it comes from."""

import pytest

from services.notifier.gateway.port import PermanentFailure, RenderedNotice
from services.notifier.gateway.smtp import read_mail_from, to_mail
from tests.unit.notifier.facts import NOW

SENDER = read_mail_from("Messages <notices@example.org>")
MESSAGE = RenderedNotice("d" * 26, "someone@example.net", "A question", "Text\n", "<p>Text</p>\n")


def test_the_mail_carries_these_headers_and_no_others() -> None:
    mail = to_mail(MESSAGE, SENDER, NOW)
    assert {name: str(value) for name, value in mail.items()} == {
        "From": "Messages <notices@example.org>",
        "To": "someone@example.net",
        "Subject": "A question",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "Message-ID": f"<{'d' * 26}@example.org>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{"d" * 26}"',
    }


def test_a_repeat_is_the_same_mail_but_for_its_date() -> None:
    first, again = (to_mail(MESSAGE, SENDER, NOW) for _ in range(2))
    assert first.as_bytes() == again.as_bytes()


def test_the_text_comes_before_the_html() -> None:
    parts = list(to_mail(MESSAGE, SENDER, NOW).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "address",
    ["", "someone", "@example.net", "a b@example.net", "a@b\r\nBcc: c@d", "a@example.net, c@d.net", "ü@example.net"],
)
def test_what_is_no_address_fails_for_good_and_is_not_repeated_in_the_error(address: str) -> None:
    message = RenderedNotice("d" * 26, address, "A question", "Text\n", "<p>Text</p>\n")
    with pytest.raises(PermanentFailure) as caught:
        to_mail(message, SENDER, NOW)
    assert caught.value.code == "not_an_address"
    assert caught.value.__context__ is None


@pytest.mark.parametrize("value", ["", "notices", "notices@", "@example.org"])
def test_a_sender_that_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        read_mail_from(value)


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@EXAMPLE.net", "anna@example.net"),
        ('"anna b"@example.net', '"anna b"@example.net'),
        ("anna@hospital.local", "anna@hospital.local"),
    ],
)
def test_an_address_that_was_stored_before_goes_out_in_ascii_if_it_can_go_out_at_all(stored: str, sent: str) -> None:
    mail = to_mail(RenderedNotice("d" * 26, stored, "A question", "Text\n", "<p>Text</p>\n"), SENDER, NOW)
    assert mail["To"].addresses[0].addr_spec == sent


def test_the_sender_may_have_a_domain_of_another_script() -> None:
    assert read_mail_from("Notes <notices@bücher.example>").addr_spec == "notices@xn--bcher-kva.example"
