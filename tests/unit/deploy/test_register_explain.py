"""`alongside register check` and `explain`, and `alongside names explain`: what meets what, and why."""

import csv
import io
from pathlib import Path

import pytest

from deploy.cli import main

REGISTER = """
affiliations:
  - {slug: leeds_infirmary, name: Kestrel Infirmary, town: Leeds, level: site, other_names: [KIL]}
  - {slug: york_infirmary, name: Kestrel Infirmary, town: York, level: site, parent: heron_trust}
  - {slug: heron_trust, name: Heron Trust, level: employer, other_names: [HT]}
"""
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of ours."""
    for name in ("AFFILIATIONS", "AFFILIATION_LEVELS", "COUNTRY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    # A command sets it for itself; the next test is not to find it.
    monkeypatch.setenv("AFFILIATIONS_FILE", "/dev/null")


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "places.yaml"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def test_two_texts_that_meet_are_said_to_by_their_marks(capsys: Printed) -> None:
    assert main(["register", "explain", "Kestrel Infirmary", "Ward 5, Kestrel Infirmary"]) == 0
    said = capsys.readouterr().out
    assert "a person of 'Kestrel Infirmary', a volunteer of 'Ward 5, Kestrel Infirmary': they meet, by\n  " in said
    assert "a person of 'Ward 5, Kestrel Infirmary', a volunteer of 'Kestrel Infirmary': they meet, by\n  " in said
    assert said.endswith("Whoever says which, the two are kept apart.\n")


def test_two_texts_that_do_not_meet_are_said_to(capsys: Printed) -> None:
    assert main(["register", "explain", "Kestrel Infirmary", "Heron Clinic"]) == 0
    assert capsys.readouterr().out.endswith("Nothing keeps the two apart.\n")


def test_a_text_that_names_no_place_is_said_to_name_none(capsys: Printed) -> None:
    assert main(["register", "explain", "prefer not to disclose", "Heron Clinic"]) == 0
    assert "'prefer not to disclose' names no place." in capsys.readouterr().out


def test_a_register_says_that_two_of_one_name_are_two(capsys: Printed, register: Path) -> None:
    main(["register", "explain", "leeds_infirmary", "york_infirmary", "--register", str(register)])
    assert capsys.readouterr().out.endswith("Nothing keeps the two apart.\n")
    main(["register", "explain", "KIL", "leeds_infirmary", "--register", str(register)])
    assert "they meet, by" in capsys.readouterr().out


def test_the_setting_names_the_register_too(capsys: Printed, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFFILIATIONS_FILE", str(register))
    main(["register", "explain", "KIL", "leeds_infirmary"])
    assert "they meet, by" in capsys.readouterr().out


def test_the_check_lists_names_that_mean_another_entry_as_well(capsys: Printed, register: Path) -> None:
    assert main(["register", "check", str(register)]) == 0
    said = capsys.readouterr().out
    assert "leeds_infirmary: 'Kestrel Infirmary' also means york_infirmary\n" in said
    # What the register itself says to belong together is no doubt.
    assert "heron_trust: " not in said
    assert said.splitlines()[-1].startswith("3 entries; ")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("affiliations: [{slug: a, name: A, level: planet}]", "a: the value given is no level"),
        ("affiliations: [{slug: a, name: A B, level: site, parent: b}]", "a: its parent b is no entry of the register"),
        ("affiliations: [", "is no YAML"),
    ],
)
def test_the_check_names_the_entry_that_is_wrong(capsys: Printed, tmp_path: Path, wrong: str, said: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(wrong, encoding="utf-8")
    assert main(["register", "check", str(path)]) == 2
    assert said.replace("the value given", "'planet'") in capsys.readouterr().err


def test_a_file_of_pairs_gets_a_column_and_keeps_the_others(capsys: Printed, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(
        "one,other,same,note\n"
        '"Ward 5, Kestrel Infirmary",Kestrel Infirmary,1,"with, comma"\n'
        "Kestrel Infirmary,Heron Clinic,0,\n"
        "Kestrel Infirmary,prefer not to disclose,0,x\n"
        "Kestrel Infirmary\n",
        encoding="utf-8",
    )
    assert main(["register", "explain", "--pairs", str(path)]) == 0
    printed = capsys.readouterr()
    rows = list(csv.reader(io.StringIO(printed.out)))
    assert rows[0] == ["one", "other", "same", "note", "meets"]
    assert rows[1] == ["Ward 5, Kestrel Infirmary", "Kestrel Infirmary", "1", "with, comma", "1"]
    assert [row[-1] for row in rows[2:]] == ["0", "0", "0"]
    assert [row[:2] for row in rows[3:]] == [["Kestrel Infirmary", "prefer not to disclose"], ["Kestrel Infirmary", ""]]
    assert [line.partition("pairs.csv:")[2] for line in printed.err.splitlines()] == [
        "4: text 2 names no place",
        "5: text 2 names no place",
    ]


def test_people_meet_by_their_names_in_any_order(capsys: Printed, tmp_path: Path) -> None:
    assert main(["names", "explain", "Dr Anna Beispiel", "Beispiel, Anna"]) == 0
    said = capsys.readouterr().out
    assert "a person avoids 'Dr Anna Beispiel', a volunteer is 'Beispiel, Anna': they meet, by" in said
    path = tmp_path / "pairs.csv"
    path.write_text("one,other\nAnna Mueller,Anna Müller\nAnna Mueller,Otto Beispiel\n,Anna\n", encoding="utf-8")
    assert main(["names", "explain", "--pairs", str(path)]) == 0
    printed = capsys.readouterr()
    assert [row[-1] for row in csv.reader(io.StringIO(printed.out))] == ["meets", "1", "0", "0"]
    assert "pairs.csv:4: text 1 is empty" in printed.err


@pytest.mark.parametrize("arguments", [["one"], ["one", "two", "three"], [], ["one", "two", "--pairs", "x.csv"]])
def test_anything_but_two_texts_or_a_file_is_refused(capsys: Printed, arguments: list[str]) -> None:
    assert main(["register", "explain", *arguments]) == 2
    assert "give two texts, or --pairs FILE" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "said"), [(b"one,other\n\xff,b\n", "is not UTF-8"), (None, "No such file")])
def test_a_file_of_pairs_that_cannot_be_read_is_named(
    capsys: Printed, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "pairs.csv"
    if content is not None:
        path.write_bytes(content)
    assert main(["names", "explain", "--pairs", str(path)]) == 1
    assert said in capsys.readouterr().err
