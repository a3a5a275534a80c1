"""One try, from the opened address to what became of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.domain.retry import RetryPolicy
from services.notifier.gateway.port import AddressRefused, Message, PermanentFailure, ServerUnavailable
from services.notifier.sending.addresses import Addresses
from services.notifier.sending.attempts import LATEST_START, Attempts
from services.notifier.sending.claims import Claim
from services.notifier.sending.outcomes import Again, Closed
from shared.vault.errors import KeyDestroyed, Tampered, UnknownKey
from shared.vault.purposes import Purpose
from tests.unit.notifier.facts import NOW, VOLUNTEER
from tests.unit.notifier.test_composing import ADDRESS, CLAIM, HOOK

POLICY = RetryPolicy()
TRY = replace(CLAIM, limit=NOW + timedelta(hours=6))


class FakeVault:
    """Opens everything to one address, or raises what it was given."""

    def __init__(self, failure: Exception | None = None, address: dict[str, Any] = ADDRESS) -> None:
        self.failure = failure
        self.address = address
        self.asked: list[tuple[str, str, Purpose]] = []

    def open(self, sealed: str, subject: str, purpose: Purpose) -> dict[str, Any]:
        self.asked.append((sealed, subject, purpose))
        if self.failure is not None:
            raise self.failure
        return self.address


class FakeComposer:
    """Writes nothing but the ref and the address."""

    def compose(self, claim: Claim, address: Mapping[str, Any]) -> Message:
        return Message(claim.ref, address["value"], "", "", "")


class FakeGateway:
    """Keeps what it is given, or raises what it was given."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append(message)


def attempts(vault: FakeVault, gateway: FakeGateway, elapsed: float = 0.0, coordinator: str = "") -> Attempts:
    addresses = Addresses(vault, coordinator)
    return Attempts(addresses, FakeComposer(), gateway, policy=POLICY, monotonic=lambda: CLAIM.began + elapsed)


def test_an_accepted_message_closes_the_delivery_as_sent() -> None:
    vault, gateway = FakeVault(), FakeGateway()
    assert attempts(vault, gateway)(TRY) == Closed("sent")
    assert vault.asked == [("sealed", VOLUNTEER, Purpose.VOLUNTEER_NOTIFY)]
    assert [message.recipient for message in gateway.sent] == [ADDRESS["value"]]


def test_the_coordinators_address_is_a_setting_and_opens_nothing() -> None:
    vault, gateway = FakeVault(), FakeGateway()
    assert attempts(vault, gateway, coordinator="desk@example.org")(replace(TRY, recipient=None)) == Closed("sent")
    assert [message.recipient for message in gateway.sent] == ["desk@example.org"]
    assert vault.asked == []


def test_a_coordinator_whose_address_was_taken_away_is_told_nothing() -> None:
    gateway = FakeGateway()
    assert attempts(FakeVault(), gateway)(replace(TRY, recipient=None)) == Closed("obsolete", "nobody")
    assert gateway.sent == []


def test_the_program_of_a_volunteer_whom_nobody_has_approved_is_not_called_but_a_mail_is_sent() -> None:
    for approved, address, outcome in (
        (False, HOOK, Closed("obsolete", "not_approved")),
        (True, HOOK, Closed("sent")),
        (False, ADDRESS, Closed("sent")),
    ):
        assert TRY.recipient is not None
        claim = replace(TRY, recipient=replace(TRY.recipient, approved=approved))
        gateway = FakeGateway()
        assert attempts(FakeVault(address=address), gateway)(claim) == outcome
        assert len(gateway.sent) == (outcome == Closed("sent"))


def test_a_destroyed_key_means_that_nobody_is_there_to_be_told() -> None:
    gateway = FakeGateway()
    assert attempts(FakeVault(KeyDestroyed()), gateway)(TRY) == Closed("obsolete", "erased")
    assert gateway.sent == []


def test_a_value_that_was_tampered_with_fails_the_delivery() -> None:
    assert attempts(FakeVault(Tampered()), FakeGateway())(TRY) == Closed("failed", "tampered")


def test_an_unknown_key_is_asked_for_again_until_the_time_is_over() -> None:
    make = attempts(FakeVault(UnknownKey()), FakeGateway())
    assert make(TRY) == Again(timedelta(seconds=30), "unknown_key", refused=True)
    assert make(replace(TRY, limit=NOW)) == Closed("failed", "unknown_key")


def test_a_permanent_failure_fails_the_delivery() -> None:
    assert attempts(FakeVault(), FakeGateway(PermanentFailure("550")))(TRY) == Closed("failed", "550")


def test_a_refusal_for_now_is_tried_again_with_patience() -> None:
    outcome = attempts(FakeVault(), FakeGateway(AddressRefused("450")))(replace(TRY, tries=3))
    assert outcome == Again(timedelta(minutes=2), "450", refused=True)


def test_an_offer_is_given_up_when_the_next_try_would_come_after_its_end() -> None:
    claim = replace(TRY, tries=6, limit=NOW + timedelta(minutes=10))
    assert attempts(FakeVault(), FakeGateway(AddressRefused("450")))(claim) == Closed("failed", "450")


def test_an_address_that_may_have_taken_it_does_not_count_as_one_that_got_nothing() -> None:
    failing = attempts(FakeVault(), FakeGateway(AddressRefused("too_slow", may_be_out=True)))
    assert failing(TRY) == Again(timedelta(seconds=30), "too_slow", refused=False)
    assert failing(replace(TRY, limit=NOW)) == Closed("failed", "too_slow", refused=False)


@pytest.mark.parametrize("may_be_out", [True, False])
def test_a_server_that_is_away_is_tried_again_however_late_it_is(may_be_out: bool) -> None:
    gateway = FakeGateway(ServerUnavailable("cut", may_be_out=may_be_out))
    outcome = attempts(FakeVault(), gateway)(replace(TRY, limit=NOW))
    assert outcome == Again(timedelta(seconds=5), "cut", refused=not may_be_out)


def test_a_process_that_was_stopped_after_its_claim_sends_nothing() -> None:
    gateway = FakeGateway()
    assert attempts(FakeVault(), gateway, elapsed=LATEST_START + 0.1)(TRY) is None
    assert gateway.sent == []


def test_something_unforeseen_is_tried_again_and_named_without_its_message() -> None:
    outcome = attempts(FakeVault(RuntimeError("someone@example.org")), FakeGateway())(TRY)
    assert outcome == Again(timedelta(seconds=5), "RuntimeError", refused=True)
