"""Names of places in many languages, scripts and forms: which are one, and which are not."""

import csv
import random
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.affiliations import meets
from services.intake.domain.place import Said, cut_of, names_a_place
from services.intake.domain.places.marks import MOST, Side, marks_of
from services.intake.domain.places.spelling import plain, words_of
from services.intake.domain.places.towns import on_the_map
from tests.unit.intake.places import NONE, meet

DATA = Path(__file__).parents[3] / "bench" / "data"
QUICK = settings(max_examples=25, deadline=None)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of bench/data."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HOSPITALS = st.sampled_from(random.Random(1).sample(rows("hospitals_us"), 150))


def test_real_places_in_many_languages_meet_under_their_names_and_no_others() -> None:
    wrong = [
        (row["one"], row["other"])
        for row in rows("places_languages")
        if bool(NONE.of_person([row["one"]]) & NONE.of_volunteer([row["other"]])) != (row["same"] == "1")
    ]
    assert wrong == []


@pytest.mark.parametrize("one", ["Quxham", "Quxham ICU", "Quxham, London", "I work at Quxham", "nurse at Quxham"])
@pytest.mark.parametrize("other", ["Quxham", "Quxham Hospital", "Hospital Quxham", "Emergency Department, Quxham"])
def test_one_word_is_a_place_with_whatever_is_said_beside_it(one: str, other: str) -> None:
    assert meet(NONE, one, other)


MEDICINE = (
    "School of Medicine, University of {}",
    "{} Medical School",
    "{} School of Medicine",
    "Faculty of Medicine, {}",
    "medical student at {}",
    "{} University",
    "University of {}",
)
BESIDE = ("Ward 5, {}", "{} - ICU", "{} (Emergency Department)", "Dr X, surgeon at {}", "{}, USA")
LONG_WORDS = ("Quxhamington", "Universitätsklinik", "Hospital")


@pytest.mark.parametrize("town", ["Leeds", "Yale", "Zürich", "Quxham"])
def test_a_medical_school_its_students_and_its_university_are_one(town: str) -> None:
    forms = [form.format(town) for form in MEDICINE]
    assert [pair for pair in product(forms, forms) if not meet(NONE, *pair)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hospital 1", "Hospital 2"),
        ("Hospital A", "Hospital B"),
        ("City Hospital № 5", "City Hospital No 6"),
        ("St Mary's Hospital, Leeds", "St Mary's Hospital, York"),
        ("Northern Provincial Clinic", "Northern Private Clinic"),
    ],
)
def test_numbers_letters_and_towns_tell_places_apart(one: str, other: str) -> None:
    assert not meet(NONE, one, other)


@pytest.mark.parametrize(
    "site", ["Massachusetts General Hospital", "Brigham and Women's Hospital", "Beth Israel Deaconess Medical Center"]
)
def test_two_hospitals_of_one_university_do_not_meet_by_it_but_its_dean_meets_both(site: str) -> None:
    other = "Boston Children's Hospital, Harvard Medical School"
    assert not meet(NONE, f"{site}, Harvard Medical School", other)
    for place in (f"{site}, Harvard Medical School", other):
        assert NONE.of_person([place]) & NONE.of_body("Harvard Medical School")
        assert NONE.avoided_by_person(["Harvard University"]) & NONE.of_volunteer([place])


def test_initials_meet_the_name_in_full_but_no_other_name_with_the_same_initials() -> None:
    assert meet(NONE, "QXH", "Quxham Xavier Hospital")
    assert not meet(NONE, "Quxham Xavier Hospital", "Quagmore Xylo House")
    assert not meet(NONE, "Children's Hospital of Philadelphia", "Clinic Hospital of Pittsburgh")


@QUICK
@given(HOSPITALS, st.sampled_from(BESIDE))
def test_a_unit_a_title_or_a_country_makes_no_other_place(hospital: dict[str, str], form: str) -> None:
    # A name that says nothing but of which kind it is, such as Medical Arts Hospital, needs its town.
    name = f"{hospital['name']}, {hospital['city']}"
    assert meet(NONE, name, form.format(name))
    assert meet(NONE, name, name.upper())


@QUICK
@given(HOSPITALS)
def test_parts_are_the_same_place_as_the_line_that_they_make(hospital: dict[str, str]) -> None:
    said = Said(hospital["name"], "ICU", hospital["city"])
    assert meets(NONE, said, f"{hospital['name']}, {hospital['city']}")
    assert meets(NONE, said, said.line)


@QUICK
@given(st.integers(0, 10), st.sampled_from("bcdfghjklm"), st.booleans(), st.sampled_from(LONG_WORDS))
def test_a_long_word_with_one_letter_wrong_is_still_that_word(at: int, letter: str, leave_out: bool, word: str) -> None:
    wrong = word[:at] + ("" if leave_out else letter) + word[at + 1 :]
    rest = "Quxhamington" if word != "Quxhamington" else "General"
    assert meet(NONE, f"{wrong} {rest}", f"{word} {rest}")


