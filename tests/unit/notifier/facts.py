"""Facts for tests: a person asked, a volunteer serves, an offer is open. Each test changes what it is about."""

from datetime import UTC, datetime, timedelta

from services.notifier.domain.facts import Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import Notice, Reader, Way
from services.notifier.domain.relevance import DeliveryContext, OfferNotice, Verdict, judge
from shared.refs import Version

TO_THE_PERSON, TO_THE_VOLUNTEER, TO_THE_COORDINATOR = (
    frozenset(notice for notice in Notice if notice.reader is reader)
    for reader in (Reader.PERSON, Reader.VOLUNTEER, Reader.COORDINATOR)
)
ASKING = frozenset(notice for notice in Notice if notice.way is Way.OFFER)
OF_A_MATCH = frozenset(notice for notice in Notice if notice.way is Way.MATCH)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
REQUEST, VOLUNTEER, OFFER, MATCH, MESSAGE, REPORT = (letter * 26 for letter in "rvfmtp")
WAIT = f"{REQUEST}.2026112212"
"""The wait of the request since NOW."""


def request(
    state: str = "open",
    match: str | None = None,
    notify: str | None = "sealed",
    ends_in: timedelta | None = None,
    sign_at: datetime | None = None,
) -> Request:
    """Return the request, whose person wants notices; with `ends_in` it is to be said when it ends by itself."""
    return Request(REQUEST, state, match, None if ends_in is None else NOW + ends_in, sign_at, notify)


def volunteer(
    state: str = "active",
    notify: str | None = "sealed",
    *,
    generation: int = 0,
    vetted: int = 0,
    to_vet: bool = False,
) -> Volunteer:
    """Return the volunteer at version 3."""
    return Volunteer(VOLUNTEER, Version(3), state, notify, generation, Version(vetted), to_vet=to_vet)


def offer(state: str = "made", *, nudged: bool = False, expires_in: timedelta = timedelta(hours=6)) -> Offer:
    """Return the offer of the request to the volunteer."""
    return Offer(OFFER, REQUEST, VOLUNTEER, state, NOW + expires_in, NOW if nudged else None)


def match(
    state: str = "live",
    ended_by: str | None = None,
    *,
    nudged: bool = False,
    check_ins: int = 0,
    sign_asks: int = 0,
) -> Match:
    """Return the match that the offer led to; with `nudged` the person has been asked for their yes."""
    nudged_at = NOW if nudged else None
    return Match(MATCH, OFFER, REQUEST, VOLUNTEER, state, nudged_at, ended_by, check_ins, sign_asks)


def search(state: str = "stalled", round_: int = 1, late: str = "no", since: datetime | None = NOW) -> Search:
    """Return how the search for the request stands, which has waited `since`."""
    return Search(REQUEST, round_, state, since, late)


NOT_SENT = OfferNotice(settled=False, may_be_out=False)
UNDER_WAY = OfferNotice(settled=False, may_be_out=True)
SENT = OfferNotice(settled=True, may_be_out=True)
NEVER_SENT = OfferNotice(settled=True, may_be_out=False)


def context(
    *,
    request: Request | None = request(),  # noqa: B008 - facts are frozen
    volunteer: Volunteer | None = volunteer(),  # noqa: B008
    offer: Offer | None = None,
    match: Match | None = None,
    search: Search | None = None,
    offer_notice: OfferNotice | None = None,
) -> DeliveryContext:
    """Return a context with the request and the volunteer in it, unless told otherwise."""
    return DeliveryContext(request, volunteer, offer, match, search, offer_notice)


def judged(notice: Notice, seen: DeliveryContext, about: str = "") -> Verdict:
    """Return what becomes of a notice that was made at NOW and has its turn at NOW."""
    return judge(notice, about, seen, NOW, made_at=NOW)
