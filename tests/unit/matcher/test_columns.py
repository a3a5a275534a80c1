"""The pool's columns: small, growing and shrinking in place, and found again by ref."""

from collections import defaultdict
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from services.matcher.domain.columns import Columns, column_types, microseconds
from services.matcher.domain.postings import Postings
from services.matcher.domain.profiles import Capacity, VolunteerProfile
from services.matcher.domain.ranking import Ranking
from tests.unit.matcher.worlds import NOW, a_person, a_state, a_volunteer


def test_a_volunteer_takes_about_100_bytes_of_columns_with_room_for_twice_as_many_themes() -> None:
    assert sum(kind.itemsize for kind in column_types().values()) < 110


def test_columns_stay_small_however_often_volunteers_change() -> None:
    columns = Columns()
    for version in range(3_000):
        columns.upsert(f"v{version % 10}", version, a_volunteer(), a_state())
    assert len(columns) == 10
    assert len(columns.column("alive")) < 200
    assert columns.version("v9") == 2_999


def test_a_removed_volunteer_is_gone_and_may_come_back() -> None:
    columns = Columns()
    columns.upsert("v", 1, a_volunteer(), a_state())
    columns.remove("v")
    columns.remove("unknown")
    assert (len(columns), columns.version("v")) == (0, None)
    assert Ranking(columns, a_person(), now=NOW).best() == []
    columns.upsert("v", 1, a_volunteer(), a_state())
    assert [one.ref for one in Ranking(columns, a_person(), now=NOW).best()] == ["v"]


def found(postings: Postings, *keys: int) -> list[int]:
    return sorted(postings.of_any(np.array(keys, np.uint64)).tolist())


def test_the_index_finds_every_row_of_a_key_across_merges_and_renumbering() -> None:
    random, postings, expected = Random(3), Postings(), defaultdict(list)
    for row in range(12_000):
        key = random.randrange(2**64 - 50, 2**64) if row % 2 else random.randrange(2**64)
        postings.add(np.array([key], np.uint64), row)
        expected[key].append(row)
    assert all(found(postings, key) == rows for key, rows in expected.items())
    assert found(postings) == []
    some = random.sample(sorted(expected), 500)
    assert found(postings, *some) == sorted(row for key in some for row in expected[key])
    # Every third row dies and the others move up.
    new_rows = np.array([-1 if row % 3 == 0 else row - row // 3 - 1 for row in range(12_000)], np.int32)
    postings.renumber(new_rows)
    for key, rows in expected.items():
        assert found(postings, key) == [int(new_rows[row]) for row in rows if row % 3]


def test_times_are_exact_to_the_microsecond() -> None:
    assert microseconds(NOW.replace(microsecond=1)) - microseconds(NOW) == 1


@pytest.mark.parametrize(
    ("ref", "volunteer"),
    [
        ("v" * 27, a_volunteer()),
        ("vé", a_volunteer()),
        ("v", replace(a_volunteer(), capacity=Capacity(active=10**6, new_per_month=1))),
        ("v", replace(a_volunteer(), profession="unheard_of")),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_has_changed(ref: str, volunteer: VolunteerProfile) -> None:
    columns = Columns()
    columns.upsert("v", 1, a_volunteer(), a_state())
    with pytest.raises((ValueError, OverflowError, LookupError)):
        columns.upsert(ref, 2, volunteer, a_state())
    assert (len(columns), columns.version("v"), columns.version(ref)) == (1, 1, 1 if ref == "v" else None)
    assert [one.ref for one in Ranking(columns, a_person(), now=NOW).best()] == ["v"]
    assert columns.theme_counts["burnout"] == 1


def test_counts_beyond_a_column_keep_a_volunteer_from_being_asked() -> None:
    columns = Columns()
    columns.upsert("v", 1, a_volunteer(), a_state(live_matches=10**6, new_in_month=10**6))
    assert Ranking(columns, a_person(), now=NOW).best() == []