@pytest.mark.parametrize(
    "text",
    """prefer not to disclose;keine Angabe;my hospital;TBD;x;n/a;-;private;the hospital;a hospital in London;ICU;ward 5
London;NHS;retired;prefiero no decirlo;je préfère ne pas le dire;geen antwoord;ein Krankenhaus in Berlin;UK;Nein
wolę nie mówić;לא רוצה לומר;不想说;答えたくない;नहीं बताना चाहता;أفضل عدم الإجابة;не скажу;medical student;Dr
nobody;several hospitals;no fixed place;plusieurs hôpitaux""".replace("\n", ";").split(";"),
)
def test_these_name_no_place(text: str) -> None:
    assert not names_a_place(text)
    assert not NONE.of_person([text])


@pytest.mark.parametrize(
    "text",
    """Quxham;City Hospital, Birmingham;University Hospital, Coventry;The General, Kettering;The Christie;Charité
LGI;Hospital A;北京协和医院;東京大学病院;מרכז רפואי שיבא;مستشفى الملك فيصل;Glenfield
Kettering General;NHS Lothian;GMC""".replace("\n", ";").split(";"),
)
def test_these_name_one(text: str) -> None:
    assert names_a_place(text)
    assert meet(NONE, text, text)


def test_no_place_has_more_marks_than_its_share_of_an_event() -> None:
    texts = [row["text"] for row in rows("places_strings")[::9]] + [" ".join(f"quxhamington{n}" for n in range(40))]
    assert max(len(marks_of(cut_of(text).organisations, side)) for text in texts for side in Side) <= MOST


@pytest.mark.parametrize("name", ["Quxham", "Glenfield"])
@pytest.mark.parametrize("line", ["{} ICU", "ICU {}", "Ward 5 {}", "{} Ward 5", "I work at {}", "{}, Ward 5"])
def test_a_name_alone_is_a_place_though_a_small_town_is_called_so(name: str, line: str) -> None:
    assert names_a_place(line.format(name))
    assert meet(NONE, line.format(name), f"{name} Hospital")


@pytest.mark.parametrize("sign", ["№{}", "№ {}", "Nº {}", "N° {}", "N°{}", "Nr. {}", "Nr.{}", "No. {}", "#{}", "{}"])
def test_a_number_is_one_whatever_is_written_before_it(sign: str) -> None:
    assert meet(NONE, f"Hospital {sign.format(12)}, Lima", "Hospital No 12 Lima")
    assert not meet(NONE, f"Hospital {sign.format(12)}, Lima", "Hospital No 13, Lima")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quxham St Hospital", "Quxham Street Hospital, Leeds"),
        ("Ormond St Hospital", "Ormond Street Hospital, London"),
        ("Quxhamumc", "Quxham UMC"),
        ("Fakultní nemocnice v Praze", "University Hospital Prague"),
        ("Fakultní nemocnice v Olomouci", "University Hospital Olomouc"),
        ("Eastbourne DGH", "Eastbourne District General Hospital"),
        ("Eastbourne General", "Eastbourne District General Hospital"),
        ("Medical School of Athens", "Quxham University of Athens School of Medicine"),
        ("Universidad de Madrid", "Universidad Quxham de Madrid"),
        ("Medina Hospital, Medina", "Medina Hospital, Medina, USA"),
        ("Universität Düsseldorf", "Quxham-Universität Düsseldorf"),
    ],
)
def test_names_meet_as_they_are_shortened(one: str, other: str) -> None:
    assert meet(NONE, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quxham St Hospital", "Wexcombe St Hospital"),
        ("Leeds Quxham University", "University of Leeds"),
        ("General Hospital, Lagos", "General Hospital, Abuja"),
    ],
)
def test_what_is_only_alike_does_not_meet(one: str, other: str) -> None:
    assert not meet(NONE, one, other)


SAME_TOWN = [("München", "Munich"), ("Köln", "Cologne"), ("Koeln", "Köln"), ("北京", "Peking"), ("Praha", "Prague")]


@pytest.mark.parametrize(("one", "other"), SAME_TOWN)
def test_a_town_is_known_by_its_names_in_other_languages(one: str, other: str) -> None:
    assert on_the_map(joined(one)).towns == on_the_map(joined(other)).towns != ()


def test_a_given_name_is_a_town_only_where_a_town_stands() -> None:
    assert on_the_map(joined("Victoria")).towns
    assert meet(NONE, "Quxham Mercy Hospital, Victoria", "Mercy Hospital, Victoria")
    assert not meet(NONE, "Victoria Hospital, Leeds", "General Hospital, Victoria")


def joined(text: str) -> str:
    """Return a text as towns are looked up by it."""
    return "".join(words_of(plain(text)))
