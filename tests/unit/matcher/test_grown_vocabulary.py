"""The vocabulary is data: whatever number of words somebody adds, the matcher holds them and ranks by them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.vocabulary.loading import documents

ROOT = Path(__file__).parents[3]
JUST_BEYOND = {"themes": 33, "values": 17, "conversation": 9, "modalities": 9, "genders": 9}
FAR_BEYOND = {"themes": 65, "values": 65, "conversation": 65, "modalities": 65, "genders": 65, "evaluative_roles": 65}
MORE_THAN_A_BYTE = {"professions": 257, "care_areas": 257, "stages": 257}


def grown(name: str, size: int, listed: dict[str, Any]) -> dict[str, Any]:
    """Return the words of a list, and more that are like its last one, up to `size`."""
    last = list(listed.values())[-1]
    more = {f"{name}_{number:03}": last for number in range(size - len(listed))}
    return listed | more


def copy_grown_to(folder: Path, sizes: dict[str, int]) -> None:
    """Copy `shared` to `folder`, its vocabulary grown to `sizes`."""
    shutil.copytree(ROOT / "shared", folder / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    for document, parsed in documents().items():
        # The figures name some lists too, but list nothing.
        for name in parsed.keys() & sizes.keys() if document != "figures" else ():
            parsed[name] = grown(name, sizes[name], parsed[name])
        path = folder / "shared/vocabulary/words" / f"{document}.yaml"
        path.write_text(yaml.safe_dump(parsed, sort_keys=False), encoding="utf-8")


@pytest.mark.parametrize("sizes", [JUST_BEYOND, FAR_BEYOND | MORE_THAN_A_BYTE], ids=["just beyond", "far beyond"])
def test_a_vocabulary_that_outgrows_a_width_is_ranked_by_all_its_words(tmp_path: Path, sizes: dict[str, int]) -> None:
    copy_grown_to(tmp_path, sizes)
    command = [sys.executable, "-m", "tests.unit.matcher.grown"]
    paths = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    run = subprocess.run(command, cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found.pop("agreed") == 5
    assert found == {name: len(list_of(name)) if name not in sizes else sizes[name] for name in found}


def list_of(name: str) -> dict[str, Any]:
    """Return the words of a list as the house has them."""
    return next(parsed[name] for document, parsed in documents().items() if name in parsed and document != "figures")
