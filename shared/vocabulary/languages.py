"""Languages as people write them: one tag for each (BCP 47), and which two can be spoken with one another."""

from functools import lru_cache

from langcodes import get, standardize_tag
from langcodes.tag_parser import LanguageTagError

NOT_SPOKEN = frozenset({"und", "mul", "mis", "zxx"})
"""Codes for unknown, several, not coded and no language."""

SPOKEN_AS = {"nb": "no", "nn": "no", "lah": "pa", "gom": "kok", "prp": "gu", "cls": "sa", "ajp": "apc"}
"""What is written in two ways and spoken in one, and codes that ISO 639-3 has merged since langcodes copied it."""

_PRIVATE = ("qaa", "qtz")


@lru_cache(maxsize=1024)
def canonical(tag: str) -> str | None:
    """Return a tag as the register of languages writes it, e.g. `de-AT` for `DEU-at`; None if it names no language.

    A language takes the place of its leading member (`zh` of `cmn`), the shorter code that of the longer one, the
    present code that of an older one (`he` of `iw`).
    """
    try:
        written = standardize_tag(tag, macro=True)
        primary = get(written, normalize=False).language
    except LanguageTagError:
        return None
    if primary is None or primary in NOT_SPOKEN or (_PRIVATE[0] <= primary <= _PRIVATE[1] and len(primary) == 3):
        return None
    return written if get(primary).is_valid() else None


@lru_cache(maxsize=1024)
def spoken(tag: str) -> str:
    """Return what two tags have in common if those who chose them can speak with one another, e.g. `en` for `en-GB`.

    The region and the script of a tag do not count. What names no language is itself in lower case.
    """
    primary = (canonical(tag) or tag.lower()).split("-")[0]
    return SPOKEN_AS.get(primary, primary)
