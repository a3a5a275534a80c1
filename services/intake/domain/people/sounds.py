"""How a word of a name sounds, roughly, in letters: what its spellings have in common.

Names cross scripts and borders, and the same name comes back as Müller, Mueller or Muller, Ivanov or Iwanow, Mohammed
or Muhammad. A key is no pronunciation, only the same for spellings of one name and seldom the same for two names.
"""

import re
import unicodedata

from anyascii import anyascii

Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*rules: tuple[str, str]) -> Rules:
    return tuple((re.compile(pattern), sound) for pattern, sound in rules)


_UMLAUTS = _rules(("ae", "a"), ("oe", "o"), ("ue", "u"))
_DOUBLED = _rules((r"(.)\1+", r"\1"))
_SOUNDS = (
    *_rules(
        ("^ma?c(?=[^aeiou]..|....)", "mc"),  # MacDonald, McDonald
        ("^abd[aeiou]l+(?=...)", "abd"),  # Abdulrahman, Abd al-Rahman
    ),
    *_UMLAUTS,
    *_rules(
        ("schtsch|shch", "s"),
        ("tsch|tch|cz", "ch"),
        ("sch|sh|sz|zh", "s"),
        ("ch(?=[rl])|(?<=i)ch(?=ol)", "k"),  # Christine, Nicholas
        ("dj", "d"),
        ("(?<=...)e[iy]$", "i"),  # Kelley, Sergei
        ("x", "ks"),
        ("(?<=[aeiouy])(ph|ff|f|w)$|(?<=[aeiouy])(ph|f)(?=[aeiouy])", "v"),  # Ivanoff, Stephen
        ("ph", "f"),
        ("w", "v"),
        ("ck|qu|q|kh", "k"),
        ("ch", "x"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("ts|tz|z", "s"),
        ("dt|th", "t"),
        ("[yj]", "i"),
        ("[ae]ie?", "e"),  # Meier, Maier, Mayr
        ("ou|oo", "u"),
        ("ee|ie|ii", "i"),
        ("h$|(?<=o)h(?=[^aeiou])", ""),  # Sarah, Tohru
    ),
    *_DOUBLED,
)
_SILENT = (*_rules(("(?<!^)h", "")), *_DOUBLED)
_CONSONANTS = (*_rules(("w", ""), ("j", "g")), *_SOUNDS, *_rules(("[aeiouh]", ""), ("v", "f")), *_DOUBLED)
_WITHOUT_VOWELS = (
    "ARABIC",
    "HEBREW",
    "DEVANAGARI",
    "BENGALI",
    "GURMUKHI",
    "GUJARATI",
    "TELUGU",
    "KANNADA",
    "MALAYALAM",
)
_LOOK_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТХУасеѕіјорхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTXYacesijopxyABEZHIKMNOPTYX")
_INITIALS = str.maketrans("cqyjwz", "kkiivs")
_LATIN, _NO_LETTERS, _WEAK_END = re.compile("[A-Za-z]"), re.compile("[^a-z0-9]"), re.compile("[ei]$")
_VOWELS = re.compile("[aeiou]+")
_STRESSED = {"a": "a", "e": "e", "i": "e", "o": "o", "u": "o"}
_LONG = 3
"""From so many consonants on, in more than one syllable, a name is told by them and its first vowel."""


def key_of(word: str) -> str:
    """Return the key of a word of a name, in any script: its sound, without those vowels that spellings differ in."""
    sound = _by(_SOUNDS, letters_of(word))
    vowels = list(_VOWELS.finditer(sound))
    if len(vowels) < 2:
        return _by(_SILENT, sound)
    if len(_VOWELS.sub("", sound)) < _LONG:
        return _by(_SILENT, sound).replace("o", "u")
    start, end = vowels[0].span()
    rest = _VOWELS.sub("a", _WEAK_END.sub("", sound[end:]))
    return _by(_SILENT, sound[:start] + _STRESSED[sound[start]] + rest)


def consonants_of(word: str) -> str:
    """Return what a script without vowels would keep of a word."""
    return _by(_CONSONANTS, letters_of(word))


def _by(rules: Rules, letters: str) -> str:
    for pattern, sound in rules:
        letters = pattern.sub(sound, letters)
    return letters


def letters_of(word: str) -> str:
    """Return a word in small Latin letters and digits alone; in its own if its script is not known."""
    if word.isascii():
        return _NO_LETTERS.sub("", word.lower())
    composed = "".join(each for each in unicodedata.normalize("NFC", word) if unicodedata.category(each)[0] in "LMN")
    if _LATIN.search(composed):
        composed = composed.translate(_LOOK_ALIKE)
    latin = _NO_LETTERS.sub("", anyascii(composed).lower())
    return latin or "".join(filter(str.isalnum, word.casefold()))


def has_letters(word: str) -> bool:
    return any(map(str.isalpha, word))


def initial_of(word: str) -> str:
    """Return the first letter of a word, the same for letters that stand for one another in names."""
    return word[:1].translate(_INITIALS)


def without_umlauts(letters: str) -> str:
    """Return `letters` with one spelling for ä, ö and ü."""
    return _by(_UMLAUTS, letters)


def has_no_vowels(word: str) -> bool:
    """Tell whether a word is in a script that writes few of its vowels."""
    return any(unicodedata.name(each, "").startswith(_WITHOUT_VOWELS) for each in word)
