"""Puts intake together, here and nowhere else, for the web process, the worker and the tests."""

import secrets
from random import Random

from services.intake.handlers.context import Intake
from services.intake.handlers.judgements import Judgements
from services.intake.settings import IntakeSettings
from shared.clock import Clock, SystemClock
from shared.database import Database
from shared.vault.keyrings import Keyrings
from shared.vault.randomness import RandomSource
from shared.vault.vault import VaultKeeper

PATIENCE_SECONDS = 2.0
"""As long as an accept or decline waits for the matcher's judgement."""


def build_intake(
    settings: IntakeSettings,
    *,
    process: str,
    pool_size: int,
    clock: Clock | None = None,
    random: RandomSource = secrets.token_bytes,
    chooser: Random | None = None,
    patience: float = PATIENCE_SECONDS,
) -> Intake:
    """Put intake together for `process` (a name shown by PostgreSQL), with `pool_size` connections per database.

    Nothing is connected yet, so this can be called while a database is away. Call it after a fork, never before.
    """
    vault_database = Database(settings.common.vault_url, name=f"intake-{process}-vault", pool_size=pool_size)
    keyrings = Keyrings(settings.common.keyring_dir)
    return Intake(
        settings=settings,
        database=Database(settings.common.database_url, name=f"intake-{process}", pool_size=pool_size),
        vault_database=vault_database,
        vault=VaultKeeper(vault_database, keyrings, random),
        keyrings=keyrings,
        clock=clock or SystemClock(),
        random=random,
        chooser=chooser or secrets.SystemRandom(),
        register=settings.register,
        judgements=Judgements(),
        patience=patience,
    )
