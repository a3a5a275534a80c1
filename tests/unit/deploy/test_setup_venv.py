"""Setting up: nothing is done twice, and what goes wrong is shown without all that went well."""

import sys
from pathlib import Path

import pytest

from deploy.setup_venv import LAYERS, is_installed, is_of_this_python, main, stamp_of, state_of, step


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment of this Python with nothing in it."""
    (tmp_path / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {sys.version.split()[0]}\n")
    return tmp_path


def test_what_was_installed_stays_until_the_lock_changes(venv: Path) -> None:
    stamp_of(venv, "embedded").write_text(state_of("embedded"))
    assert is_installed(venv, "embedded")
    stamp_of(venv, "embedded").write_text("what was locked before")
    assert not is_installed(venv, "embedded")


@pytest.mark.parametrize("layer", LAYERS)
def test_an_environment_for_development_is_enough_for_everything(
    venv: Path, layer: str, capfd: pytest.CaptureFixture[str]
) -> None:
    stamp_of(venv, "dev").write_text(state_of("dev"))
    main(layer, str(venv))
    assert capfd.readouterr().err == ""


def test_an_environment_of_another_python_is_made_again(venv: Path) -> None:
    assert is_of_this_python(venv)
    (venv / "pyvenv.cfg").write_text("version = 3.6.0\n")
    assert not is_of_this_python(venv)


def test_a_step_says_one_line_and_keeps_the_rest_in_a_log(venv: Path, capfd: pytest.CaptureFixture[str]) -> None:
    step("a step", [sys.executable, "-c", "print('much\\n' * 50)"], venv)
    assert capfd.readouterr().err.count("\n") == 1
    assert (venv / "setup.log").read_text().count("much") == 50


def test_a_step_that_fails_shows_its_end_and_where_all_of_it_is(venv: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        step("a step", [sys.executable, "-c", "print('first\\n' + 'more\\n' * 50 + 'last'); exit(3)"], venv)
    assert "last" in str(ended.value)
    assert "first" not in str(ended.value)
    assert str(venv / "setup.log") in str(ended.value)
