"""A place in what comes in: a text or its parts, kept as it was said; what names no place is refused by name."""

from typing import Any

import pytest
from marshmallow import ValidationError

from services.intake.domain.faults import faults_in
from services.intake.domain.place import Said, place_of
from services.intake.schemas.person import Ask, ChangeWishes
from services.intake.schemas.volunteer import Apply
from tests.support.people import a_request, an_application

PARTS = {"organisation": "Leeds General Infirmary", "unit": "Ward 5", "town": "Leeds"}
EITHER = pytest.mark.parametrize("place", ["Ward 5, Leeds General Infirmary", "lgi", PARTS, {"organisation": "LGI"}])
NOWHERE = pytest.mark.parametrize(
    "nowhere", ["prefer not to disclose", "TBD", "x", "my hospital", "ICU 2A", "Intensivstation 3b", "...", " "]
)


def refused(schema: type[Ask | Apply | ChangeWishes], body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (field, code) for all that is wrong."""
    with pytest.raises(ValidationError) as error:
        schema(partial=schema is ChangeWishes).load(body)
    return list(faults_in(error.value.messages_dict))


@EITHER
def test_a_place_is_kept_as_it_was_said(place: Any) -> None:
    avoid = {"affiliations": [place], "people": []}
    asked = Ask().load(a_request(affiliations=[place], avoid=avoid))
    applied = Apply().load(an_application(affiliations=[place], evaluative_roles=[{"role": "examiner", "body": place}]))

    assert (asked["affiliations"], asked["avoid"], applied["affiliations"]) == ([place], avoid, [place])
    assert applied["evaluative_roles"] == [{"role": "examiner", "body": place}]


@NOWHERE
def test_a_text_that_names_no_place_is_refused_wherever_a_place_belongs(nowhere: str) -> None:
    for place, below in ((nowhere, ""), ({"organisation": nowhere}, ".organisation")):
        places = ["Leeds General Infirmary", place]
        role = {"evaluative_roles": [{"role": "examiner", "body": place}]}
        avoid = {"avoid": {"affiliations": places}}
        assert refused(Apply, an_application(affiliations=places)) == [(f"affiliations.1{below}", "names_no_place")]
        assert refused(Apply, an_application(**role)) == [(f"evaluative_roles.0.body{below}", "names_no_place")]
        assert refused(ChangeWishes, avoid) == [(f"avoid.affiliations.1{below}", "names_no_place")]


@NOWHERE
def test_a_person_who_names_no_place_is_told_how_to_say_so(nowhere: str) -> None:
    assert refused(Ask, a_request(affiliations=[nowhere])) == [("affiliations.0", "names_no_workplace")]
    assert Ask().load(a_request(affiliations=[]))["affiliations"] == []


@pytest.mark.parametrize(
    ("place", "field", "code"),
    [
        ({"unit": "Ward 5", "town": "Leeds"}, ".organisation", "no_organisation"),
        ({"organisation": ""}, ".organisation", "length"),
        ({"organisation": None}, ".organisation", "null"),
        ({"organisation": "LGI", "unit": 5}, ".unit", "not_a_text"),
        ({"organisation": "LGI", "town": "x" * 121}, ".town", "too_long"),
        ({"organisation": "LGI", "city": "Leeds"}, ".city", "unknown"),
        ("x" * 121, "", "length"),
        (5, "", "not_a_place"),
        (None, "", "null"),
    ],
)
def test_what_is_no_place_is_refused_at_the_part_that_is_wrong(place: Any, field: str, code: str) -> None:
    assert refused(Ask, a_request(affiliations=[place])) == [(f"affiliations.0{field}", code)]


def test_an_organisation_alone_is_a_text_in_one_line() -> None:
    assert place_of({"organisation": "Ward 5, LGI", "unit": "", "town": " "}) == "Ward 5, LGI"
    assert place_of(PARTS) == Said(**PARTS)
