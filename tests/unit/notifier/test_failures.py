"""What an error of the SMTP conversation means for the delivery."""

import smtplib
import ssl

import pytest

from services.notifier.gateway.port import NoticeRefused, PermanentFailure, SendingFailed, ServerUnavailable
from services.notifier.gateway.smtp import classify


def said(error: Exception, *, data_begun: bool = False, late: bool = False) -> SendingFailed:
    return classify(error, data_begun=data_begun, late=late)


def refused(code: int, text: bytes = b"someone@example.net: no") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"someone@example.net": (code, text)})


@pytest.mark.parametrize("error", [refused(550, b"5.1.1 no"), smtplib.SMTPDataError(554, b"5.1.1 no")])
def test_5xx_with_a_code_that_says_so_is_permanent_at_the_recipient_and_the_message(error: Exception) -> None:
    assert isinstance(said(error, data_begun=True), PermanentFailure)


@pytest.mark.parametrize(
    "error", [refused(450), smtplib.SMTPDataError(452, b"later"), smtplib.SMTPDataError(554, "no")]
)
def test_f34_any_other_refusal_of_the_message_and_4xx_of_the_recipient_is_about_this_notice(error: Exception) -> None:
    failure = said(error, data_begun=True)
    assert type(failure) is NoticeRefused


@pytest.mark.parametrize(
    "error",
    [
        refused(421),
        smtplib.SMTPSenderRefused(550, b"5.1.1 who are you", "notices@example.org"),
        smtplib.SMTPSenderRefused(553, b"5.1.8 no such sender", "notices@example.org"),
        smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password"),
        smtplib.SMTPConnectError(554, b"5.1.1 not you"),
        smtplib.SMTPHeloError(501, b"what"),
        smtplib.SMTPNotSupportedError("no AUTH"),
        smtplib.SMTPServerDisconnected("gone"),
        ssl.SSLCertVerificationError("self-signed"),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
def test_f34_whatever_is_the_servers_fault_or_ours_is_never_held_against_an_address(error: Exception) -> None:
    failure = said(error)
    assert isinstance(failure, ServerUnavailable)
    assert not failure.may_be_out


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("cut"), ConnectionResetError(), TimeoutError()])
def test_a_cut_after_the_message_was_begun_leaves_the_outcome_unknown(error: Exception) -> None:
    failure = said(error, data_begun=True)
    assert isinstance(failure, ServerUnavailable)
    assert failure.may_be_out


def test_a_reply_that_was_cut_short_leaves_the_outcome_unknown() -> None:
    failure = said(smtplib.SMTPDataError(25, b""), data_begun=True)
    assert isinstance(failure, ServerUnavailable)
    assert failure.may_be_out


def test_the_code_never_repeats_what_the_other_side_wrote() -> None:
    assert str(said(refused(550))) == "550"
    assert str(said(smtplib.SMTPServerDisconnected("someone@example.net"), late=True)) == "too_slow"
