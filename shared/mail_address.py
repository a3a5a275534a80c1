"""Mail addresses: what of a text is one, and how it goes out. Forms, API and sender ask here. Nothing is looked up."""

import re
import unicodedata
from urllib.parse import unquote

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
"""Characters of an address, by RFC 5321."""

LONGEST_PASTE = 1_000
"""Characters of a text that is looked at; no address with all that is copied with it is longer."""

_JOINER = re.compile("(?<![^\\W\0-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\\W\0-\x7f])")
"""One that shows nothing. Between two letters that are not Latin it can be part of a name, as in Persian."""

_SHOWS_NOTHING = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]")
_AROUND_SIGNS = re.compile(r"\s*([@.])\s*")
_IN_BRACKETS = re.compile(r"<([^<>]*)>\W*$")
_AT_THE_ENDS = " \t\r\n\"'<>,;()[]‘’“”«»"


class BadAddress(ValueError):
    """The text is no mail address that we can send to. `code` says why, and never repeats it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_mail_address(text: str) -> str:
    """Return the address in `text` in ASCII, its domain in lower case (IDNA 2008), as it is stored and sent.

    Raises BadAddress: `address_not_ascii` for another script before the @, `too_long`, or `not_an_email`. That is also
    what a quoted local part, an IP address as domain and a domain that is reserved (.test, .localhost) are.
    """
    if len(text) > LONGEST_PASTE:
        raise BadAddress("too_long")
    address = pasted(text)
    failure = "not_an_email"
    try:
        found = validate_email(address, check_deliverability=False)
        if found.ascii_email is not None and len(found.ascii_email) <= LONGEST:
            return found.ascii_email
        failure = "address_not_ascii" if found.ascii_email is None else "too_long"
    except EmailNotValidError:
        if len(address) > LONGEST:
            failure = "too_long"
    # Raised outside the handler: the library's error repeats the address, and would travel along as the context.
    raise BadAddress(failure)


def pasted(text: str) -> str:
    """Return `text` without what copying an address brings along.

    Off go characters that show nothing, no-break spaces, plain spaces and line breaks at the ends and around @ and
    dots, `mailto:`, a name before <...>, quotes and commas at the ends; full-width letters become plain. Any other
    plain space stays, because `Anna anna@example.org` must not become the address of somebody else.
    """
    seen = _JOINER.sub("", "".join(map(_plain, text[:LONGEST_PASTE]))).strip()
    bracketed = _IN_BRACKETS.search(seen)
    seen = (bracketed[1] if bracketed else seen).strip(_AT_THE_ENDS)
    if seen.lower().startswith("mailto:"):
        seen = unquote(seen[len("mailto:") :].partition("?")[0])
    return _AROUND_SIGNS.sub(r"\1", seen).rstrip(".:")


def _plain(character: str) -> str:
    """Return what is left of `character`; joiners are left to `_JOINER`."""
    if character.isascii() or character in "\u200c\u200d":
        return character
    if unicodedata.category(character) in {"Cf", "Zs", "Zl", "Zp"} or _SHOWS_NOTHING.match(character):
        return ""
    wide = unicodedata.east_asian_width(character) == "F"
    return unicodedata.normalize("NFKC", character) if wide else character
