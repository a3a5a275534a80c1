"""People as they are compared: who is avoided, and who must never be matched with themselves.

What somebody says of themselves and what others say of them become marks, which intake hashes; the matcher finds two
sides that share one. Two names meet if two words of one are, in any order, two words of the other, or if one of them
says less: a name alone, or with initials. Addresses and numbers meet in their canonical forms, and an address such as
anna.beispiel@ holds a name as well. Perhaps the same is the same: to exclude too much is safer than too little.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, permutations

from services.intake.domain.people.addresses import mails_in, phones_in, plain
from services.intake.domain.people.names import Name, names_one, people_in, read_name
from services.intake.domain.people.sounds import letters_of, without_umlauts
from shared.vocabulary.spelling import normalise

RULES = 1
"""The version of how marks are made; raise it when they change, and everything stored is hashed again."""

MOST_MARKS = 64
"""Of one entry; the telling ones come first."""

SHORTEST_IN_ONE = 8
"""From so many letters on, the one word of an address such as annabeispiel@ may be a whole name."""

OF_ONES_OWN = ("o",)
"""What is no initial, but part of a name: O Brien."""

CUT_SHORT = range(3, 7)
"""Letters of a short form that is the beginning of a name."""

SHORTEST_MISSPELT, LONG = 5, 7
"""Shorter names with another letter are other names."""

Marks = frozenset[str]
PERSON_BEARS, PERSON_AVOIDS = "person bears", "person avoids"
VOLUNTEER_BEARS, VOLUNTEER_AVOIDS = "volunteer bears", "volunteer avoids"


@dataclass(frozen=True)
class People:
    """Makes the marks of people; telephone numbers without a country's code are of `country` (ISO 3166), if given."""

    country: str = ""

    def of_person(self, texts: Iterable[str]) -> Marks:
        """Return the marks of what a person says of themselves: addresses, numbers, perhaps a name."""
        return self._all(texts, PERSON_BEARS, VOLUNTEER_AVOIDS)

    def of_volunteer(self, texts: Iterable[str]) -> Marks:
        """Return the marks of what a volunteer says of themselves: names, addresses, numbers."""
        return self._all(texts, VOLUNTEER_BEARS, PERSON_AVOIDS)

    def avoided_by_person(self, texts: Iterable[str]) -> Marks:
        """Return the marks of the people whom a person wants to avoid."""
        return self._all(texts, PERSON_AVOIDS, VOLUNTEER_BEARS)

    def avoided_by_volunteer(self, texts: Iterable[str]) -> Marks:
        """Return the marks of the people whom a volunteer wants to avoid."""
        return self._all(texts, VOLUNTEER_AVOIDS, PERSON_BEARS)

    def version(self) -> str:
        """Return a text that changes when marks may differ from those made before."""
        return f"people {RULES} {self.country}"

    def _all(self, texts: Iterable[str], here: str, there: str) -> Marks:
        return frozenset(mark for text in texts for mark in self._of_one(text, here, there))

    def _of_one(self, text: str, here: str, there: str) -> Iterable[str]:
        mails, rest = mails_in(plain(text))
        phones, rest = phones_in(rest, self.country)
        exact = chain((f"mail {mail}" for mail in mails), (f"phone {phone}" for phone in phones))
        names = chain.from_iterable(_of_name(read_name(each), here, there) for each in people_in(rest))
        named = chain(names, *(_of_mail(mail, here, there) for mail in mails))
        marks = list(islice(dict.fromkeys(chain(exact, named)), MOST_MARKS))
        # Signs alone must not become the same nothing as any other signs.
        return marks or [f"text {normalise(text) or ' '.join(text.split())}"]


def meets(people: People, one: str, other: str) -> Marks:
    """Return the marks by which two texts are taken for one person, whichever is avoided; none: they are two people."""
    return (people.avoided_by_person([one]) & people.of_volunteer([other])) | (
        people.avoided_by_person([other]) & people.of_volunteer([one])
    )


