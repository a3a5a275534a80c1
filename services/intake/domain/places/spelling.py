"""One spelling for what people write in many: over scripts, accents, transliterations and plural forms.

It is for comparing alone: what comes out is the same for two spellings of one name, and need not be readable.
"""

import re
import unicodedata

from shared.vocabulary.spelling import normalise

_LOOKALIKES = str.maketrans(
    "асеорхуіјѕԁӏкмтвнАВСЕНІЈКМОРЅТХУαορνικτυεΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aceopxyijsdlkmtbhABCEHIJKMOPSTXYaopviktueABEZHIKMNOPTYX",
)
"""Cyrillic and Greek letters that look like Latin ones: within a Latin word they are meant as those."""

_CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуфцыэєіїґўј", "abvgdeziiklmnoprstufcieeiiguj", strict=True)),
    **{"ж": "zh", "х": "kh", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia", "ё": "e"},
}
_SIGNS = re.compile("[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c\u05f3\u05f4'’‘ʼ`´′\"“”„]")
"""Vowel signs of Hebrew and Arabic, tatweel, nukta, and apostrophes and quotation marks within words."""

_OF_SOMEBODY = re.compile(r"(?<=\w)['’‘ʼ`´\u2013]s\b", re.IGNORECASE)
"""What `St James's Hospital` has and `St James Hospital` has not."""

_VARIANTS = str.maketrans(
    "ٱىیکةۀ醫學國總臺華灣聯東區師範療齒獨專連榮兒婦鄉號緊經縣長馬陽濟寧門協處産児総應応澤濱廣櫻龍眞惠壽與",
    "اييكهه医学国总台华湾联东区师范疗齿独专连荣儿妇乡号紧经县长马阳济宁门协处产儿总应应沢浜広桜竜真恵寿与",
)
"""Letters that Arabic and Persian write in two ways, and Chinese and Japanese characters in their short forms."""

_DIGRAPHS = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("aa", "a"))
_WORDS = re.compile(r"\w+")
_INITIALS = re.compile(r"(?<!\S)\S(?: \S)+(?!\S)")
_ELIDED = re.compile(r"\b([dl])['’](?=\w)", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(n[or]?)[.º°]*\s*(?=\d)", re.IGNORECASE)
"""What is written before a number: `No5`, `N° 5`."""

_LATIN = re.compile("[A-Za-z]")
_MIXED = re.compile("[\u0370-\u03ff\u0400-\u04ff]")


def plain(text: str) -> str:
    """Return a text in plain letters, one form of each, its separators kept."""
    # The Catalan letter would come apart into an l and a dot, which divides words.
    wide = unicodedata.normalize("NFKC", text.replace("Ŀ", "L").replace("ŀ", "l")).translate(_VARIANTS)
    wide = _NUMBERED.sub("no ", _ELIDED.sub(r"\1 ", _OF_SOMEBODY.sub("", wide)))
    bare = _SIGNS.sub("", unicodedata.normalize("NFKD", wide))
    return unicodedata.normalize("NFC", _WORDS.sub(lambda found: _in_one_script(found[0]), bare))


def words_of(text: str) -> list[str]:
    """Return the words of a piece of `plain` text in one spelling; initials such as N. H. S. are one word."""
    spelt = normalise(text)
    return [spell(word) for word in _INITIALS.sub(lambda found: found[0].replace(" ", ""), spelt).split()]


def spell(word: str) -> str:
    """Return one spelling of a normalised word: u for ue, no plural s."""
    for pair, letter in _DIGRAPHS:
        word = word.replace(pair, letter)
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    return word[:-1] if len(word) > 3 and word.endswith("s") and (word[-2] != "s" or word[-3] == "s") else word


def _in_one_script(word: str) -> str:
    if not _MIXED.search(word):
        return word
    if _LATIN.search(word):
        return word.translate(_LOOKALIKES)
    return "".join(_CYRILLIC.get(letter, letter) for letter in word.lower())
