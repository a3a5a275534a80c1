"""Who can open what, and that nobody can open what was destroyed."""

import secrets
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from shared.database import Database, is_transient, listen
from shared.refs import new_ref
from shared.vault.errors import KeyDestroyed, KeyringError, Tampered, UnknownKey
from shared.vault.keyrings import Keyrings, new_key
from shared.vault.keystore import KEYS_DESTROYED
from shared.vault.purposes import MATCHER, Purpose
from shared.vault.sealing import key_id_of, new_data_key, seal
from shared.vault.vault import SealedItem, Vault
from tests.integration.conftest import House
from tests.support.keyrings import add_key

HOUR = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROFILE = {"stage": "trainee", "themes": ["grief"]}


def sealed_profile(house: House, subject: str) -> str:
    key = house.keeper.mint([Purpose.PERSON_PROFILE])[Purpose.PERSON_PROFILE]
    return house.keeper.seal(key, subject, Purpose.PERSON_PROFILE, PROFILE)


def test_intake_seals_and_each_service_opens_its_own_purposes(house: House) -> None:
    subject = new_ref()
    keys = house.keeper.mint(Purpose)
    sealed = {purpose: house.keeper.seal(key, subject, purpose, {"for": purpose}) for purpose, key in keys.items()}
    for purpose, value in sealed.items():
        assert house.keeper.open(value, subject, purpose) == {"for": purpose}
    for vault, own in ((house.matcher, "profile"), (house.notifier, "notify")):
        for purpose, value in sealed.items():
            if purpose.endswith(own):
                assert vault.open(value, subject, purpose) == {"for": purpose}
            else:
                with pytest.raises(UnknownKey):
                    vault.open(value, subject, purpose)


def test_a_service_with_the_key_but_without_the_keyring_opens_nothing(house: House) -> None:
    sealed = sealed_profile(house, "subject")
    without_keyrings = Vault(house.connections["matcher"], Keyrings(house.folders["notifier"]), MATCHER)
    with pytest.raises(KeyringError):
        without_keyrings.open(sealed, "subject", Purpose.PERSON_PROFILE)


def test_a_key_is_of_use_for_its_own_purpose_and_subject_only(house: House) -> None:
    sealed = sealed_profile(house, "subject")
    with pytest.raises(Tampered, match=r"is for person\.profile"):
        house.keeper.open(sealed, "subject", Purpose.PERSON_NOTIFY)
    with pytest.raises(Tampered):
        house.keeper.open(sealed, "another", Purpose.PERSON_PROFILE)


def test_a_destroyed_key_means_erased_to_everyone(house: House) -> None:
    sealed = sealed_profile(house, "subject")
    assert house.keeper.destroy([key_id_of(sealed)], HOUR) == {key_id_of(sealed)}
    for vault in (house.keeper, house.matcher):
        with pytest.raises(KeyDestroyed):
            vault.open(sealed, "subject", Purpose.PERSON_PROFILE)
    item = SealedItem(sealed, "subject", Purpose.PERSON_PROFILE)
    with pytest.raises(KeyDestroyed):
        house.keeper.look([item]).reseal(item, PROFILE)


def test_a_key_that_never_was_is_unknown_and_not_destroyed(house: House) -> None:
    stranger = seal(new_data_key(secrets.token_bytes), "subject", Purpose.PERSON_PROFILE, PROFILE, secrets.token_bytes)
    with pytest.raises(UnknownKey):
        house.keeper.open(stranger, "subject", Purpose.PERSON_PROFILE)
    assert house.keeper.destroy([key_id_of(stranger)], HOUR) == frozenset()
    assert house.keeper.destroyed_among([key_id_of(stranger)]) == frozenset()


def test_one_bad_value_among_many_spoils_no_other(house: House) -> None:
    subjects = [new_ref() for _ in range(5)]
    items = [SealedItem(sealed_profile(house, subject), subject, Purpose.PERSON_PROFILE) for subject in subjects]
    house.keeper.destroy([key_id_of(items[1].sealed)], HOUR)
    items[3] = items[3]._replace(subject="another")
    items.append(SealedItem("no sealed value", "subject", Purpose.PERSON_PROFILE))
    results = house.matcher.open_many(items)
    assert [results[at] for at in (0, 2, 4)] == [PROFILE] * 3
    assert [type(results[at]) for at in (1, 3, 5)] == [KeyDestroyed, Tampered, Tampered]
    assert house.matcher.open_many([]) == []


def test_a_keyring_that_cannot_be_read_spoils_no_value_of_another_purpose(house: House) -> None:
    keys = house.keeper.mint([Purpose.PERSON_PROFILE, Purpose.VOLUNTEER_PROFILE])
    items = [
        SealedItem(house.keeper.seal(key, "subject", purpose, PROFILE), "subject", purpose)
        for purpose, key in sorted(keys.items())
    ]
    (house.folders["matcher"] / f"{Purpose.PERSON_PROFILE}.json").write_text("no keyring")
    spoiled, opened = house.matcher.open_many(items)
    assert isinstance(spoiled, KeyringError)
    assert opened == PROFILE


