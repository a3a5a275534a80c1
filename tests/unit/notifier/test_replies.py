"""What genuine replies of mail servers say about an address (F34). Each was seen in a log, a manual or an issue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.gateway.port import (
    AddressRefused,
    NoticeRefused,
    PermanentFailure,
    SendingFailed,
    ServerUnavailable,
)
from services.notifier.gateway.replies import CONDEMNING, refusal

DEAD = [
    "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the address",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550 5.1.1 double-checking - gsmtp",
    "550 5.1.1 <someone@example.net>: Recipient address rejected: User unknown in local recipient table",
    "550 5.1.1 <someone@example.net>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.1 <someone@example.net>... User unknown",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient someone@example.net not found by SMTP address lookup",
    "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
    "550 5.1.2 <someone@gone.example>: Recipient address rejected: Domain not found",
    "553 5.1.2 We weren't able to find the recipient domain. Please check for any spelling errors",
    "553 5.1.3 The recipient address <someone@> is not a valid RFC 5321 address",
    "501 5.1.3 Bad recipient address syntax",
    "551 5.1.6 The mailbox has moved; please try <other@example.org>",
    "550 5.2.1 The email account that you tried to reach is disabled.",
    "554 5.2.1 Mailbox disabled, not accepting messages",
    "550 #5.1.1 unknown recipient",
]
PERHAPS_DEAD = [
    "550 <someone@example.net>... User unknown",
    "550 Unrouteable address",
    "550 No such user here",
    "550 No Such User Here",
    "550 Requested action not taken: mailbox unavailable",
    "550 sorry, no mailbox here by that name (#5.1.1)",
    "550 Invalid recipient",
    "551 User not local; please try <forward-path>",
    "553 Invalid mailbox name",
    "550 5.1.1.9 is no code of the kind",
    "550 User someone not listed in public Name & Address Book",
    "550",
]
NOT_THE_ADDRESS = [
    "554 5.7.1 <someone@example.net>: Relay access denied",
    "454 4.7.1 <someone@example.net>: Relay access denied",
    "554 <someone@example.net>: Recipient address rejected: Relay access denied",
    "550 relay not permitted",
    "550 5.7.1 Unable to relay",
    "550 Message refused (#5.7.1)",
    "550 Rejected, error 5.7.350",
    "552 Not taken: 5.2.2",
    "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "550 Relaying denied",
    "551 we do not relay",
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "553 <someone@example.net> unauthorized relay traffic prohibited",
    "530 5.7.0 Authentication Required",
    "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
    "550 SMTP AUTH is required for message submission on port 587",
    "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit",
    "550 5.7.708 Access denied, traffic not accepted from this IP",
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. part of their network is on our block list",
    "553 5.3.0 alpd681 DNSBL:RBL 521< 192.0.2.1 >_is_blocked. For assistance forward this error to abuse_rbl",
    "550 JunkMail rejected - mail.example.org [192.0.2.1] is in an RBL, see http://www.spamhaus.org",
    "550 Sorry, no access for this ip",
    "550-5.7.26 This message does not pass authentication checks (SPF and DKIM both do not pass).\n550 5.7.26 - gsmtp",
    "550 5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy",
    "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
    "550 5.7.509 Access denied, sending domain does not pass DMARC verification",
    "550 SPF check failed. The host [192.0.2.1] is not allowed",
    "550-5.7.1 [192.0.2.1 12] Our system has detected that this is\n550-5.7.1 likely unsolicited mail.\n550 5.7.1 x",
    "550 5.7.1 This message violates example.com email policy. - gcdp",
    "550 5.4.1 [someone@example.net]: Recipient address rejected: Access denied",
    "550 5.4.1 All recipient addresses rejected : Access denied",
    "550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]",
    "552 5.2.2 The email account that you tried to reach is over quota",
    "552-5.2.2 The recipient's inbox is out of storage space.\n552 5.2.2 https://support.google.com/mail/?p=OverQuota",
    "452 4.2.2 The email account that you tried to reach is over quota",
    "552 Requested mail action aborted: exceeded storage allocation",
    "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException",
    "550 Mailbox is full / Blocks limit exceeded / Inode limit exceeded",
    "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
    "450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend at a later time",
    "550 5.4.5 Daily user sending limit exceeded",
    "550 5.4.6 Unusual sending activity detected",
    "450 5.1.1 <someone@example.net>: Recipient address rejected: unverified address",
    "450 4.1.1 <someone@example.net>: Recipient address rejected: User unknown",
    "550 4.1.1 mixed up",
    "550 5.1.0 Address rejected",
    "550 #5.1.0 Address rejected.",
    "550 5.1.7 Bad sender's mailbox address syntax",
    "553 5.1.8 <notices@example.org>... Domain of sender address does not exist",
    "550 5.1.8 Access denied, bad outbound sender",
    "550-Verification failed for <notices@example.org>\n550-Response: 550 5.1.1 User unknown\n550 Sender verify failed",
    "550 5.5.0 Requested action not taken: mailbox unavailable",
    "554 delivery error: dd This user doesn't have a yahoo.com account",
    "554 delivery error: dd Requested mail action aborted, mailbox not found",
    "550 Administrative prohibition",
    "550 Access denied",
    "550 Message rejected, see http://example.net/5.1.1 for help with spam",
    "550 5.1.12 no such code among ours",
    "550-5.1.1 one thing\n550 5.7.1 and another",
    "451 4.7.1 Greylisting in action, please come back later",
    "550 greylisted, try again later",
    "450 4.7.1 Client host rejected: cannot find your reverse hostname",
    "501 5.5.4 Invalid domain name",
    "550 5.6.0 Lone CR or LF in message",
    "503 5.5.1 Error: need MAIL command",
    "550 5.3.4 Message size exceeds fixed limit",
    "523 5.7.10 Encryption needed",
]


def of_rcpt(reply: str, *, of_recipient: bool = True) -> SendingFailed:
    """Return what `reply`, as it stood on the wire, means; smtplib takes the code off each line."""
    lines = [line[4:].strip().encode() for line in reply.split("\n")]
    return refusal(int(reply[:3]), b"\n".join(lines), of_recipient=of_recipient)


@pytest.mark.parametrize("reply", DEAD)
def test_f34_a_code_that_says_so_condemns_an_address_at_rcpt_and_after_the_text(reply: str) -> None:
    assert isinstance(of_rcpt(reply), PermanentFailure)
    assert isinstance(of_rcpt(reply, of_recipient=False), PermanentFailure)


@pytest.mark.parametrize("reply", PERHAPS_DEAD)
def test_f34_a_bare_refusal_of_the_recipient_makes_nobody_dead_at_once(reply: str) -> None:
    assert type(of_rcpt(reply)) is AddressRefused
    assert type(of_rcpt(reply, of_recipient=False)) is NoticeRefused


@pytest.mark.parametrize("reply", NOT_THE_ADDRESS)
def test_f34_what_is_the_senders_or_the_moments_trouble_says_nothing_about_an_address(reply: str) -> None:
    assert type(of_rcpt(reply)) is NoticeRefused
    assert type(of_rcpt(reply, of_recipient=False)) is NoticeRefused


@pytest.mark.parametrize("reply", ["421 4.7.0 Try again later", "421 5.1.1 bye", "250 what", "025"])
def test_f34_a_server_that_closes_or_mumbles_is_the_servers_trouble(reply: str) -> None:
    assert type(of_rcpt(reply)) is ServerUnavailable


ENHANCED = st.builds("{}.{}.{}".format, st.integers(2, 5), st.integers(0, 9), st.integers(0, 999))


@given(st.integers(0, 999), st.one_of(ENHANCED, st.just("")), st.text(max_size=60), st.booleans())
def test_f34_no_reply_without_one_of_the_six_codes_condemns(code: int, enhanced: str, text: str, rcpt: bool) -> None:
    failure = refusal(code, f"{enhanced} {text}".encode(), of_recipient=rcpt)
    if isinstance(failure, PermanentFailure):
        assert code >= 500
        assert enhanced in CONDEMNING or text.strip().lstrip("#")[:6].startswith(tuple(CONDEMNING))
    if isinstance(failure, AddressRefused):
        assert rcpt
        assert 550 <= code <= 553


@given(st.sampled_from(sorted(CONDEMNING)), st.sampled_from([550, 553, 554]))
def test_f34_each_of_the_six_codes_does(enhanced: str, code: int) -> None:
    assert isinstance(refusal(code, enhanced.encode(), of_recipient=True), PermanentFailure)


def test_the_failure_names_figures_alone() -> None:
    assert str(of_rcpt("550 5.1.1 <someone@example.net> unknown")) == "550 5.1.1"
    assert str(of_rcpt("550 <someone@example.net> unknown")) == "550"
