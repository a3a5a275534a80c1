"""What is left after an erasure goes as well, once its time is over, and a refused application by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, text, update
from sqlalchemy.exc import DBAPIError

from services.intake.handlers import retention
from services.intake.storage.tables import due_rows, metadata
from services.intake.worker import due_handlers
from shared.duerows import DueLoop
from shared.vocabulary import vocabulary
from tests.integration.intake.world import World

KEPT = vocabulary().defaults.retention

KEPT_BY_THE_HOUSE = {
    "outbox",
    "inbox",
    "positions",
    "sequences",
    "relay_lease",
    "reason_counts",
    "programme",
}
"""Tables that no retention of a subject is about: the event flow sweeps its own, the others name nobody."""


def pass_time(world: World, *kinds: str) -> None:
    """Let the due rows of `kinds` fall due, and do what is due."""
    with world.intake.database.transaction() as tx:
        table = due_rows.table
        tx.execute(update(table).where(table.c.kind.in_(kinds)).values(due_at=func.clock_timestamp()))
    loop = DueLoop(world.intake.database, due_rows, due_handlers(world.intake))
    for _ in range(3):
        loop.step()


def due_in_days(world: World, kind: str) -> int:
    """Return in how many days, rounded, the one due row of `kind` is due."""
    [row] = world.rows(f"SELECT extract(epoch FROM due_at - now()) / 86400 AS days FROM due_rows WHERE kind = '{kind}'")
    return round(float(row["days"]))


def rows_left(world: World) -> set[str]:
    """Return the names of the tables in which anything is left about anybody."""
    with world.intake.database.transaction() as tx:
        names = [table.name for table in metadata.sorted_tables if table.name not in KEPT_BY_THE_HOUSE]
        return {name for name in names if tx.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()}


def test_nothing_is_left_of_an_erased_request_whose_time_is_over(world: World) -> None:
    key, token, _ = world.met(at_once=True)
    world.person("POST", "offer/reveal", token)
    assert {"requests", "volunteers", "offers", "matches", "replies", "access_record"} <= rows_left(world)
    world.person("DELETE", "request", key)
    pass_time(world, retention.FORGET_REQUEST)
    assert world.person("GET", "request", key).status_code == 401
    # What is left is about the volunteer, who is still here and will be removed some day.
    assert rows_left(world) == {"volunteers", "due_rows"}
    assert {row["kind"] for row in world.rows("SELECT kind FROM due_rows")} == {retention.REMOVE_VOLUNTEER}


def test_someone_who_returns_after_the_erasure_hears_that_it_is_gone_until_the_row_goes(world: World) -> None:
    key = world.apply()
    world.person("DELETE", "volunteer", key)
    assert world.person("GET", "volunteer", key).status_code == 410
    pass_time(world, retention.FORGET_VOLUNTEER)
    assert world.person("GET", "volunteer", key).status_code == 401
    assert rows_left(world) == set()


def test_a_refused_application_goes_by_itself_and_its_keys_with_it(world: World) -> None:
    key = world.apply()
    volunteer = world.newest("volunteers")
    world.coordinate(f"{volunteer}/refuse")
    pass_time(world, retention.REMOVE_VOLUNTEER)
    assert world.person("GET", "volunteer", key).status_code == 410
    pass_time(world, "destroy_keys", retention.FORGET_VOLUNTEER)
    assert rows_left(world) == set()


def test_an_application_that_nobody_answers_goes_by_itself_and_its_keys_with_it(world: World) -> None:
    key = world.apply()
    assert due_in_days(world, retention.REMOVE_VOLUNTEER) == KEPT.unanswered_application.days
    pass_time(world, retention.REMOVE_VOLUNTEER)
    assert world.person("GET", "volunteer", key).status_code == 410
    pass_time(world, "destroy_keys", retention.FORGET_VOLUNTEER)
    assert rows_left(world) == set()


def test_a_volunteer_whose_training_ended_a_year_ago_goes_by_themselves_and_a_renewal_keeps_them(world: World) -> None:
    key = world.apply()
    volunteer = world.newest("volunteers")
    for trained_for in (100, 300):
        day = (datetime.now(UTC) + timedelta(days=trained_for)).date().isoformat()
        world.coordinate(f"{volunteer}/approve", {"trained_until": day, "trained_for": []})
        # The day ends the training at midnight, up to a day before the hour of this test.
        assert trained_for + 364 <= due_in_days(world, retention.REMOVE_VOLUNTEER) <= trained_for + 365
    pass_time(world, retention.REMOVE_VOLUNTEER)
    assert world.person("GET", "volunteer", key).status_code == 410


def test_a_volunteer_who_is_looked_at_again_is_not_erased_as_an_application_that_nobody_answers(world: World) -> None:
    key, _ = world.approved()
    before = due_in_days(world, retention.REMOVE_VOLUNTEER)
    changed = world.person("PATCH", "volunteer", key, {"name": "Somebody Else"})
    assert changed.json["to_vet"] is True
    assert due_in_days(world, retention.REMOVE_VOLUNTEER) == before


def test_a_report_about_somebody_who_is_forgotten_names_them_no_more(world: World) -> None:
    key, token, _ = world.met(at_once=True)
    assert world.person("POST", "safety-report", token, {"text": "planted worry"}).status_code == 201
    world.person("DELETE", "request", key)
    pass_time(world, retention.FORGET_REQUEST)
    [left] = world.rows("SELECT request, volunteer IS NOT NULL AS named, sealed IS NOT NULL AS kept FROM reports")
    assert left == {"request": None, "named": True, "kept": True}


def test_a_refusal_that_was_taken_back_removes_nobody_for_as_long_as_the_training_holds(world: World) -> None:
    key = world.apply()
    volunteer = world.newest("volunteers")
    world.coordinate(f"{volunteer}/refuse")
    world.coordinate(f"{volunteer}/approve", {"trained_until": "2030-01-01", "trained_for": []})
    assert due_in_days(world, retention.REMOVE_VOLUNTEER) > KEPT.untrained_volunteer.days
    assert world.person("GET", "volunteer", key).json["status"] == "active"


def test_the_access_record_of_somebody_who_is_here_cannot_be_deleted(world: World) -> None:
    _, token, _ = world.met(at_once=True)
    world.person("POST", "offer/reveal", token)
    with pytest.raises(DBAPIError), world.intake.database.transaction() as tx:
        tx.execute(text("DELETE FROM access_record"))