def test_resealing_keeps_the_key_and_refuses_another_subject(house: House) -> None:
    item = SealedItem(sealed_profile(house, "subject"), "subject", Purpose.PERSON_PROFILE)
    look = house.keeper.look([item])
    changed = look.reseal(item, {"stage": "retired"})
    assert key_id_of(changed) == key_id_of(item.sealed)
    assert house.matcher.open(changed, "subject", Purpose.PERSON_PROFILE) == {"stage": "retired"}
    with pytest.raises(Tampered):
        look.reseal(item._replace(subject="another"), {})


def test_one_look_opens_what_was_named_and_nothing_else(house: House) -> None:
    named, other = (SealedItem(sealed_profile(house, each), each, Purpose.PERSON_PROFILE) for each in ("a", "b"))
    look = house.keeper.look([named])
    assert look.open(named) == PROFILE
    with pytest.raises(UnknownKey):
        look.open(other)


def test_minted_keys_are_stored_before_they_are_handed_out_and_never_twice(house: House) -> None:
    minted = [key for _ in range(5) for key in house.keeper.mint(Purpose).values()]
    assert len({key.key_id for key in minted}) == 5 * len(Purpose)
    with house.connections["intake"].transaction() as tx:
        stored = set(tx.execute(sa.text("SELECT key_id FROM keys WHERE wrapped IS NOT NULL")).scalars())
    assert {key.key_id for key in minted} <= stored


def test_destroying_again_keeps_the_first_hour_and_the_ledger_has_it(house: House) -> None:
    destroyed, kept = (key_id_of(sealed_profile(house, "subject")) for _ in range(2))
    for hour in (HOUR, HOUR + timedelta(hours=5)):
        assert house.keeper.destroy([destroyed], hour) == {destroyed}
    assert house.keeper.ledger() == {destroyed: HOUR}
    assert house.matcher.destroyed_among([destroyed, kept, uuid4()]) == {destroyed}


def test_replicas_hear_of_a_destroyed_key(house: House) -> None:
    key_id = key_id_of(sealed_profile(house, "subject"))
    stop, listening, woken = threading.Event(), threading.Event(), threading.Event()
    heard: list[tuple[str, str]] = []

    def wake(channel: str, payload: str) -> None:
        heard.append((channel, payload))
        woken.set()

    url = house.connections["matcher"].url
    thread = threading.Thread(
        target=listen,
        args=(url, [KEYS_DESTROYED]),
        kwargs={"stop": stop, "wake": wake, "reconnected": listening.set},
    )
    thread.start()
    try:
        assert listening.wait(5)
        house.keeper.destroy([key_id], HOUR)
        assert woken.wait(5)
    finally:
        stop.set()
        thread.join()
    assert [(channel, UUID(payload)) for channel, payload in heard] == [(KEYS_DESTROYED, key_id)]


def test_a_rotation_needs_no_restart_and_old_values_stay_readable(house: House) -> None:
    before = sealed_profile(house, "subject")
    # The stock still holds a key that was wrapped before.
    house.keeper.mint([Purpose.PERSON_PROFILE])
    added = new_key(secrets.token_bytes)
    for path in house.keyring_files(Purpose.PERSON_PROFILE):
        add_key(path, *added)
    after = sealed_profile(house, "subject")
    for sealed in (before, after):
        assert house.matcher.open(sealed, "subject", Purpose.PERSON_PROFILE) == PROFILE
    with house.connections["matcher"].transaction() as tx:
        query = sa.text("SELECT wrapped FROM keys_for_matcher WHERE key_id = :key_id")
        assert added[0].encode() in tx.execute(query, {"key_id": key_id_of(after)}).scalar_one()


def test_an_outage_is_an_outage_and_never_an_erasure(house: House) -> None:
    sealed = sealed_profile(house, "subject")
    nowhere = Database("postgresql+psycopg://matcher@127.0.0.1:1/vault", name="test-nowhere")
    vault = Vault(nowhere, Keyrings(house.folders["matcher"]), MATCHER)
    with pytest.raises(OperationalError) as caught:
        vault.open(sealed, "subject", Purpose.PERSON_PROFILE)
    assert is_transient(caught.value)


def test_an_interrupted_destruction_is_finished_by_repeating_it(house: House) -> None:
    sealed = sealed_profile(house, "subject")
    with house.connections["matcher"].transaction() as reading:
        reading.execute(sa.text("SELECT count(*) FROM keys_for_matcher"))
        with pytest.raises(OperationalError) as caught:
            house.keeper.destroy([key_id_of(sealed)], HOUR)
    assert is_transient(caught.value)
    with pytest.raises(KeyDestroyed):
        house.keeper.open(sealed, "subject", Purpose.PERSON_PROFILE)
    assert house.keeper.destroy([key_id_of(sealed)], HOUR) == {key_id_of(sealed)}
