"""Makes the secrets that are missing: keyrings, database passwords, the coordinator's token. Overwrites none, ever.

    <folder>/intake/keyrings/<purpose>.json     the same for matcher and notifier: only what each may open
    <folder>/intake/coordinator_token
    <folder>/db/<role>_password                 intake, matcher, notifier, postgres

Folders are 0700 and files 0600. Two runs at once make one secret: the second finds the file of the first.
"""

import contextlib
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.vault.keyrings import new_keyring
from shared.vault.purposes import READERS

KEYRINGS = {reader.role: reader.keyrings for reader in READERS}
"""Which keyrings each service holds. One held by several services has the same keys in each folder."""

DATABASE_ROLES = ("intake", "matcher", "notifier", "postgres")
TOKEN_BYTES = 32


@dataclass(frozen=True)
class Secrets:
    """Where the secrets of one installation lie."""

    folder: Path

    def keyrings(self, service: str) -> Path:
        return self.folder / service / "keyrings"

    @property
    def coordinator_token(self) -> Path:
        return self.folder / "intake" / "coordinator_token"

    def password(self, role: str) -> Path:
        return self.folder / "db" / f"{role}_password"


def ensure_secrets(folder: Path) -> Secrets:
    """Make whatever is missing under `folder` and return where everything lies."""
    made = Secrets(folder)
    _ensure_folder(folder)
    for role in DATABASE_ROLES:
        ensure_file(made.password(role), _new_token)
    ensure_file(made.coordinator_token, _new_token)
    for purpose in dict.fromkeys(purpose for purposes in KEYRINGS.values() for purpose in purposes):
        _ensure_keyring(made, purpose)
    return made


def _ensure_keyring(made: Secrets, purpose: str) -> None:
    """Make `purpose`'s keyring for each service that holds it; a missing one is copied from a service that has it."""
    paths = [made.keyrings(service) / f"{purpose}.json" for service, held in KEYRINGS.items() if purpose in held]
    # The first path is where two runs at once meet: the loser of the race reads the winner's keys.
    source = next((path for path in paths if path.exists()), paths[0])
    ensure_file(source, lambda: json.dumps(new_keyring(secrets.token_bytes)))
    for path in paths:
        ensure_file(path, source.read_text)


def _ensure_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def ensure_file(path: Path, content: Callable[[], str]) -> None:
    """Write `content()` to `path` unless it exists; it appears whole or not at all."""
    if path.exists():
        return
    text = content()
    for parent in (path.parent.parent, path.parent):
        _ensure_folder(parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        # A hard link, unlike a rename, never replaces a file that another run made meanwhile.
        path.hardlink_to(draft)
    draft.unlink()


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
