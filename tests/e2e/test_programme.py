"""A hundred requests and two hundred volunteers on two matchers and two notifiers, undisturbed and disturbed.

What must hold afterwards is the same each time: every request that was answered 201 is introduced or waits with a
reason, nobody is over capacity, nobody was told two things.
"""

import random
from collections.abc import Callable

import pytest

from deploy.embedded.supervisor import Stack
from tests.support.kafka import KafkaBroker
from tests.support.programme import Programme, Truth

VOLUNTEERS, PEOPLE = 200, 100
TWO_OF_EACH = {"matcher-worker": 2, "notifier-worker": 2}
SETTLED = {"introduced", "waiting", "stalled"}

Disturbance = Callable[[Stack, KafkaBroker], None]


def nothing(_stack: Stack, _kafka: KafkaBroker) -> None:
    """Let it run."""


def kill_a_matcher_and_a_notifier(stack: Stack, _kafka: KafkaBroker) -> None:
    """SIGKILL, and a start afterwards."""
    for name in ("matcher-worker", "notifier-worker"):
        stack.processes[name].kill()
    for name in ("matcher-worker", "notifier-worker"):
        stack.restart(name)


def kill_the_broker(_stack: Stack, kafka: KafkaBroker) -> None:
    """SIGKILL, and a start with the disk it had."""
    kafka.kill()
    kafka.start()


def wipe_the_broker(_stack: Stack, kafka: KafkaBroker) -> None:
    """The disk is gone; the services create the topics anew."""
    kafka.wipe()


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "disturb",
    [nothing, kill_a_matcher_and_a_notifier, kill_the_broker, wipe_the_broker],
    ids=lambda disturb: disturb.__name__,
)
def test_every_request_is_introduced_or_waits_with_a_reason(
    make_stack: Callable[..., Stack], empty_kafka: KafkaBroker, disturb: Disturbance
) -> None:
    stack = make_stack(kafka=empty_kafka.bootstrap_servers, replicas=TWO_OF_EACH)
    programme = Programme(stack, random.Random(7))
    programme.invite(VOLUNTEERS)
    programme.start_answering()
    try:
        programme.ask(PEOPLE, during=lambda n: disturb(stack, empty_kafka) if n == PEOPLE // 2 else None)
        states = programme.settle(seconds=240)
    finally:
        programme.stop()
    assert sum(states.values()) == PEOPLE
    assert set(states) <= SETTLED, states
    # There are twice as many volunteers as requests, so hardly anybody is left to wait.
    assert states["introduced"] >= PEOPLE * 0.9, states
    assert Truth(stack).broken_invariants() == []
