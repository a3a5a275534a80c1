"""A request after it was sent: wishes, withdrawal, close, and what the person reads."""

import pytest

from services.intake.storage.tables import due_rows
from services.intake.worker import due_handlers
from shared.duerows import DueLoop
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from tests.integration.intake.world import LATER, NOW, World


def test_changed_wishes_are_sealed_anew_and_announced_as_the_same_round(world: World) -> None:
    key = world.ask()
    before = world.rows("SELECT profile, card, round, sequence FROM requests")[0]
    assert world.person("PATCH", "request", key, {"care_area_wish": "no_preference"}).json == {"status": "waiting"}
    after = world.rows("SELECT profile, card, round, sequence FROM requests")[0]
    assert after["profile"] != before["profile"]
    assert (after["round"], after["sequence"]) == (1, 2)
    wishes = world.person("GET", "request", key).json["wishes"]
    assert wishes["care_area_wish"] == "no_preference"
    assert wishes["avoid"] == {"affiliations": ["Planted Board"], "people": ["Planted Enemy"]}
    assert world.rows("SELECT sequence FROM outbox WHERE topic = 'requests' ORDER BY id")[-1] == {"sequence": 2}


def test_a_change_that_says_nothing_announces_nothing(world: World) -> None:
    key = world.ask()
    assert world.person("PATCH", "request", key, {}).status_code == 200
    assert world.events("requests") == ["published"]


def test_changed_wishes_that_contradict_each_other_are_refused(world: World) -> None:
    key = world.ask()
    answer = world.person("PATCH", "request", key, {"themes": ["bereavement"]})
    assert answer.json["errors"][0]["field"] == "most_important"


def test_wishes_cannot_change_once_a_peer_said_yes(world: World) -> None:
    key, _, _ = world.met()
    answer = world.person("PATCH", "request", key, {"urgency": "today"})
    assert (answer.status_code, answer.json["state"]) == (409, "matched")


def test_the_person_reads_why_nobody_was_found_and_when_it_is_tried_again(world: World) -> None:
    key = world.ask()
    world.searching(world.newest("requests"), late="alarm")
    step = world.person("GET", "request", key).json["next_step"]
    assert step["when"] == "2026-11-22T18:34:56Z"
    assert "longer than it should" in step["text"]


def test_a_stalled_request_goes_on_when_somebody_can_be_asked(world: World) -> None:
    key = world.ask()
    request = world.newest("requests")
    world.searching(request, state="stalled", why="same_place", next_try_at=None)
    assert world.person("GET", "request", key).json["status"] == "stalled"
    offer = world.offered(request, "v" * 26)
    assert world.person("GET", "request", key).json["status"] == "offering"
    world.offered(request, "v" * 26, offer=offer, state="declined", closed_at=NOW)
    assert world.person("GET", "request", key).json["status"] == "waiting"


def test_the_person_reads_what_is_held_and_until_when(world: World) -> None:
    key = world.ask(notify=None)
    held = world.person("GET", "request", key).json["held"]
    assert len(held) == 3
    assert all(each["until"] for each in held)


def test_a_withdrawal_is_final_and_lets_go_of_words_and_contact_at_once(world: World) -> None:
    key = world.ask()
    assert world.person("POST", "request/withdraw", key).json == {"status": "withdrawn"}
    assert world.person("POST", "request/withdraw", key).json == {"status": "withdrawn"}
    assert world.person("POST", "request/close", key, {"reason": "other"}).status_code == 422
    assert world.person("POST", "request/close", key, {"reason": "withdrew"}).status_code == 409
    row = world.rows("SELECT private, notify, profile FROM requests")[0]
    assert row["private"] is row["notify"] is None
    assert world.events("requests") == ["published", "withdrawn"]


def test_a_withdrawal_wins_over_an_acceptance_that_crosses_it(world: World) -> None:
    key = world.ask(at_once=True)
    _, volunteer = world.approved()
    request = world.newest("requests")
    offer = world.offered(request, volunteer)
    world.person("POST", "offer/accept", world.token(offer))
    world.person("POST", "request/withdraw", key)
    match = world.matched(request, volunteer, offer)
    assert world.person("GET", "request", key).json["status"] == "withdrawn"
    assert world.person("GET", "offer", world.token(offer)).json["status"] == "withdrawn"
    world.matched(request, volunteer, offer, match=match, state="ended", ended_at=NOW, ended_by="person", then="over")
    assert world.person("POST", "offer/accept", world.token(offer)).json == {"outcome": "withdrawn"}
    assert world.person("POST", "offer/reveal", world.token(offer)).status_code == 409


def test_a_reason_for_closing_is_counted_once_and_tied_to_nobody(world: World) -> None:
    key = world.ask()
    for _ in range(2):
        assert world.person("POST", "request/close", key, {"reason": "spoke_and_enough"}).status_code == 200
    assert world.rows("SELECT * FROM reason_counts") == [{"kind": "closed", "reason": "spoke_and_enough", "count": 1}]


