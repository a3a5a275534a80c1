"""A volunteer whose profile cannot be read is left out, said aloud, and keeps nobody from the others."""

from typing import Any

import pytest
from prometheus_client import REGISTRY

from shared.refs import new_ref
from shared.vault.purposes import Purpose
from tests.integration.matcher.conftest import World
from tests.unit.matcher.worlds import volunteer_data


def skipped() -> float | None:
    return REGISTRY.get_sample_value("alongside_pool_skipped")


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in volunteer_data().items() if name != field}


UNREADABLE: dict[str, Any] = {
    "a theme that this version does not know": volunteer_data(themes=[{"slug": "new_theme", "years_ago": 2}]),
    "a profession that this version does not know": volunteer_data(profession="new_profession"),
    "another type": volunteer_data(capacity="much"),
    "a capacity beyond all measure": volunteer_data(capacity={"active": 10**30, "new_per_month": 1}),
    "a mark that is no text": volunteer_data(affiliations=[7]),
    "no time zone": without("time_zone"),
}


def publish(world: World, ref: str, profile: dict[str, Any]) -> None:
    """Publish a volunteer whose sealed profile holds anything at all."""
    keeper = world.house.keeper
    key = keeper.mint([Purpose.VOLUNTEER_PROFILE])[Purpose.VOLUNTEER_PROFILE]
    world.profiles[ref] = keeper.seal(key, ref, Purpose.VOLUNTEER_PROFILE, profile)
    world.volunteer(ref)


@pytest.mark.parametrize("profile", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_pool_with_one_unreadable_volunteer_loads_all_others(
    world: World, profile: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    before, unreadable, after = world.volunteer(), new_ref(), new_ref()
    publish(world, unreadable, profile)
    world.volunteer(after)
    replica = world.replica()
    replica.context.pool.look(world.database)
    said = capsys.readouterr().out
    assert "profile_not_understood" in said
    assert unreadable in said
    assert "new_" not in said
    asked = [replica.open_offers(replica.request())[0].volunteer for _ in range(2)]
    assert set(asked) == {before, after}
    assert replica.open_offers(replica.request()) == []
    assert skipped() == 1


@pytest.mark.parametrize("profile", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_volunteer_who_becomes_unreadable_is_asked_no_more_until_they_can_be_read_again(
    world: World, profile: dict[str, Any]
) -> None:
    volunteer, other = world.volunteer(), world.volunteer(themes=[])
    world.context.pool.look(world.database)
    publish(world, volunteer, profile)
    [offer] = world.open_offers(world.request())
    assert offer.volunteer == other
    assert world.open_offers(world.request()) == []
    world.context.pool.look(world.database)
    assert skipped() == 1
    world.volunteer(volunteer, themes=[])
    assert [offer.volunteer for offer in world.open_offers(world.request())] == [volunteer]
    assert skipped() == 0
    assert world.counters_hold()


def test_events_and_deadlines_of_an_unreadable_volunteer_are_handled(world: World) -> None:
    volunteer = world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    publish(world, volunteer, UNREADABLE["another type"])
    world.work()
    world.answer(offer, "declined")
    world.volunteer(volunteer, state="suspended")
    world.work()
    assert world.open_offers(request) == []
    assert world.state_of(request) == "waiting"
    assert world.counters_hold()
