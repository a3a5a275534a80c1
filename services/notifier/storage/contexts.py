"""Deliveries with all that is known around them, in one query."""

from typing import Any

from sqlalchemy import Row, Select, func, select

from services.notifier.domain.facts import Fact, Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import Notice
from services.notifier.domain.relevance import DeliveryContext, OfferNotice
from services.notifier.storage.projections import TABLES, fact_of
from services.notifier.storage.tables import deliveries, matches, offers, requests, searches, volunteers

_asked = deliveries.alias("asked")
_d = deliveries.c

WITH_CONTEXT: Select[Any] = (
    select(
        deliveries,
        func.clock_timestamp().label("now"),
        *(column.label(f"{table.name}__{column.name}") for table in TABLES.values() for column in table.columns),
        *(_asked.c[name].label(f"asked__{name}") for name in ("state", "attempts", "refused")),
    )
    .select_from(deliveries)
    .outerjoin(matches, matches.c.ref == _d.match)
    .outerjoin(offers, offers.c.ref == func.coalesce(_d.offer, matches.c.offer))
    .outerjoin(volunteers, volunteers.c.ref == func.coalesce(_d.volunteer, matches.c.volunteer))
    .outerjoin(requests, requests.c.ref == _d.request)
    .outerjoin(searches, searches.c.ref == _d.request)
    .outerjoin(_asked, (_asked.c.notice == Notice.OFFER.value) & (_asked.c.about == _d.offer))
)
"""Deliveries, each with the rows around it; what is not here yet is null.

A notice to the person knows its match and with it a volunteer: the notice itself says which of the two is told.
"""


def context_of(row: Row[Any]) -> DeliveryContext:
    """Return what a row of WITH_CONTEXT shows."""
    return DeliveryContext(
        request=_fact(row, Request),
        volunteer=_fact(row, Volunteer),
        offer=_fact(row, Offer),
        match=_fact(row, Match),
        search=_fact(row, Search),
        offer_notice=_offer_notice(row),
    )


def _fact(row: Row[Any], kind: type[Fact]) -> Fact | None:
    prefix = f"{TABLES[kind].name}__"
    return fact_of(row, kind, prefix) if getattr(row, f"{prefix}ref") else None


def _offer_notice(row: Row[Any]) -> OfferNotice | None:
    # Of an offer's own notice the row itself is looked at: it is locked, and its second look may be an older version.
    prefix = "" if row.notice == Notice.OFFER.value else "asked__"
    state, attempts, refused = (getattr(row, prefix + name) for name in ("state", "attempts", "refused"))
    return OfferNotice(settled=state != "pending", may_be_out=attempts > refused) if state else None
