"""Words of a newer version, or of another file of the operator's: the matcher waits for its own, and parks nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.matcher.handlers import kinds
from services.matcher.storage.tables import matches
from shared.vocabulary import vocabulary
from tests.integration.matcher.conftest import World

ROOT = Path(__file__).parents[3]
NEW_WORDS = """
care_areas:
  space_medicine: {label: Space medicine, groups: [acute]}
"""
A_WHILE = vocabulary().defaults.offers.retry_first


def replace_by_a_newer_version(world: World, request: str, folder: Path) -> None:
    """Let a matcher that knows the new words do what is due."""
    (folder / "vocabulary.yaml").write_text(NEW_WORDS)
    urls = [world.database.url, world.house.connections["matcher"].url]
    subprocess.run(
        [sys.executable, "-m", "tests.integration.matcher.newer", *urls, str(world.house.folders["matcher"]), request],
        cwd=ROOT,
        env=os.environ | {"VOCABULARY_FILE": str(folder / "vocabulary.yaml")},
        check=True,
        capture_output=True,
    )


def test_a_request_with_a_word_that_is_not_known_waits_until_the_matcher_knows_it(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.volunteer()
    request = world.request(care_area="space_medicine")
    said = capsys.readouterr().out
    assert "request_not_understood" in said
    assert "space_medicine" not in said
    assert world.state_of(request) == "waiting"
    assert world.open_offers(request) == []
    assert world.is_due_in(kinds.READ_AGAIN, request, A_WHILE)
    world.pass_time(kinds.READ_AGAIN, request)
    assert world.open_offers(request) == []
    assert world.is_due_in(kinds.READ_AGAIN, request, A_WHILE)

    replace_by_a_newer_version(world, request, tmp_path)
    assert len(world.open_offers(request)) == 1
    assert not world.is_due_in(kinds.READ_AGAIN, request, A_WHILE)


def test_a_volunteer_with_a_word_that_is_not_known_is_asked_once_the_matcher_knows_it(
    world: World, tmp_path: Path
) -> None:
    newer = world.volunteer(care_area="space_medicine")
    request = world.request()
    assert world.open_offers(request) == []
    replace_by_a_newer_version(world, request, tmp_path)
    assert [offer.volunteer for offer in world.open_offers(request)] == [newer]


def test_an_open_offer_stays_while_a_change_is_not_understood_and_nobody_is_matched_by_it(world: World) -> None:
    world.volunteer()
    request = world.request()
    [offer] = world.open_offers(request)
    world.request(request, themes=["space_sickness"], most_important=None)
    assert world.open_offers(request) == [offer]
    world.answer(offer, "accepted")
    assert world.rows(matches) == []
    assert world.open_offers(request) == []
    world.request(request)
    world.work()
    assert world.counters_hold()


def test_a_match_goes_on_while_a_change_is_not_understood(world: World) -> None:
    request, _ = world.matched()
    announced = len(world.announced("matched"))
    world.request(request, themes=["space_sickness"], most_important=None)
    [match] = world.rows(matches)
    assert match.state == "live"
    assert len(world.announced("matched")) == announced
    world.request(request)
    assert len(world.announced("matched")) == announced + 1


def test_an_unknown_word_of_a_request_keeps_no_other_from_being_handled(world: World) -> None:
    world.request(stage="in_orbit")
    volunteer, request = world.volunteer(), world.request()
    world.work()
    assert [offer.volunteer for offer in world.open_offers(request)] == [volunteer]