def test_a_yes_holds_only_for_the_match_that_was_seen(world: World) -> None:
    key, _, match = world.met()
    assert world.person("POST", "request/introduce", key, {"match": "z" * 26}).status_code == 409
    assert world.person("POST", "request/introduce", key, {"match": match}).status_code == 200
    assert world.person("POST", "request/introduce", key).json == {"status": "introduced"}
    assert world.events("requests") == ["published", "introduced"]


def test_nobody_can_be_introduced_before_a_peer_said_yes(world: World) -> None:
    assert world.person("POST", "request/introduce", world.ask()).status_code == 409


def test_someone_who_chose_at_once_is_introduced_in_the_moment_of_the_match(world: World) -> None:
    key, token, match = world.met(at_once=True)
    assert world.person("GET", "request", key).json["status"] == "introduced"
    assert world.events("requests") == ["published", "introduced"]
    assert world.person("POST", "offer/reveal", token).json["words"] == "planted words of the person"
    assert world.rows("SELECT match FROM requests") == [{"match": match}]


def test_at_once_waits_until_the_latest_wishes_are_judged(world: World) -> None:
    key, _ = world.ask(at_once=True), world.approved()
    request, volunteer = world.newest("requests"), world.newest("volunteers")
    world.person("PATCH", "request", key, {"avoid": {"affiliations": [], "people": ["Robin Reed"]}})
    offer = world.offered(request, volunteer, state="accepted", closed_at=NOW)
    match = world.matched(request, volunteer, offer, request_sequence=1)
    assert world.person("GET", "request", key).json["status"] == "matched"
    world.matched(request, volunteer, offer, match=match, request_sequence=2)
    assert world.person("GET", "request", key).json["status"] == "introduced"


def test_a_match_that_the_volunteer_ends_before_the_introduction_starts_the_search_again(world: World) -> None:
    key, token, match = world.met()
    offer = world.newest("offers")
    request, volunteer = world.newest("requests"), world.newest("volunteers")
    ended = {"state": "ended", "ended_at": NOW, "ended_by": "volunteer", "then": "waiting"}
    world.matched(request, volunteer, offer, match=match, **ended)
    seen = world.person("GET", "request", key).json
    assert (seen["status"], seen["match"]) == ("waiting", None)
    assert world.person("GET", "offer", token).json["status"] == "ended"


@pytest.mark.parametrize("said_yes", [False, True])
def test_a_later_match_whose_news_came_before_the_end_of_the_first_is_not_lost(world: World, said_yes: bool) -> None:
    key, _, first = world.met()
    if said_yes:
        world.person("POST", "request/introduce", key)
    request, volunteer, offer = world.newest("requests"), world.newest("volunteers"), world.newest("offers")
    _, other = world.approved()
    second = world.matched(request, other, world.offered(request, other, state="accepted", closed_at=NOW))
    ended = {"state": "ended", "ended_at": NOW, "ended_by": "volunteer", "then": "waiting"}
    world.matched(request, volunteer, offer, match=first, **ended)
    seen = world.person("GET", "request", key).json
    assert (seen["status"], seen["match"]["match"], seen["match"]["introduced"]) == ("matched", second, False)
    assert world.events("requests") == ["published", *(["introduced", "published"] if said_yes else [])]


def test_any_other_end_leaves_the_request_ended(world: World) -> None:
    key, _, match = world.met()
    world.person("POST", "request/introduce", key)
    ended = {"state": "ended", "ended_at": NOW, "ended_by": "coordinator", "then": "over", "introduced_at": NOW}
    world.matched(world.newest("requests"), world.newest("volunteers"), world.newest("offers"), match=match, **ended)
    seen = world.person("GET", "request", key).json
    assert (seen["status"], seen["match"]["live"]) == ("ended", False)
    assert world.person("POST", "request/close", key, {"reason": "did_not_connect"}).json == {"status": "closed"}


@pytest.mark.parametrize("late_round", [2, 7])
def test_news_of_another_round_moves_nothing(world: World, late_round: int) -> None:
    key = world.ask()
    world.offered(world.newest("requests"), "v" * 26, round=late_round)
    world.searching(world.newest("requests"), round=late_round, state="stalled", next_try_at=LATER)
    assert world.person("GET", "request", key).json["status"] == "waiting"


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_nothing_that_was_said_outlives_the_end_so_nothing_ties_it_to_a_later_application(
    world: World, end: str
) -> None:
    key = world.ask()
    [before] = world.rows("SELECT ref, profile FROM requests")
    world.person("POST", f"request/{end}", key, {"reason": "spoke_and_enough"} if end == "close" else None)
    [after] = world.rows("SELECT profile, notify, private, card FROM requests")
    assert after == {"profile": None, "notify": None, "private": None, "card": None}
    world.rows("UPDATE due_rows SET due_at = now() WHERE kind = 'destroy_keys' RETURNING kind")
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()
    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(before["profile"], before["ref"], Purpose.PERSON_PROFILE)
    assert world.person("GET", "request", key).json["held"] == []


def test_someone_who_named_no_place_sees_the_peer_before_they_are_introduced_at_once(world: World) -> None:
    unnamed, _, _ = world.met(at_once=True, affiliations=[])
    assert world.person("GET", "request", unnamed).json["status"] == "matched"
