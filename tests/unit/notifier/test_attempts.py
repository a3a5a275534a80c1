"""One try, from the opened address to what became of it."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.notifier.domain.notices import Notice
from services.notifier.domain.retry import PATIENCE
from services.notifier.gateway.port import (
    AddressRefused,
    NoticeRefused,
    PermanentFailure,
    RenderedNotice,
    SendingFailed,
    ServerUnavailable,
)
from services.notifier.gateway.replies import refusal
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
    return Attempts(vault.open, ["desk@example.org"], RENDERER, gateways).make(claim)


def claimed(**changes: Any) -> Claim:
    """Return a claim of this moment, for which there are six hours, to an address that was never refused."""
    times = {"limit": NOW + timedelta(hours=6), "dead_at": NOW + PATIENCE, "began": time.monotonic()}
    return replace(CLAIM, **{**times, **changes})


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
    attempts = Attempts(FakeVault().open, [], RENDERER, {"email": mail})
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
    assert make(claimed(), FakeVault(Tampered()), FakeGateway()) == Result("failed", "tampered", address="dead")


def test_an_unknown_key_is_asked_for_again_until_the_time_is_over() -> None:
    vault = FakeVault(UnknownKey())
    assert make(claimed(), vault, FakeGateway()) == Result("again", "unknown_key", pause=timedelta(seconds=30))
    assert make(claimed(limit=NOW), vault, FakeGateway()) == Result("failed", "unknown_key")


def test_a_permanent_failure_fails_the_delivery_and_condemns_the_address() -> None:
    result = make(claimed(), FakeVault(), FakeGateway(PermanentFailure("550 5.1.1")))
    assert result == Result("failed", "550 5.1.1", address="dead")


@pytest.mark.parametrize(("failure", "address"), [(AddressRefused("550"), "refused"), (NoticeRefused("550 5.7.1"), "")])
def test_f34_a_refusal_is_tried_again_with_patience_and_a_notice_that_runs_out_on_it_condemns_nobody(
    failure: SendingFailed, address: Literal["", "refused"]
) -> None:
    result = make(claimed(tries=3), FakeVault(), FakeGateway(failure))
    assert result == Result("again", failure.code, pause=timedelta(minutes=2), address=address)
    claim = claimed(tries=6, limit=NOW + timedelta(minutes=10))
    assert make(claim, FakeVault(), FakeGateway(failure)) == Result("failed", failure.code, address=address)


def test_f34_an_address_that_refused_all_for_two_days_without_a_reason_is_held_to_be_dead() -> None:
    refusing = FakeGateway(AddressRefused("550"))
    assert make(claimed(dead_at=NOW), FakeVault(), refusing) == Result("failed", "550", address="dead")
    a_little_later = claimed(dead_at=NOW + timedelta(minutes=1))
    result = make(a_little_later, FakeVault(), refusing)
    assert result is not None
    assert (result.state, result.address) == ("again", "refused")


@pytest.mark.parametrize("failure", [NoticeRefused("550 5.7.1"), ServerUnavailable("535")])
def test_f34_what_is_not_the_addresss_fault_never_condemns_it_however_long_it_lasts(failure: SendingFailed) -> None:
    result = make(claimed(dead_at=NOW), FakeVault(), FakeGateway(failure))
    assert result is not None
    assert (result.state, result.address) == ("again", "")


CONDEMNED = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
ENHANCED = st.builds("{}.{}.{} ".format, st.integers(4, 5), st.integers(0, 7), st.integers(0, 60))
SAID = st.builds(
    "{}{}".format, ENHANCED | st.just(""), st.sampled_from(["unknown", "relay denied", "full", "", "see 5.1.1"])
)


@settings(max_examples=50)
@given(st.integers(400, 599), SAID, st.booleans(), st.integers(1, 200), st.timedeltas(timedelta(seconds=1), PATIENCE))
def test_f34_no_reply_but_the_six_makes_a_volunteer_unreachable_before_two_days_are_over(
    code: int, said: str, of_recipient: bool, tries: int, left: timedelta
) -> None:
    assume(not said.startswith(tuple(f"{each} " for each in CONDEMNED)))
    failing = FakeGateway(refusal(code, said.encode(), of_recipient=of_recipient))
    result = make(claimed(tries=tries, dead_at=NOW + left, limit=NOW + timedelta(hours=1)), FakeVault(), failing)
    assert result is not None
    assert result.address in {"", "refused"}


def test_an_address_that_takes_one_after_refusals_is_alive() -> None:
    assert CLAIM.recipient is not None
    claim = claimed(recipient=replace(CLAIM.recipient, refused_since=NOW))
    assert make(claim, FakeVault(), FakeGateway()) == Result("sent", refused=False, address="alive")


def test_an_address_that_may_have_taken_it_does_not_count_as_one_that_got_nothing() -> None:
    failing = FakeGateway(NoticeRefused("too_slow", may_be_out=True))
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
