"""Some time after the introduction words and contact are forgotten; the address for notices is not, and all say so."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.intake.handlers import erasing, retention
from services.intake.storage.tables import due_rows
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vocabulary import vocabulary
from tests.integration.intake.browsing import act
from tests.integration.intake.test_conversation import OVER, data_of, work
from tests.integration.intake.world import NOW, World

FIGURES = vocabulary().defaults
WORDS, ADDRESS = "Your words, how to reach you, and the names and places you gave", "The address for notices to you"


def sealed(world: World) -> dict[str, Any]:
    """Return what lies sealed in the one request."""
    return world.rows("SELECT ref, private, notify FROM requests")[0]


def held(world: World, key: str) -> dict[str, dict[str, Any]]:
    """Return what the person reads of what is held, by what it is."""
    return {each["what"]: each for each in world.person("GET", "request", key).json["held"]}


def days_until(world: World, moment: str) -> int:
    """Return in how many days, by the database's clock, `moment` is."""
    now: datetime = world.rows("SELECT clock_timestamp() AS now")[0]["now"]
    return round((datetime.fromisoformat(moment) - now) / timedelta(days=1))


def test_someone_who_wants_notices_gets_them_when_the_words_are_forgotten_already(world: World) -> None:
    key, token, _ = world.met(at_once=True)
    before = sealed(world)
    work(world, retention.FORGET_WORDS)
    work(world, erasing.DESTROY_KEYS)

    vault = world.intake.vault
    with pytest.raises(KeyDestroyed):
        vault.open(before["private"], before["ref"], Purpose.PERSON_PRIVATE)
    assert sealed(world) == {**before, "private": None}
    assert vault.open(before["notify"], before["ref"], Purpose.PERSON_NOTIFY)["value"] == "planted.person@example.org"
    assert world.person("POST", "offer/messages", token, {"text": "How are you?"}).status_code == 201
    assert data_of(world, "message_waiting")[-1]["to"] == "person"
    assert data_of(world, "sign_of_life")[-1]["notify"] == before["notify"]

    assert world.person("POST", "request/close", key, {"reason": "spoke_and_enough"}).status_code == 200
    work(world, erasing.DESTROY_KEYS)
    assert sealed(world)["notify"] is None
    with pytest.raises(KeyDestroyed):
        vault.open(before["notify"], before["ref"], Purpose.PERSON_NOTIFY)


@pytest.mark.parametrize("end", ["withdraw", "erase"])
def test_the_address_goes_with_a_withdrawal_or_an_erasure_too(world: World, end: str) -> None:
    key, _, _ = world.met(at_once=True)
    before = sealed(world)
    work(world, retention.FORGET_WORDS)
    method, path = ("DELETE", "request") if end == "erase" else ("POST", "request/withdraw")
    assert world.person(method, path, key).status_code == 200
    work(world, erasing.DESTROY_KEYS)
    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(before["notify"], before["ref"], Purpose.PERSON_NOTIFY)


def test_words_that_fall_due_twice_are_forgotten_once(world: World) -> None:
    world.met(at_once=True)
    for _ in range(2):
        with world.intake.database.transaction() as tx:
            ref = world.newest("requests")
            due_rows.schedule(tx, retention.FORGET_WORDS, ref, ref, timedelta())
        work(world, retention.FORGET_WORDS)
    assert len(world.rows("SELECT unnest(key_ids) FROM erasures")) == 1


def test_the_person_reads_how_long_words_and_address_stay_before_and_after_the_introduction(world: World) -> None:
    key, _, _ = world.met()
    kept = FIGURES.retention
    untouched, closed = kept.untouched_request.days, kept.request_after_close.days
    after = kept.contact_and_words_after_introduction.days
    at_once = "At once when you withdraw or close your request."

    before = held(world, key)
    assert [days_until(world, before[what]["until"]) for what in (WORDS, ADDRESS)] == [untouched, untouched]
    assert before[WORDS]["ends"] == f"Once you are introduced: {after} days from then. {at_once}"
    assert before[ADDRESS]["ends"] == at_once

    world.person("POST", "request/introduce", key)
    introduced = held(world, key)
    whole = FIGURES.match.ends_after.days + closed
    assert [days_until(world, introduced[what]["until"]) for what in (WORDS, ADDRESS)] == [after, whole]
    assert introduced[WORDS]["ends"] == introduced[ADDRESS]["ends"] == at_once

    work(world, retention.FORGET_WORDS)
    forgotten = held(world, key)
    assert WORDS not in forgotten
    assert forgotten[ADDRESS] == introduced[ADDRESS]

    world.person("POST", "request/close", key, {"reason": "spoke_and_enough"})
    assert {WORDS, ADDRESS} & set(held(world, key)) == set()


def test_words_that_are_forgotten_are_told_from_words_that_were_never_given(site: FlaskClient, world: World) -> None:
    _, token, _ = world.met(at_once=True, words=None, contact=None)
    seen = world.person("GET", "offer", token).json
    assert (seen["may_reveal"], seen["forgotten"]) == (True, False)
    assert world.person("POST", "offer/reveal", token).json == {"words": None, "contact": None, "forgotten": False}
    assert "They left no way to reach them." in act(site, "/offer", token, "reveal").text

    work(world, retention.FORGET_WORDS)
    seen = world.person("GET", "offer", token).json
    assert (seen["status"], seen["may_reveal"], seen["forgotten"]) == ("introduced", False, True)
    assert world.person("POST", "offer/reveal", token).json == {"words": None, "contact": None, "forgotten": True}


def test_a_volunteer_who_comes_after_the_words_are_forgotten_reads_so_and_opens_nothing(
    site: FlaskClient, world: World
) -> None:
    key, token, _ = world.met(at_once=True)
    work(world, retention.FORGET_WORDS)

    for step in ("look", "reveal"):
        page = act(site, "/offer", token, step)
        assert page.status_code == 200
        assert "both have been forgotten here" in page.text
        assert "They left no way to reach them" not in page.text
        assert "Show me how to reach them" not in page.text
    assert world.person("GET", "request", key).json["accesses"] == []


def test_before_the_introduction_nothing_is_said_to_be_forgotten(world: World) -> None:
    key, token, match = world.met()
    seen = world.person("GET", "offer", token).json
    assert (seen["status"], seen["may_reveal"], seen["forgotten"]) == ("matched", False, False)
    world.person("POST", "request/introduce", key)
    work(world, retention.FORGET_WORDS)
    request, volunteer, offer = world.newest("requests"), world.newest("volunteers"), world.newest("offers")
    world.matched(request, volunteer, offer, match=match, **OVER, introduced_at=NOW)
    seen = world.person("GET", "offer", token).json
    assert (seen["status"], seen["may_reveal"], seen["forgotten"]) == ("ended", False, False)
