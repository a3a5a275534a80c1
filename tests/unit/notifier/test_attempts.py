"""One try, from the opened address to what became of it."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.domain.notices import Notice
from services.notifier.gateway.port import AddressRefused, PermanentFailure, RenderedNotice, ServerUnavailable
from services.notifier.sending.attempts import LATEST_START, Attempts, Result
from services.notifier.sending.claims import Claim
from shared.vault.errors import KeyDestroyed, Tampered, UnknownKey
from shared.vault.purposes import Purpose
from tests.unit.notifier.facts import NOW, VOLUNTEER
from tests.unit.notifier.test_rendering import ADDRESS, CLAIM, HOOK, RENDERER


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


class FakeGateway:
    """Keeps what it is given, or raises what it was given."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.sent: list[RenderedNotice] = []

    def send(self, notice: RenderedNotice) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append(notice)


def make(claim: Claim, vault: FakeVault, mail: FakeGateway, hooks: FakeGateway | None = None) -> Result | None:
    gateways = {"email": mail, "webhook": hooks or FakeGateway()}
    return Attempts(vault.open, "desk@example.org", RENDERER, gateways).make(claim)


def claimed(**changes: Any) -> Claim:
    """Return a claim of this moment, for which there are six hours."""
    return replace(CLAIM, **{"limit": NOW + timedelta(hours=6), "began": time.monotonic(), **changes})


SENT = Result("sent", refused=False)
TO_THE_DESK = {"notice": Notice.FLOOD, "recipient": None, "offer": None, "until": None, "shown": "p" * 26}


def test_an_accepted_notice_closes_the_delivery_as_sent() -> None:
    vault, mail = FakeVault(), FakeGateway()
    assert make(claimed(), vault, mail) == SENT
    assert vault.asked == [("sealed", VOLUNTEER, Purpose.VOLUNTEER_NOTIFY)]
    assert [notice.recipient for notice in mail.sent] == [ADDRESS["value"]]


def test_the_coordinators_address_is_a_setting_and_opens_nothing() -> None:
    vault, mail = FakeVault(), FakeGateway()
    assert make(claimed(**TO_THE_DESK), vault, mail) == SENT
    assert [notice.recipient for notice in mail.sent] == ["desk@example.org"]
    assert vault.asked == []


def test_a_coordinator_whose_address_was_taken_away_is_told_nothing() -> None:
    mail = FakeGateway()
    attempts = Attempts(FakeVault().open, "", RENDERER, {"email": mail})
    assert attempts.make(claimed(**TO_THE_DESK)) == Result("obsolete", "nobody")
    assert mail.sent == []


@pytest.mark.parametrize(
    ("approved", "address", "result", "mails", "calls"),
    [
        (False, HOOK, Result("obsolete", "not_approved"), 0, 0),
        (True, HOOK, SENT, 0, 1),
        (False, ADDRESS, SENT, 1, 0),
        (True, ADDRESS, SENT, 1, 0),
    ],
)
def test_a_notice_leaves_by_the_channel_of_its_address_but_no_program_is_called_before_an_approval(
    approved: bool, address: dict[str, Any], result: Result, mails: int, calls: int
) -> None:
    assert CLAIM.recipient is not None
    claim = claimed(recipient=replace(CLAIM.recipient, approved=approved))
    mail, hooks = FakeGateway(), FakeGateway()
    assert make(claim, FakeVault(address=address), mail, hooks) == result
    assert (len(mail.sent), len(hooks.sent)) == (mails, calls)


def test_a_destroyed_key_means_that_nobody_is_there_to_be_told() -> None:
    mail = FakeGateway()
    assert make(claimed(), FakeVault(KeyDestroyed()), mail) == Result("obsolete", "erased")
    assert mail.sent == []


def test_a_value_that_was_tampered_with_fails_the_delivery() -> None:
    assert make(claimed(), FakeVault(Tampered()), FakeGateway()) == Result("failed", "tampered")


def test_an_unknown_key_is_asked_for_again_until_the_time_is_over() -> None:
    vault = FakeVault(UnknownKey())
    assert make(claimed(), vault, FakeGateway()) == Result("again", "unknown_key", pause=timedelta(seconds=30))
    assert make(claimed(limit=NOW), vault, FakeGateway()) == Result("failed", "unknown_key")


def test_a_permanent_failure_fails_the_delivery() -> None:
    assert make(claimed(), FakeVault(), FakeGateway(PermanentFailure("550"))) == Result("failed", "550")


def test_a_refusal_for_now_is_tried_again_with_patience() -> None:
    result = make(claimed(tries=3), FakeVault(), FakeGateway(AddressRefused("450")))
    assert result == Result("again", "450", pause=timedelta(minutes=2))


def test_an_offer_is_given_up_when_the_next_try_would_come_after_its_end() -> None:
    claim = claimed(tries=6, limit=NOW + timedelta(minutes=10))
    assert make(claim, FakeVault(), FakeGateway(AddressRefused("450"))) == Result("failed", "450")


def test_an_address_that_may_have_taken_it_does_not_count_as_one_that_got_nothing() -> None:
    failing = FakeGateway(AddressRefused("too_slow", may_be_out=True))
    assert make(claimed(), FakeVault(), failing) == Result(
        "again", "too_slow", refused=False, pause=timedelta(seconds=30)
    )
    assert make(claimed(limit=NOW), FakeVault(), failing) == Result("failed", "too_slow", refused=False)


@pytest.mark.parametrize("may_be_out", [True, False])
def test_a_server_that_is_away_is_tried_again_however_late_it_is(may_be_out: bool) -> None:
    away = FakeGateway(ServerUnavailable("cut", may_be_out=may_be_out))
    result = make(claimed(limit=NOW), FakeVault(), away)
    assert result == Result("again", "cut", refused=not may_be_out, pause=timedelta(seconds=5))


def test_a_process_that_was_stopped_after_its_claim_sends_nothing() -> None:
    mail = FakeGateway()
    assert make(claimed(began=time.monotonic() - LATEST_START - 0.1), FakeVault(), mail) is None
    assert mail.sent == []


def test_something_unforeseen_is_tried_again_and_named_without_its_message() -> None:
    result = make(claimed(), FakeVault(RuntimeError("someone@example.org")), FakeGateway())
    assert result == Result("again", "RuntimeError", pause=timedelta(seconds=5))
