"""The console script: what it takes, and that whatever it would call exists."""

import argparse
import importlib
from pathlib import Path

import pytest

from deploy.cli import SERVICE_MAINS, build_parser, main
from deploy.migrations import MIGRATIONS, owner_urls


def subcommands() -> dict[str, argparse.ArgumentParser]:
    parser = build_parser()
    [action] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return action.choices


def targets() -> list[str]:
    runs = [command.get_default("run") for command in subcommands().values()]
    return [*SERVICE_MAINS.values(), *(run for run in runs if run)]


@pytest.mark.parametrize("target", targets())
def test_what_a_subcommand_calls_exists(target: str) -> None:
    module, _, function = target.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_dev_takes_what_its_help_says() -> None:
    options = build_parser().parse_args(["dev", "--port", "8000", "--data-dir", "data", "--volunteers", "20", "--json"])
    assert (options.port, options.data_dir, options.volunteers, options.json) == (8000, Path("data"), 20, True)


def test_an_unknown_part_of_a_service_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["matcher", "web"])
    assert ended.value.code == 2
    assert "worker" in capsys.readouterr().err


def test_secrets_says_where_it_put_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["secrets", str(tmp_path / "secrets")]) == 0
    assert str(tmp_path / "secrets") in capsys.readouterr().out


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without any setting of ours."""
    names = ["DATABASE_URL", "VAULT_URL", "KAFKA_BOOTSTRAP_SERVERS", "KAFKA_REPLICATION_FACTOR"]
    for name in [*names, *(f"{database.upper()}_DATABASE_URL" for database in MIGRATIONS)]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    return monkeypatch


def test_a_databases_own_url_goes_before_the_general_one(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare.setenv("DATABASE_URL", "general")
    file = tmp_path / "url"
    file.write_text("own\n")
    bare.setenv("MATCHER_DATABASE_URL_FILE", str(file))
    assert owner_urls(["intake", "matcher"]) == {"intake": "general", "matcher": "own"}


@pytest.mark.parametrize(
    ("command", "given", "said"),
    [
        ("migrate vault", {}, "VAULT_URL: not set"),
        ("migrate intake", {"VAULT_URL": "x"}, "INTAKE_DATABASE_URL or DATABASE_URL: not set"),
        (
            "migrate all",
            {"MATCHER_DATABASE_URL": "x"},
            "INTAKE_DATABASE_URL or DATABASE_URL: not set; NOTIFIER_DATABASE_URL or DATABASE_URL: not set; "
            "VAULT_URL: not set",
        ),
        ("migrate vault", {"VAULT_URL_FILE": "/no/such/file"}, "VAULT_URL: VAULT_URL_FILE names no readable file."),
        ("topics apply", {}, "KAFKA_BOOTSTRAP_SERVERS: Environment variable not set."),
    ],
)
def test_every_setting_that_is_missing_is_named_in_one_line(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, given: dict[str, str], said: str
) -> None:
    for name, value in given.items():
        bare.setenv(name, value)
    assert main(command.split()) == 2
    assert capsys.readouterr().err == f"bad settings: {said}\n"


def test_a_wrong_number_of_copies_is_named_beside_the_missing_brokers(
    bare: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare.setenv("KAFKA_REPLICATION_FACTOR", "three")
    assert main(["topics", "apply"]) == 2
    said = capsys.readouterr().err
    assert "KAFKA_BOOTSTRAP_SERVERS: " in said
    assert "KAFKA_REPLICATION_FACTOR: " in said
    assert said.count("\n") == 1
