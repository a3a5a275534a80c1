"""Claiming: from deliveries that are due to those that are true, leased to this sender, and ready to leave."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.notifier.domain.notices import (
    ASKING,
    OF_A_MATCH,
    TO_THE_COORDINATOR,
    TO_THE_PERSON,
    TO_THE_VOLUNTEER,
    Notice,
)
from services.notifier.domain.retry import RetryPolicy, until_next_look
from services.notifier.domain.truth import IN_TIME, Verdict, judge
from services.notifier.sending.announcing import announce_delivery
from services.notifier.storage import deliveries
from services.notifier.storage.deliveries import Pending
from shared.vault.purposes import Purpose

LEASE = timedelta(seconds=30)
"""Ample for opening the address, one send of at most 8 s, and the mark."""

BATCH = 100
"""Offers that ran out and are closed per step, so that a long outage does not end in one long transaction."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose address is used: `ref` is a volunteer or, with no `sequence`, a request.

    `approved`: a coordinator has approved the volunteer, whose own program may therefore be called.
    """

    ref: str
    purpose: Purpose
    sequence: int | None
    sealed: str = field(repr=False)
    approved: bool = False

    @property
    def version(self) -> tuple[str, int] | None:
        """Return the volunteer and the version whose address is used; None for a person."""
        return None if self.sequence is None else (self.ref, self.sequence)


@dataclass(frozen=True, slots=True)
class Claim:
    """One try of one delivery. `began` is by the claimer's own monotonic clock, all other times are the database's.

    No `recipient` means the coordinator, who is told `shown`, a ref. A notice leads to `offer`, if it has one, or to
    the home of its volunteer by the link of `generation`.
    """

    ref: str
    notice: Notice
    owner: str
    tries: int
    recipient: Recipient | None
    now: datetime
    limit: datetime
    began: float
    offer: str | None = None
    generation: int | None = None
    until: datetime | None = None
    shown: str | None = None


class Claims:
    """Takes deliveries that are due."""

    def __init__(self, policy: RetryPolicy, new_owner: Callable[[], str], monotonic: Callable[[], float]) -> None:
        """Lease each delivery under a fresh name from `new_owner`, so that an older claim of ours is a stranger's."""
        self._policy = policy
        self._new_owner = new_owner
        self._monotonic = monotonic

    def take(self, tx: Connection, room: int, room_again: int) -> tuple[list[Claim], int]:
        """Claim up to `room` deliveries, up to `room_again` of them tried before; return them and how many were due.

        What is no longer true is closed here, and what must wait is put off.
        """
        began = self._monotonic()
        found = deliveries.lock_due(tx, room, first_tries=True)
        room_again = min(room_again, room - len(found))
        if room_again > 0:
            found += deliveries.lock_due(tx, room_again, first_tries=False)
        claims = [claim for pending in found if (claim := self._decide(tx, pending, began)) is not None]
        return claims, len(found)

    def close_run_out(self, tx: Connection) -> None:
        """Close notices of offers that ran out before they could leave, however long their next try is off.

        No try is needed for that, so it is done in time however many wait for a mail server that is away.
        """
        began = self._monotonic()
        for pending in deliveries.lock_run_out(tx, BATCH, IN_TIME):
            self._decide(tx, pending, began)

    def _decide(self, tx: Connection, pending: Pending, began: float) -> Claim | None:
        made_at = pending.give_up_at - self._policy.patience
        verdict = judge(pending.notice, pending.about, pending.picture, pending.now, made_at)
        if verdict is not Verdict.SEND:
            self._put_aside(tx, pending, verdict, pending.now - made_at)
            return None
        claim = self._claim(pending, began)
        deliveries.lease(tx, claim.ref, claim.owner, LEASE, told=claim.recipient.version if claim.recipient else None)
        return claim

    def _put_aside(self, tx: Connection, pending: Pending, verdict: Verdict, age: timedelta) -> None:
        pause = until_next_look(age)
        if verdict is Verdict.UNTOLD:
            announce_delivery(tx, deliveries.fail(tx, pending.ref))
        elif verdict is Verdict.WAIT and pause is not None:
            deliveries.postpone(tx, pending.ref, pause)
        else:
            deliveries.drop(tx, pending.ref)

    def _claim(self, pending: Pending, began: float) -> Claim:
        until = _until(pending)
        return Claim(
            ref=pending.ref,
            notice=pending.notice,
            owner=self._new_owner(),
            tries=pending.tries + 1,
            recipient=_recipient(pending),
            now=pending.now,
            limit=pending.give_up_at if until is None else min(pending.give_up_at, until),
            began=began,
            offer=_offer(pending),
            generation=_generation(pending),
            until=until,
            shown=pending.about.partition(".")[0] if pending.notice in TO_THE_COORDINATOR else None,
        )


def _recipient(pending: Pending) -> Recipient | None:
    request, volunteer = pending.picture.request, pending.picture.volunteer
    if pending.notice in TO_THE_COORDINATOR:
        return None
    if pending.notice in TO_THE_PERSON and request is not None and request.notify is not None:
        return Recipient(request.ref, Purpose.PERSON_NOTIFY, None, request.notify)
    if pending.notice in TO_THE_VOLUNTEER and volunteer is not None and volunteer.notify is not None:
        purpose = Purpose.VOLUNTEER_NOTIFY
        return Recipient(volunteer.ref, purpose, volunteer.sequence, volunteer.notify, volunteer.approved)
    raise ValueError(f"a {pending.notice} was judged ready to send with nobody to send it to")


def _until(pending: Pending) -> datetime | None:
    """Return until when an answer helps, or when it ends by itself; nothing is sent after that."""
    offer, request = pending.picture.offer, pending.picture.request
    if pending.notice in ASKING and offer is not None:
        return offer.expires_at
    return request.ends_at if pending.notice is Notice.ENDS_SOON and request is not None else None


def _offer(pending: Pending) -> str | None:
    offer, match = pending.picture.offer, pending.picture.match
    if pending.notice in ASKING and offer is not None:
        return offer.ref
    return match.offer if pending.notice in OF_A_MATCH and match is not None else None


def _generation(pending: Pending) -> int | None:
    volunteer = pending.picture.volunteer
    return volunteer.generation if pending.notice is Notice.HOME_LINK and volunteer is not None else None
