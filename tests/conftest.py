"""The fixtures that all tests share (listed in tests/support), and what the run says about itself at the end."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

# What the fixtures use is imported inside them: a run of unit tests neither waits for it nor needs it.
if TYPE_CHECKING:
    from deploy.embedded.postgres import Postgres
    from deploy.embedded.processes import Guard
    from deploy.embedded.supervisor import Stack
    from tests.support.databases import Databases, Templates
    from tests.support.kafka import KafkaBroker

TESTS = Path(__file__).parent
KAFKA_USED: pytest.StashKey[set[str]] = pytest.StashKey()
WORKER_SAYS = "kafka_used"
"""Under this name a process of pytest-xdist tells the one that began the run."""


settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
"""A busy machine may take long over one example; `timeout` in pyproject.toml ends what hangs."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    config.stash[KAFKA_USED] = set()
    config.addinivalue_line("markers", "long: left to `make test-long`, so that `make test` stays at six minutes")
    config.addinivalue_line("markers", "only_apache(why): the embedded broker cannot show what this test is about")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what kills, stops and restarts, and what builds images, to the long run."""
    for item in items:
        if {"faults", "compose"} & set(item.path.relative_to(TESTS).parts):
            item.add_marker(pytest.mark.long)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that began the run which Kafka was used here."""
    output = getattr(session.config, "workeroutput", None)
    used = session.config.stash[KAFKA_USED]
    if output is not None:
        output[WORKER_SAYS] = sorted(used)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear which Kafka a process of pytest-xdist used; one that crashed says nothing."""
    node.config.stash[KAFKA_USED].update(getattr(node, "workeroutput", {}).get(WORKER_SAYS, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which Kafka was used; what was skipped, and why, is listed above by -ra."""
    terminalreporter.section("what was real")
    used = config.stash[KAFKA_USED]
    terminalreporter.write_line(f"Kafka: {'; '.join(sorted(used)) or 'not needed by these tests'}")
    skipped = len(terminalreporter.stats.get("skipped", []))
    terminalreporter.write_line(f"Skipped: {skipped}{', for the reasons listed below' if skipped else ''}")


@pytest.fixture(scope="session")
def run_folder() -> Iterator[Path]:
    """A folder for the parts that the session starts. Root's PostgreSQL runs as another account and has to reach it."""
    with tempfile.TemporaryDirectory(prefix="alongside-tests-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711 if os.geteuid() == 0 else 0o700)
        yield Path(folder)


@pytest.fixture(scope="session")
def guard(run_folder: Path) -> "Iterator[Guard]":
    """The process group of everything the session starts: nothing outlives the run, even a killed one."""
    from deploy.embedded.processes import Guard

    with Guard(run_folder) as guard:
        yield guard


@pytest.fixture(scope="session")
def postgres(run_folder: Path, guard: "Guard") -> "Iterator[Postgres]":
    """A real PostgreSQL with the house's roles."""
    from deploy.embedded.postgres import ROLES, SUPERUSER, Postgres
    from deploy.embedded.processes import free_port

    server = Postgres(
        run_folder / "postgres",
        port=free_port(),
        passwords={role: f"{role}-password" for role in (*ROLES, SUPERUSER)},
        guard=guard,
        log=run_folder / "postgres.log",
        fsync=False,
    )
    server.start()
    yield server
    server.process.stop()


@pytest.fixture(scope="session")
def database_templates(postgres: "Postgres") -> "Templates":
    """The migrated databases that tests copy."""
    from tests.support.databases import Templates

    return Templates(postgres)


@pytest.fixture
def databases(database_templates: "Templates") -> "Iterator[Databases]":
    """Databases of this test alone."""
    from tests.support.databases import Databases

    databases = Databases(database_templates)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def kafka_broker(run_folder: Path, guard: "Guard", pytestconfig: pytest.Config) -> "Iterator[KafkaBroker]":
    """The session's Kafka; tests ask for `kafka`."""
    from tests.support.kafka import choose_kafka

    broker = choose_kafka(guard=guard, log=run_folder / "broker.log")
    pytestconfig.stash[KAFKA_USED].add(broker.description)
    yield broker
    broker.close()


@pytest.fixture
def kafka(kafka_broker: "KafkaBroker", request: pytest.FixtureRequest) -> "KafkaBroker":
    """A running broker. Skips what the embedded one cannot show."""
    marker = request.node.get_closest_marker("only_apache")
    if marker and not kafka_broker.is_apache:
        pytest.skip(f"needs Apache Kafka ({marker.args[0]}); this run used {kafka_broker.description}")
    if not kafka_broker.is_running():
        kafka_broker.start()
    return kafka_broker


@pytest.fixture
def empty_kafka(kafka: "KafkaBroker") -> "KafkaBroker":
    """A running broker without topics."""
    from tests.support.kafka import delete_topics

    delete_topics(kafka.bootstrap_servers)
    return kafka


@pytest.fixture(scope="session")
def docker_engine() -> None:
    """Skip where no Docker engine answers."""
    from tests.support.apache_kafka import docker_is_missing

    why = docker_is_missing()
    if why:
        pytest.skip(why)


@pytest.fixture
def make_stack() -> "Iterator[Callable[..., Stack]]":
    """Start whole stacks; the arguments are those of `Stack`. They end with the test."""
    from deploy.embedded.supervisor import Stack

    started: list[Stack] = []

    def start(*arguments: object, **options: object) -> "Stack":
        stack = Stack(*arguments, **options)  # type: ignore[arg-type]
        started.append(stack)
        stack.start()
        return stack

    yield start
    for stack in started:
        stack.close()
