"""Finding a peer: rank, claim, offer; or wait, and say truthfully why."""

from secrets import randbits

from sqlalchemy import Connection

from services.matcher.domain.fields import UnknownWord
from services.matcher.domain.hard_rules import marked_otherwise, pair_rules
from services.matcher.domain.lifecycle import OfferState, RequestState
from services.matcher.domain.profiles import PersonProfile
from services.matcher.domain.ranking import Candidate
from services.matcher.domain.timing import lateness, offer_times
from services.matcher.domain.waves import offers_to_make
from services.matcher.domain.weeks import month_of
from services.matcher.handlers import kinds
from services.matcher.handlers.announcing import announce_offer, announce_search
from services.matcher.handlers.closing import close_offer
from services.matcher.handlers.context import Context
from services.matcher.handlers.waiting import wait, watch
from services.matcher.storage import pool, requests
from services.matcher.storage.tables import Request, due_rows
from shared.clock import to_hour
from shared.database import database_now
from shared.observability.logging import logger
from shared.refs import new_ref
from shared.vault.errors import KeyDestroyed
from shared.vault.purposes import Purpose
from shared.vocabulary import vocabulary

CANDIDATES = 5
CLAIM_ROUNDS = 5
"""A claim that is refused was scored on a row that has moved; after so many rounds the request waits its turn."""


SEARCHING = (RequestState.WAITING, RequestState.OFFERING, RequestState.STALLED)


def search(context: Context, tx: Connection, request: Request) -> None:
    """Make the offers that are due for `request`, whose row is locked; let it wait if nobody can be asked."""
    if request.state not in SEARCHING:
        return
    person = _person(context, tx, request)
    if person is None:
        # An erased request is on its way out: its event will close what is open. One that is not understood waits.
        return
    offers = requests.offers_of(tx, request.ref)
    wave = offers_to_make([(offer.wave, offer.state) for offer in offers if offer.round == request.round])
    # An offer that reached nobody asked nobody.
    asked = {offer.volunteer for offer in offers if offer.state != OfferState.UNDELIVERABLE}
    unreached = {offer.volunteer for offer in offers} - asked
    for _ in range(wave.offers):
        # Whom no mail reached is asked again only when there is nobody else: theirs may still be refused.
        chosen = _claim_best(context, tx, person, asked | unreached)
        if chosen is None and unreached:
            chosen = _claim_best(context, tx, person, asked)
        if chosen is None:
            break
        asked.add(chosen.ref)
        _offer(context, tx, request, chosen, urgency=person.urgency, wave=wave.number)
    if any(offer.state == OfferState.MADE for offer in requests.offers_of(tx, request.ref)):
        due_rows.cancel(tx, kinds.SEARCH, request.ref)
        requests.change(tx, request.ref, state=RequestState.OFFERING, tries=0, next_try_at=None, why=None)
        watch(tx, request, person.urgency)
    else:
        wait(context, tx, request, person, asked)


def tell_if_late(context: Context, tx: Connection, request: Request) -> None:
    """Announce that `request`, whose offers nobody has answered, is late; one that waits says so by itself."""
    person = _person(context, tx, request)
    if request.state == RequestState.OFFERING and person is not None:
        late = lateness(database_now(tx) - request.waiting_since, person.urgency)
        if late != request.late:
            announce_search(tx, requests.change(tx, request.ref, late=late, version=request.version + 1))
        watch(tx, request, person.urgency)


def recheck_offers(context: Context, tx: Connection, request: Request) -> None:
    """Withdraw the open offers that the person's changed wishes forbid."""
    now = database_now(tx)
    for offer in requests.offers_of(tx, request.ref):
        if offer.state == OfferState.MADE and forbidden(context, tx, request, offer.volunteer):
            close_offer(tx, offer.ref, state=OfferState.WITHDRAWN, now=now)


def forbidden(context: Context, tx: Connection, request: Request, volunteer: str) -> bool:
    """Tell whether a hard rule keeps this volunteer from this person, by what both say now.

    What is open between two whose marks are of different versions stays: it is judged again once both are marked anew.
    """
    person, profile = _person(context, tx, request), context.pool.profile(tx, volunteer)
    return person is not None and profile is not None and bool(pair_rules(person, profile, database_now(tx)))


def comparable(context: Context, tx: Connection, request: Request, volunteer: str) -> bool:
    """Tell whether the two are understood and their marks of one version, so that `forbidden` sees everything."""
    person, profile = _person(context, tx, request), context.pool.profile(tx, volunteer)
    return person is not None and (profile is None or not marked_otherwise(person, profile))


def _person(context: Context, tx: Connection, request: Request) -> PersonProfile | None:
    """Return what the person said; None if they are being erased, or said words that this version does not know.

    Such a word was said to a newer intake, or to one with another file of the operator's. The request waits until this
    service is replaced, too: it is read again in a while. What is open stays, and nothing new comes of it.
    """
    if request.profile is None:
        return None
    try:
        said = context.vault.open(request.profile, request.ref, Purpose.PERSON_PROFILE)
    except KeyDestroyed:
        return None
    try:
        return PersonProfile.from_data(said)
    except UnknownWord as error:
        words = {"ours": vocabulary().fingerprint, "theirs": said.get("vocabulary")}
        logger().error("request_not_understood", request=request.ref, field=str(error), **words)
        due_rows.schedule(tx, kinds.READ_AGAIN, request.ref, request.ref, vocabulary().defaults.offers.retry_first)
        return None


def _claim_best(context: Context, tx: Connection, person: PersonProfile, asked: set[str]) -> Candidate | None:
    now = database_now(tx)
    for _ in range(CLAIM_ROUNDS):
        with context.pool.ranking(tx, person, now=now, asked_before=asked, tie=randbits(63)) as ranking:
            candidates = ranking.best(CANDIDATES)
        if not candidates:
            return None
        for candidate in candidates:
            if candidate.awake is not candidates[0].awake:
                # A claim on somebody awake was refused: they may still fit, so all are looked at anew first.
                break
            context.pool.touched(candidate.ref)
            version, capacity = candidate.row_version, candidate.capacity
            if pool.claim(tx, candidate.ref, row_version=version, capacity=capacity, month=month_of(now)):
                return candidate
    return None


def _offer(context: Context, tx: Connection, request: Request, chosen: Candidate, *, urgency: str, wave: int) -> None:
    now = database_now(tx)
    volunteer = context.pool.profile(tx, chosen.ref)
    if volunteer is None:
        raise LookupError(f"the pool lost {chosen.ref} after ranking it")
    times = offer_times(now, urgency, volunteer.rhythm)
    offer = requests.add_offer(
        tx,
        ref=new_ref(),
        request=request.ref,
        round=request.round,
        volunteer=chosen.ref,
        wave=wave,
        made_at=to_hour(now),
        expires_at=times.expires_at,
    )
    due_rows.schedule_at(tx, kinds.NUDGE, offer.ref, request.ref, times.nudge_at)
    due_rows.schedule_at(tx, kinds.EXPIRY, offer.ref, request.ref, times.closes_at)
    announce_offer(tx, offer, "offered")
