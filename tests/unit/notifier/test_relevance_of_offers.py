"""Whether what volunteers are told of an offer is still true when its time comes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notifier.domain.facts import Volunteer
from services.notifier.domain.notices import Notice
from services.notifier.domain.relevance import IN_TIME, DeliveryContext, OfferNotice, Verdict
from shared.vocabulary import vocabulary
from tests.unit.notifier.facts import (
    NEVER_SENT,
    NOT_SENT,
    SENT,
    UNDER_WAY,
    context,
    judged,
    offer,
    request,
    volunteer,
)

SEND, WAIT, OBSOLETE, UNTOLD = Verdict.SEND, Verdict.WAIT, Verdict.OBSOLETE, Verdict.UNTOLD
CLOSED = (Notice.TOO_LATE, "superseded"), (Notice.WITHDRAWN, "withdrawn")


def test_an_open_offer_is_sent() -> None:
    assert judged(Notice.OFFER, context(offer=offer())) is SEND


@pytest.mark.parametrize("asked", [UNDER_WAY, SENT])
def test_an_offer_that_has_expired_is_obsolete_from_that_second_on_if_its_notice_may_be_out(asked: OfferNotice) -> None:
    assert judged(Notice.OFFER, context(offer=offer(expires_in=timedelta(0)), offer_notice=asked)) is OBSOLETE


def ran_out(ago: timedelta) -> DeliveryContext:
    return context(offer=offer(expires_in=-ago), offer_notice=NOT_SENT)


def test_an_offer_that_ran_out_untold_is_left_to_a_last_yes_for_half_the_grace_and_is_then_said_to_be_untold() -> None:
    assert judged(Notice.OFFER, ran_out(timedelta(0))) is WAIT
    assert judged(Notice.OFFER, ran_out(IN_TIME - timedelta(seconds=1))) is WAIT
    assert judged(Notice.OFFER, ran_out(IN_TIME)) is UNTOLD


def test_what_is_untold_is_said_before_the_matcher_takes_the_silence_for_an_answer() -> None:
    assert vocabulary().defaults.offers.grace / 2 >= IN_TIME


@pytest.mark.parametrize("awaited", [None, volunteer("applied")])
def test_an_offer_that_ran_out_while_its_volunteer_was_awaited_is_untold_as_well(awaited: Volunteer | None) -> None:
    assert judged(Notice.OFFER, replace(ran_out(IN_TIME), volunteer=awaited)) is UNTOLD


@pytest.mark.parametrize("state", ["accepted", "declined", "expired", "withdrawn", "superseded", "undeliverable"])
def test_a_closed_offer_is_obsolete_whether_it_was_told_or_not(state: str) -> None:
    assert judged(Notice.OFFER, context(offer=offer(state))) is OBSOLETE
    assert judged(Notice.OFFER, replace(ran_out(IN_TIME), offer=offer(state, expires_in=-IN_TIME))) is OBSOLETE


@pytest.mark.parametrize("state", ["withdrawn", "closed", "erased"])
def test_nobody_is_asked_for_a_person_who_has_gone(state: str) -> None:
    assert judged(Notice.OFFER, context(offer=offer(), request=request(state, notify=None))) is OBSOLETE
    assert judged(Notice.OFFER, replace(ran_out(IN_TIME), request=request(state, notify=None))) is OBSOLETE


def test_an_offer_does_not_wait_for_the_request_to_arrive() -> None:
    assert judged(Notice.OFFER, context(offer=offer(), request=None)) is SEND


def test_an_offer_waits_for_its_volunteer_to_arrive() -> None:
    assert judged(Notice.OFFER, context(offer=offer(), volunteer=None)) is WAIT


@pytest.mark.parametrize("state", ["applied", "suspended", "refused"])
def test_an_offer_waits_while_the_copy_of_the_volunteer_lags_behind_the_matcher(state: str) -> None:
    assert judged(Notice.OFFER, context(offer=offer(), volunteer=volunteer(state))) is WAIT


def test_an_offer_to_a_removed_volunteer_is_obsolete() -> None:
    removed = volunteer("removed", notify=None)
    assert judged(Notice.OFFER, context(offer=offer(), volunteer=removed)) is OBSOLETE


def test_a_nudge_follows_an_offer_that_went_out() -> None:
    assert judged(Notice.NUDGE, context(offer=offer(nudged=True), offer_notice=SENT)) is SEND


@pytest.mark.parametrize("asked", [None, NOT_SENT, NEVER_SENT])
def test_a_nudge_without_an_offer_that_went_out_is_obsolete(asked: object) -> None:
    seen = context(offer=offer(nudged=True), offer_notice=asked)  # type: ignore[arg-type]
    assert judged(Notice.NUDGE, seen) is OBSOLETE


def test_a_nudge_for_a_closed_offer_is_obsolete() -> None:
    assert judged(Notice.NUDGE, context(offer=offer("declined", nudged=True), offer_notice=SENT)) is OBSOLETE


@pytest.mark.parametrize(("notice", "state"), CLOSED)
def test_the_end_is_told_to_the_one_who_was_asked(notice: Notice, state: str) -> None:
    assert judged(notice, context(offer=offer(state), offer_notice=SENT)) is SEND


@pytest.mark.parametrize(("notice", "state"), CLOSED)
def test_the_end_is_not_told_to_a_volunteer_who_never_heard_of_the_offer(notice: Notice, state: str) -> None:
    assert judged(notice, context(offer=offer(state), offer_notice=NEVER_SENT)) is OBSOLETE
    assert judged(notice, context(offer=offer(state), offer_notice=None)) is OBSOLETE


@pytest.mark.parametrize(("notice", "state"), CLOSED)
@pytest.mark.parametrize("asked", [NOT_SENT, UNDER_WAY])
def test_the_end_waits_until_it_is_settled_whether_the_offer_went_out(
    notice: Notice, state: str, asked: object
) -> None:
    seen = context(offer=offer(state), offer_notice=asked)  # type: ignore[arg-type]
    assert judged(notice, seen) is WAIT
