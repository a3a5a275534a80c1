"""How people are recognised: names as others write them, and how many strangers are taken for one.

    python -m bench.people                 on common names of twelve parts of the world
    python -m bench.people PAIRS.csv       also on pairs of names that are known to be one person's, two a line

The second kind is not kept here, because it is about living people. A good source is the list of name variants that
the ACL Anthology keeps of its authors.
"""

import csv
import random
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import yaml
from anyascii import anyascii

from services.intake.domain.people.marks import People

SEED, DRAWN, STRANGERS, POOL = 20_261_130, 40, 40_000, 60
PEOPLE = People("GB")
NAMES = Path(__file__).parent / "data" / "names.yaml"

Write = Callable[[str, str], str]

KINDS: dict[str, Write] = {
    "title": lambda given, family: f"Dr {given} {family}",
    "titles and degrees": lambda given, family: f"Prof. Dr. med. {given} {family}, MD, PhD",
    "post-nominals": lambda given, family: f"{given} {family} RN, BSc (Hons)",
    "pronouns": lambda given, family: f"{given} {family} (she/her)",
    "what they do": lambda given, family: f"my boss {given} {family}, consultant",
    "where they work": lambda given, family: f"{given} {family} from ICU",
    "family name first": lambda given, family: f"{family}, {given}",
    "capitals": lambda given, family: f"{family.upper()} {given}",
    "initial": lambda given, family: f"{given[0]}. {family}",
    "initial behind": lambda given, family: f"{family} {given[0]}",
    "family name alone": lambda _, family: f"Dr {family}",
    "another given name": lambda given, family: f"{given} Robin {family}",
    "double family name": lambda given, family: f"{given} {family}-Quxham",
    "plain letters": lambda given, family: anyascii(f"{given} {family}"),
    "address": lambda given, family: f"{anyascii(given)}.{anyascii(family)}@example.org".replace("'", ""),
}


@cache
def _avoided(text: str) -> frozenset[str]:
    return PEOPLE.avoided_by_person([text])


@cache
def _borne(text: str) -> frozenset[str]:
    return PEOPLE.of_volunteer([text])


def _meets(avoided: str, borne: str) -> bool:
    return bool(_avoided(avoided) & _borne(borne))


def _drawn(chance: random.Random) -> Iterator[list[tuple[str, str]]]:
    """Yield the people of each part of the world."""
    for names in yaml.safe_load(NAMES.read_text(encoding="utf-8")).values():
        given, family = names["given"].split(), names["family"].split()
        yield [(chance.choice(given), chance.choice(family)) for _ in range(DRAWN)]


def main() -> None:
    """Print what is recognised by kind of difference, and who is excluded for nothing."""
    chance = random.Random(SEED)
    countries = list(_drawn(chance))
    people = [each for country in countries for each in country]
    for kind, write in KINDS.items():
        met = sum(_meets(write(given, family), f"{given} {family}") for given, family in people)
        _print(f"recognised: {kind}", met / len(people))
    for kind, alike in (
        ("taken for one", lambda one, other: one[1] != other[1]),
        ("of one family name taken for one", lambda one, other: one[1] == other[1]),
    ):
        pairs = [
            pair
            for country in countries
            for pair in combinations(sorted(set(country)), 2)
            if pair[0][0] != pair[1][0] and alike(*pair)
        ]
        _print(f"strangers of one country {kind}", _share(pairs, lambda given, family: f"{given} {family}"))
    for kind, alone in (("family", 1), ("given", 0)):
        # The share of a pool of one country's people; 1 / POOL is one of them.
        pairs = [(one, other) for one, other in combinations(people, 2) if one[alone] != other[alone]]
        _print(
            f"strangers excluded by a {kind} name alone",
            _share(chance.sample(pairs, STRANGERS), lambda *name, at=alone: name[at]),
        )
    for path in sys.argv[1:]:
        with Path(path).open(encoding="utf-8", newline="") as file:
            known = [(one, other) for one, other, *_ in csv.reader(file)]
        _print(
            f"recognised of {len(known)} pairs of {Path(path).name}", sum(_meets(*pair) for pair in known) / len(known)
        )


def _share(pairs: list[tuple[tuple[str, str], tuple[str, str]]], write: Write) -> float:
    return sum(_meets(write(*one), " ".join(other)) for one, other in pairs) / len(pairs)


def _print(what: str, share: float) -> None:
    print(f"{what:<60} {share:8.2%}")


if __name__ == "__main__":
    main()
