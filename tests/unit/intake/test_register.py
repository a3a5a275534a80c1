"""The operator's register: what is wrong with it is said by the entry, and the example is right."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.intake.domain.register import Place, RegisterError, read_levels, read_places
from shared.vocabulary import vocabulary

EXAMPLE = Path(__file__).parents[3] / "deploy" / "affiliations.example.yaml"
SITE: dict[str, Any] = {"slug": "infirmary", "name": "The Infirmary", "level": "site"}
TRUST: dict[str, Any] = {"slug": "trust", "name": "A Trust", "level": "employer"}


def register(*entries: Any) -> dict[str, Any]:
    """Return a parsed register of these entries."""
    return {"affiliations": list(entries)}


def test_the_example_is_a_register() -> None:
    places = read_places(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))
    assert {place.level for place in places} == set(vocabulary().affiliation_levels)
    assert any(place.other_names for place in places)
    assert any(place.parent for place in places)


def test_an_entry_is_read_with_what_may_be_left_out() -> None:
    full = {**SITE, "other_names": ["INF"], "parent": "trust"}
    assert read_places(register(full, TRUST)) == (
        Place("infirmary", "The Infirmary", "site", "trust", ("INF",)),
        Place("trust", "A Trust", "employer"),
    )


def test_an_empty_file_is_an_empty_register() -> None:
    assert read_places(yaml.safe_load("# nothing yet\n")) == ()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (["infirmary"], "register: Invalid input type"),
        ({"places": []}, "register: affiliations: Missing data"),
        ({"affiliations": {"infirmary": SITE}}, "register: affiliations: Not a valid list"),
        ({"affiliations": [], "levels": []}, "register: levels: Unknown field"),
        (register("infirmary"), r"register: affiliations\[0\]: Invalid"),
        (register(TRUST, {"name": "X", "level": "site"}), r"register: affiliations\[1\].slug: Missing data"),
        (register({**SITE, "slug": "The Infirmary"}), "The Infirmary: a slug consists of small letters"),
        (register({"slug": "infirmary", "level": "site"}), r"affiliations\[0\].name: Missing data"),
        (register({**SITE, "name": "..."}), "infirmary: each name is a text with a letter"),
        (register({**SITE, "other_names": ["INF", 7]}), r"affiliations\[0\].other_names\[1\]: Not a valid string"),
        (register({**SITE, "other_names": "INF"}), r"affiliations\[0\].other_names: Not a valid list"),
        (register({**SITE, "level": "planet"}), "infirmary: 'planet' is no level"),
        (register({**SITE, "aka": []}), r"affiliations\[0\].aka: Unknown field"),
        (register({**SITE, "parent": ""}), r"affiliations\[0\].parent: Shorter than"),
        (register({**SITE, "parent": "trust"}), "infirmary: its parent trust is no entry of the register"),
        (register({**SITE, "parent": "infirmary"}), "infirmary: it is part of itself, by its parent infirmary"),
        (register({**SITE, "parent": "trust"}, {**TRUST, "parent": "infirmary"}), "infirmary: it is part of itself"),
        (register(SITE, {**TRUST, "slug": "infirmary"}), "infirmary: two entries have this slug"),
        (register(SITE, {**TRUST, "name": "the infirmary."}), "trust: infirmary has the same name"),
    ],
)
def test_what_is_wrong_is_said_by_the_entry(document: Any, said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        read_places(document)


def test_without_a_setting_the_vocabularys_levels_are_compared() -> None:
    assert read_levels("") == set(vocabulary().compared_levels) == {"site", "programme"}
    assert read_levels("unit , employer") == {"unit", "employer"}


@pytest.mark.parametrize("text", ["planet", "site,,unit", "site;unit"])
def test_a_level_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(RegisterError, match="is no level; choose among unit, site"):
        read_levels(text)
