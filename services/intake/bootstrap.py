"""The one place where intake's parts are put together, for the web process, the worker and the tests."""

import secrets
from dataclasses import dataclass

from services.intake.desks import CoordinatorDesk, OfferDesk, PersonDesk, ReportDesk, VolunteerDesk
from services.intake.domain.two_words import Chooser
from services.intake.handlers.tools import Tools
from services.intake.outcomes import Outcomes
from services.intake.settings import IntakeSettings
from shared.clock import Clock, SystemClock
from shared.database import Database
from shared.vault.keyrings import Keyrings
from shared.vault.randomness import RandomSource
from shared.vault.vault import VaultKeeper

PATIENCE_SECONDS = 2.0
"""As long as an accept or decline waits for the matcher's judgement."""


@dataclass(frozen=True)
class Parts:
    """Intake, put together: its two databases, what handlers use, and the five desks that both doors call."""

    settings: IntakeSettings
    database: Database
    vault_database: Database
    tools: Tools
    outcomes: Outcomes
    people: PersonDesk
    volunteers: VolunteerDesk
    offers: OfferDesk
    coordination: CoordinatorDesk
    reports: ReportDesk

    def dispose(self) -> None:
        """Close every database connection."""
        self.database.dispose()
        self.vault_database.dispose()


def build_parts(
    settings: IntakeSettings,
    *,
    process: str,
    pool_size: int,
    clock: Clock | None = None,
    random: RandomSource = secrets.token_bytes,
    chooser: Chooser | None = None,
    patience: float = PATIENCE_SECONDS,
) -> Parts:
    """Put intake together for `process` (a name shown by PostgreSQL), with `pool_size` connections per database.

    Nothing is connected yet, so this can be called while a database is away. Call it after a fork, never before.
    """
    database = Database(settings.common.database_url, name=f"intake-{process}", pool_size=pool_size)
    vault_database = Database(settings.common.vault_url, name=f"intake-{process}-vault", pool_size=pool_size)
    keyrings = Keyrings(settings.common.keyring_dir)
    tools = Tools(
        clock=clock or SystemClock(),
        vault=VaultKeeper(vault_database, keyrings, random),
        keyrings=keyrings,
        random=random,
        chooser=chooser or secrets.SystemRandom(),
        register=settings.register,
    )
    outcomes = Outcomes()
    return Parts(
        settings=settings,
        database=database,
        vault_database=vault_database,
        tools=tools,
        outcomes=outcomes,
        people=PersonDesk(
            database, tools, programme_code=settings.programme_code, flood_per_hour=settings.flood_per_hour
        ),
        volunteers=VolunteerDesk(database, tools),
        offers=OfferDesk(database, tools, outcomes, patience=patience),
        coordination=CoordinatorDesk(database, tools, settings.coordinator_token),
        reports=ReportDesk(database, tools),
    )
