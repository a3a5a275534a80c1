"""How a word of a name sounds, roughly, in letters: what its spellings have in common.

Names cross scripts and borders, and the same name comes back as Müller, Mueller or Muller, Ivanov or Iwanow, Mohammed
or Muhammad. A key is no pronunciation, only the same for spellings of one name and seldom the same for two names.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^mac(?=[^aeiou]..)|^mac(?=....)", "mc"),  # MacDonald, McDonald
        ("^abd[aeiou]l+(?=.)|^abd[aeiou]l$", "abd"),  # Abdulrahman, Abd al-Rahman
        *_UMLAUTS,
        ("shch|schtsch|sch|sh|sz|zh", "s"),
        ("tsch|tch|cz", "ch"),
        ("chr", "kr"),
        ("dj", "d"),
        ("(?<=[aeiouy])(ph|ff|f|w)$|(?<=[aeiou])(ph|f)(?=[aeiou])", "v"),  # Ivanoff, Stephen
        ("ph", "f"),
        ("w", "v"),
        ("ck|qu|q|kh", "k"),
        ("ch", "x"),
        ("x", "x"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("ts|tz|z", "s"),
        ("dt|th", "t"),
        ("[yj]", "i"),
        ("[ae]ie?", "e"),  # Meier, Maier, Mayr
        ("ou|oo", "u"),
        ("ee|ie|ii", "i"),
        ("(?<!^)h", ""),
        (r"(.)\1+", r"\1"),
    )
)
_INITIALS = str.maketrans("cqyjwz", "kkiivs")
_VOWELS = re.compile("[aeiou]+")
_WEAKLY_STRESSED = {"a": "a", "e": "e", "i": "e", "o": "o", "u": "o"}
_LONG = 3
"""From so many consonants on, in more than one syllable, a name is told by them and its first vowel."""


@lru_cache(maxsize=4096)
def key_of(word: str) -> str:
    """Return the key of one word of a name, in any script."""
    sound = letters_of(word)
    for pattern, by in _RULES:
        sound = pattern.sub(by, sound)
    vowels = _VOWELS.findall(sound)
    if len(_VOWELS.sub("", sound)) < _LONG or len(vowels) < 2:
        return sound
    first, rest = _VOWELS.search(sound), sound
    assert first is not None
    head = sound[: first.start()] + _WEAKLY_STRESSED[first[0][0]]
    rest = re.sub("e$", "", sound[first.end() :])
    return re.sub(r"(.)\1+", r"\1", head + _VOWELS.sub("a", rest))


@lru_cache(maxsize=4096)
def consonants_of(word: str) -> str:
    """Return what a script without vowels would keep of a word."""
    sound = re.sub("[w]", "", letters_of(word)).replace("j", "g")
    for pattern, by in _RULES:
        sound = pattern.sub(by, sound)
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiouh]", "", sound))


def letters_of(word: str) -> str:
    """Return a word in small Latin letters alone; in its own if its script is not known."""
    latin = re.sub("[^a-z]", "", anyascii(unicodedata.normalize("NFC", word)).lower())
    return latin or "".join(filter(str.isalpha, word.casefold()))


def without_umlauts(letters: str) -> str:
    """Return `letters` with one spelling for ä, ö and ü."""
    for spelt, vowel in _UMLAUTS:
        letters = letters.replace(spelt, vowel)
    return letters


def has_no_vowels(word: str) -> bool:
    """Tell whether a word is in a script that writes consonants: Arabic or Hebrew."""
    return any(unicodedata.name(each, "").startswith(("ARABIC", "HEBREW")) for each in word)


def initial_of(word: str) -> str:
    """Return the first letter of a word, the same for letters that stand for one another in names."""
    return word[:1].translate(_INITIALS)
