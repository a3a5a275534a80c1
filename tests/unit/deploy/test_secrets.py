"""Secrets are made once, readable by nobody else, and never overwritten."""

import stat
from pathlib import Path

import pytest

from deploy.secrets import KEYRINGS, ensure_secrets


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets")
    before = contents(tmp_path)
    ensure_secrets(tmp_path / "secrets")
    assert contents(tmp_path) == before


def test_only_what_is_missing_is_made(tmp_path: Path) -> None:
    made = ensure_secrets(tmp_path / "secrets")
    before = contents(tmp_path)
    made.password("matcher").unlink()
    ensure_secrets(tmp_path / "secrets")
    after = contents(tmp_path)
    assert {name for name in before if before[name] != after[name]} == {"secrets/db/matcher_password"}


def test_folders_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "secrets")
    for path in (tmp_path / "secrets").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


@pytest.mark.parametrize("service", KEYRINGS)
def test_a_service_holds_its_keyrings_and_no_other(tmp_path: Path, service: str) -> None:
    made = ensure_secrets(tmp_path / "secrets")
    assert {path.stem for path in made.keyrings(service).iterdir()} == set(KEYRINGS[service])


def test_a_shared_keyring_is_the_same_for_all_who_hold_it(tmp_path: Path) -> None:
    made = ensure_secrets(tmp_path / "secrets")
    for service in ("matcher", "notifier"):
        for path in made.keyrings(service).iterdir():
            assert path.read_text() == (made.keyrings("intake") / path.name).read_text()


def test_a_lost_copy_comes_back_from_the_one_who_still_has_it(tmp_path: Path) -> None:
    made = ensure_secrets(tmp_path / "secrets")
    links = made.keyrings("intake") / "links.json"
    kept = links.read_text()
    links.unlink()
    ensure_secrets(tmp_path / "secrets")
    assert links.read_text() == kept


def test_two_keyrings_are_never_alike(tmp_path: Path) -> None:
    made = ensure_secrets(tmp_path / "secrets")
    texts = [path.read_text() for path in made.keyrings("intake").iterdir()]
    assert len(set(texts)) == len(texts)
