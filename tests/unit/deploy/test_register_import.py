"""`alongside register import`: the public registers' own files become a register that intake reads."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli import main
from deploy.register import ror
from services.intake.domain.register import Place, read_places

PUBLIC = Path(__file__).parent / "public"
ROR = PUBLIC / "ror.json"


class Imported:
    """What an import wrote: the exit code, the places by slug, and what was said beside them."""

    def __init__(self, code: int, out: str, said: str) -> None:
        self.code, self.text, self.said = code, out, said
        self.places = {place.slug: place for place in read_places(yaml.safe_load(out))}

    def named(self, name: str) -> list[Place]:
        return [place for place in self.places.values() if place.name == name]


@pytest.fixture
def imported(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(source: str, *arguments: Path | str) -> Imported:
        code = main(["register", "import", "--from", source, *map(str, arguments)])
        return Imported(code, *capsys.readouterr())

    return run


def file(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_ror_gives_names_towns_levels_and_what_is_part_of_what(imported: Any) -> None:
    made = imported("ror", ROR)
    indianapolis, wankyi = made.named("Methodist Hospital")
    assert indianapolis == Place(
        "methodist_hospital_indianapolis_00g635h87",
        "Methodist Hospital",
        "site",
        "indiana_university_health_indianapolis_01aaptx40",
        ("IU Health Methodist Hospital", "Indiana University Health Methodist Hospital"),
        "Indianapolis",
        ("indiana_university_indianapolis_03eftgw80",),
    )
    assert (wankyi.town, wankyi.parents) == ("Wankyi", ())
    assert made.places[indianapolis.parents[0]].level == "employer"
    assert made.places[indianapolis.parents[1]].level == "university"
    [tallaght] = made.named("Tallaght University Hospital")
    assert {"AMNCH", "Tallaght Hospital", "Ospidéal Thamhlachta"} <= set(tallaght.other_names)
    assert made.text.startswith("# The Research Organization Registry (ror.org), CC0.")
    assert "1 left out, which are inactive" in made.said


def test_what_the_parent_says_of_its_children_counts_as_well(imported: Any, tmp_path: Path) -> None:
    records = json.loads(ROR.read_text("utf-8"))
    for record in records:
        record["relationships"] = [each for each in record["relationships"] if each["type"] == "child"]
    made = imported("ror", file(tmp_path, json.dumps(records)))
    [weston] = made.named("Weston Park Cancer Centre")
    assert made.places[weston.parent].name == "Sheffield Teaching Hospitals NHS Foundation Trust"


def test_country_and_types_choose_and_what_the_chosen_are_part_of_comes_with_them(imported: Any) -> None:
    assert {place.town for place in imported("ror", ROR, "--country", "ie").places.values()} == {"Dublin"}
    chosen = imported("ror", ROR, "--types", "Healthcare", "--country", "US")
    assert {place.name for place in chosen.places.values()} == {
        "Methodist Hospital",
        "Indiana University Health",
        "Indiana University Indianapolis",
    }


def test_a_type_that_nobody_has_is_answered_with_those_there_are(imported: Any) -> None:
    refused = imported("ror", ROR, "--types", "hospital")
    assert (refused.code, refused.places) == (1, {})
    assert "the types there are education, funder, healthcare" in refused.said


def test_a_dump_is_read_from_its_zip_and_in_pieces_of_any_size(
    imported: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = imported("ror", ROR)
    with zipfile.ZipFile(tmp_path / "v1.70-ror-data.zip", "w") as archive:
        archive.writestr("v1.70-ror-data.json", '[{"id": "https://ror.org/1", "name": "Schema 1"}]')
        archive.writestr("v1.70-ror-data.csv", "id,name\n")
        archive.writestr("v1.70-ror-data_schema_v2.json", "\ufeff" + ROR.read_text("utf-8"))
    monkeypatch.setattr(ror, "CHUNK", 7)
    assert imported("ror", tmp_path / "v1.70-ror-data.zip").places == whole.places


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"id": "https://ror.org/1", "name": "Old", "types": []}]', "this is schema 1 of ROR"),
        ('[{"id": "https://ror.org/1", "names": [', "is no JSON, or cut off, after record 0"),
        ("", "is no JSON, or cut off, after record 0"),
        ("[1]", "record 1: no object"),
        ('[{"id": "https://ror.org/1", "names": []}]', "record 1: has no id or no name in the form of schema 2"),
        (b"\xff[]", "is not UTF-8"),
    ],
)
def test_what_is_no_dump_is_refused_by_name(imported: Any, tmp_path: Path, content: str | bytes, said: str) -> None:
    refused = imported("ror", file(tmp_path, content, "dump.json"))
    assert (refused.code, refused.text) == (1, "")
    assert said in refused.said


def test_ods_has_trusts_with_their_sites_and_without_what_has_closed(imported: Any) -> None:
    made = imported("ods", PUBLIC / "etr.csv", PUBLIC / "ets.csv")
    [trust] = made.named("Manchester University NHS Foundation Trust")
    [site] = made.named("Invented Royal Infirmary")
    assert (trust.level, trust.town, trust.parent) == ("employer", "Manchester", None)
    assert (site.slug, site.level, site.parent) == ("invented_royal_infirmary_manchester_r0ax1", "site", trust.slug)
    assert made.named("The Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust")[0].town == "King's Lynn"
    assert "etr.csv:3: POOLE HOSPITAL NHS FOUNDATION TRUST closed on 20200930; left out" in made.said
    assert "Outpatients: nothing it can be part of is called RZZ" in made.said


def test_a_newer_report_of_ods_is_read_by_its_header(imported: Any, tmp_path: Path) -> None:
    report = (
        "Organisation Code,Organisation Name,Address Line 1,Town,Postcode,Close Date,Parent Organisation Code\r\n"
        "R0A,INVENTED NHS TRUST,A road,LEEDS,LS1 1AA,,\r\n"
        "R0A01,INVENTED INFIRMARY,A road,LEEDS,LS1 1AA,,R0A\r\n"
        "R0A02,INVENTED CLINIC,A road,LEEDS,LS1 1AA,2020-03-31,R0A\r\n"
    )
    made = imported("ods", file(tmp_path, "\ufeff" + report))
    assert [(place.name, place.town, place.parent) for place in made.places.values()] == [
        ("Invented NHS Trust", "Leeds", None),
        ("Invented Infirmary", "Leeds", "invented_nhs_trust_leeds_r0a"),
    ]


@pytest.mark.parametrize("name", ["cms.csv", "cms_of_2016.csv"])
def test_cms_is_read_with_its_header_of_any_year(imported: Any, name: str) -> None:
    made = imported("cms", PUBLIC / name)
    assert {place.level for place in made.places.values()} == {"site"}
    assert len(made.places) == {"cms.csv": 2, "cms_of_2016.csv": 4}[name]
    critical = imported("cms", PUBLIC / "cms_of_2016.csv", "--types", "critical access hospitals")
    assert list(critical.places) == ["kanakanak_hospital_dillingham_021309"]
    assert critical.named("Kanakanak Hospital")[0].town == "Dillingham"


def test_a_list_of_ones_own_may_say_everything(imported: Any, tmp_path: Path) -> None:
    listed = (
        "Name;Town;Other names;Parent;Level;Slug\n"
        "Klinikum Köln;Köln;KK|Kölner Klinikum;traeger;site;klinikum\n"
        "Träger;;;;employer;traeger\n"
        "Station 5;Köln;;Klinikum Köln;unit;\n"
    )
    made = imported("csv", file(tmp_path, listed.encode("cp1252")))
    assert made.places == {
        "klinikum": Place("klinikum", "Klinikum Köln", "site", "traeger", ("KK", "Kölner Klinikum"), "Köln"),
        "traeger": Place("traeger", "Träger", "employer"),
        "station_5_koln": Place("station_5_koln", "Station 5", "unit", "klinikum", (), "Köln"),
    }
    assert "read as Windows-1252" in made.said


def test_names_that_several_bear_stay_apart_by_town_region_or_id(imported: Any, tmp_path: Path) -> None:
    listed = "name,city,state\nDoctors Hospital,Columbus,OH\nDoctors Hospital,Columbus,GA\nDoctors Hospital,Dallas,TX\n"
    made = imported("csv", file(tmp_path, listed))
    assert [(place.slug, place.name, place.other_names, place.town) for place in made.places.values()] == [
        ("doctors_hospital_columbus_oh", "Doctors Hospital (OH)", ("Doctors Hospital",), "Columbus"),
        ("doctors_hospital_columbus_ga", "Doctors Hospital (GA)", ("Doctors Hospital",), "Columbus"),
        ("doctors_hospital_dallas_tx", "Doctors Hospital", (), "Dallas"),
    ]
    rows = "id,name,city\nX1,City Clinic,Leeds\nX2,CITY CLINIC,Leeds\n"
    by_id = imported("csv", file(tmp_path, rows))
    assert [place.name for place in by_id.places.values()] == ["City Clinic (X1)", "City Clinic (X2)"]


def test_slugs_stay_when_the_file_comes_again_in_another_order_and_with_more(imported: Any, tmp_path: Path) -> None:
    records = json.loads(ROR.read_text("utf-8"))
    before = imported("ror", file(tmp_path, json.dumps(records[2:])))
    again = imported("ror", file(tmp_path, json.dumps([*records[::-1], {**records[0], "id": "https://ror.org/0new"}])))
    assert before.places.keys() <= again.places.keys()
    assert before.named("Weston Park Cancer Centre") == again.named("Weston Park Cancer Centre")


def test_a_row_that_is_none_is_left_out_and_said_by_its_line(imported: Any, tmp_path: Path) -> None:
    listed = "name,town\nOne Infirmary,Leeds\nTwo Infirmary\n...,Leeds\n\nOne Infirmary,Leeds\nThree,York,more\n"
    made = imported("csv", file(tmp_path, listed))
    assert list(made.places) == ["one_infirmary_leeds"]
    assert made.code == 0
    said = made.said.replace(f"{tmp_path}/", "")
    assert "list.csv:3: has 1 columns, not 2; left out" in said
    assert "list.csv:4: has no name; left out" in said
    assert "list.csv:7: has 3 columns, not 2; left out" in said
    assert "One Infirmary: is there twice; the second is left out" in said


@pytest.mark.parametrize(
    ("source", "content", "said"),
    [
        (
            "csv",
            "title,town\nOne,Leeds\n",
            "list.csv:1: the first line names the columns, and none is called facility name",
        ),
        ("cms", "name,town\nOne,Leeds\n", "none is called facility id, provider id"),
        ("ods", '"R0A","A TRUST"\n', "none is called"),
        ("csv", "", "none is called facility name, hospital name, organisation name, name"),
        ("csv", b"name\n\x81\x8d\n", "is neither UTF-8 nor Windows-1252"),
        ("csv", "name,level\nOne Infirmary,planet\n", "one_infirmary: 'planet' is no level"),
        ("csv", "name,slug\nOne,a\nTwo,a\n", "a: two entries have this slug"),
        ("csv", "name\n", "nothing is left"),
    ],
)
def test_a_file_that_is_none_is_refused_by_name(
    imported: Any, tmp_path: Path, source: str, content: str | bytes, said: str
) -> None:
    refused = imported(source, file(tmp_path, content))
    assert (refused.code, refused.text) == (1, "")
    assert said in refused.said


def test_a_file_that_is_not_there_is_named(imported: Any, tmp_path: Path) -> None:
    refused = imported("csv", tmp_path / "nowhere.csv")
    assert refused.code == 1
    assert "nowhere.csv" in refused.said


def test_what_would_be_part_of_itself_is_cut_and_said(imported: Any, tmp_path: Path) -> None:
    made = imported("csv", file(tmp_path, "name,parent\nOne House,Other House\nOther House,One House\n"))
    assert [place.parent for place in made.places.values()] == ["other_house", None]
    assert "Other House: nothing it can be part of is called One House; that link is left out" in made.said
