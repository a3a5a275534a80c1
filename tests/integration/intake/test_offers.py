"""The volunteer's side: the card, the answer, the truth about who won, and the reveal."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from services.intake.app import create_app
from services.intake.bootstrap import build_intake
from services.intake.handlers.context import Intake
from services.intake.web_server import start_listener
from shared.clock import to_text
from tests.integration.intake.world import NOW, World


def offer_to_new_volunteer(world: World) -> tuple[str, str, str, str]:
    """Return volunteer key, request ref, volunteer ref and offer ref."""
    world.ask()
    key, volunteer = world.approved()
    request = world.newest("requests")
    return key, request, volunteer, world.offered(request, volunteer)


def test_reading_an_offer_a_thousand_times_changes_nothing(world: World) -> None:
    _, _, _, offer = offer_to_new_volunteer(world)
    before = world.rows("SELECT * FROM outbox"), world.rows("SELECT * FROM access_record")
    for _ in range(50):
        assert world.person("GET", "offer", world.token(offer)).json["status"] == "open"
    assert before == (world.rows("SELECT * FROM outbox"), world.rows("SELECT * FROM access_record"))
    assert world.rows("SELECT * FROM replies") == []


def test_the_card_shows_only_what_both_named(world: World) -> None:
    _, _, _, offer = offer_to_new_volunteer(world)
    card = world.person("GET", "offer", world.token(offer)).json["card"]
    assert card["themes"] == ["Exhausted, nothing left", "something you said you are ready for"]
    assert card["languages"] == ["en"]
    assert card["times"] == ["Monday 19:00-22:00"]
    assert card["modalities"] == ["Phone"]


def test_an_answer_given_twice_counts_once_and_the_other_answer_is_refused(world: World) -> None:
    _, _, _, offer = offer_to_new_volunteer(world)
    token = world.token(offer)
    for _ in range(2):
        assert world.person("POST", "offer/accept", token).json == {"outcome": "noted"}
    refused = world.person("POST", "offer/decline", token, {"reason": "no_time_now"})
    assert (refused.status_code, refused.json["state"]) == (409, "accepted")
    assert world.events("replies") == ["accepted"]


def test_a_no_counts_its_reason_and_pauses_the_volunteer_in_the_same_step(world: World) -> None:
    key, request, volunteer, offer = offer_to_new_volunteer(world)
    until = to_text(datetime.now(UTC) + timedelta(days=14))
    token = world.token(offer)
    body = {"reason": "at_capacity", "pause_until": until}
    assert world.person("POST", "offer/decline", token, body).status_code == 202
    assert world.person("POST", "offer/decline", token, {"reason": "other"}).status_code == 202
    assert world.person("GET", "volunteer", key).json["paused_until"] == until
    assert world.rows("SELECT kind, reason, count FROM reason_counts") == [
        {"kind": "declined", "reason": "at_capacity", "count": 1}
    ]
    said = world.rows("SELECT data FROM outbox WHERE topic = 'replies'")[0]["data"]
    assert '"volunteer_sequence":3' in said
    assert "at_capacity" not in said
    world.offered(request, volunteer, offer=offer, state="declined", closed_at=NOW)
    assert world.person("POST", "offer/decline", token, {"reason": "other"}).json == {"outcome": "declined"}


def test_a_pause_into_the_past_is_refused_and_the_no_is_not_recorded(world: World) -> None:
    _, _, _, offer = offer_to_new_volunteer(world)
    body = {"reason": "other", "pause_until": "2020-01-01T00:00:00Z"}
    answer = world.person("POST", "offer/decline", world.token(offer), body)
    assert answer.json["errors"][0]["field"] == "pause_until"
    assert world.rows("SELECT * FROM replies") == []


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("superseded", "taken"), ("expired", "expired"), ("withdrawn", "withdrawn"), ("undeliverable", "withdrawn")],
)
def test_an_answer_that_comes_too_late_is_told_the_truth_and_is_not_recorded(
    world: World, state: str, outcome: str
) -> None:
    _, request, volunteer, offer = offer_to_new_volunteer(world)
    world.offered(request, volunteer, offer=offer, state=state, closed_at=NOW)
    answer = world.person("POST", "offer/accept", world.token(offer))
    assert (answer.status_code, answer.json) == (200, {"outcome": outcome})
    assert world.rows("SELECT * FROM replies") == []
    assert world.person("GET", "offer", world.token(offer)).json["card"] is None


def test_of_two_who_accept_one_wins_and_the_other_hears_the_truth(world: World) -> None:
    world.ask()
    request = world.newest("requests")
    (_, first), (_, second) = world.approved(), world.approved()
    winner, loser = world.offered(request, first), world.offered(request, second)
    for offer in (winner, loser):
        world.person("POST", "offer/accept", world.token(offer))
    world.offered(request, first, offer=winner, state="accepted", closed_at=NOW)
    world.matched(request, first, winner)
    world.offered(request, second, offer=loser, state="superseded", closed_at=NOW)
    assert world.person("POST", "offer/accept", world.token(winner)).json == {"outcome": "matched"}
    assert world.person("POST", "offer/accept", world.token(loser)).json == {"outcome": "taken"}


def test_an_offer_that_is_not_here_yet_asks_for_a_moment(world: World) -> None:
    for method, path in (("GET", "offer"), ("POST", "offer/accept"), ("POST", "offer/reveal")):
        answer = world.person(method, path, world.token("z" * 26))
        assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")


def test_a_forged_token_opens_nothing(world: World) -> None:
    _, _, _, offer = offer_to_new_volunteer(world)
    token = world.token(offer)
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert world.person("GET", "offer", forged).status_code == 401
    assert world.person("POST", "offer/accept", "").status_code == 401


def test_the_volunteer_sees_each_offer_with_a_token_that_opens_it(world: World) -> None:
    key, _, _, offer = offer_to_new_volunteer(world)
    listed = world.person("GET", "volunteer/offers", key).json["offers"]
    assert [(each["token"], each["status"]) for each in listed] == [(world.token(offer), "open")]


def test_every_reveal_is_on_the_record_and_the_person_sees_it(world: World) -> None:
    key, token, _ = world.met()
    world.person("POST", "request/introduce", key)
    for _ in range(2):
        assert world.person("POST", "offer/reveal", token).json["contact"]["channel"] == "signal"
    accesses = world.person("GET", "request", key).json["accesses"]
    assert [(each["opened_by"], each["at"]) for each in accesses] == [("volunteer", "2026-11-22T12:00:00Z")]


def test_a_suspended_volunteer_can_neither_answer_nor_open_anything(world: World) -> None:
    key, token, _ = world.met()
    world.person("POST", "request/introduce", key)
    volunteer = world.newest("volunteers")
    world.coordinate(f"{volunteer}/suspend")
    assert world.person("POST", "offer/reveal", token).status_code == 409
    offer = world.offered(world.newest("requests"), volunteer)
    assert world.person("POST", "offer/accept", world.token(offer)).json == {"outcome": "withdrawn"}
    assert world.events("replies") == ["accepted"]


def test_the_judgement_of_the_matcher_reaches_the_one_who_waits_for_it(intake: Intake, world: World) -> None:
    waiting = build_intake(intake.settings, process="waiting", pool_size=2, patience=5.0)
    stop = start_listener(waiting)
    try:
        _, request, volunteer, offer = offer_to_new_volunteer(world)

        def judge() -> None:
            deadline = time.monotonic() + 5
            while not world.rows("SELECT 1 FROM replies") and time.monotonic() < deadline:
                time.sleep(0.01)
            world.offered(request, volunteer, offer=offer, state="accepted", closed_at=NOW)
            world.matched(request, volunteer, offer)

        matcher = threading.Thread(target=judge)
        matcher.start()
        client = create_app(waiting).test_client()
        answer = client.post("/api/v1/offer/accept", headers={"Authorization": f"Bearer {world.token(offer)}"})
        matcher.join()
        assert (answer.status_code, answer.json) == (200, {"outcome": "matched"})
    finally:
        stop.set()
        waiting.dispose()
