"""Writes and rotates keyrings, as docs/operations.md says an operator does."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path


def write_keyring(path: Path, content: Mapping[str, str]) -> None:
    """Write a keyring file; a reader sees the old file or the new one, never a part."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(dict(content)))
    draft.replace(path)


def add_key(path: Path, kid: str, key: bytes) -> None:
    """Put `key` first into the keyring file at `path`; the others stay."""
    write_keyring(path, {kid: base64.b64encode(key).decode()} | json.loads(path.read_text()))
