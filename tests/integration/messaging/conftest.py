"""Empty topics and databases for every test of the flow; what no test has used is kept for the next one."""

from collections.abc import Iterator

import pytest

from tests.integration.messaging.harness import Flow, flow_of
from tests.support.databases import Databases, Templates
from tests.support.kafka import KafkaBroker, renew_topics


@pytest.fixture
def topics(kafka: KafkaBroker) -> KafkaBroker:
    """A running broker with every topic of the catalogue, and no record in any."""
    renew_topics(kafka.bootstrap_servers)
    return kafka


@pytest.fixture
def intake(databases: Databases, topics: KafkaBroker) -> Iterator[Flow]:
    """The half that announces."""
    with flow_of("intake", databases, topics.bootstrap_servers) as flow:
        yield flow


@pytest.fixture
def matcher(databases: Databases, topics: KafkaBroker) -> Iterator[Flow]:
    """The half that consumes."""
    with flow_of("matcher", databases, topics.bootstrap_servers) as flow:
        yield flow


@pytest.fixture(scope="module")
def both(database_templates: Templates, kafka_broker: KafkaBroker) -> Iterator[tuple[Flow, Flow]]:
    """Both halves, for the tests of a module that look at what one run has done, without `intake` and `matcher`."""
    renew_topics(kafka_broker.bootstrap_servers)
    databases = Databases(database_templates)
    with (
        flow_of("intake", databases, kafka_broker.bootstrap_servers) as intake,
        flow_of("matcher", databases, kafka_broker.bootstrap_servers) as matcher,
    ):
        yield intake, matcher
    databases.close()
