"""Claiming: from deliveries that are due to those that are true, leased to this sender, and ready to leave."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.notifier.domain.notices import ASKING, TO_THE_PERSON, Notice
from services.notifier.domain.retry import RetryPolicy, until_next_look
from services.notifier.domain.truth import Verdict, judge
from services.notifier.storage import deliveries
from services.notifier.storage.deliveries import Pending
from shared.vault.purposes import Purpose

LEASE = timedelta(seconds=30)
"""Ample for opening the address, one send of at most 8 s, and the mark."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose address is used: `ref` is a volunteer or, with no `sequence`, a request."""

    ref: str
    purpose: Purpose
    sequence: int | None
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """One try of one delivery. `began` is by the claimer's own monotonic clock, all other times are the database's."""

    ref: str
    notice: Notice
    owner: str
    tries: int
    recipient: Recipient
    offer: str | None
    until: datetime | None
    now: datetime
    limit: datetime
    began: float


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

    def _decide(self, tx: Connection, pending: Pending, began: float) -> Claim | None:
        verdict = judge(pending.notice, pending.about, pending.picture, pending.now)
        if verdict is Verdict.OBSOLETE:
            deliveries.drop(tx, pending.ref)
            return None
        if verdict is Verdict.WAIT:
            age = self._policy.patience - (pending.give_up_at - pending.now)
            deliveries.postpone(tx, pending.ref, until_next_look(age))
            return None
        claim = self._claim(pending, began)
        volunteer = None if claim.notice in TO_THE_PERSON else claim.recipient.ref
        deliveries.lease(
            tx,
            claim.ref,
            claim.owner,
            LEASE,
            volunteer=volunteer,
            volunteer_sequence=claim.recipient.sequence,
        )
        return claim

    def _claim(self, pending: Pending, began: float) -> Claim:
        picture = pending.picture
        asked = picture.offer if pending.notice in ASKING else None
        agreed = picture.match if pending.notice is Notice.INTRODUCED else None
        return Claim(
            ref=pending.ref,
            notice=pending.notice,
            owner=self._new_owner(),
            tries=pending.tries + 1,
            recipient=_recipient(pending),
            offer=asked.ref if asked else agreed.offer if agreed else None,
            until=asked.expires_at if asked else None,
            now=pending.now,
            limit=min(pending.give_up_at, asked.expires_at) if asked else pending.give_up_at,
            began=began,
        )


def _recipient(pending: Pending) -> Recipient:
    request, volunteer = pending.picture.request, pending.picture.volunteer
    if pending.notice in TO_THE_PERSON and request is not None and request.notify is not None:
        return Recipient(request.ref, Purpose.PERSON_NOTIFY, None, request.notify)
    if pending.notice not in TO_THE_PERSON and volunteer is not None and volunteer.notify is not None:
        return Recipient(volunteer.ref, Purpose.VOLUNTEER_NOTIFY, volunteer.sequence, volunteer.notify)
    raise ValueError(f"a {pending.notice} was judged ready to send with nobody to send it to")
