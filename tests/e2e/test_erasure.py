"""Erasure, in whatever state it comes: no copy of anything sealed can be opened any more, and the receipt proves it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from shared.database import Database
from shared.vault.errors import KeyDestroyed, VaultError
from shared.vault.keyrings import Keyrings
from shared.vault.purposes import INTAKE, MATCHER, NOTIFIER, Purpose, Reader
from shared.vault.sealing import key_id_of
from shared.vault.vault import SealedItem, Vault
from tests.e2e.holdings import records
from tests.e2e.people import Circle, Offer, Person, Volunteer, circle_in
from tests.e2e.states import (
    NOTIFY,
    active,
    agreed,
    applied,
    asked,
    closed,
    introduced,
    matched,
    offering,
    suspended,
    waiting,
    withdrawn,
)
from tests.e2e.town import Town

pytestmark = pytest.mark.timeout(600)

SEALED = {
    "requests": {
        "profile": Purpose.PERSON_PROFILE,
        "notify": Purpose.PERSON_NOTIFY,
        "private": Purpose.PERSON_PRIVATE,
        "card": Purpose.PERSON_CARD,
    },
    "volunteers": {
        "profile": Purpose.VOLUNTEER_PROFILE,
        "notify": Purpose.VOLUNTEER_NOTIFY,
        "private": Purpose.VOLUNTEER_PRIVATE,
    },
}
"""Table and topic -> column and field -> purpose."""


@dataclass(frozen=True)
class Doors:
    """The three services' ways into the vault, with exactly their settings."""

    intake: Vault
    matcher: Vault
    notifier: Vault
    databases: list[Database]


@pytest.fixture(scope="module")
def doors(town: Town) -> Iterator[Doors]:
    """Return the vault as each service sees it."""
    databases: list[Database] = []

    def door(reader: Reader) -> Vault:
        settings = town.stack.processes[f"{reader.role}-worker"].environment
        databases.append(Database(settings["VAULT_URL"], name="test", pool_size=1))
        return Vault(databases[-1], Keyrings(town.stack.data_dir / "secrets" / reader.role / "keyrings"), reader)

    yield Doors(door(INTAKE), door(MATCHER), door(NOTIFIER), databases)
    for database in databases:
        database.dispose()


def copies_of(town: Town, table: str, ref: str) -> list[SealedItem]:
    """Return every sealed value of `ref`, from its row and from every record of its topic."""
    columns = SEALED[table]
    rows = town.rows("intake", f"SELECT {', '.join(columns)} FROM {table} WHERE ref = %s", ref)
    told = [
        json.loads(record.value)
        for record in records(town.stack.kafka)
        if record.topic == table and dict(record.headers).get("ce_subject") == ref.encode()
    ]
    return [
        SealedItem(found[name], ref, purpose)
        for found in (*rows, *told)
        for name, purpose in columns.items()
        if found.get(name)
    ]


def assert_gone(town: Town, doors: Doors, copies: list[SealedItem]) -> None:
    """Assert that the keys are destroyed, and that no copy opens for anybody."""
    assert copies
    keys = [key_id_of(copy.sealed) for copy in copies]
    statement = "SELECT wrapped, destroyed_at FROM keys WHERE key_id = ANY(%s)"
    stored = town.rows("vault", statement, keys)
    assert len(stored) == len(set(keys))
    assert all(row["wrapped"] is None and row["destroyed_at"] for row in stored)
    for opened in doors.intake.open_many(copies):
        assert isinstance(opened, KeyDestroyed)


def assert_no_sealed_row(town: Town, ref: str) -> None:
    """Assert that neither matcher nor notifier, nor intake itself, keeps anything sealed of `ref`."""

    def left() -> list[str]:
        kept = {
            "matcher": ("requests", "pool"),
            "notifier": ("requests", "volunteers"),
            "intake": ("requests", "volunteers"),
        }
        return [
            f"{database}.{table}"
            for database, names in kept.items()
            for table in names
            for row in town.rows(database, f"SELECT * FROM {table} WHERE ref = %s", ref)
            if any(row.get(column) for column in ("profile", "notify", "private", "card", "notify_digest"))
        ]

    town.wait("rows without anything sealed", lambda: not left())


