"""`alongside register check`: what is wrong with a register, and which entries meet by a name though they are two."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping

from deploy.register.explaining import register_in_use
from services.intake.domain.affiliations import Register
from services.intake.domain.register import Place


def run(options: argparse.Namespace) -> int:
    """Print a line for each name that means another entry too; BadSettings if the register is wrong."""
    register = register_in_use(options.file)
    found = list(doubtful(register))
    for line in found:
        print(line)
    print(f"{len(register.places)} entries; {len(found)} names mean more than one of them")
    return 0


def doubtful(register: Register) -> Iterator[str]:
    """Yield a line for each name of an entry which, written without its town, also means entries of another line."""
    bearers = defaultdict(set)
    for place in register.places:
        for mark in register.of_volunteer([place.slug]):
            bearers[mark].add(place.slug)
    by_slug = {place.slug: place for place in register.places}
    above = {slug: _above(place, by_slug) for slug, place in by_slug.items()}
    for place in register.places:
        for name in (place.name, *place.other_names):
            met = {slug for mark in register.of_person([name]) for slug in bearers.get(mark, ())}
            others = {slug for slug in met if slug not in above[place.slug] and place.slug not in above[slug]}
            # Whatever such an entry is part of is met by that alone.
            others -= {slug for other in others for slug in above[other] - {other}}
            if others:
                yield f"{place.slug}: {name!r} also means {', '.join(sorted(others))}"


def _above(place: Place, by_slug: Mapping[str, Place]) -> set[str]:
    """Return the slugs of a place and of all that it is part of."""
    return {place.slug}.union(*(_above(by_slug[parent], by_slug) for parent in place.parents))
