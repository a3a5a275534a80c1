"""Intake's tables and their rows: sealed values, refs, states, lookup ids and times to the hour; nothing readable.

Exact times are only those that something is due at: the end of an offer or of a pause, the matcher's next try. Offers
and matches are projections of what the matcher decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Self

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from services.intake.domain.offers import Answer, OfferState
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from shared.duerows import DueRows
from shared.messaging.tables import MessagingTables
from shared.refs import Version
from shared.rows import Rows, table_of
from shared.vault.purposes import Purpose
from shared.vault.vault import SealedItem

MIGRATIONS = "services.intake.storage:migrations"
SAFETY, FLOOD = "safety", "flood"
"""The kinds of a report: what somebody wrote, and an alarm of the house."""

metadata = sa.MetaData()
messaging = MessagingTables(metadata)
due_rows = DueRows(metadata)


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A row with sealed values, opaque text, None once erased; `columns` says under which column each purpose lies.

    `lookup_id`, the hash of the key, finds the row and opens nothing; it outlives erasure, so that a repeat is told so.
    `body_digest` is a keyed hash of the form; None for a volunteer who applied before it was kept. `marked` says by
    which version the marks in the profile were made, and of which sequence that is true: a process that knows nothing
    of versions raises the sequence alone.
    """

    ref: str
    lookup_id: str
    body_digest: str | None
    sequence: Version
    profile: str | None
    notify: str | None
    private: str | None
    marked: str | None = None
    columns: ClassVar[Mapping[Purpose, str]]

    def marked_by(self, version: str) -> Self:
        """Return the row with the note that the marks in its profile are of `version`."""
        return replace(self, marked=f"{version} {self.sequence}")

    def next(self) -> Self:
        """Return the next version of the row; a note of its marks that was true stays so."""
        following = replace(self, sequence=Version(self.sequence + 1))
        version, _, noted = (self.marked or "").partition(" ")
        return following.marked_by(version) if noted == str(self.sequence) else following

    def item(self, purpose: Purpose) -> SealedItem:
        """Return what is sealed for `purpose`, as the vault takes it; it has to be there."""
        return SealedItem(str(getattr(self, self.columns[purpose])), self.ref, purpose)

    def items(self, *purposes: Purpose) -> list[SealedItem]:
        """Return what is left of `purposes`, or of all."""
        return [self.item(each) for each in purposes or self.columns if getattr(self, self.columns[each]) is not None]


@dataclass(frozen=True, kw_only=True)
class RequestRow(Sealed):
    """One request; `asked_at` and `introduced_at` are full hours.

    `sign_at` is the last sign of life in the present match, `sign_by` whose it was. `ends_at` is set once the
    person is to be told that the request ends by itself then.
    """

    state: RequestState
    round: int
    match: str | None = None
    introduced_at: datetime | None = None
    sign_at: datetime | None = None
    sign_by: str | None = None
    ends_at: datetime | None = None
    why: str | None = None
    next_try_at: datetime | None = None
    late: str
    card: str | None
    asked_at: datetime

    columns: ClassVar = {
        Purpose.PERSON_PROFILE: "profile",
        Purpose.PERSON_NOTIFY: "notify",
        Purpose.PERSON_PRIVATE: "private",
        Purpose.PERSON_CARD: "card",
    }


@dataclass(frozen=True, kw_only=True)
class VolunteerRow(Sealed):
    """One volunteer; `applied_at` is a full hour.

    In the version `notify_sequence` the address last changed: an older address's failed notice says nothing about this
    one. `notify_hash` is a keyed hash of it, by which a lost home link is asked for; `generation` counts these, and a
    link counts only while its own is the newest. `pin_hash` is a slow keyed hash. `holds_address`: who is at work holds
    their address alone; somebody at work who does not is asked nothing until a coordinator has looked. `to_vet`: they
    have changed something that they were vetted by since a coordinator last looked.
    """

    state: VolunteerState
    trained_until: date | None = None
    paused_until: datetime | None = None
    notify_sequence: Version
    reachable: bool
    generation: int = 0
    notify_hash: str | None
    holds_address: bool = False
    to_vet: bool = False
    pin_hash: str | None = None
    pin_failures: int = 0
    pin_blocked_until: datetime | None = None
    applied_at: datetime

    columns: ClassVar = {
        Purpose.VOLUNTEER_PROFILE: "profile",
        Purpose.VOLUNTEER_NOTIFY: "notify",
        Purpose.VOLUNTEER_PRIVATE: "private",
    }


