"""Erasure: in every state, with a crash between the steps, and what a receipt proves."""

from collections.abc import Callable

import pytest

from services.intake.handlers import erasing
from services.intake.handlers.reports import report
from services.intake.storage.tables import REQUESTS, VOLUNTEERS, due_rows
from services.intake.worker import due_handlers
from shared.duerows import DueLoop
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import RECEIPTS, Purpose
from shared.vault.receipts import read_receipt
from tests.integration.intake.world import NOW, World
from tests.support.due import make_due

EMPTY_ROW_GOES_LATER = [{"kind": "forget_request"}]


def waiting(world: World) -> str:
    """A request that waits."""
    return world.ask()


def offering(world: World) -> str:
    """A request for which somebody is asked."""
    key = world.ask()
    world.offered(world.newest("requests"), "v" * 26)
    return key


def matched(world: World) -> str:
    """A request to which a peer said yes."""
    return world.met()[0]


def introduced(world: World) -> str:
    """A request that is introduced."""
    return world.met(at_once=True)[0]


def ended(world: World) -> str:
    """A request whose match is over."""
    key, _, match = world.met()
    over = {"state": "ended", "ended_at": NOW, "ended_by": "coordinator", "then": "over"}
    world.matched(world.newest("requests"), world.newest("volunteers"), world.newest("offers"), match=match, **over)
    return key


def withdrawn(world: World) -> str:
    """A request that was withdrawn."""
    key = world.ask()
    world.person("POST", "request/withdraw", key)
    return key


def closed(world: World) -> str:
    """A request that was closed."""
    key = world.ask()
    world.person("POST", "request/close", key, {"reason": "did_not_connect"})
    return key


def stalled(world: World) -> str:
    """A request for which nobody is there."""
    key = world.ask()
    world.searching(world.newest("requests"), state="stalled")
    return key


STATES = [waiting, offering, stalled, matched, introduced, ended, withdrawn, closed]


@pytest.mark.parametrize("reach", STATES, ids=[state.__name__ for state in STATES])
def test_a_request_can_be_erased_in_every_state(world: World, reach: Callable[[World], str]) -> None:
    key = reach(world)
    assert world.person("GET", "request", key).json["status"] == reach.__name__
    sealed = world.rows("SELECT ref, profile, private FROM requests WHERE profile IS NOT NULL")
    assert bool(sealed) is (reach not in (withdrawn, closed))

    receipt = world.person("DELETE", "request", key).json["receipt"]

    for row in sealed:
        with pytest.raises(KeyDestroyed):
            world.intake.vault.open(row["profile"], row["ref"], Purpose.PERSON_PROFILE)
    row = world.rows("SELECT * FROM requests")[0]
    assert (row["state"], row["profile"], row["private"], row["card"]) == ("erased", None, None, None)
    assert world.events("requests")[-1] == "erased"
    checked = world.post("/api/v1/receipts/check", json={"receipt": receipt}).json
    assert checked["destroyed"] is True
    assert checked["keys"] == 4
    assert world.rows("SELECT kind FROM due_rows WHERE subject = (SELECT ref FROM requests)") == EMPTY_ROW_GOES_LATER


def test_erasing_twice_gives_the_same_receipt_and_one_event(world: World) -> None:
    key = world.ask()
    first = world.person("DELETE", "request", key)
    assert world.person("DELETE", "request", key).json == first.json
    assert world.events("requests") == ["published", "erased"]
    assert world.person("GET", "request", key).status_code == 410
    assert world.person("POST", "request/introduce", key).status_code == 410


def test_a_crash_after_the_first_step_is_finished_by_the_due_row(world: World) -> None:
    world.ask()
    ref = world.newest("requests")
    sealed = world.rows("SELECT private FROM requests")[0]["private"]
    with world.intake.database.transaction() as tx:
        row = REQUESTS.by_ref(tx, ref, lock=True)
        assert row is not None
        erasing.erase_request(tx, world.intake, row)
    assert world.intake.vault.open(sealed, ref, Purpose.PERSON_PRIVATE)
    assert world.rows("SELECT kind FROM due_rows ORDER BY kind") == [{"kind": "destroy_keys"}, *EMPTY_ROW_GOES_LATER]

    with world.intake.database.transaction() as tx:
        make_due(tx, due_rows, erasing.DESTROY_KEYS)
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()

    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(sealed, ref, Purpose.PERSON_PRIVATE)
    assert world.rows("SELECT kind FROM due_rows") == EMPTY_ROW_GOES_LATER


