"""E-mail addresses and telephone numbers in one canonical form each, so that two ways of writing one are the same.

Nothing is looked up: neither the domain in the DNS nor the number with anybody.
"""

import re
import unicodedata

import idna
import phonenumbers
from phonenumbers import NumberParseException

QUOTES = " '\"‘’“”«»„"

SAME_MAILBOX = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
}
"""Domains of one provider under which an address is the same mailbox, by the providers' own help pages."""

SIGNS_IGNORED = {"gmail.com": ".", "proton.me": "._-"}
"""Domain -> the signs that its provider takes out of the part before the @."""

MAIL = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
PHONE = re.compile(r"(?<!\w)[+(]?\d(?:[\s().\-/\u2010-\u2015\u2212]{0,3}\d){6,18}(?!\w)")
TAIL = 9
"""A subscriber's own digits: the country code, 00 and the trunk's 0 are written or left out at will."""

SPELT_OUT = (
    (re.compile(r"\s*[(\[{]\s*(?:at|@)\s*[)\]}]\s*", re.I), "@"),
    (re.compile(r"\s*[(\[{]\s*(?:dot|\.)\s*[)\]}]\s*", re.I), "."),
    (re.compile(r"(\S+)\s+at\s+(\S+)\s+dot\s+(?=\w)", re.I), r"\1@\2."),
)
HOST = re.compile(r"\w+://[^/\s]*|\bwww\.\S+?(?=/|\s|$)", re.I)


def plain(text: str) -> str:
    """Return `text` in compatibility form, without characters that cannot be seen and the host of a web address."""
    seen = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return HOST.sub(" ", seen)


def mails_in(text: str) -> tuple[list[str], str]:
    """Return the canonical e-mail addresses in a text, and what is left of it."""
    for pattern, sign in SPELT_OUT:
        text = pattern.sub(sign, text)
    return [canonical_mail(found) for found in MAIL.findall(text)], MAIL.sub(" ", text)


def canonical_mail(address: str) -> str:
    """Return an e-mail address without its tag and without signs that its provider ignores; any text is taken."""
    local, _, domain = plain(address).strip(QUOTES).rstrip(".").rpartition("@")
    # Not folded: straße.example is another domain than strasse.example, and goes out in ASCII as such.
    local, domain = local.casefold(), _ascii(domain.lower())
    domain = SAME_MAILBOX.get(domain, domain)
    # A tag is what follows a plus. Few providers know none, and there two mailboxes are taken for one.
    untagged = local.partition("+")[0] or local
    for sign in SIGNS_IGNORED.get(domain, ""):
        untagged = untagged.replace(sign, "") or untagged
    return f"{untagged}@{domain}"


def canonical_address(value: str) -> str:
    """Return where notices go in the form by which one is known again: a mailbox, or the address of a webhook."""
    return canonical_mail(value) if "@" in value else value.strip().lower()


def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def phones_in(text: str, country: str) -> tuple[list[str], str]:
    """Return the telephone numbers in a text, and what is left of it; `country` is that of numbers without one.

    A number is given by the last nine digits of the national number, so that one without its country's code meets the
    same with it, also where `country` is another. What is no number of a known form is given by its own digits.
    """
    return [_subscriber(found, country) for found in PHONE.findall(text)], PHONE.sub(" ", text)


def _subscriber(number: str, country: str) -> str:
    international = re.sub(r"^\D*00", "+", number)
    for written, region in ((international, None), (number, country or None)):
        try:
            parsed = phonenumbers.parse(written, region)
        except NumberParseException:
            continue
        return phonenumbers.national_significant_number(parsed)[-TAIL:].lstrip("0")
    digits = "".join(str(unicodedata.digit(each)) for each in number if unicodedata.digit(each, None) is not None)
    return digits.lstrip("0")[-TAIL:].lstrip("0")
