"""The console script: what it takes, and that whatever it would call exists."""

import argparse
import importlib
from pathlib import Path

import pytest

from deploy.cli import SERVICE_MAINS, build_parser, main
from deploy.migrations import owner_url


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


def test_a_databases_own_url_goes_before_the_general_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "general")
    assert owner_url("matcher") == "general"
    file = tmp_path / "url"
    file.write_text("own\n")
    monkeypatch.setenv("MATCHER_DATABASE_URL_FILE", str(file))
    assert owner_url("matcher") == "own"


def test_a_url_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAULT_URL", raising=False)
    with pytest.raises(KeyError, match="VAULT_URL"):
        owner_url("vault")
