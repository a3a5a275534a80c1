"""One stack for all modules of end-to-end tests: their people speak languages of their own and never meet."""

from collections.abc import Iterator

import pytest

from tests.e2e.town import Town, running_stack
from tests.support.kafka import KafkaBroker

LAST = "test_http.py"
"""Calls at random leave notices that can never be sent, so a stack is not quiet again after them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move the module that nothing may follow on the same stack to the end."""
    items.sort(key=lambda item: item.path.name == LAST)


@pytest.fixture(scope="package")
def town(kafka_broker: KafkaBroker) -> Iterator[Town]:
    """Return the town that the tests of this folder share."""
    with running_stack(kafka_broker) as stack:
        yield Town(stack)
