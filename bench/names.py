"""B8: how names of places are recognised, by kind of difference, beside what the rules before could do.

    make bench            all of it, in some minutes on two cores

The data and where they come from: bench/data/README.md. `BEFORE` are the figures of version 2 of the rules.
"""

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

from bench.plain_rule import are_one
from services.intake.domain.affiliations import Register, meets
from services.intake.domain.place import Said
from services.intake.domain.register import Place
from shared.vocabulary.spelling import normalise

DATA = Path(__file__).parent / "data"
SEED, PAIRS, ENTRIES = 20_261_130, 1_000_000, 1_000
UNITS = ("Neurology ward", "Intensive care", "Emergency Department", "ICU", "Ward 5", "Department of Surgery", "A&E")
HOSPITALS, VOLUNTEERS, PEOPLE = 8, 60, 200
NONE = Register((), ())
BEFORE = {
    "one site as authors wrote it": "63.52%",
    "unit and site against site and town": "29.90%",
    "site and unit against site and other unit": "65.99%",
    "different institutions as authors wrote them": "0.05%",
    "different US hospitals": "0.02%",
    "different hospitals of one town": "2.65%",
    "pairs typed by hand, told rightly": "40 of 73",
}
Row = dict[str, str]
Pair = tuple[str, str]
chance = random.Random(SEED)


