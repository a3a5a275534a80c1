"""What the operator could hand over about one person: at most five fields, on the record, and nothing once erased."""

import argparse
import json

import pytest

from services.intake import disclose
from tests.integration.intake.world import World


@pytest.fixture
def disclosed(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Disclosed":
    """The command, run as an operator does with the settings of intake."""
    monkeypatch.setenv("DATABASE_URL", world.intake.settings.common.database_url)
    return Disclosed(capsys)


class Disclosed:
    """Runs the command and reads what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, ref: str) -> tuple[int, dict[str, object]]:
        """Return the exit code and the object that was printed."""
        self._capsys.readouterr()
        code = disclose.run(argparse.Namespace(ref=ref))
        return code, json.loads(self._capsys.readouterr().out)


def test_of_a_request_five_fields_could_be_handed_over(world: World, disclosed: Disclosed) -> None:
    world.met(at_once=True)
    ref = world.newest("requests")
    code, held = disclosed(ref)
    assert (code, set(held)) == (0, {"ref", "state", "asked_at", "introduced_at", "kept_until"})
    assert (held["ref"], held["state"]) == (ref, "introduced")


def test_of_a_volunteer_five_fields_could_be_handed_over(world: World, disclosed: Disclosed) -> None:
    _, ref = world.approved()
    code, held = disclosed(ref)
    assert (code, set(held)) == (0, {"ref", "state", "applied_at", "trained_until", "paused_until"})


def test_the_person_it_concerns_sees_that_it_was_disclosed(world: World, disclosed: Disclosed) -> None:
    key = world.ask()
    disclosed(world.newest("requests"))
    [opening] = world.person("GET", "request", key).json["accesses"]
    assert (opening["opened_by"], opening["why"]) == ("operator", "`alongside disclose` was run")


@pytest.mark.parametrize(("what", "table"), [("request", "requests"), ("volunteer", "volunteers")])
def test_after_the_erasure_there_is_nothing_to_hand_over(
    world: World, disclosed: Disclosed, what: str, table: str
) -> None:
    key = world.ask() if what == "request" else world.apply()
    ref = world.newest(table)
    world.person("DELETE", what, key)
    assert disclosed(ref) == (1, {})


def test_of_an_unknown_ref_nothing_is_held(disclosed: Disclosed) -> None:
    assert disclosed("z" * 26) == (1, {})
