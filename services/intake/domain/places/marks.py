"""From what tells an organisation to marks: two places are perhaps one where the marks of a person meet a volunteer's.

A mark is a text; the matcher sees its keyed hash and can do nothing but look for it in a set. So each rule is a text
that both sides make, and what depends on what the other side said is *sided*: its text says how the person's side and
the volunteer's side stand, and each makes one for every way in which the other may stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise, product

from services.intake.domain.places.cutting import HOSPITAL, LONGEST_ACRONYM, SPECIAL, UNIVERSITY, Organisation
from services.intake.domain.places.words import SHORTEST_MISSPELT

MOST = 64
"""So many marks a place at most: each is a hash in the profile. What tells least is left out first."""

GENERAL = frozenset(("royal", "general", "national", "university", "regional", "memorial"))

Marks = frozenset[str]


class Side(Enum):
    """Whose place it is."""

    PERSON = "person"
    VOLUNTEER = "volunteer"


def marks_of(organisations: Iterable[Organisation], side: Side, *, registered: bool | None = None) -> list[str]:
    """Return the marks of a place, at most `MOST`, the most telling first.

    Whether the register knows it (None: there is none): two registered places never meet by what they are called.
    """
    ranked: dict[str, None] = {}
    made = [list(_ranked(each, side)) for each in organisations]
    for rank in range(max(map(len, made), default=0)):
        for each in made:
            for mark in each[rank] if rank < len(each) else ():
                ranked.update(dict.fromkeys(_known(mark, side, registered)))
    return list(ranked)[:MOST]


def _known(mark: str, side: Side, registered: bool | None) -> list[str]:
    if registered:
        return _sided("registered", ["written"], mark, side)
    return [mark, *(_sided("written", ["registered"], mark, side) if registered is False else [])]


def _ranked(one: Organisation, side: Side) -> Iterator[list[str]]:
    """Yield the marks of an organisation, the most telling first."""
    for bases in (_by_words(one), _by_names(one, side), _by_kind(one, side)):
        yield [mark for base in bases for mark in _scoped(base, one, side)]
    if not one.is_larger:
        short = [word for word in one.rare if 3 <= len(word) <= LONGEST_ACRONYM]
        bases = [base for word in short for base in _sided("acronym", ["full"], word, side)]
        bases += [base for word in one.initials for base in _sided("full", ["acronym"], word, side)]
        yield [mark for base in bases for mark in _placed(base, one.outside, one.regions, one.around, side)]
        yield [mark for word in one.rare for mark in _misspelt(word, one.numbers)]


def _by_words(one: Organisation) -> list[str]:
    """Return what a rare word makes: it tells alone, and so do two that may be written as one."""
    words = (*one.rare, *(first + second for first, second in pairwise(one.rare)))
    return [f"word {word}#{number}" for word, number in product(words, one.numbers)]


def _by_names(one: Organisation, side: Side) -> list[str]:
    """Return what a name makes that many places bear: it tells with the town. A chain's name tells only alone."""
    towns = _once((*one.outside, *one.towns))
    found = [
        mark
        for name, number in product(one.names, one.numbers)
        for mark in _placed(f"name {name}#{number}", towns, one.regions, one.around, side)
    ]
    is_alone = not one.rare and not one.names
    for chain in one.chains:
        for mark in _placed(f"chain {chain}", towns, one.regions, one.around, side) if is_alone else ():
            found += [mark, *_sided("chain", ["one of it"], mark, side)]
        found += [] if is_alone else _sided("one of it", ["chain"], f"chain {chain}", side)
    return found


def _by_kind(one: Organisation, side: Side) -> list[str]:
    """Return what a name makes that consists of a town and words for what the place is."""
    found = _by_its_city(one, side)
    if one.rare or one.chains or one.names:
        return found
    at, said, around = (one.towns, one.regions, one.regions) if one.towns else (one.outside, one.regions, one.regions)
    special = [weak for weak in one.weak if weak in SPECIAL]
    families = [one.family] if one.family else [HOSPITAL, UNIVERSITY]
    for family, number in product(families, one.numbers):
        for town in at:
            bases = [f"{family} #{number} {town}"] if number and not one.weak else []
            bases += [f"{family} {weak}#{number} {town}" for weak in one.weak if not (special and weak in GENERAL)]
            bases += [] if special else _sided("any", ["plain"], f"{family} {town}", side)
            if not one.weak and not number:
                # The University of London is no other of London's universities, but `at London` may be any.
                is_one = one.family == UNIVERSITY
                bases += [f"{family} {town}"] if is_one else _sided("plain", ["any"], f"{family} {town}", side)
            found += [mark for base in bases for mark in _placed(base, None, said, around, side)]
        if (one.weak or number) and not one.towns:
            sort = f"{family} {' '.join(sorted(one.weak))}#{number}"
            found += _placed(sort, one.outside, one.regions, one.around, side)
    return found


def _by_its_city(one: Organisation, side: Side) -> list[str]:
    """Return what makes the University of Athens the National and Kapodistrian University of Athens, perhaps."""
    if one.family != UNIVERSITY or one.chains or any(one.numbers) or "college" in one.weak:
        return []
    is_named = bool(one.rare or one.names)
    if (is_named and not one.is_of_town) or (one.weak and not is_named):
        return []
    own, their = ("named", "plain") if is_named else ("plain", "named")
    bases = [base for town in one.towns for base in _sided(own, [their], f"city {town}", side)]
    return [mark for base in bases for mark in _placed(base, None, one.around, one.around, side)]


def _scoped(base: str, one: Organisation, side: Side) -> list[str]:
    """Return a mark as it is, and as it meets what is within this place; that of a larger place meets this alone."""
    if one.is_larger:
        return _sided("within", ["whole"], base, side)
    return [base, *(_sided("whole", ["within"], base, side) if one.may_hold else [])]


def _placed(
    base: str, towns: Sequence[str] | None, said: Sequence[str], around: Sequence[str], side: Side
) -> list[str]:
    """Return the marks of a name that many places bear: it is one with another where neither town nor region differ.

    What is not said differs from nothing. Where the other side says no town, `around` are the regions: those said, or
    else those that the town lies in. With `towns` None the town is in the name, and regions alone are compared.
    """
    found = []
    for their_town, their_level in product("-" if towns is None else "t-", range(3)):
        both = bool(towns) and their_town == "t"
        regions = said if both else around
        countries = _once(region[:2] for region in regions)
        states = _once(region for region in regions if "-" in region)
        level = 2 if states else 1 if countries else 0
        own = f"{'t' if towns else '-'}{level}"
        within = [[""], countries, states][min(level, their_level)]
        for town, region in product(towns if towns and both else [""], within):
            found += _sided(own, [f"{their_town}{their_level}"], f"{base} {town} {region}", side)
    return found


def _sided(own: str, theirs: Iterable[str], base: str, side: Side) -> list[str]:
    if side is Side.PERSON:
        return [f"{own}>{their} {base}" for their in theirs]
    return [f"{their}>{own} {base}" for their in theirs]


def _misspelt(word: str, numbers: Sequence[str]) -> Iterator[str]:
    """Yield a long word with each letter left out, but no digit: two that are a letter apart share one."""
    if len(word) >= SHORTEST_MISSPELT:
        spellings = (word, *(word[:at] + word[at + 1 :] for at, letter in enumerate(word) if letter.isalpha()))
        yield from (f"off {spelling}#{number}" for number, spelling in product(numbers, spellings))


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
