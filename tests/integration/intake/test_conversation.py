"""Writing to each other, signs of life, someone else, handing back: what the two of a match may do with it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, update

from services.intake.domain.conversation import Written
from services.intake.handlers import erasing, retention
from services.intake.handlers.reading import read_request
from services.intake.storage.tables import VOLUNTEERS, due_rows
from services.intake.worker import due_handlers
from shared.duerows import DueLoop
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vault.sealing import key_id_of
from shared.vocabulary import vocabulary
from tests.integration.intake.world import NOW, World

RELAY = vocabulary().defaults.conversation
GOOD_EVENING = Written("Good evening.", None)
OVER = {"state": "ended", "ended_at": NOW, "ended_by": "person", "then": "over"}


def texts(world: World, side: str, key: str) -> list[tuple[str, str]]:
    """Return who wrote what, as this side reads it."""
    return [(each["by"], each["text"]) for each in world.person("GET", f"{side}/messages", key).json["texts"]]


def data_of(world: World, name: str) -> list[dict[str, Any]]:
    """Return what the events called `name` said, in order."""
    return [json.loads(row["data"]) for row in world.rows(f"SELECT data FROM outbox WHERE name = '{name}' ORDER BY id")]


def work(world: World, *kinds: str) -> None:
    """Let the due rows of `kinds` fall due and do them."""
    with world.intake.database.transaction() as tx:
        table = due_rows.table
        tx.execute(update(table).where(table.c.kind.in_(kinds)).values(due_at=func.clock_timestamp()))
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()


def leave(world: World, volunteer: str) -> None:
    """Let a volunteer leave, of whom the matcher has not heard yet."""
    with world.intake.database.transaction() as tx:
        row = VOLUNTEERS.by_ref(tx, volunteer, lock=True)
        assert row is not None
        erasing.remove_volunteer(tx, world.intake, row)


def conversations(world: World, key: str, token: str) -> tuple[Any, Any]:
    """Return what the person and the volunteer are told of what they may still do."""
    of_person, of_volunteer = (
        world.person("GET", "request", key).json["match"],
        world.person("GET", "offer", token).json,
    )
    return of_person["conversation"], of_volunteer["conversation"]


def hours_until(world: World, kind: str) -> int:
    """Return how many hours from now the due row of `kind` is due."""
    [row] = world.rows(f"SELECT due_at - clock_timestamp() AS span FROM due_rows WHERE kind = '{kind}'")
    span: timedelta = row["span"]
    return round(span / timedelta(hours=1))


def assert_gone(world: World, sealed: str, match: str) -> None:
    """The texts are deleted, and what was sealed cannot be opened by anybody any more."""
    work(world, "destroy_keys")
    assert world.rows("SELECT 1 FROM messages") == []
    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(sealed, match, Purpose.MATCH_PRIVATE)


@pytest.mark.parametrize("at_once", [False, True])
def test_both_write_and_read_before_and_after_the_introduction(world: World, *, at_once: bool) -> None:
    key, token, match = world.met(at_once=at_once)
    assert world.person("POST", "request/messages", key, {"text": " Tuesday at eight? "}).status_code == 201
    assert world.person("POST", "offer/messages", token, {"text": "Yes."}).status_code == 201
    said = [("person", "Tuesday at eight?"), ("volunteer", "Yes.")]
    assert texts(world, "request", key) == texts(world, "offer", token) == said
    told = data_of(world, "message_waiting")
    assert [(each["to"], each["match"]) for each in told] == [("volunteer", match), ("person", match)]
    assert all(set(each) == {"message", "request", "match", "volunteer", "to"} for each in told)


def test_every_text_of_a_match_lies_under_one_key(world: World) -> None:
    key, token, _ = world.met()
    for side, holder in (("request", key), ("offer", token), ("request", key)):
        world.person("POST", f"{side}/messages", holder, {"text": "planted text"})
    sealed = [row["sealed"] for row in world.rows("SELECT sealed FROM messages")]
    assert "planted" not in "".join(sealed)
    assert len({key_id_of(value) for value in sealed}) == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * (RELAY.characters + 1)])
def test_a_text_that_is_none_or_too_long_is_refused_by_its_field(world: World, text: str) -> None:
    key, token, _ = world.met()
    for side, holder in (("request", key), ("offer", token)):
        answer = world.person("POST", f"{side}/messages", holder, {"text": text})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "text")
    assert world.rows("SELECT 1 FROM messages") == []


def test_a_match_has_room_for_so_many_texts_and_no_more(world: World) -> None:
    key, token, _ = world.met()
    for number in range(RELAY.messages_per_match):
        assert world.person("POST", "request/messages", key, {"text": f"number {number}"}).status_code == 201
    assert world.person("POST", "offer/messages", token, {"text": "one too many"}).status_code == 422


def test_the_same_text_twice_in_a_row_is_one_and_is_told_once(world: World) -> None:
    key, token, _ = world.met()
    for text in ("Good evening.", " Good evening. "):
        assert world.person("POST", "request/messages", key, {"text": text}).status_code == 201
    assert texts(world, "request", key) == [("person", "Good evening.")]
    assert len(data_of(world, "message_waiting")) == 1
    for holder, side in ((token, "offer"), (key, "request")):
        world.person("POST", f"{side}/messages", holder, {"text": "Good evening."})
    assert texts(world, "request", key) == [(by, "Good evening.") for by in ("person", "volunteer", "person")]


def test_both_are_told_how_much_can_still_be_written_and_what_the_house_has_asked(world: World) -> None:
    key, token, match = world.met()
    request, volunteer, offer = world.newest("requests"), world.newest("volunteers"), world.newest("offers")
    world.person("POST", "request/messages", key, {"text": "Good evening."})
    world.matched(request, volunteer, offer, match=match, check_ins=1, sign_asks=2)
    said = {"texts_left": RELAY.messages_per_match - 1, "check_ins": 1, "sign_asks": 2}
    assert conversations(world, key, token) == (said, said)
    world.matched(request, volunteer, offer, match=match, **OVER)
    assert conversations(world, key, token) == (None, None)


@pytest.mark.parametrize("how", ["left", "handed back"])
def test_nothing_is_written_to_a_volunteer_who_has_gone_before_the_matcher_says_so(world: World, how: str) -> None:
    key, token, _ = world.met(at_once=True)
    if how == "left":
        leave(world, world.newest("volunteers"))
    else:
        world.person("POST", "offer/hand-back", token)
    assert conversations(world, key, token) == (None, None)
    assert world.person("POST", "request/messages", key, {"text": "Are you there?"}).status_code == 409
    assert data_of(world, "message_waiting") == []


def test_nothing_is_written_or_read_without_a_live_match(world: World) -> None:
    key = world.ask()
    _, volunteer = world.approved()
    token = world.token(world.offered(world.newest("requests"), volunteer))
    for side, holder in (("request", key), ("offer", token)):
        for method, step, body in (
            ("GET", "messages", None),
            ("POST", "messages", {"text": "x"}),
            ("POST", "spoken", None),
        ):
            assert world.person(method, f"{side}/{step}", holder, body).status_code == 409
    assert world.person("POST", "request/another", key).status_code == 409
    assert world.person("POST", "offer/hand-back", token).status_code == 409


@pytest.mark.parametrize("end", ["match over", "withdraw", "close", "another", "erased", "volunteer left"])
def test_the_texts_are_gone_with_the_match_or_with_either_side(world: World, end: str) -> None:
    key, _, match = world.met()
    world.person("POST", "request/messages", key, {"text": "planted text"})
    sealed = world.rows("SELECT sealed FROM messages")[0]["sealed"]
    request, volunteer, offer = world.newest("requests"), world.newest("volunteers"), world.newest("offers")
    if end == "match over":
        world.matched(request, volunteer, offer, match=match, **OVER)
    elif end == "erased":
        world.person("DELETE", "request", key)
    elif end == "volunteer left":
        leave(world, volunteer)
    else:
        body = {"reason": "did_not_connect"} if end == "close" else None
        assert world.person("POST", f"request/{end}", key, body).status_code == 200
    assert_gone(world, sealed, match)


def test_reveal_text_and_spoken_are_signs_of_life_once_an_hour_and_side(world: World) -> None:
    key, token, match = world.met(at_once=True)
    for _ in range(2):
        world.person("POST", "offer/reveal", token)
        world.person("POST", "offer/spoken", token)
    world.person("POST", "request/messages", key, {"text": "Thank you."})
    assert world.person("POST", "request/spoken", key).status_code == 200
    signs = data_of(world, "sign_of_life")
    assert [(each["sign_by"], each["state"], each["match"]) for each in signs] == [
        ("volunteer", "introduced", match),
        ("person", "introduced", match),
    ]


def test_a_sign_of_life_keeps_the_request_anew_and_its_words_no_longer(world: World) -> None:
    key, _, _ = world.met(at_once=True)
    work(world, retention.ENDS_SOON)
    kept, words = hours_until(world, retention.ERASE), hours_until(world, retention.FORGET_WORDS)
    with world.intake.database.transaction() as tx:
        tx.execute(update(due_rows.table).values(due_at=due_rows.table.c.due_at - timedelta(days=10)))
    world.person("POST", "request/spoken", key)
    assert hours_until(world, retention.ERASE) == kept
    assert hours_until(world, retention.FORGET_WORDS) == words - 240
    assert [each["ends_at"] for each in data_of(world, "sign_of_life")] == [None]


def test_before_the_introduction_a_text_of_the_person_alone_is_a_sign_and_nobody_has_spoken_yet(world: World) -> None:
    key, token, _ = world.met()
    world.person("POST", "offer/messages", token, {"text": "Shall I call?"})
    assert world.person("POST", "request/spoken", key).status_code == 409
    assert world.person("POST", "offer/spoken", token).status_code == 409
    assert data_of(world, "sign_of_life") == []
    world.person("POST", "request/messages", key, {"text": "Who are you?"})
    [told] = data_of(world, "sign_of_life")
    assert (told["state"], told["sign_by"], told["introduced_at"]) == ("open", "person", None)
    assert told["match"] == world.newest("matches")


def test_the_page_says_until_when_the_peer_waits_and_a_text_of_the_person_makes_it_later(world: World) -> None:
    key, _, _ = world.met()
    first = datetime.fromisoformat(world.person("GET", "request", key).json["next_step"]["when"])
    world.rows("UPDATE matches SET matched_at = matched_at - interval '2 days' RETURNING ref")
    sooner = datetime.fromisoformat(world.person("GET", "request", key).json["next_step"]["when"])
    assert first - sooner == timedelta(days=2)
    world.person("POST", "request/messages", key, {"text": "Who are you?"})
    assert datetime.fromisoformat(world.person("GET", "request", key).json["next_step"]["when"]) >= first


def test_someone_who_asks_for_someone_else_begins_a_new_round(world: World) -> None:
    key, token, _ = world.met(at_once=True)
    assert world.person("POST", "request/another", key).json == {"status": "waiting"}
    last = data_of(world, "published")[-1]
    assert (last["round"], last["state"], last["match"], last["sign_at"]) == (2, "open", None, None)
    assert world.person("GET", "request", key).json["match"] is None
    assert world.person("POST", "offer/messages", token, {"text": "x"}).status_code == 409


def test_someone_else_can_be_asked_for_after_the_end_until_the_words_are_forgotten(world: World) -> None:
    key, _, match = world.met(at_once=True)
    request, volunteer, offer = world.newest("requests"), world.newest("volunteers"), world.newest("offers")
    world.matched(request, volunteer, offer, match=match, **OVER, introduced_at=NOW)
    assert read_request(world.intake, key).may_ask_again
    work(world, retention.FORGET_WORDS)
    assert not read_request(world.intake, key).may_ask_again
    assert world.person("POST", "request/another", key).status_code == 409
    other, _, match = world.met()
    assert world.person("POST", "request/another", other).status_code == 200


@pytest.mark.parametrize("at_once", [False, True])
def test_a_volunteer_hands_back_once_and_sees_at_once_that_it_is_over(world: World, *, at_once: bool) -> None:
    _, token, _ = world.met(at_once=at_once)
    for _ in range(2):
        assert world.person("POST", "offer/hand-back", token).json == {"outcome": "ended"}
    assert world.person("GET", "offer", token).json["status"] == "ended"
    [reply] = data_of(world, "handed_back")
    assert (reply["answer"], reply["offer"]) == ("handed_back", world.newest("offers"))
    assert world.person("POST", "offer/accept", token).status_code == 200


def test_a_person_hears_before_the_request_ends_by_itself_and_a_change_takes_that_back(world: World) -> None:
    key = world.ask()
    work(world, retention.ENDS_SOON)
    [told] = data_of(world, "ends_soon")
    assert told["ends_at"] is not None
    world.person("PATCH", "request", key, {"urgency": "week"})
    assert data_of(world, "published")[-1]["ends_at"] is None


def test_a_request_that_is_over_is_not_announced_as_ending(world: World) -> None:
    key = world.ask()
    world.person("POST", "request/withdraw", key)
    work(world, retention.ENDS_SOON)
    assert data_of(world, "ends_soon") == []
