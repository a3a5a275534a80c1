"""What is left of a text when spelling that means nothing is taken away, so that two spellings can be compared."""

import unicodedata

_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHES = frozenset("'’‘ʼ`´′")


def normalise(text: str) -> str:
    """Return `text` without case, diacritics, punctuation and double spaces, in compatibility form.

    Abbreviations stay as they are: `St.` becomes `st`, not `saint`. Marks that other scripts need to tell words
    apart (vowel signs, say) are kept. The result may be empty, and normalising it again changes nothing.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    plain = "".join(map(_plain_character, folded)).translate(_LETTERS_WITHOUT_DECOMPOSITION)
    return unicodedata.normalize("NFKC", " ".join(plain.split()))


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if "\u0300" <= character <= "\u036f" or category == "Cf" or character in _APOSTROPHES:
        return ""
    return character if category[0] in "LNM" else " "