def test_words_that_were_let_go_at_a_close_are_destroyed_by_the_due_row(world: World) -> None:
    key = world.ask()
    ref = world.newest("requests")
    sealed = world.rows("SELECT private FROM requests")[0]["private"]
    world.person("POST", "request/withdraw", key)
    with world.intake.database.transaction() as tx:
        make_due(tx, due_rows, erasing.DESTROY_KEYS)
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()
    with pytest.raises(KeyDestroyed):
        world.intake.vault.open(sealed, ref, Purpose.PERSON_PRIVATE)
    assert world.person("GET", "request", key).json["status"] == "withdrawn"


def test_a_request_that_nobody_touches_erases_itself(world: World) -> None:
    key = world.ask()
    loop = DueLoop(world.intake.database, due_rows, due_handlers(world.intake))
    for kind in ("erase_request", erasing.DESTROY_KEYS):
        with world.intake.database.transaction() as tx:
            make_due(tx, due_rows, kind)
        loop.step()
    assert world.person("GET", "request", key).status_code == 410


def test_some_time_after_the_introduction_the_words_are_forgotten(world: World) -> None:
    key, token, _ = world.met(at_once=True)
    with world.intake.database.transaction() as tx:
        make_due(tx, due_rows, "forget_words")
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()
    assert world.person("POST", "offer/reveal", token).json == {"words": None, "contact": None, "forgotten": True}
    assert world.person("GET", "request", key).json["status"] == "introduced"


def test_news_after_the_erasure_brings_nothing_back(world: World) -> None:
    key = world.ask(at_once=True)
    _, volunteer = world.approved()
    request = world.newest("requests")
    offer = world.offered(request, volunteer)
    world.person("DELETE", "request", key)
    world.matched(request, volunteer, offer)
    assert world.rows("SELECT state, match FROM requests") == [{"state": "erased", "match": None}]
    assert world.person("GET", "offer", world.token(offer)).json["status"] == "withdrawn"


def test_a_volunteer_can_leave_and_everything_sealed_goes_with_them(world: World) -> None:
    key, _ = world.approved()
    receipt = world.person("DELETE", "volunteer", key).json["receipt"]
    assert world.post("/api/v1/receipts/check", json={"receipt": receipt}).json["destroyed"] is True
    row = world.rows("SELECT state, profile, notify, private FROM volunteers")[0]
    assert row == {"state": "removed", "profile": None, "notify": None, "private": None}
    assert world.events("volunteers")[-1] == "removed"
    assert world.person("GET", "volunteer", key).status_code == 410
    assert world.person("DELETE", "volunteer", key).json["receipt"] == receipt


def test_the_person_is_told_when_the_peer_has_left(world: World) -> None:
    key, _, _ = world.met()
    volunteer = world.newest("volunteers")
    with world.intake.database.transaction() as tx:
        row = VOLUNTEERS.by_ref(tx, volunteer, lock=True)
        assert row is not None
        erasing.remove_volunteer(tx, world.intake, row)
    match = world.person("GET", "request", key).json["match"]
    assert (match["why"], match["shows"]) == (None, None)


def test_what_is_no_receipt_is_refused_by_name(world: World) -> None:
    for text in ("x", "no receipt", "0" * 200):
        answer = world.post("/api/v1/receipts/check", json={"receipt": text})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "receipt")


@pytest.mark.long
def test_someone_who_wrote_more_than_255_reports_gets_a_receipt_that_can_be_checked_too(world: World) -> None:
    key = world.ask()
    for _ in range(256):
        report(world.intake, key, "planted words")
    receipt = world.person("DELETE", "request", key).json["receipt"]
    assert world.post("/api/v1/receipts/check", json={"receipt": receipt}).json["destroyed"] is True
    assert len(read_receipt(world.intake.keyrings.named(RECEIPTS), receipt).key_ids) > 255
