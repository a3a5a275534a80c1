"""What can go wrong with a sealed value. An outage of the vault's database is none of these: it stays what it is."""


class VaultError(Exception):
    """A sealed value cannot be opened. The message names key ids and purposes, never what was sealed."""


class KeyDestroyed(VaultError):
    """The value's data key was destroyed: its subject is erased, and the value is handled as erased, never parked."""


class UnknownKey(VaultError):
    """No such data key in the vault, or no such wrapping key in the keyring: poison."""


class Tampered(VaultError):
    """The value, its subject or its purpose is not what was sealed: poison."""


class KeyringError(VaultError):
    """A keyring file is missing, malformed or not meant for this service: an operator has to act."""
