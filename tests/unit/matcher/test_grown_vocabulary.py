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

from services.matcher.domain.ranking import check
from shared.vocabulary import VocabularyError
from shared.vocabulary.loading import build, documents

ROOT = Path(__file__).parents[3]
JUST_BEYOND = {"themes": 65, "values": 17, "conversation": 9, "modalities": 9, "genders": 9}
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
        path.write_text(yaml.dump(parsed, Dumper=yaml.CSafeDumper, sort_keys=False), encoding="utf-8")


def run_grown(folder: Path, sizes: dict[str, int], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the vocabulary grown to `sizes`."""
    copy_grown_to(folder, sizes)
    paths = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=os.environ | paths, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("sizes", [JUST_BEYOND, FAR_BEYOND | MORE_THAN_A_BYTE], ids=["just beyond", "far beyond"])
def test_a_vocabulary_that_outgrows_a_width_is_ranked_by_all_its_words(tmp_path: Path, sizes: dict[str, int]) -> None:
    run = run_grown(tmp_path, sizes, "-m", "tests.unit.matcher.grown")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found.pop("agreed") == 5
    assert found == {name: len(list_of(name)) if name not in sizes else sizes[name] for name in found}


@pytest.mark.parametrize("name", ["must_haves", "care_area_wishes"])
def test_a_wish_that_the_matcher_has_no_code_for_is_refused_by_name(name: str) -> None:
    choices = documents()["choices"]
    words = build(documents() | {"choices": choices | {name: grown(name, 5, choices[name])}})
    with pytest.raises(VocabularyError, match=f"{name}.{name}_000: the matcher has no code for it"):
        check(words)


def test_a_matcher_that_has_no_code_for_a_wish_does_not_start(tmp_path: Path) -> None:
    start = "from services.matcher.bootstrap import build; build(None)"
    run = run_grown(tmp_path, {"must_haves": 5}, "-c", start)
    assert "VocabularyError: choices.yaml: must_haves.must_haves_000: the matcher has no code for it" in run.stderr


def list_of(name: str) -> dict[str, Any]:
    """Return the words of a list as the house has them."""
    return next(parsed[name] for document, parsed in documents().items() if name in parsed and document != "figures")
