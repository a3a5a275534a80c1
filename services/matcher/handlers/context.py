"""What the handlers work with."""

from dataclasses import dataclass

from services.matcher.storage.pool_in_memory import Pool
from shared.vault.vault import Vault


@dataclass(frozen=True)
class Context:
    vault: Vault
    pool: Pool
