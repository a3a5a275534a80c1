"""A year in minutes: sixty volunteers and four hundred requests, with every deadline moved instead of waited for."""

import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from deploy.client import NothingCame
from shared.vault.sealing import key_id_of
from shared.vocabulary import vocabulary
from tests.e2e.town import Town
from tests.support.programme import Truth
from tests.support.time_machine import SERVICES, TimeMachine
from tests.support.year import Year

VOLUNTEERS, PEOPLE, DAYS = 60, 400, 365
LAST_ASKED = 330
RENEWED_EVERY = 60
"""Days; trainings hold for ninety."""

FIGURES = vocabulary().defaults
LONGEST = (
    FIGURES.match.person_yes
    + FIGURES.match.ends_after
    + FIGURES.retention.untouched_request
    + FIGURES.retention.request_after_close
    + FIGURES.retention.erased_row
)
"""After as long as this nothing may be left of anybody who asked, whatever they did or did not do."""


def renew_trainings(year: Year) -> None:
    """Let the coordinator renew every volunteer's training."""
    until = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    for volunteer in year.client.ask("GET", "/coordinator/volunteers", key=year.town.stack.coordinator_token)[
        "volunteers"
    ]:
        year.town.coordinate(volunteer["volunteer"], "approve", {"trained_until": until, "trained_for": []})


def silent(town: Town) -> list[str]:
    """Return the requests that wait for longer than the silent limit, and a day, without having been told so."""
    limit = FIGURES.never_silent_past + timedelta(days=1)
    return [
        row["ref"]
        for row in town.rows(
            "matcher",
            """SELECT ref FROM requests
               WHERE state IN ('waiting', 'offering') AND late <> 'silent_limit' AND waiting_since < now() - %s""",
            limit,
        )
    ]


def dead_matches(town: Town) -> list[str]:
    """Return the live matches that have held a place for longer than any may without a sign of life, and a day."""
    limit = FIGURES.match.ends_after + timedelta(days=1)
    unanswered = FIGURES.match.person_yes + timedelta(days=1)
    return [
        row["ref"]
        for row in town.rows(
            "matcher",
            """SELECT ref FROM matches WHERE state = 'live'
               AND (coalesce(sign_at, introduced_at, now()) < now() - %s
                    OR (introduced_at IS NULL AND matched_at < now() - %s))""",
            limit,
            unanswered,
        )
    ]


def overworked(town: Town) -> list[str]:
    """Return the volunteers with more new matches in the running month than they wanted."""
    return [row["ref"] for row in town.rows("matcher", "SELECT ref FROM pool WHERE new_in_month > 2")]


def kept_too_long(town: Town) -> dict[str, int]:
    """Return, for each table that still holds anything about people who asked, how many rows it holds."""
    left = {}
    for database in SERVICES:
        tables = town.rows(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for name in {row["tablename"] for row in tables} - STAYING:
            which = ABOUT_PEOPLE.get(name, "true")
            [row] = town.rows(database, f"SELECT count(*) AS n FROM {name} WHERE {which}")
            left[f"{database}.{name}"] = row["n"]
    return {name: count for name, count in left.items() if count}


def keys_in_use(town: Town) -> set[str]:
    """Return the ids of the data keys under which anything lies that people who asked, or a pair, have said."""
    sealed = town.rows(
        "intake",
        """SELECT unnest(array[profile, notify, private, card]) AS sealed FROM requests
           UNION ALL SELECT sealed FROM messages""",
    )
    return {str(key_id_of(row["sealed"])) for row in sealed if row["sealed"] is not None}


def open_keys(town: Town, used: set[str]) -> int:
    """Return how many of the keys that were once `used` the vault could still open."""
    kept = "SELECT FROM keys WHERE wrapped IS NOT NULL AND key_id = ANY(%s::uuid[])"
    return len(town.rows("vault", kept, sorted(used)))


STAYING = {
    *("volunteers", "pool", "access_record", "programme", "reason_counts", "positions", "relay_lease"),
    "alembic_version",
}
"""What is about volunteers, who are still here, or about nobody."""

ABOUT_PEOPLE = {"deliveries": "request IS NOT NULL", "due_rows": "kind <> 'remove_volunteer'"}
"""Which rows of a table are about people who asked, where others stay.

Those say that a volunteer was told of the approval, and when one goes by themselves.
"""


@pytest.mark.long
@pytest.mark.timeout(3_000)
def test_after_a_year_nobody_was_forgotten_and_nothing_is_left(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    year = Year(town, random.Random(11))
    year.crowd.invite(VOLUNTEERS)
    town.wait_until_quiet()
    machine = TimeMachine(town.stack, datetime.now(UTC).date())
    used: set[str] = set()
    asked_on = sorted(year.chance.randrange(LAST_ASKED) for _ in range(PEOPLE))
    for day in range(DAYS):
        if day % RENEWED_EVERY == 0:
            renew_trainings(year)
        for _ in range(asked_on.count(day)):
            year.ask(day)
        town.wait_until_quiet()
        year.answer_mail()
        year.act(day)
        town.wait_until_quiet()
        assert (silent(town), dead_matches(town), overworked(town)) == ([], [], []), f"day {day}"
        used |= keys_in_use(town)
        machine.pass_days(1)
    for _ in range(LONGEST.days // 15 + 2):
        machine.pass_days(15)
        town.wait_until_quiet()
    # A sweeper sweeps at its start, and then by the hour. The machine rests: a sweep leaves out the rows that it holds.
    for name in list(town.stack.processes):
        town.stack.restart(name)
    with suppress(NothingCame):
        town.wait("everything to be forgotten", lambda: not kept_too_long(town))
    assert kept_too_long(town) == {}
    assert len(used) > 2 * PEOPLE
    assert open_keys(town, used) == 0
    assert Truth(town.stack).broken_invariants() == []
    waited = [person.met_after for person in year.people if person.met_after is not None]
    with capsys.disabled():
        print(f"\na year: {dict(year.counted)}, days to a yes: median {median(waited)}, longest {max(waited)}")
        print(f"rows about people who asked: 0, their keys that still open: 0 of {len(used)}")
