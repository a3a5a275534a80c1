"""From a claimed delivery and an opened address to the message that leaves."""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.notifier.gateway.port import Message
from services.notifier.rendering import Templates
from services.notifier.sending.claims import Claim


class Composer:
    """Writes messages. Links carry their token in the fragment, which no server on the way gets to see."""

    def __init__(
        self, templates: Templates, public_url: str, token: Callable[[str], str], to_type: Callable[[str], str]
    ) -> None:
        """Point to the pages at `public_url`; `token` makes an offer's token, `to_type` its form for typing."""
        self._templates = templates
        self._url = public_url.rstrip("/")
        self._token = token
        self._to_type = to_type

    def compose(self, claim: Claim, address: Mapping[str, Any]) -> Message:
        """Return the message of `claim` for the opened notify object `address`.

        It says nothing about anybody: only the recipient's own two words, a time, and where to read on.
        """
        values: dict[str, Any] = {"two_words": address.get("two_words"), "home": f"{self._url}/"}
        if claim.until is not None:
            values["until"] = claim.until.astimezone(_zone(address["time_zone"]))
        if claim.offer is not None:
            token = self._token(claim.offer)
            page = f"{self._url}/offer"
            values |= {"link": f"{page}#{token}", "code": self._to_type(token), "page": page}
        rendered = self._templates.render(claim.notice, address["language"], values)
        return Message(claim.ref, address["value"], rendered.subject, rendered.text, rendered.html)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        # A zone that intake knew and this machine does not: a time in UTC is still true, and says that it is UTC.
        return UTC
