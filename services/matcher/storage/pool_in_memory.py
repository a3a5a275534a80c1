"""The pool in memory: each replica's copy of the pool's rows, decoded, for scoring. The rows are the truth.

A copy that lags costs a claim that is refused and scored again; it never lets a wrong one through. What is known to
have changed, and what is newer than all that was seen, is read before each ranking, within the transaction that ranks.
"""

import threading
import time
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.matcher.domain.columns import Columns
from services.matcher.domain.fields import UnknownWord
from services.matcher.domain.profiles import PersonProfile, VolunteerProfile
from services.matcher.domain.ranking import Ranking
from services.matcher.storage import pool as rows
from services.matcher.storage.tables import Volunteer
from shared.database import Database
from shared.observability.logging import error_fields, logger
from shared.observability.metrics import POOL_SKIPPED
from shared.vault.errors import KeyDestroyed, VaultError
from shared.vault.purposes import Purpose
from shared.vault.sealing import key_id_of
from shared.vault.vault import Opened, Vault
from shared.vocabulary import vocabulary

TOUCHED_SECONDS = 12.0
"""A row that this process has written stays suspect for longer than a transaction can last (R8)."""

LOOK_SECONDS = 1.0


class _Decoded(NamedTuple):
    """A profile, with a digest of the sealed value that it was opened from: that has kilobytes, for it holds marks."""

    digest: bytes
    key_id: UUID
    profile: VolunteerProfile


def _digest(sealed: str) -> bytes:
    return blake2b(sealed.encode(), digest_size=16).digest()


