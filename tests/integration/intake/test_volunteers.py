"""Volunteers: apply, be vetted, change, pause, be suspended, leave."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from services.intake.handlers.matches_events import on_deliveries
from services.intake.storage.tables import due_rows
from services.intake.worker import due_handlers
from shared.clock import to_text
from shared.duerows import DueLoop
from shared.events import Event
from shared.vault.purposes import Purpose
from shared.vault.tokens import webhook_secret
from tests.integration.intake.world import APPLY, NOW, World, bearer
from tests.support.due import make_due


def test_an_application_waits_for_the_coordinator(world: World) -> None:
    key = world.apply()
    seen = world.person("GET", "volunteer", key).json
    assert (seen["status"], seen["two_words"]) == ("applied", None)
    assert seen["profile"]["name"] == "Planted Volunteer"
    assert seen["profile"]["capacity"] == {"active": 1, "new_per_month": 2}
    assert world.events("volunteers") == ["published"]


def test_approval_makes_two_words_which_stand_on_the_home_page_and_in_notices(world: World) -> None:
    key, ref = world.approved()
    seen = world.person("GET", "volunteer", key).json
    assert seen["status"] == "active"
    assert len(seen["two_words"].split()) == 2
    assert (seen["trained_until"], seen["trained_for"]) == ("2027-06-30", ["suicidality_survivor"])
    sealed = world.rows("SELECT notify FROM volunteers")[0]["notify"]
    notify = world.intake.vault.open(sealed, ref, Purpose.VOLUNTEER_NOTIFY)
    assert notify["two_words"] == seen["two_words"]
    world.coordinate(f"{ref}/approve", {"trained_until": "2028-01-01", "trained_for": []})
    assert world.person("GET", "volunteer", key).json["two_words"] == seen["two_words"]


def test_the_coordinator_sees_an_application_once_and_the_volunteer_sees_that(world: World) -> None:
    key = world.apply()
    headers = bearer(world.intake.settings.coordinator_token)
    listed = world.get("/api/v1/coordinator/volunteers", headers=headers).json["volunteers"]
    assert listed[0]["application"]["proof"] == "planted proof"
    assert "notify" not in listed[0]["application"]
    assert [each["opened_by"] for each in world.person("GET", "volunteer", key).json["accesses"]] == ["coordinator"]
    world.coordinate(f"{listed[0]['volunteer']}/refuse")
    listed = world.get("/api/v1/coordinator/volunteers", headers=headers).json["volunteers"]
    assert (listed[0]["status"], listed[0]["application"]) == ("refused", None)


def test_the_coordinator_sees_requests_without_anything_that_was_said(world: World) -> None:
    world.ask()
    world.searching(world.newest("requests"))
    headers = bearer(world.intake.settings.coordinator_token)
    listed = world.get("/api/v1/coordinator/requests", headers=headers).json["requests"]
    assert [(each["status"], each["why"]) for each in listed] == [("waiting", "nobody_free")]
    assert set(listed[0]) == {"request", "status", "asked_at", "why", "next_try_at", "late"}


def test_only_the_coordinators_token_opens_the_coordinators_lists(world: World) -> None:
    for path, token in product(("volunteers", "requests"), ("", "wrong", "c" * 39, "ü" * 40)):
        headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        assert world.get(f"/api/v1/coordinator/{path}", headers=headers).status_code == 401


def test_a_volunteer_is_suspended_and_reinstated(world: World) -> None:
    key, ref = world.approved()
    assert world.coordinate(f"{ref}/suspend").json == {"status": "suspended"}
    assert world.coordinate(f"{ref}/suspend").json == {"status": "suspended"}
    assert world.person("PATCH", "volunteer", key, {"pause_until": None}).status_code == 409
    assert world.coordinate(f"{ref}/refuse").status_code == 409
    assert world.coordinate(f"{ref}/reinstate").json == {"status": "active"}
    assert world.events("volunteers") == ["published"] * 4


def test_a_volunteer_whom_nobody_knows_cannot_be_approved(world: World) -> None:
    body = {"trained_until": "2027-06-30", "trained_for": []}
    assert world.coordinate(f"{'z' * 26}/approve", body).status_code == 404
    assert world.coordinate("x/suspend").status_code == 404


def test_training_that_is_over_is_refused(world: World) -> None:
    world.apply()
    answer = world.coordinate(
        f"{world.newest('volunteers')}/approve", {"trained_until": "2020-01-01", "trained_for": []}
    )
    assert answer.json["errors"][0]["field"] == "trained_until"


def test_a_changed_profile_keeps_training_and_words(world: World) -> None:
    key, _ = world.approved()
    words = world.person("GET", "volunteer", key).json["two_words"]
    changed = world.person("PATCH", "volunteer", key, {"capacity": {"active": 2, "new_per_month": 3}}).json
    assert changed["profile"]["capacity"] == {"active": 2, "new_per_month": 3}
    assert (changed["two_words"], changed["trained_for"]) == (words, ["suicidality_survivor"])
    assert changed["profile"]["name"] == APPLY["name"]


def test_part_of_an_address_is_no_address(world: World) -> None:
    key, _ = world.approved()
    answer = world.person("PATCH", "volunteer", key, {"notify": {"channel": "email"}})
    assert answer.status_code == 422


def test_a_channel_this_deployment_cannot_send_by_is_refused_by_name(world: World) -> None:
    text = {"channel": "sms", "value": "01632 960 001", "language": "en"}
    answer = world.post("/api/v1/volunteers", json={**APPLY, "notify": text})
    assert "notify.channel" in [each["field"] for each in answer.json["errors"]]


def test_a_webhook_is_accepted_and_its_secret_stands_on_the_volunteers_home_alone(world: World) -> None:
    by_mail, _ = world.approved()
    assert world.person("GET", "volunteer", by_mail).json["webhook_secret"] is None
    hook = {"channel": "webhook", "value": "https://hook.example/in?to=me", "language": "en"}
    key, ref = world.approved(notify=hook)
    seen = world.person("GET", "volunteer", key).json
    assert seen["profile"]["notify"] == hook
    assert seen["webhook_secret"] == webhook_secret(world.intake.links, ref)


def test_a_pause_ends_by_itself_or_when_the_volunteer_says_so(world: World) -> None:
    key, _ = world.approved()
    until = to_text(datetime.now(UTC) + timedelta(days=3))
    assert world.person("PATCH", "volunteer", key, {"pause_until": until}).json["status"] == "paused"
    assert world.person("PATCH", "volunteer", key, {"pause_until": None}).json["status"] == "active"
    assert world.rows("SELECT 1 FROM due_rows WHERE kind = 'resume_volunteer'") == []
    world.person("PATCH", "volunteer", key, {"pause_until": until})
    with world.intake.database.transaction() as tx:
        make_due(tx, due_rows, "resume_volunteer")
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()
    assert world.person("GET", "volunteer", key).json["status"] == "active"


def test_a_failed_notice_is_shown_until_the_address_changes(world: World) -> None:
    key, ref = world.approved()

    def fail(sequence: int) -> None:
        data = {"state": "failed", "volunteer": ref, "volunteer_sequence": sequence}
        event = Event(str(uuid4()), "deliveries", "failed", "d" * 26, 1, ref, NOW, data)
        with world.intake.database.transaction() as tx:
            on_deliveries(tx, event)

    fail(2)
    assert world.person("GET", "volunteer", key).json["reachable"] is False
    [before] = world.rows("SELECT notify FROM volunteers")
    for same in ({"gender": "woman"}, {"notify": APPLY["notify"]}):
        assert world.person("PATCH", "volunteer", key, same).json["reachable"] is False
    # The matcher compares what is sealed: a value made anew would count as a new address there.
    assert world.rows("SELECT notify FROM volunteers") == [before]
    new = {"notify": {"channel": "email", "value": "new@example.org", "language": "en"}}
    assert world.person("PATCH", "volunteer", key, new).json["reachable"] is True
    fail(2)
    assert world.person("GET", "volunteer", key).json["reachable"] is True


def test_what_a_volunteer_hides_is_not_shown_to_the_person(world: World) -> None:
    key = world.ask()
    _, volunteer = world.approved(shows=[])
    request = world.newest("requests")
    offer = world.offered(request, volunteer)
    world.matched(request, volunteer, offer)
    world.person("POST", "request/introduce", key)
    match = world.person("GET", "request", key).json["match"]
    assert set(match["shows"]) == {"affiliations", "evaluative_roles"}
    assert match["shows"]["evaluative_roles"] == [{"role": "Examiner", "body": "Planted College"}]
    assert match["why"].startswith("This peer ")


@pytest.mark.parametrize(
    "taken_back", [{"affiliations": ["Tarnside Hospital"]}, {"evaluative_roles": []}, {"name": "Somebody Else"}]
)
def test_someone_who_takes_back_what_they_were_vetted_on_is_looked_at_again_and_stays_active(
    world: World, taken_back: dict[str, object]
) -> None:
    key, _ = world.approved(evaluative_roles=[{"role": "line_manager", "body": "Tarnside Trust"}])
    more = {"affiliations": [*APPLY["affiliations"], "Tarnside Hospital"]}
    for change, to_vet in ((more, False), (taken_back, True)):
        seen = world.person("PATCH", "volunteer", key, change).json
        assert (seen["status"], seen["to_vet"]) == ("active", to_vet)


def test_many_applications_are_listed_with_as_few_questions_to_the_databases_as_two(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.intake.settings.coordinator_token}"}
    asked: list[object] = []

    def count(*seen: object) -> None:
        asked.append(seen)

    def questions(applications: int) -> int:
        while len(world.rows("SELECT 1 FROM volunteers")) < applications:
            world.apply()
        event.listen(Engine, "before_cursor_execute", count)
        answer = world.get("/api/v1/coordinator/volunteers", headers=headers)
        event.remove(Engine, "before_cursor_execute", count)
        assert [each["application"]["name"] for each in answer.json["volunteers"]] == [APPLY["name"]] * applications
        return len(asked)

    few = questions(2)
    asked.clear()
    # The two that were looked at within this hour are on the record already, the ten others are one statement.
    assert questions(12) == few > 0
    assert len(world.rows("SELECT subject FROM access_record")) == 12