def rows(name: str) -> list[Row]:
    """Return the rows of a file of bench/data."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _marks(text: str) -> tuple[frozenset[str], frozenset[str]]:
    return NONE.of_person([text]), NONE.of_volunteer([text])


def meet(one: str, other: str) -> bool:
    """Tell whether two texts are taken for one place without a register."""
    (person, volunteer), (their_person, their_volunteer) = _marks(one), _marks(other)
    return not (person.isdisjoint(their_volunteer) and their_person.isdisjoint(volunteer))


def unit_and_site(row: Row) -> str:
    return f"{chance.choice(UNITS)}, {row['name']}"


def site_and_unit(row: Row) -> str:
    return f"{row['name']} - {chance.choice(UNITS)}"


def site_and_town(row: Row) -> str:
    return f"{row['name']}, {row['city']}"


FORMS: tuple[Callable[[Row], str], ...] = (unit_and_site, site_and_unit, site_and_town)


def share(pairs: Iterable[Pair]) -> float:
    """Return which share of pairs is taken for one place."""
    met = [meet(*pair) for pair in pairs]
    return sum(met) / len(met)


def different(texts: Sequence[tuple[str, str]], drawn: int) -> Iterator[Pair]:
    """Yield random pairs of texts, given with what they name, that name different places."""
    while drawn:
        (one, text), (other, their_text) = chance.sample(texts, 2)
        if one != other:
            drawn -= 1
            yield text, their_text


def of_one_town(hospitals: Sequence[Row]) -> Iterator[Pair]:
    """Yield every pair of different hospitals of one town."""
    towns: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in hospitals:
        towns[row["city"], row["state"]].append(row)
    for there in towns.values():
        for one, other in combinations(there, 2):
            yield site_and_town(one), site_and_town(other)


def measure_texts() -> Iterator[tuple[str, str, str]]:
    """Yield what is measured without a register, the figure, and what it should be."""
    hospitals, strings = rows("hospitals_us"), rows("places_strings")
    told = [(row["ror_id"], row["text"]) for row in strings]
    named = [(site_and_town(row), FORMS[chance.randrange(3)](row)) for row in hospitals]
    same = [(row["one"], row["other"]) for row in rows("places_same_site")]
    yield "one site as authors wrote it", f"{share(same):.2%}", "99 %"
    towards_town = [(unit_and_site(row), site_and_town(row)) for row in hospitals]
    yield "unit and site against site and town", f"{share(towards_town):.2%}", "99 %"
    yield (
        "site and unit against site and other unit",
        f"{share((site_and_unit(row), unit_and_site(row)) for row in hospitals):.2%}",
        "99 %",
    )
    yield "different institutions as authors wrote them", f"{share(different(told, 100_000)):.2%}", "at most 1 %"
    yield "different US hospitals", f"{share(different(named, 100_000)):.2%}", "at most 1 %"
    yield "different hospitals of one town", f"{share(of_one_town(hospitals)):.2%}", "at most 6 %"
    languages = rows("places_languages")
    right = sum(meet(row["one"], row["other"]) == (row["same"] == "1") for row in languages)
    yield "pairs of many languages, told rightly", f"{right} of {len(languages)}", ""
    curated = [(row, meet(row["one"], row["other"]) == (row["same"] == "1")) for row in rows("places_curated")]
    yield "pairs typed by hand, told rightly", f"{sum(right for _, right in curated)} of {len(curated)}", ""
    for row, right in curated:
        if not right:
            yield f"  {row['one']} | {row['other']}", "not met" if row["same"] == "1" else "met", ""


def measure_plain_rule() -> Iterator[tuple[str, str, str]]:
    """Yield how many of the pairs that a plain rule calls one place are not kept apart."""
    hospitals = rows("hospitals_us")
    texts = [row["text"] for row in rows("places_strings")] + [form(row) for row in hospitals for form in FORMS]
    drawn = [(chance.choice(texts), chance.choice(texts)) for _ in range(PAIRS)]
    drawn += [(row["one"], row["other"]) for row in rows("places_same_site")]
    called_one = [pair for pair in drawn if are_one(*pair)]
    offers = [pair for pair in called_one if not meet(*pair)]
    yield f"offers in {PAIRS:,} random pairs ({len(called_one):,} called one)", f"{len(offers)}", "0"
    for one, other in offers[:10]:
        yield f"  {one} | {other}", "offered", ""


def measure_register() -> Iterator[tuple[str, str, str]]:
    """Yield how places of a register of 1,000 entries meet under their names, and how different ones do."""
    entries = {(row["name"], row["city"]): row for row in rows("hospitals_us")}
    places = [
        Place(f"site_{number}", name, "site", town=town) for number, (name, town) in enumerate(list(entries)[:ENTRIES])
    ]
    register = Register(places, ("site",))
    bearers: dict[str, int] = defaultdict(int)
    for place in places:
        bearers[normalise(place.name)] += 1
    met = asked = 0
    by_person: dict[str, set[str]] = defaultdict(set)
    by_volunteer: dict[str, set[str]] = defaultdict(set)
    for place in places:
        own: list[str | Said] = [place.slug, f"{place.name}, {place.town}", Said(place.name, "ICU", place.town)]
        own += [place.name] if bearers[normalise(place.name)] == 1 else []
        asked += len(own) + 1
        met += sum(bool(meets(register, place.slug, said)) for said in (*own, place.name))
        for said in own:
            for mark in register.of_person([said]):
                by_person[mark].add(place.slug)
            for mark in register.of_volunteer([said]):
                by_volunteer[mark].add(place.slug)
    wrong = {(one, other) for mark, ones in by_person.items() for one in ones for other in by_volunteer[mark]}
    yield f"a registered place under its names ({len(places):,} entries)", f"{met / asked:.2%}", "100 %"
    yield "pairs of different registered places that meet", f"{sum(one != other for one, other in wrong)}", "0"


def measure_pools() -> Iterator[tuple[str, str, str]]:
    """Yield which share of people finds a volunteer in a pool of 60 of eight hospitals of one city."""
    towns: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows("hospitals_us"):
        towns[row["city"], row["state"]].append(row)
    for (town, _), there in sorted(towns.items(), key=lambda each: -len(each[1])):
        if len(there) < HOSPITALS:
            break
        sites = chance.sample(there, HOSPITALS)
        pool = [chance.choice(FORMS)(chance.choice(sites)) for _ in range(VOLUNTEERS)]
        asking = [chance.choice(FORMS)(chance.choice(sites)) for _ in range(PEOPLE)]
        left = [sum(not meet(person, volunteer) for volunteer in pool) / VOLUNTEERS for person in asking]
        found = sum(each > 0 for each in left) / PEOPLE
        yield f"people who find somebody in {town}", f"{found:.1%}", "95 %"
        yield "  of the pool may be asked, on average", f"{sum(left) / PEOPLE:.1%}", f"{1 - 1 / HOSPITALS:.1%}"


def main() -> None:
    """Print each figure beside the one before and what it should be."""
    sys.stdout.write(f"{'B8: names of places':<72}{'before':>12}{'now':>12}   goal\n")
    for measured in (measure_texts, measure_plain_rule, measure_register, measure_pools):
        for what, figure, goal in measured():
            sys.stdout.write(f"{what:<72}{BEFORE.get(what, ''):>12}{figure:>12}   {goal}\n")


if __name__ == "__main__":
    main()
