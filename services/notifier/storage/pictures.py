"""A delivery with all that is known around it, in one query."""

from typing import Any

from sqlalchemy import Label, Row, Select, Table, func, select

from services.notifier.domain.facts import Match, Offer, Request, Search, Volunteer
from services.notifier.domain.notices import Notice
from services.notifier.domain.truth import OfferNotice, Picture
from services.notifier.storage.tables import deliveries, matches, offers, requests, searches, volunteers

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
        request=_request(row) if row.requests__ref else None,
        volunteer=_volunteer(row) if row.volunteers__ref else None,
        offer=_offer(row) if row.offers__ref else None,
        match=_match(row) if row.matches__ref else None,
        search=Search(row.searches__ref, row.searches__round, row.searches__state) if row.searches__ref else None,
        offer_notice=_offer_notice(row) if row.asked__state else None,
    )


def _request(row: Row[Any]) -> Request:
    return Request(row.requests__ref, row.requests__state, row.requests__match, row.requests__notify)


def _volunteer(row: Row[Any]) -> Volunteer:
    return Volunteer(row.volunteers__ref, row.volunteers__sequence, row.volunteers__state, row.volunteers__notify)


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        row.offers__ref,
        row.offers__request,
        row.offers__volunteer,
        row.offers__state,
        row.offers__expires_at,
        row.offers__nudged_at,
    )


def _match(row: Row[Any]) -> Match:
    return Match(
        row.matches__ref,
        row.matches__offer,
        row.matches__request,
        row.matches__volunteer,
        row.matches__state,
        row.matches__ended_by,
    )


def _offer_notice(row: Row[Any]) -> OfferNotice:
    return OfferNotice(settled=row.asked__state != "pending", may_be_out=row.asked__attempts > row.asked__refused)