def assert_receipt_holds(town: Town, receipt: str) -> None:
    """Assert that a receipt checks out, and that a changed one does not."""
    checked = town.client.ask("POST", "/receipts/check", {"receipt": receipt})
    assert checked["destroyed"] is True
    place = len(receipt) // 2
    forged = receipt[:place] + ("7" if receipt[place] != "7" else "8") + receipt[place + 1 :]
    assert town.client.send("POST", "/receipts/check", {"receipt": forged}).status == 422


@pytest.mark.parametrize(
    "state", [waiting, offering, matched, introduced, withdrawn, closed], ids=lambda state: state.__name__
)
def test_an_erased_request_can_be_opened_by_nobody(
    town: Town, doors: Doors, state: Callable[[Circle], tuple[Person, Offer | None]]
) -> None:
    person, offer = state(circle_in(town))
    person.wait(state.__name__)
    town.wait_until_quiet()
    ref, newest = person.ref, town.mailbox.newest()
    copies = copies_of(town, "requests", ref)
    first, second = person.erase(), person.erase()
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
    assert_gone(town, doors, copies)
    assert_receipt_holds(town, first.body["receipt"])
    assert_no_sealed_row(town, ref)
    for answer in (town.client.send("GET", "/request", key=person.key), person.do("withdraw"), person.do("introduce")):
        assert answer.status == 410
    if offer and state is not closed:
        town.mailbox.wait_for(lambda mail: mail["to"] == [offer.to], after=newest, seconds=90)
        assert offer.status() in {"withdrawn", "ended"}
        assert offer.send("POST", "reveal").status == 409
    assert not [row for row in copies_of(town, "requests", ref) if row not in copies]


@pytest.mark.parametrize("state", [applied, active, asked, agreed, suspended], ids=lambda state: state.__name__)
def test_a_volunteer_who_left_can_be_opened_by_nobody(
    town: Town, doors: Doors, state: Callable[[Circle], tuple[Volunteer, Person | None]]
) -> None:
    volunteer, person = state(circle_in(town))
    town.wait_until_quiet()
    copies = copies_of(town, "volunteers", volunteer.ref)
    first = town.client.send("DELETE", "/volunteer", key=volunteer.key)
    second = town.client.send("DELETE", "/volunteer", key=volunteer.key)
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
    assert_gone(town, doors, copies)
    assert_receipt_holds(town, first.body["receipt"])
    assert_no_sealed_row(town, volunteer.ref)
    assert town.client.send("GET", "/volunteer", key=volunteer.key).status == 410
    if person:
        # Nobody else is there, so the search goes on and the person sees that.
        assert person.wait("waiting", "stalled")["match"] is None
        left = "SELECT ref FROM pool WHERE ref = %s"
        town.wait("the volunteer's row to go", lambda: not town.rows("matcher", left, volunteer.ref))


def test_a_person_whose_peer_leaves_is_told_by_mail(town: Town) -> None:
    circle = circle_in(town)
    volunteer = circle.invite(1)[0]
    person = circle.ask(notify={**NOTIFY, "value": "told@example.org"})
    assert circle.next_offer().accept() == "matched"
    person.introduce()
    town.wait_until_quiet()
    newest = town.mailbox.newest()
    assert town.client.send("DELETE", "/volunteer", key=volunteer.key).status == 200
    person.wait("ended")
    town.wait_until_quiet()
    assert "told@example.org" in [mail["to"][0] for mail in town.mailbox.messages(newest)]


def test_no_service_opens_what_is_not_meant_for_it(town: Town, doors: Doors) -> None:
    circle = circle_in(town)
    volunteer = circle.invite(1)[0]
    person = circle.ask(notify=NOTIFY)
    copies = copies_of(town, "requests", person.ref) + copies_of(town, "volunteers", volunteer.ref)
    assert {copy.purpose for copy in copies} == {purpose for table in SEALED.values() for purpose in table.values()}
    for door, reader in ((doors.matcher, MATCHER), (doors.notifier, NOTIFIER), (doors.intake, INTAKE)):
        for copy in copies:
            if copy.purpose in reader.purposes:
                assert isinstance(door.open(*copy), dict)
            else:
                with pytest.raises(VaultError):
                    door.open(*copy)
