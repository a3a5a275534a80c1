"""The installation that these tests look at: built and started once, taken down with everything that belongs to it."""

import subprocess
from collections.abc import Generator, Iterator

import pytest

from tests.compose.installation import Installation


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of this folder."""
    config.addinivalue_line("markers", "compose: runs docker-compose.yml on a real engine, which takes minutes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test that fails show the last that each container said, because they are gone afterwards."""
    report = yield
    installation = getattr(item, "funcargs", {}).get("installation")
    if report.failed and isinstance(installation, Installation):
        report.sections.append(("What the containers said", installation.logs(tail="40")))
    return report


@pytest.fixture(scope="module")
def installation(docker_engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Everything that docker-compose.yml starts, with two matchers, two notifiers and the mail catcher."""
    if subprocess.run(["docker", "compose", "version"], check=False, capture_output=True).returncode != 0:
        pytest.skip("the engine's client has no compose plugin")
    installation = Installation(tmp_path_factory.mktemp("compose") / "project")
    try:
        installation.build()
        installation.up()
        yield installation
    finally:
        installation.remove()
