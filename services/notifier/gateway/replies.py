"""What a mail server's refusal of a recipient, or of the text for it, says about the address (F34).

Few refusals condemn an address: those whose enhanced code (RFC 3463, RFC 2034) says that there is no such mailbox, no
such domain, or that the mailbox moved or is closed. Everything else is the sender's trouble or the moment's.
"""

import re

from services.notifier.gateway.port import (
    AddressRefused,
    NoticeRefused,
    PermanentFailure,
    SendingFailed,
    ServerUnavailable,
)

CONDEMNING = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
BARE = range(550, 554)
"""Replies to RCPT that may mean a dead address although no enhanced code says so."""

CLOSING = 421
"""The one 4xx reply that is about the server, at whatever step it comes: it is closing the connection."""

_ENHANCED = re.compile(r"#?([245]\.\d{1,3}\.\d{1,3})(?!\w|\.\d)")
_WITHIN = re.compile(r"(?<![\w.])[245]\.\d{1,3}\.\d{1,3}(?!\w|\.\d)")
_NOT_THE_ADDRESS = re.compile(
    r"relay|rout(e|ing) |authenti|auth |log ?in|sign ?in|credential|password|encrypt|\btls|starttls|certificate"
    r"|block|black|\brbl|dnsbl|(?<!not )listed|spam|unsolicited|\bbulk|junk|reputation|abus|virus|malware|phish"
    r"|\bspf|dkim|dmarc|\bptr|reverse|\bdns|\bhelo|ehlo|sender|envelope from|mail from|your (host|server|domain)|\bip\b"
    r"|polic|prohibit|permit|allowed|authori[sz]|denied|forbidden|banned|restrict|country"
    r"|quota|full|storage|exceed|limit|too (many|much|fast|quickly|large|big)|size|\brate|throttl|frequen"
    r"|tempora|try again|retry|later|greylist|graylist|busy|overload|unable to verify|time(d)? ?out|loop"
)
"""Words of a refusal without a code that is about us, our server or the moment. It is sooner one word too many: an
address that is held to be alive for too long costs a try; one held to be dead costs a volunteer."""

_AT_A_RATE = re.compile(r"too (quickly|fast|many)|\brate\b|quota|full|tempora|later")
"""Some say 5.2.1 of a mailbox that gets more than it takes at the moment."""


def refusal(code: int, said: bytes, *, of_recipient: bool) -> SendingFailed:
    """Return what the reply `code` `said` means; `of_recipient`: it came to RCPT, and else to the text."""
    shown, enhanced, text = figures(code, said), _enhanced(said), said.decode("ascii", "replace").lower()
    if not 400 <= code < 600 or code == CLOSING:
        # A reply that was cut short reads as a strange number, and what it would have said is not known.
        return ServerUnavailable(shown, may_be_out=code != CLOSING)
    if code >= 500 and enhanced and CONDEMNING.issuperset(enhanced):
        crowded = "5.2.1" in enhanced and _AT_A_RATE.search(text)
        return NoticeRefused(shown) if crowded else PermanentFailure(shown)
    # Some servers write the code into the sentence, where it is not read as theirs: it may be one that they cite.
    bare = code in BARE and not enhanced and CONDEMNING.issuperset(_WITHIN.findall(text))
    if of_recipient and bare and not _NOT_THE_ADDRESS.search(text):
        return AddressRefused(shown)
    return NoticeRefused(shown)


def figures(code: int, said: bytes | str) -> str:
    """Return what may be logged of a reply: figures alone, such as `550 5.7.1`."""
    return " ".join([str(code), *_enhanced(said)[:1]])


def _enhanced(said: bytes | str) -> list[str]:
    text = said if isinstance(said, str) else said.decode("ascii", "replace")
    return [found[1] for line in text.splitlines() if (found := _ENHANCED.match(line.strip()))]