@dataclass(frozen=True)
class OfferRow:
    """An offer as the matcher tells of it. `expires_at` is exact, the other times are full hours."""

    ref: str
    request: str
    round: int
    volunteer: str
    state: OfferState
    made_at: datetime
    expires_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class MatchRow:
    """A match as the matcher tells of it. Times are full hours; `request_sequence` is the version it was judged by.

    `check_ins` and `sign_asks` count how often the house has asked both how it goes, and for a sign of life.
    """

    ref: str
    offer: str
    request: str
    round: int
    volunteer: str
    request_sequence: Version
    live: bool
    matched_at: datetime
    introduced_at: datetime | None
    check_ins: int = 0
    sign_asks: int = 0
    ended_by: str | None = None


@dataclass(frozen=True)
class ReplyRow:
    """What a volunteer answered to an offer, or that they handed its match back; one of each per offer, for ever."""

    ref: str
    offer: str
    answer: Answer
    answered_at: datetime


@dataclass(frozen=True)
class MessageRow:
    """One text, sealed under the key of its match. `by` is person or volunteer, `at` a full hour."""

    ref: str
    request: str
    match: str
    by: str
    sealed: str
    at: datetime

    @property
    def item(self) -> SealedItem:
        return SealedItem(self.sealed, self.match, Purpose.MATCH_PRIVATE)


@dataclass(frozen=True)
class ReportRow:
    """One report. Of an alarm (`flood`) only ref, kind, hour and whether it is closed mean anything.

    `by` is `person` or `volunteer`; `request` and `volunteer` are those it is about, as far as they are known.
    """

    ref: str
    kind: str
    by: str | None
    request: str | None
    volunteer: str | None
    sealed: str | None
    closed: bool
    at: datetime

    @property
    def writer(self) -> str | None:
        """The ref of the person or volunteer who wrote it."""
        return self.request if self.by == "person" else self.volunteer


@dataclass(frozen=True)
class Erasure:
    """What is left of the subject `ref`, erased in the hour `at`: the ids of the keys that are or will be destroyed.

    They open nothing, and are there for the receipt. The subject's own row is locked while this one is written.
    """

    ref: str
    key_ids: list[str]
    at: datetime


@dataclass(frozen=True)
class LinkAsk:
    """The keyed hash of an address for which a home link was asked for lately, whether anybody has it or not."""

    ref: str


requests = table_of(RequestRow, "requests", metadata, sa.UniqueConstraint("lookup_id"))
volunteers = table_of(VolunteerRow, "volunteers", metadata, sa.UniqueConstraint("lookup_id"))
sa.Index(
    "volunteers_one_an_address", volunteers.c.notify_hash, unique=True, postgresql_where=volunteers.c.holds_address
)
offers = table_of(OfferRow, "offers", metadata)
matches = table_of(MatchRow, "matches", metadata, sa.UniqueConstraint("offer"))
# The first reply of each kind counts.
replies = table_of(ReplyRow, "replies", metadata, sa.UniqueConstraint("offer", "answer", name="replies_offer_answer"))
# The number counts upwards, so that texts of the same hour keep their order.
number = sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False)
messages = table_of(MessageRow, "messages", metadata, number)
reports = table_of(ReportRow, "reports", metadata)
sa.Index("reports_one_flood_an_hour", reports.c.at, unique=True, postgresql_where=reports.c.kind == FLOOD)
erasures = table_of(Erasure, "erasures", metadata, sa.Column("key_ids", ARRAY(UUID(as_uuid=False)), nullable=False))
link_asks = table_of(LinkAsk, "link_asks", metadata)

REQUESTS, VOLUNTEERS = Rows(requests, RequestRow), Rows(volunteers, VolunteerRow)
OFFERS, MATCHES, REPLIES = Rows(offers, OfferRow), Rows(matches, MatchRow), Rows(replies, ReplyRow)
MESSAGES, REPORTS = Rows(messages, MessageRow), Rows(reports, ReportRow)
ERASURES, LINK_ASKS = Rows(erasures, Erasure), Rows(link_asks, LinkAsk)

programme = sa.Table(
    "programme",
    metadata,
    # One row: whether requests are taken, and if not, until when.
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("until", sa.DateTime(timezone=True)),
    # The version by which everybody is to be marked: that of the worker that started last.
    sa.Column("register", sa.Text),
)

# Reasons for declining and closing are counted and tied to nobody.
reason_counts = sa.Table(
    "reason_counts",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
)

access_record = sa.Table(
    "access_record",
    metadata,
    # Who opened what of whom, and why; append-only, which a trigger holds.
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    # In which match a volunteer opened it, so that a second one within the hour is not taken for the first.
    sa.Column("match", sa.Text),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)

for _table, _names in {
    requests: ["state", "asked_at"],
    volunteers: ["state", "notify_hash"],
    offers: ["request", "volunteer"],
    matches: ["request", "volunteer"],
    messages: ["match"],
    access_record: ["subject"],
}.items():
    for _name in _names:
        sa.Index(f"{_table.name}_{_name}", _table.c[_name])
