"""Towns, regions and countries, from towns.txt.xz: GeoNames (geonames.org), CC BY 4.0, made by bench/make_towns.py."""

import lzma
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple


class Town(NamedTuple):
    """What a name may stand for on the map; towns of one name are one here.

    `towns` is what all names of the town are compared as, and the large city that it is a suburb of; none if it is no
    town. `inside` are the regions or countries that towns of this name lie in, `regions` those of this name itself,
    each as `US-MA` or `US`.
    """

    towns: tuple[str, ...]
    inside: tuple[str, ...]
    regions: tuple[str, ...]
    is_big: bool


@cache
def _lines() -> tuple[Mapping[str, str], Mapping[str, str]]:
    with resources.files(__package__).joinpath("towns.txt.xz").open("rb") as file:
        lines = lzma.decompress(file.read()).decode().splitlines()
    towns: dict[str, str] = {}
    regions: dict[str, str] = {}
    for line in lines[1:]:
        found = regions if line[0] == "=" else towns
        names = line[: line.find(" ")]
        for name in names.lstrip("*=").split(","):
            found.setdefault(name.partition(">")[0], line)
    return towns, regions


def is_on_the_map(key: str) -> bool:
    """Tell whether a name, its words in one spelling and joined, is one of a town, a region or a country."""
    towns, regions = _lines()
    return key in towns or key in regions


def on_the_map(key: str) -> Town:
    """Return what a name that `is_on_the_map` stands for."""
    towns, regions = _lines()
    names, *inside = towns.get(key, "").split(" ")
    region = tuple(regions.get(key, "").split(" ")[1:])
    is_country = any("-" not in code for code in region)
    own = tuple(dict.fromkeys(names.lstrip("*").split(",")[0].split(">"))) if names and not is_country else ()
    return Town(own, tuple(inside), region, names.startswith("*"))
