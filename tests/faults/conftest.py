"""One stack for each module of tests."""

from collections.abc import Iterator

import pytest

from tests.e2e.town import Town, running_stack
from tests.support.kafka import KafkaBroker


@pytest.fixture(scope="module")
def town(kafka_broker: KafkaBroker) -> Iterator[Town]:
    """Return a town that the tests of one module share."""
    with running_stack(kafka_broker) as stack:
        yield Town(stack)
