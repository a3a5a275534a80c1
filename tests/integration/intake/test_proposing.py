"""Proposing a time to talk: sealed with the text, read by each side's own clock, on the API and on the pages."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem
from tests.integration.intake.browsing import act
from tests.integration.intake.test_conversation import data_of
from tests.integration.intake.world import World

SOON = "2026-11-26T18:30:00Z"


def said(world: World, side: str, key: str) -> list[tuple[str, str, str | None]]:
    """Return who wrote what and proposed which time, as this side reads it."""
    texts = world.person("GET", f"{side}/messages", key).json["texts"]
    return [(each["by"], each["text"], each["proposes"]) for each in texts]


def opened(world: World) -> list[Any]:
    """Return what lies sealed, opened."""
    rows = world.rows("SELECT sealed, match FROM messages ORDER BY number")
    items = [SealedItem(row["sealed"], row["match"], Purpose.MATCH_PRIVATE) for row in rows]
    return list(world.intake.vault.open_many(items))


def test_a_time_is_proposed_with_a_text_or_alone_and_lies_sealed_with_it(world: World) -> None:
    key, token, _ = world.met()
    first = {"text": "Shall we talk?", "proposes": "2026-11-26T19:30:00+01:00"}
    assert world.person("POST", "request/messages", key, first).status_code == 201
    assert world.person("POST", "offer/messages", token, {"proposes": "2026-11-27T08:00:00.5Z"}).status_code == 201
    assert world.person("POST", "request/messages", key, {"text": "Yes.", "proposes": None}).status_code == 201

    both = [("person", "Shall we talk?", SOON), ("volunteer", "", "2026-11-27T08:00:00Z"), ("person", "Yes.", None)]
    assert said(world, "request", key) == said(world, "offer", token) == both
    assert opened(world) == [{"text": text, "proposes": proposes} for _, text, proposes in both]
    assert [set(each) for each in data_of(world, "message_waiting")] == [
        {"message", "request", "match", "volunteer", "to"}
    ] * 3
    assert "2026-11-26T18:30" not in str(world.rows("SELECT data FROM outbox"))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": " \n ", "proposes": None}, "text"),
        ({"text": "x", "proposes": "2026-11-26T18:30:00"}, "proposes"),
        ({"text": "x", "proposes": "tomorrow"}, "proposes"),
        ({"text": "x", "proposes": 1_800_000_000}, "proposes"),
        ({"proposes": "2026-11-22T12:34:56Z"}, "proposes"),
        ({"proposes": "2027-11-22T12:34:57Z"}, "proposes"),
        ({"proposes": "0001-01-01T00:00:00+14:00"}, "proposes"),
        ({"proposes": "9999-12-31T23:59:59-12:00"}, "proposes"),
    ],
)
def test_what_is_neither_a_text_nor_a_time_ahead_is_refused_by_its_field(
    world: World, body: dict[str, Any], field: str
) -> None:
    key, token, _ = world.met()
    for side, holder in (("request", key), ("offer", token)):
        answer = world.person("POST", f"{side}/messages", holder, body)
        assert (answer.status_code, [each["field"] for each in answer.json["errors"]]) == (422, [field])
    assert world.rows("SELECT 1 FROM messages") == []


def test_the_same_text_with_another_time_is_another_and_with_the_same_one_it_is_not(world: World) -> None:
    key, _, _ = world.met()
    later = "2026-11-27T18:30:00Z"
    for proposes in (SOON, "2026-11-26T18:30:00+00:00", later, later, None):
        body = {"text": "Then?", "proposes": proposes}
        assert world.person("POST", "request/messages", key, body).status_code == 201
    assert [proposes for _, _, proposes in said(world, "request", key)] == [SOON, later, None]


def test_a_text_from_before_times_could_be_proposed_is_read_and_known_again(world: World) -> None:
    key, token, match = world.met()
    world.person("POST", "request/messages", key, {"text": "New."})
    [row] = world.rows("SELECT sealed FROM messages")
    item = SealedItem(row["sealed"], match, Purpose.MATCH_PRIVATE)
    old = world.intake.vault.look([item]).reseal(item, {"text": "Old."})
    world.rows(f"UPDATE messages SET sealed = '{old}' RETURNING ref")

    assert said(world, "offer", token) == [("person", "Old.", None)]
    assert world.person("POST", "request/messages", key, {"text": "Old."}).status_code == 201
    assert said(world, "offer", token) == [("person", "Old.", None)]


def test_on_the_pages_each_writes_and_reads_a_time_by_their_own_clock(site: FlaskClient, world: World) -> None:
    # The person lives in London, the volunteer in Paris.
    key, token, _ = world.met()

    mine = act(site, "/request", key, "write", text="Shall we talk?", proposes="2026-11-26T18:30")
    theirs = act(site, "/offer", token, "write", text="", proposes="2026-11-27T09:00")

    assert (mine.status_code, theirs.status_code) == (200, 200)
    assert "Thursday 26 November, 18:30 (London time)" in mine.text
    assert "Thursday 26 November, 19:30 (Paris time)" in theirs.text
    assert "Friday 27 November, 09:00 (Paris time)" in theirs.text
    assert "Friday 27 November, 08:00 (London time)" in act(site, "/request", key, "open").text
    assert [proposes for _, _, proposes in said(world, "request", key)] == [SOON, "2026-11-27T08:00:00Z"]


def test_a_time_that_no_clock_or_two_clocks_show_is_taken(site: FlaskClient, world: World) -> None:
    key, token, _ = world.met()

    left_out = act(site, "/request", key, "write", text="", proposes="2027-03-28T01:30")
    repeated = act(site, "/offer", token, "write", text="", proposes="2027-10-31T02:30")

    assert (left_out.status_code, repeated.status_code) == (200, 200)
    assert "Sunday 28 March, 02:30 (London time)" in left_out.text
    assert "Sunday 31 October, 02:30 (Paris time)" in repeated.text


@pytest.mark.parametrize(
    "typed", ["tomorrow", "2026-11-26", "2026-02-30T10:00", "2026-11-22T12:00", "2028-01-01T00:00"]
)
def test_a_time_that_cannot_be_taken_comes_back_beside_the_text(site: FlaskClient, world: World, typed: str) -> None:
    key, token, _ = world.met()

    for path, holder in (("/request", key), ("/offer", token)):
        refused = act(site, path, holder, "write", text="planted text", proposes=typed)
        assert refused.status_code == 422
        assert 'id="proposes-error"' in refused.text
        assert 'id="text-error"' not in refused.text
        assert f'value="{typed}"' in refused.text
        assert "planted text" in refused.text
    assert world.rows("SELECT 1 FROM messages") == []


def test_a_time_sent_with_a_key_that_opens_nothing_is_told_so(site: FlaskClient, world: World) -> None:
    for path, holder in (("/request", "0" * 28), ("/offer", "0" * 26 + "." + "1" * 22)):
        assert act(site, path, holder, "write", proposes="2026-11-26T18:30").status_code == 404
    early = act(site, "/offer", world.token("0" * 26), "write", proposes="2026-11-26T18:30")
    assert early.status_code == 202


def test_each_side_is_told_truly_who_hears_of_what_was_written(site: FlaskClient, world: World) -> None:
    key, token, _ = world.met()

    assert "They are told that something is there" in act(site, "/request", key, "write", text="x").text
    assert "If they asked for news they are told" in act(site, "/offer", token, "write", text="y").text
