"""Makes entries of our register from those of a public one: whom to take, what is part of what, names, slugs."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, count

from deploy.register.entries import BadFile, Entry, Say
from services.intake.domain.register import Place
from shared.vocabulary.spelling import normalise

LONGEST_SLUG = 60
"""Characters of a slug before the id."""

Parents = Mapping[int, Sequence[int]]
"""The number of an entry -> the numbers of those that it is part of."""


def made(entries: Iterable[Entry], *, country: str | None, types: Collection[str], say: Say) -> list[Place]:
    """Return the places of `country` and of one of `types` (None and empty: all), and what they are part of.

    Raises BadFile if nothing is left. What cannot be kept as it is, is told.
    """
    listed = _once(entries, say)
    parents, lost = _parents(listed)
    taken = _taken(listed, parents, country, frozenset(each.casefold() for each in types))
    for number in taken:
        for link in lost[number]:
            say(f"{listed[number].name}: nothing it can be part of is called {link}; that link is left out")
    have_sites = {above for number in taken if not listed[number].level for above in parents[number]}
    names = _names(listed, taken)
    slugs = _slugs(listed, taken)
    return [
        Place(
            slug=slugs[number],
            name=names[number],
            level=listed[number].level or ("employer" if number in have_sites else "site"),
            parent=next((slugs[above] for above in parents[number]), None),
            other_names=_other_names(names[number], listed[number]),
            town=listed[number].town,
            other_parents=tuple(slugs[above] for above in parents[number][1:]),
        )
        for number in taken
    ]


def _once(entries: Iterable[Entry], say: Say) -> list[Entry]:
    """Return the entries without those whose id, or without one whose name, town and region, came before."""
    seen, listed = set(), []
    for entry in entries:
        sign = entry.key or (normalise(entry.name), normalise(entry.town), normalise(entry.region))
        if sign in seen:
            say(f"{entry.key or entry.name}: is there twice; the second is left out")
        else:
            seen.add(sign)
            listed.append(entry)
    return listed


def _parents(listed: Sequence[Entry]) -> tuple[Parents, Mapping[int, Sequence[str]]]:
    """Return what each is part of, and the links that lead nowhere, to several or, in a circle, back."""
    known = defaultdict(set)
    for number, entry in enumerate(listed):
        for handle in (entry.key, entry.slug, normalise(entry.name)):
            known[handle].add(number)
    links = [list(entry.parents) for entry in listed]
    for entry in listed:
        for number in {child for said in entry.children for child in known.get(said, ())}:
            links[number].append(entry.key)
    parents: dict[int, list[int]] = {}
    lost: dict[int, list[str]] = defaultdict(list)
    for number in range(len(listed)):
        parents[number] = []
        for said in dict.fromkeys(links[number]):
            found = known.get(said) or known.get(normalise(said)) or set()
            if len(found) != 1 or _reaches(min(found), number, parents):
                lost[number].append(said)
            else:
                parents[number].append(min(found))
        # A university that a hospital belongs to comes after its employer.
        parents[number].sort(key=lambda above: listed[above].level == "university")
    return parents, lost


def _reaches(start: int, end: int, parents: Parents) -> bool:
    return start == end or any(_reaches(above, end, parents) for above in parents.get(start, ()))


def _taken(listed: Sequence[Entry], parents: Parents, country: str | None, types: frozenset[str]) -> list[int]:
    of_country = [number for number, entry in enumerate(listed) if country in (None, entry.country)]
    taken = {n for n in of_country if not types or not types.isdisjoint(each.casefold() for each in listed[n].types)}
    if not taken:
        there = sorted({each for number in of_country for each in listed[number].types})
        raise BadFile(f"nothing is left; the types there are {', '.join(there)}" if there else "nothing is left")
    waiting = list(taken)
    while waiting:
        above = set(parents[waiting.pop()]) - taken
        taken |= above
        waiting += above
    return sorted(taken)


def _names(listed: Sequence[Entry], taken: Sequence[int]) -> dict[int, str]:
    """Return a name for each that is unique with its town: where several bear it, with the region or the id."""
    alike = defaultdict(list)
    for number in taken:
        alike[normalise(listed[number].name), normalise(listed[number].town)].append(number)
    names = {}
    for numbers in alike.values():
        regions = {listed[number].region for number in numbers}
        apart = len(numbers) == len(regions) and "" not in regions
        for number in numbers:
            entry = listed[number]
            more = entry.region if apart else entry.key or entry.region
            names[number] = f"{entry.name} ({more})" if len(numbers) > 1 and more else entry.name
    return names


def _other_names(name: str, entry: Entry) -> tuple[str, ...]:
    by_spelling = {normalise(each): each for each in (entry.name, *entry.other_names)[::-1]}
    return tuple(other for sign, other in reversed(by_spelling.items()) if sign not in ("", normalise(name)))


def _slugs(listed: Sequence[Entry], taken: Sequence[int]) -> dict[int, str]:
    """Return a slug for each, of name, town and id (region without one): it stays when the file is imported again."""
    slugs: dict[int, str] = {}
    used: set[str] = set()
    for number in taken:
        entry = listed[number]
        words = _ascii(entry.name)
        words += [word for word in _ascii(entry.town) if word not in words]
        base = "_".join(words)[:LONGEST_SLUG].strip("_")
        whole = "_".join(filter(None, [base, *_ascii(entry.key or entry.region)])) or "place"
        tries = chain([whole], (f"{whole}_{again}" for again in count(2)))
        # Two with one slug of their own are refused when the register is read.
        slugs[number] = entry.slug or next(each for each in tries if each not in used)
        used.add(slugs[number])
    return slugs


def _ascii(text: str) -> list[str]:
    return re.findall("[a-z0-9]+", normalise(text))
