"""A delivery with all that is known around it, in one query."""

from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Label, Row, Select, Table, func, select

from services.notifier.domain.facts import Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import Notice
from services.notifier.domain.truth import OfferNotice, Picture
from services.notifier.storage.tables import deliveries, matches, offers, requests, searches, volunteers

Fact = TypeVar("Fact", Request, Volunteer, Offer, Match, Search)

_asked = deliveries.alias("asked")
_d = deliveries.c


def _labelled(table: Table) -> list[Label[Any]]:
    return [column.label(f"{table.name}__{column.name}") for column in table.columns]


AROUND: Select[Any] = (
    select(
        deliveries,
        func.clock_timestamp().label("now"),
        *_labelled(requests),
        *_labelled(volunteers),
        *_labelled(offers),
        *_labelled(matches),
        *_labelled(searches),
        _asked.c.state.label("asked__state"),
        _asked.c.attempts.label("asked__attempts"),
        _asked.c.refused.label("asked__refused"),
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

A notice to the person knows its match and with it a volunteer: who of the two is told is the notice's own matter.
"""


def picture_of(row: Row[Any]) -> Picture:
    """Return what a row of AROUND shows."""
    return Picture(
        request=fact_of(row, Request, "requests__") if row.requests__ref else None,
        volunteer=fact_of(row, Volunteer, "volunteers__") if row.volunteers__ref else None,
        offer=fact_of(row, Offer, "offers__") if row.offers__ref else None,
        match=fact_of(row, Match, "matches__") if row.matches__ref else None,
        search=fact_of(row, Search, "searches__") if row.searches__ref else None,
        offer_notice=_offer_notice(row),
    )


def fact_of(row: Row[Any], kind: type[Fact], prefix: str = "") -> Fact:
    """Return the fact that `row` shows in the columns named like its fields, each behind `prefix`."""
    return kind(**{each.name: getattr(row, prefix + each.name) for each in fields(kind)})


def _offer_notice(row: Row[Any]) -> OfferNotice | None:
    # Of an offer's own notice the row itself is looked at: it is locked, and its second look may be an older version.
    prefix = "" if row.notice == Notice.OFFER.value else "asked__"
    state, attempts, refused = (getattr(row, prefix + name) for name in ("state", "attempts", "refused"))
    return OfferNotice(settled=state != "pending", may_be_out=attempts > refused) if state else None
