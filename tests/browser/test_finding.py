"""Words are found on the pages by what people type, in the order in which the house finds them; only with scripts."""

import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shared.vocabulary import vocabulary

SPECIALTIES = Path(__file__).parents[1] / "data" / "specialty_names.csv"
RANKED = """([text, list]) => found(text, [...document.querySelectorAll(`#f-${list} option[data-names]`)])
    .elements.map(option => option.value)"""


def typed() -> list[str]:
    """Return what people may type: names of specialties and other names, some of each, and beginnings of names."""
    names = [row["name"] for row in csv.DictReader(SPECIALTIES.read_text("utf-8").splitlines())]
    other = [name for words in vocabulary().other_names.values() for named in words.values() for name in named]
    said = [*names[::4], *other[::25], *(name[:4] for name in names[::23])]
    return [*said, "Nurse", "A&E", "", "  ", "of the", "Zürich Ⅳ ﬁ", "łódź æther", "心臓"]


def test_the_page_finds_what_the_house_finds_in_the_same_order(open_phone: Callable[..., Page]) -> None:
    phone = open_phone(javascript=True)
    phone.goto("/ask")
    asked = list(product(typed(), ["care_area", "profession"]))
    on_the_page = phone.evaluate(f"asked => asked.map({RANKED})", [list(each) for each in asked])
    of_the_house = [vocabulary().found(f"{name}s", text) for text, name in asked]
    answers = zip(asked, on_the_page, of_the_house, strict=True)
    different = [(ask, page, ours) for ask, page, ours in answers if page != ours]
    assert different == []


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("A&E", "emergency_medicine"), ("Internal Medicine", "general_internal_medicine"), ("hand surgery", "")],
)
def test_what_is_typed_is_chosen_where_it_means_one_word(
    open_phone: Callable[..., Page], text: str, chosen: str
) -> None:
    phone = open_phone(javascript=True)
    phone.goto("/ask")
    care_area = phone.get_by_label("Where in health care")
    phone.locator("#f-care_area-find").press_sequentially(text)
    expect(care_area).to_have_value(chosen)
    phone.locator("#f-care_area-find").fill("xyzzy")
    expect(care_area.locator("option")).to_have_count(len(vocabulary().care_areas) + 1)


def test_themes_are_found_and_what_is_ticked_stays_in_sight(open_phone: Callable[..., Page]) -> None:
    phone = open_phone(javascript=True)
    phone.goto("/ask")
    phone.get_by_text("What it is about").first.click()
    phone.get_by_label("Exhausted, nothing left").check()
    phone.locator("#f-themes-find").fill("GMC")
    shown = phone.locator(".field:has(#f-themes-find) .box:visible")
    expect(shown).to_have_text(["A complaint to a college, board or council", "Exhausted, nothing left"])
    phone.locator("#f-themes-find").fill("")
    expect(phone.get_by_label("Money, debt")).to_be_visible()


def test_without_scripts_the_whole_list_is_there_and_nothing_else(open_phone: Callable[..., Page]) -> None:
    phone = open_phone(javascript=False)
    phone.goto("/ask")
    expect(phone.locator("#f-care_area-find")).to_be_hidden()
    phone.get_by_label("Where in health care").select_option("dentistry")
