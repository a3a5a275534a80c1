"""The mail sink as a process: what is sent by SMTP is read by HTTP."""

import json
import smtplib
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded.mail import Mail
from deploy.embedded.processes import Guard, free_port


@pytest.fixture
def mail(guard: Guard, tmp_path: Path) -> Iterator[Mail]:
    mail = Mail(smtp_port=free_port(), http_port=free_port(), guard=guard, log=tmp_path / "mail.log")
    mail.start()
    yield mail
    mail.process.stop()


def send(mail: Mail, subject: str, *, html: str | None = None) -> None:
    message = EmailMessage()
    message["From"] = "Alongside <notices@alongside.example>"
    message["To"] = "vera@example.org"
    message["Subject"] = subject
    message["Message-ID"] = "<1@alongside.example>"
    message.set_content("Grüße, täglich.\n")
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", mail.smtp_port, timeout=5) as client:
        client.send_message(message)


def get(url: str) -> tuple[str, Any]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode(), answer.headers


def test_a_mail_is_listed_with_all_its_parts(mail: Mail) -> None:
    send(mail, "one", html="<p>Grüße</p>")
    [message] = json.loads(get(f"{mail.url}/api/messages")[0])
    assert message["id"] == "1"
    assert message["to"] == ["vera@example.org"]
    assert message["from"] == "notices@alongside.example"
    assert (message["subject"], message["message_id"]) == ("one", "<1@alongside.example>")
    assert message["text"].splitlines() == ["Grüße, täglich."]
    assert message["html"].strip() == "<p>Grüße</p>"
    assert ["Subject", "one"] in message["headers"]
    assert message["at"].endswith("Z")


def test_who_polls_gets_only_what_is_newer(mail: Mail) -> None:
    for subject in ("one", "two", "three"):
        send(mail, subject)
    newer = json.loads(get(f"{mail.url}/api/messages?after=1")[0])
    assert [message["subject"] for message in newer] == ["two", "three"]


def test_the_page_shows_a_mail_and_lets_it_load_nothing(mail: Mail) -> None:
    send(mail, "<b>one</b>", html="<script>alert(1)</script>")
    assert "&lt;b&gt;one&lt;/b&gt;" in get(mail.url)[0]
    page, headers = get(f"{mail.url}/messages/1")
    assert "Grüße" in page
    assert "<script>" not in page
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_it_ends_in_order_when_asked(mail: Mail) -> None:
    mail.process.stop()
    assert mail.process.exit_code == 0
