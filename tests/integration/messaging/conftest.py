"""Fresh topics and databases for every test of the flow."""

from collections.abc import Callable, Iterator

import pytest

from tests.integration.messaging.harness import Flow
from tests.support.databases import Databases
from tests.support.kafka import KafkaBroker


@pytest.fixture
def make_flow(databases: Databases, empty_kafka: KafkaBroker) -> Iterator[Callable[[], Flow]]:
    """Make one more service's half of the flow, on a database of its own."""
    flows: list[Flow] = []

    def make() -> Flow:
        flow = Flow(databases.empty(), empty_kafka.bootstrap_servers)
        flows.append(flow)
        return flow

    yield make
    for flow in flows:
        flow.close()


@pytest.fixture
def intake(make_flow: Callable[[], Flow]) -> Flow:
    """The half that announces."""
    return make_flow()


@pytest.fixture
def matcher(make_flow: Callable[[], Flow]) -> Flow:
    """The half that consumes."""
    return make_flow()
