"""Reading the keys that people hold."""

from services.intake.domain.refusals import Unknown
from shared.vault.request_keys import MistypedKey, lookup_id


def lookup_of(key: str) -> str:
    """Return the lookup id of a key as it was typed; Unknown if the text is no key at all."""
    try:
        return lookup_id(key)
    except MistypedKey:
        raise Unknown from None
