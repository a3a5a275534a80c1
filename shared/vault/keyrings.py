"""Keyring files: one JSON object `{kid: base64 of 32 bytes}` per purpose, the first key is current.

A service's folder holds only the keyrings it may use. To rotate, the same new key is put first into the
files of those who read, and last into intake's, which writes; running processes notice by themselves.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.vault.errors import KeyringError, UnknownKey
from shared.vault.randomness import RandomSource

KEY_BYTES = 32
KID_BYTES = 4
MAX_KID_LENGTH = 255
"""A wrapped data key writes the length of its kid in one byte."""


@dataclass(frozen=True)
class _Reading:
    """What a keyring file held, and the mark (inode, time of change, size) by which a newer one is told."""

    keys: Mapping[str, bytes]
    mark: tuple[int, int, int]


class Keyring:
    """The keys of one purpose, as its file has them now. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Read the keyring at `path`; raises KeyringError where that is impossible."""
        self.path = path
        self._reading = self._read()

    def current(self) -> tuple[str, bytes]:
        """Return the kid and the key that new values are made with."""
        return next(iter(self._fresh().items()))

    def every(self) -> tuple[bytes, ...]:
        """Return all keys, the current one first, for values that do not name the key they were made with."""
        return tuple(self._fresh().values())

    def single(self) -> bytes:
        """Return the only key of a keyring that must never be rotated; raises KeyringError if there are more."""
        keys = self.every()
        if len(keys) != 1:
            raise KeyringError(f"keyring {self.path} holds {len(keys)} keys, but it cannot be rotated: keep the oldest")
        return keys[0]

    def key(self, kid: str) -> bytes:
        """Return the key named `kid`; the file is read again first if it is not known. Raises UnknownKey."""
        known = self._reading.keys.get(kid)
        if known is not None:
            return known
        self._reading = self._read()
        try:
            return self._reading.keys[kid]
        except KeyError:
            raise UnknownKey(f"keyring {self.path} holds no key {kid!r}") from None

    def _fresh(self) -> Mapping[str, bytes]:
        if _mark(self.path) != self._reading.mark:
            self._reading = self._read()
        return self._reading.keys

    def _read(self) -> _Reading:
        # The mark is taken before the text: a change in between is then seen at the next look, never missed.
        mark = _mark(self.path)
        return _Reading(_parse(self.path), mark)


class Keyrings:
    """The keyrings of one service: those whose files lie in its folder."""

    def __init__(self, folder: Path) -> None:
        """Use the files `<name>.json` in `folder`; each is read when it is first asked for."""
        self.folder = folder
        self._known: dict[str, Keyring] = {}

    def named(self, name: str) -> Keyring:
        """Return the keyring `name`; raises KeyringError if this service was not given it."""
        if name not in self._known:
            self._known[name] = Keyring(self.folder / f"{name}.json")
        return self._known[name]


def new_key(random: RandomSource) -> tuple[str, bytes]:
    """Return a fresh kid (8 hex characters, chosen at random) and a fresh key of 32 bytes."""
    return random(KID_BYTES).hex(), random(KEY_BYTES)


def new_keyring(random: RandomSource) -> dict[str, str]:
    """Return the content of a new keyring file: one fresh key."""
    kid, key = new_key(random)
    return {kid: base64.b64encode(key).decode("ascii")}


def _mark(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return found.st_ino, found.st_mtime_ns, found.st_size


def _parse(path: Path) -> dict[str, bytes]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError:
        # The cause is left out because its text may quote key material.
        raise KeyringError(f"keyring {path} is not JSON") from None
    if not isinstance(content, dict) or not content:
        raise KeyringError(f"keyring {path} is not an object with at least one key")
    return {kid: _key_from(path, kid, value) for kid, value in content.items()}


def _key_from(path: Path, kid: str, value: object) -> bytes:
    if not kid or not kid.isascii() or len(kid) > MAX_KID_LENGTH:
        raise KeyringError(f"keyring {path}: the name {kid[:20]!r} is not 1 to {MAX_KID_LENGTH} ASCII characters")
    try:
        key = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyringError(f"keyring {path}: key {kid!r} is not the base64 of {KEY_BYTES} bytes")
    return key


def _unreadable(path: Path, error: OSError) -> KeyringError:
    return KeyringError(f"keyring {path} cannot be read ({error.strerror}); only services that need it are given it")
