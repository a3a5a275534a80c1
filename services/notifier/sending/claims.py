"""Claiming: from deliveries that are due to those that are still relevant, leased to this sender, ready to leave."""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.notifier.domain.notices import Notice, Reader, Way
from services.notifier.domain.relevance import IN_TIME, Verdict, judge
from services.notifier.domain.retry import LONGEST_WAIT, MOVING_ON, PATIENCE, until_next_look
from services.notifier.storage import deliveries, gathering
from services.notifier.storage.deliveries import Pending
from services.notifier.storage.tables import Delivery
from shared.refs import new_ref
from shared.vault.purposes import Purpose

LEASE = timedelta(seconds=30)
"""Ample for opening the address, one send of at most 8 s, and the mark."""

BATCH = 100
"""Offers that ran out and are closed per step, so that a long outage does not end in one long transaction."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose address is used: `ref` is a volunteer or, with no `sequence`, a request.

    `approved`: a coordinator has approved the volunteer, whose own program may therefore be called. `refused_since`:
    the address has refused all it was sent since then.
    """

    ref: str
    purpose: Purpose
    sequence: int | None
    sealed: str = field(repr=False)
    approved: bool = False
    refused_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One try of one delivery. `began` is by time.monotonic(), all other times are the database's.

    `owner` is a fresh name, so that an older claim of ours is a stranger's. No `recipient` means the coordinator, who
    is told `shown`, a ref, or if there are several their `count`, at the address that `desk` stands for. No try comes
    after `limit`; an address that refuses from `dead_at` on without a reason is held to be dead. A notice leads to
    `offer`, if it has one, or to the home of its volunteer by the link of `generation`.
    """

    ref: str
    notice: Notice
    owner: str
    tries: int
    recipient: Recipient | None
    now: datetime
    limit: datetime
    dead_at: datetime
    made_at: datetime
    began: float
    offer: str | None = None
    generation: int | None = None
    until: datetime | None = None
    shown: str | None = None
    desk: str = ""
    count: int = 1


def take_due(tx: Connection, free: int, free_again: int) -> tuple[list[Claim], int]:
    """Claim up to `free` deliveries, up to `free_again` of them tried before; return them and how many were due.

    What is no longer relevant is closed here, and what must wait is put off.
    """
    found = deliveries.lock_due(tx, free, first_tries=True)
    free_again = min(free_again, free - len(found))
    if free_again > 0:
        found += deliveries.lock_due(tx, free_again, first_tries=False)
    claims: list[Claim] = []
    gathered: set[str] = set()
    for pending in found:
        if pending.delivery.ref not in gathered:
            claim = _decide(tx, pending, gathered)
            claims += [claim] if claim is not None else []
    return claims, len(found)


def close_run_out(tx: Connection) -> None:
    """Close notices of offers that ran out before they could leave, however long their next try is off.

    No try is needed for that, so it is done in time however many wait for a mail server that is away.
    """
    for pending in deliveries.lock_run_out(tx, BATCH, IN_TIME):
        _decide(tx, pending, set())


def _decide(tx: Connection, pending: Pending, gathered: set[str]) -> Claim | None:
    """Claim a delivery, or close it or put it off; what goes out with it is added to `gathered`."""
    delivery, verdict = pending.delivery, _judged(pending)
    to_coordinator = delivery.notice.reader is Reader.COORDINATOR
    pause = until_next_look(pending.now - _made_at(delivery))
    if verdict is Verdict.SEND:
        wait = gathering.wait_for_turn(tx, delivery) if to_coordinator else None
        if wait is not None:
            deliveries.postpone(tx, delivery.ref, wait)
            return None
        claim = _claim(tx, pending)
        return replace(claim, count=1 + _gather(tx, delivery, gathered)) if to_coordinator else claim
    if to_coordinator:
        gathering.release(tx, delivery.ref)
    if verdict is Verdict.UNTOLD:
        deliveries.fail(tx, delivery.ref)
    elif verdict is Verdict.WAIT and pause is not None:
        deliveries.postpone(tx, delivery.ref, pause)
    else:
        deliveries.drop(tx, delivery.ref)
    return None


def _judged(pending: Pending) -> Verdict:
    delivery = pending.delivery
    return judge(delivery.notice, delivery.about, pending.context, pending.now, _made_at(delivery))


def _made_at(delivery: Delivery) -> datetime:
    return delivery.give_up_at - PATIENCE


def _gather(tx: Connection, lead: Delivery, gathered: set[str]) -> int:
    """Let what is still true of the kind of `lead` go out with it, and return how many do."""
    if lead.attempts == lead.refused:
        if lead.attempts:
            gathering.release(tx, lead.ref)
        more = [each.delivery.ref for each in gathering.others_for(tx, lead) if _judged(each) is Verdict.SEND]
        if more:
            gathering.gather(tx, lead.ref, more)
            gathered.update(more)
        return len(more)
    return gathering.number_gathered(tx, lead.ref)


def _claim(tx: Connection, pending: Pending) -> Claim:
    delivery, notice, until = pending.delivery, pending.delivery.notice, _until(pending)
    offer, match, volunteer = pending.context.offer, pending.context.match, pending.context.volunteer
    to = _recipient(pending)
    claim = Claim(
        ref=delivery.ref,
        notice=notice,
        owner=new_ref(),
        tries=delivery.attempts + 1,
        recipient=to,
        now=pending.now,
        limit=_limit(delivery, until),
        dead_at=_dead_at(pending, to),
        made_at=_made_at(delivery),
        began=time.monotonic(),
        until=until,
    )
    if notice.way is Way.OFFER and offer is not None:
        claim = replace(claim, offer=offer.ref)
    elif notice.way is Way.MATCH and match is not None:
        claim = replace(claim, offer=match.offer)
    elif notice.way is Way.HOME and volunteer is not None:
        claim = replace(claim, generation=volunteer.generation)
    elif notice.way is Way.COORDINATOR_PAGE:
        claim = replace(claim, shown=delivery.about.partition(".")[0], desk=delivery.desk)
    told = None if to is None or to.sequence is None else (to.ref, to.sequence)
    deliveries.lease(tx, claim.ref, claim.owner, LEASE, told=told)
    return claim


def _recipient(pending: Pending) -> Recipient | None:
    reader, request, volunteer = pending.delivery.notice.reader, pending.context.request, pending.context.volunteer
    if reader is Reader.COORDINATOR:
        return None
    if reader is Reader.PERSON and request is not None and request.notify is not None:
        return Recipient(request.ref, Purpose.PERSON_NOTIFY, None, request.notify)
    if reader is Reader.VOLUNTEER and volunteer is not None and volunteer.notify is not None:
        purpose = Purpose.VOLUNTEER_NOTIFY
        sealed, since = volunteer.notify, volunteer.refused_since
        since = since if volunteer.refused_digest == deliveries.digest(sealed) else None
        return Recipient(volunteer.ref, purpose, volunteer.sequence, sealed, volunteer.approved, since)
    raise ValueError(f"a {pending.delivery.notice} was judged ready to send with nobody to send it to")


def _limit(delivery: Delivery, until: datetime | None) -> datetime:
    if delivery.notice is Notice.OFFER and until is not None:
        return min(_made_at(delivery) + MOVING_ON, until)
    return until or _made_at(delivery) + LONGEST_WAIT


def _dead_at(pending: Pending, to: Recipient | None) -> datetime:
    """Return from when on a refusal without a reason condemns: of a volunteer all that was sent there counts."""
    if to is None or to.sequence is None:
        return pending.delivery.give_up_at
    return (to.refused_since or pending.now) + PATIENCE


def _until(pending: Pending) -> datetime | None:
    """Return until when an answer helps, or when it ends by itself; nothing is sent after that."""
    offer, request = pending.context.offer, pending.context.request
    if pending.delivery.notice.way is Way.OFFER and offer is not None:
        return offer.expires_at
    return request.ends_at if pending.delivery.notice is Notice.ENDS_SOON and request is not None else None
