"""What handlers ask of intake's tables beyond whole rows, one function per question."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.intake.domain.offers import OfferState
from services.intake.domain.programme import Programme, as_of
from services.intake.storage import tables
from services.intake.storage.tables import Erasure, MessageRow, ReportRow, RequestRow, VolunteerRow


def request_by_lookup(tx: Connection, lookup_id: str, *, lock: bool = False) -> RequestRow | None:
    return tables.REQUESTS.one(tx, tables.requests.c.lookup_id == lookup_id, lock=lock)


def may_hold_address(tx: Connection, row: VolunteerRow) -> bool:
    """Tell whether nobody else at work holds this volunteer's address; the same work is done either way (T12).

    Two who come with one address at the same moment wait for each other here.
    """
    c = tables.volunteers.c
    tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(row.notify_hash, 0))))
    held = exists().where(c.notify_hash == row.notify_hash, c.holds_address, c.ref != row.ref)
    return not tx.execute(select(held)).scalar()


def volunteers_at(tx: Connection, row: VolunteerRow) -> list[str]:
    """Return the refs of the others who have this volunteer's address, those who applied first in front."""
    c = tables.volunteers.c
    others = select(c.ref).where(c.notify_hash == row.notify_hash, c.ref != row.ref)
    return list(tx.execute(others.order_by(c.applied_at, c.ref)).scalars())


def lock_request(tx: Connection, *, lookup_id: str | None = None, offer: str | None = None) -> None:
    """Lock the request that a key's lookup id finds, or that an offer was made for, before anything is looked at."""
    offers, requests = tables.offers.c, tables.requests.c
    of_offer = requests.ref == select(offers.request).where(offers.ref == offer).scalar_subquery()
    wanted = of_offer if lookup_id is None else requests.lookup_id == lookup_id
    tx.execute(select(requests.ref).where(wanted).with_for_update())


def count_asked_at(tx: Connection, hour: datetime) -> int:
    """Return how many requests were asked in `hour`, whatever became of them."""
    return tx.execute(select(func.count()).where(tables.requests.c.asked_at == hour)).scalar_one()


def lock_offer(tx: Connection, ref: str) -> None:
    """Lock the offer `ref` before it is looked at, if intake has heard of it."""
    tx.execute(select(tables.offers.c.ref).where(tables.offers.c.ref == ref).with_for_update())


def any_offer_open(tx: Connection, request: str, round_: int) -> bool:
    """Tell whether an offer of this round of the request is still open.

    That an offer was accepted is told by its match alone, so one that led to a match is not open.
    """
    c = tables.offers.c
    led_to_a_match = exists().where(tables.matches.c.offer == c.ref)
    still_open = exists().where(c.request == request, c.round == round_, c.state == OfferState.MADE, ~led_to_a_match)
    return bool(tx.execute(select(still_open)).scalar())


def messages_of(tx: Connection, match: str) -> list[MessageRow]:
    """Return the texts of a match in the order in which they were written."""
    return tables.MESSAGES.all(tx, tables.messages.c.match == match, order_by=[tables.messages.c.number])


def take_out_messages(
    tx: Connection, *, match: str | None = None, request: str | None = None, volunteer: str | None = None
) -> list[str]:
    """Delete the texts of one match, of one request or of all matches of one volunteer; return what was sealed."""
    c = tables.messages.c
    of_volunteer = c.match.in_(select(tables.matches.c.ref).where(tables.matches.c.volunteer == volunteer))
    wanted = c.match == match if match else c.request == request if request else of_volunteer
    return list(tx.execute(delete(tables.messages).where(wanted).returning(c.sealed)).scalars())


def insert_report(tx: Connection, row: ReportRow) -> bool:
    """Add a report; return False for a second alarm of the same hour, which is not added."""
    statement = insert(tables.reports).values(**asdict(row))
    # Written out: once PostgreSQL plans a prepared statement for any parameter, one would not match the index.
    once_an_hour = statement.on_conflict_do_nothing(index_elements=["at"], index_where=text(f"kind = '{tables.FLOOD}'"))
    return tx.execute(once_an_hour.returning(tables.reports.c.ref)).first() is not None


def open_reports(tx: Connection) -> list[ReportRow]:
    """Return every report that is not closed, oldest first; those of one hour always in the same order."""
    c = tables.reports.c
    return tables.REPORTS.all(tx, ~c.closed, order_by=[c.at, c.ref])


def take_out_reports(tx: Connection, *, person: str | None = None, volunteer: str | None = None) -> list[str]:
    """Take what this person or volunteer wrote out of their reports, and return the sealed texts."""
    c = tables.reports.c
    by, column, ref = ("person", c.request, person) if person else ("volunteer", c.volunteer, volunteer)
    theirs = (c.by == by, column == ref, c.sealed.is_not(None))
    sealed = list(tx.execute(select(c.sealed).where(*theirs).with_for_update()).scalars())
    if sealed:
        tx.execute(update(tables.reports).where(*theirs).values(sealed=None))
    return sealed


def add_to_erasure(tx: Connection, erasure: Erasure) -> None:
    """Remember which keys the erasure destroys, beside those that an earlier part of it named."""
    statement = insert(tables.erasures).values(ref=erasure.ref, key_ids=erasure.key_ids, at=erasure.at)
    both = text("ARRAY(SELECT DISTINCT unnest(erasures.key_ids || excluded.key_ids) ORDER BY 1)")
    tx.execute(statement.on_conflict_do_update(index_elements=["ref"], set_={"key_ids": both, "at": erasure.at}))


def note_link_ask(tx: Connection, address_hash: str) -> bool:
    """Note that a home link is asked for; False if one was, lately."""
    statement = insert(tables.link_asks).values(ref=address_hash).on_conflict_do_nothing(index_elements=["ref"])
    return tx.execute(statement.returning(tables.link_asks.c.ref)).first() is not None


def count_reason(tx: Connection, kind: str, reason: str) -> None:
    """Add one to the count of `reason` among those of `kind` (`declined` or `closed`)."""
    counts = tables.reason_counts
    statement = insert(counts).values(kind=kind, reason=reason, count=1)
    tx.execute(statement.on_conflict_do_update(index_elements=counts.primary_key, set_={"count": counts.c.count + 1}))


def programme_now(tx: Connection) -> Programme:
    """Return whether requests are taken now, by the database's clock."""
    c = tables.programme.c
    row = tx.execute(select(c.open, c.until, func.clock_timestamp().label("now"))).one()
    return as_of(Programme(row.open, row.until), row.now)


def store_programme(tx: Connection, said: Programme) -> None:
    tx.execute(update(tables.programme).values(open=said.open, until=said.until))


def claim_marks(tx: Connection, version: str, *, started: bool) -> bool:
    """Tell whether everybody is to be marked by `version`: that of the process that `started` last.

    What a process of before versions wrote there counts for nothing.
    """
    kept, mine = tables.programme.c.register, f"marks {version}"
    free = kept.is_distinct_from(mine) if started else kept.is_(None) | kept.not_like("marks %")
    tx.execute(update(tables.programme).where(free).values(register=mine))
    return tx.execute(select(kept)).scalar() == mine


def marked_otherwise(table: Table, version: str) -> ColumnElement[bool]:
    """Return the condition that a row's profile holds marks of another version, or perhaps does."""
    return table.c.profile.is_not(None) & table.c.marked.is_distinct_from(func.concat(version, " ", table.c.sequence))
