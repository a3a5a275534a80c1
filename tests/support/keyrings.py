"""Rotates a keyring as docs/operations.md says an operator does."""

import base64
import json
from pathlib import Path

from shared.vault.keyrings import write_keyring


def add_key(path: Path, kid: str, key: bytes) -> None:
    """Put `key` first into the keyring file at `path`; the others stay."""
    write_keyring(path, {kid: base64.b64encode(key).decode()} | json.loads(path.read_text()))