class Pool:
    """The volunteers as columns, shared by the threads of one process; the first look or ranking reads them all."""

    def __init__(self, vault: Vault) -> None:
        self._columns = Columns()
        self._vault = vault
        self._lock = threading.RLock()
        self._profiles: dict[str, _Decoded] = {}
        self._refs_by_key: dict[UUID, str] = {}
        self._suspect: dict[str, float] = {}
        self._skipped: set[str] = set()
        self._seen: deque[tuple[float, int]] = deque()

    def suspect_all(self) -> None:
        """Note that changes may have been missed, as after a lost connection: the whole pool is read anew."""
        with self._lock:
            self._seen.clear()

    def look(self, database: Database) -> float:
        """Read what has changed lately, notified or not; return the seconds to wait before the next look.

        Versions are given out before they are committed, so the look goes back by more than a transaction can last.
        """
        now = time.monotonic()
        with self._lock, database.transaction() as tx:
            self._load_if_suspect(tx)
            while len(self._seen) > 1 and self._seen[1][0] < now - TOUCHED_SECONDS:
                self._seen.popleft()
            changed = [row for row in rows.rows_after(tx, self._seen[0][1]) if not self._is_current(row)]
            self._take(changed)
            if changed:
                newest = max(self._seen[-1][1], *(row.row_version for row in changed))
                self._seen.append((now, newest))
        return LOOK_SECONDS

    def changed(self, ref: str) -> None:
        """Note that somebody has committed a change of `ref`: it is read again, once."""
        with self._lock:
            self._suspect.setdefault(ref, float("-inf"))

    def touched(self, ref: str) -> None:
        """Note that a transaction of this process writes `ref`: until that is committed or gone, it is read anew."""
        with self._lock:
            self._suspect[ref] = time.monotonic() + TOUCHED_SECONDS

    def forget_key(self, key_id: str) -> None:
        """Drop the volunteer whose profile was sealed under the destroyed key `key_id`, if it is one."""
        with self._lock:
            ref = self._refs_by_key.get(UUID(key_id))
            if ref is not None:
                self._drop(ref)

    def forget_destroyed(self) -> None:
        """Drop every volunteer whose key was destroyed while nobody listened."""
        with self._lock:
            for key_id in self._vault.destroyed_among(list(self._refs_by_key)):
                self.forget_key(str(key_id))

    @contextmanager
    def ranking(
        self,
        tx: Connection,
        person: PersonProfile,
        *,
        now: datetime,
        asked_before: Collection[str],
        tie: int = 0,
        reads: bool = True,
    ) -> Iterator[Ranking]:
        """Give a ranking for `person` over columns that stay as they are meanwhile.

        What is suspect is read again first, unless `reads` is false because it has just been.
        """
        with self._lock:
            if reads:
                self._refresh(tx)
            yield Ranking(self._columns, person, now=now, asked_before=asked_before, tie=tie)

    def profile(self, tx: Connection, ref: str) -> VolunteerProfile | None:
        """Return the decoded profile of `ref`, None if it is not in the pool, after reading again what is suspect."""
        with self._lock:
            self._refresh(tx)
            known = self._profiles.get(ref)
            return known.profile if known else None

    def _load_if_suspect(self, tx: Connection) -> None:
        if self._seen:
            return
        found = rows.rows_after(tx, -1)
        for ref in (self._profiles.keys() | self._skipped) - {row.ref for row in found}:
            self._drop(ref)
        self._take(found)
        # The next looks go back to the very beginning until this one is old enough to have missed nothing.
        highest = max((row.row_version for row in found), default=-1)
        self._seen.extend([(float("-inf"), -1), (time.monotonic(), highest)])

    def _refresh(self, tx: Connection) -> None:
        self._load_if_suspect(tx)
        # What another replica has just committed is often why this one searches; its NOTIFY may come a moment later.
        _, newest = self._seen[-1]
        self._take([row for row in rows.rows_after(tx, newest) if not self._is_current(row)])
        if not self._suspect:
            return
        refs = list(self._suspect)
        found = rows.rows(tx, refs)
        for ref in set(refs) - {row.ref for row in found}:
            self._drop(ref)
        self._take(found)
        now = time.monotonic()
        self._suspect = {ref: until for ref, until in self._suspect.items() if until > now}

    def _take(self, changed: Sequence[Volunteer]) -> None:
        """Bring rows into the columns. A profile that is already decoded is not opened again."""
        sealed = [
            (row.profile, row.ref, Purpose.VOLUNTEER_PROFILE)
            for row in changed
            if row.profile is not None and self._known(row) is None
        ]
        contents = {ref: content for (_, ref, _), content in zip(sealed, self._vault.open_many(sealed), strict=True)}
        for row in changed:
            try:
                self._take_one(row, contents.get(row.ref))
            except Exception as error:
                # One bad profile must not keep the others out. A volunteer who cannot be read is not asked.
                self._drop(row.ref)
                self._skipped.add(row.ref)
                if isinstance(error, VaultError):
                    logger().error("profile_not_opened", volunteer=row.ref, **error_fields(error))
                else:
                    words = {"ours": vocabulary().fingerprint} if isinstance(error, UnknownWord) else {}
                    logger().error("profile_not_understood", volunteer=row.ref, **words, **error_fields(error))
        POOL_SKIPPED.set(len(self._skipped))

    def _take_one(self, row: Volunteer, content: Opened | None) -> None:
        """Bring a row into the columns; `content` is its opened profile, None if that is known or there is none."""
        if row.profile is None or isinstance(content, KeyDestroyed):
            self._drop(row.ref)
            return
        if isinstance(content, VaultError):
            raise content
        profile = self._known(row)
        if profile is None:
            profile = VolunteerProfile.from_data(content)
            self._drop(row.ref)
        self._write(row, profile)
        key_id = key_id_of(row.profile)
        self._profiles[row.ref] = _Decoded(_digest(row.profile), key_id, profile)
        self._refs_by_key[key_id] = row.ref
        self._skipped.discard(row.ref)

    def _write(self, row: Volunteer, profile: VolunteerProfile) -> None:
        held = self._columns.version(row.ref)
        if held is not None and held > row.row_version:
            # A transaction that was rolled back had shown a version that never came to be.
            self._columns.remove(row.ref)
        if not self._columns.refresh(row.ref, row.row_version, row.pool_state):
            self._columns.upsert(row.ref, row.row_version, profile, row.pool_state)

    def _known(self, row: Volunteer) -> VolunteerProfile | None:
        known = self._profiles.get(row.ref)
        return known.profile if known and row.profile and known.digest == _digest(row.profile) else None

    def _is_current(self, row: Volunteer) -> bool:
        return self._columns.version(row.ref) == row.row_version

    def _drop(self, ref: str) -> None:
        known = self._profiles.pop(ref, None)
        if known is not None:
            self._refs_by_key.pop(known.key_id, None)
        self._columns.remove(ref)
        self._skipped.discard(ref)
