"""When two texts surely name one place: a plain and slow statement of the rule that shares no code with the product.

Both name the same hospital in the same words, though it may be written with a unit before it or behind it, with its
town, with or without accents, apostrophes and capitals. Two different towns make two places of one name.
"""

import re
import unicodedata
from functools import cache

SITE = re.compile(r"\b(hospitals?|infirmary|medical cent(?:er|re)|clinic)\b")
UNIT = re.compile(r"\b(departments?|dept|division|unit|ward|program|laboratory|center for|clinic for|clinic of)\b")
LEAST_WORDS = 3


def are_one(one: str, other: str) -> bool:
    """Tell whether both texts name a hospital by the same three words or more, and not two towns."""
    sites, town = _sites(one)
    their_sites, their_town = _sites(other)
    return bool(sites & their_sites) and not (town and their_town and town != their_town)


@cache
def _sites(text: str) -> tuple[frozenset[str], str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(each for each in plain if not unicodedata.combining(each) and each not in "'’‘")
    pieces = [" ".join(re.findall(r"\w+", piece)) for piece in re.split(r"[,;(/]| - ", plain)]
    sites = [number for number, piece in enumerate(pieces) if SITE.search(piece) and not UNIT.search(piece)]
    named = frozenset(
        pieces[number].removeprefix("the ") for number in sites if len(pieces[number].split()) >= LEAST_WORDS
    )
    after = pieces[sites[-1] + 1 : sites[-1] + 2] if sites else []
    return named, after[0] if after and not UNIT.search(after[0]) else ""