def names_somebody(text: str) -> bool:
    """Tell whether a text says who is meant: by an address, a number or a name. `my boss` does not."""
    mails, rest = mails_in(plain(text))
    phones, rest = phones_in(rest, "")
    return bool(mails or phones) or names_one(rest)


def _speaker(side: str) -> str:
    # Two addresses such as info@ are not one by the same word, but a name and an address are.
    return side.partition(" ")[0]


def _in_one(letters: str, here: str) -> Iterator[str]:
    """Yield the mark of a word that may be a whole name, such as annabeispiel84."""
    word = without_umlauts(re.sub(r"\d", "", letters))
    if len(word) >= SHORTEST_IN_ONE:
        yield f"{_speaker(here)} in one {word}"


def _of_mail(mail: str, here: str, there: str) -> Iterator[str]:
    """Yield the marks of a name within an address; a short word alone is none."""
    local = re.sub(r"[\d._]+", " ", mail.rpartition("@")[0])
    name = read_name(local)
    if not name.alone:
        yield from _of_name(name, here, there)
    else:
        yield from _in_one(letters_of(local), here)


def _of_name(name: Name, here: str, there: str) -> Iterator[str]:
    """Yield the marks of a name: by what it says as a whole, by what it leaves out `here`, and others may `there`."""
    pairs = name.pairs
    beside = [(word, other) for word in name.words for other in name.beside]
    keys = [(key, another) for one, other in [*pairs, *beside] for key in one.keys for another in other.keys]
    yield from (f"names {' '.join(sorted(pair))}" for pair in keys)
    every = [key for word in (*name.words, *name.joined) for key in word.keys]
    initialled = [(initial, word) for initial in name.initials for word in name.words]
    if name.alone and name.initials:
        yield from (f"{here} {initial} {key}" for initial, word in initialled for key in word.keys)
    if name.alone and name.initials in ((), OF_ONES_OWN):
        yield from (f"{here} {key}" for key in every)
        yield from (mark for word in name.words for mark in _in_one(word.letters, here))
    # Others may know somebody by a word that is seldom a name: Dr Head, P. Nurse.
    yield from (f"{there} {key}" for key in [*every, *(key for word in name.beside for key in word.keys)])
    borne = [*permutations(name.words, 2), *beside]
    initialled += [(initial, other) for one, other in borne for initial in one.initials]
    initialled += [(initial, word) for word in name.words for initial in word.initials[1:]]
    yield from (f"{there} {initial} {key}" for initial, word in initialled for key in word.keys)
    yield from (f"{_speaker(there)} in one {letters}" for letters in name.in_one)
    for one, other in pairs:
        consonants = " ".join(sorted((one.consonants, other.consonants)))
        yield f"{there} consonants {consonants}"
        if one.bare or other.bare:
            yield f"{here} consonants {consonants}"
    yield from _of_beginnings(name, here, there)
    yield from _of_near(name)


def _of_beginnings(name: Name, here: str, there: str) -> Iterator[str]:
    """Yield what meets a name that is cut short: Greg, of Gregory."""
    for one, other in permutations(name.words, 2):
        if len(one.letters) in CUT_SHORT:
            yield f"{here} begins {one.letters} {other.keys[0]}"
        beginnings = (one.letters[:letters] for letters in CUT_SHORT if letters < len(one.letters))
        yield from (f"{there} begins {beginning} {other.keys[0]}" for beginning in beginnings)


def _of_near(name: Name) -> Iterator[str]:
    """Yield what meets a name with one letter of one word wrong, too many or too few."""
    for one, other in permutations(name.words, 2):
        key, exact = one.keys[0], other.keys[0]
        if len(key) >= SHORTEST_MISSPELT:
            without = {key[:number] + key[number + 1 :] for number in _uncertain(key)}
            yield from (f"near {each} {exact}" for each in sorted({key, *without}))


def _uncertain(key: str) -> list[int]:
    """Return which letters of a key may be wrong: not the first, nor the first vowel of a short name, as in Müller."""
    stressed = next((number for number, letter in enumerate(key) if letter in "aeiou"), 0)
    return [at for at in range(1 if len(key) >= LONG else stressed + 1, len(key)) if key[at].isalpha()]
