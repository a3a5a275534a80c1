"""Links that carry their own proof: offer tokens, home links and webhook secrets, from the keyring `links`.

Nothing here is stored: intake and notifier hold the keyring, and make or check the proof when they need it.
A token can only be tried against the running service, one request a try; 110 bits of HMAC are ample for that.
"""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from shared.refs import ALPHABET, REF_LENGTH
from shared.vault import base32
from shared.vault.keyrings import Keyring

PROOF_LENGTH = 22
GENERATION_LENGTH = 4
MAX_GENERATION = 32**GENERATION_LENGTH - 1
GROUP = 4
OFFER_TOKEN_LENGTH = REF_LENGTH + PROOF_LENGTH
LONGEST_PASTE, MOST_LINKS = 4_000, 5
"""Characters and links of a pasted text that are looked at."""

HOME_LINK_LENGTH = REF_LENGTH + GENERATION_LENGTH + PROOF_LENGTH


class BadToken(ValueError):
    """The text is no token that this house made. It is not said why, since that would help only a forger."""


@dataclass(frozen=True)
class HomeLink:
    """What a volunteer's home link says. It counts only while `generation` is the volunteer's newest."""

    volunteer: str
    generation: int


def offer_token(links: Keyring, offer: str) -> str:
    """Return the token of the offer with ref `offer`: `<ref>.<proof>`, 26 and 22 characters."""
    return f"{offer}.{_proof(links.current()[1], 'offer', offer)}"


def read_offer_token(links: Keyring, text: str) -> str:
    """Return the offer's ref from a token, pasted or typed; raises BadToken unless some key of `links` made it."""
    for characters in _found(text, OFFER_TOKEN_LENGTH):
        offer, proof = characters[:REF_LENGTH], characters[REF_LENGTH:]
        if _is_ours(links, proof, "offer", offer):
            return offer
    raise BadToken("this is no link of ours")


def home_link(links: Keyring, volunteer: str, generation: int) -> str:
    """Return a volunteer's home link: `<ref>.<generation>.<proof>`, 26, 4 and 22 characters.

    Raises ValueError if `generation` is not between 0 and 32^4 - 1.
    """
    if not 0 <= generation <= MAX_GENERATION:
        raise ValueError(f"generation {generation} is out of range")
    counted = "".join(ALPHABET[generation >> at & 31] for at in (15, 10, 5, 0))
    return f"{volunteer}.{counted}.{_proof(links.current()[1], 'home', volunteer, counted)}"


def may_be_home_link(text: str) -> bool:
    """Tell whether `text` has a home link's length, so that it is nobody's mistyped key; its proof is not checked."""
    return any(_found(text, HOME_LINK_LENGTH))


def read_home_link(links: Keyring, text: str) -> HomeLink:
    """Return what a home link says, pasted or typed; raises BadToken unless some key of `links` made it."""
    for characters in _found(text, HOME_LINK_LENGTH):
        volunteer, rest = characters[:REF_LENGTH], characters[REF_LENGTH:]
        counted, proof = rest[:GENERATION_LENGTH], rest[GENERATION_LENGTH:]
        if _is_ours(links, proof, "home", volunteer, counted):
            generation = 0
            for character in counted:
                generation = generation << base32.BITS | base32.VALUES[character]
            return HomeLink(volunteer, generation)
    raise BadToken("this is no link of ours")


def to_type(token: str) -> str:
    """Return a token or home link as groups of four, for typing where there is no JavaScript."""
    return base32.grouped(base32.clean(token), GROUP)


def webhook_secret(links: Keyring, volunteer: str) -> str:
    """Return the secret (64 hex characters) that signs a volunteer's webhook calls; it changes when `links` rotates."""
    return _mac(links.current()[1], "webhook", volunteer).hex()


def _found(text: str, length: int) -> Iterator[str]:
    """Yield what in a pasted text may be a token of `length` characters; its proof tells whether it is one.

    That is all of it; what follows the # of a link, also one that a mail broke into lines or a filter wrapped into its
    own; or the groups of a code between words.
    """
    text = re.sub(r"=\r?\n", "", unquote(unquote(text[:LONGEST_PASTE])))
    groups = re.findall(r"[0-9A-Za-z]{4}(?:\s*[\u2010-\u2015-]\s*[0-9A-Za-z]{4})+", text)
    for part in (text, *groups, *text.split("#")[1:MOST_LINKS]):
        characters = base32.clean(part)
        whole = len(characters) == length or (part is not text and len(characters) > length)
        if whole and set(characters[:length]) <= set(ALPHABET):
            yield characters[:length]


def _is_ours(links: Keyring, proof: str, *parts: str) -> bool:
    # Every key is tried before anything is said, so that the time taken does not tell which one fitted.
    fits = [hmac.compare_digest(proof, _proof(key, *parts)) for key in links.every()]
    return any(fits)


def _proof(key: bytes, *parts: str) -> str:
    return base32.encode(_mac(key, *parts), PROOF_LENGTH)


def _mac(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, "|".join(parts).encode(), "sha256")
