"""From a claimed delivery and an opened address to the message that leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.notifier.gateway.port import Call, Message
from services.notifier.rendering import Templates
from services.notifier.sending.claims import Claim

WEBHOOK = "webhook"
"""The channel of volunteers whose own program is told."""


@dataclass(frozen=True)
class Tokens:
    """How links are made: an offer's token, a volunteer's home link of one generation, and how either is typed."""

    offer: Callable[[str], str]
    home: Callable[[str, int], str]
    to_type: Callable[[str], str]


class Composer:
    """Writes messages. Links carry their token in the fragment, which no server on the way gets to see."""

    def __init__(self, templates: Templates, public_url: str, tokens: Tokens) -> None:
        """Point to the pages at `public_url` by `tokens`."""
        self._templates = templates
        self._url = public_url.rstrip("/")
        self._tokens = tokens

    def compose(self, claim: Claim, address: Mapping[str, Any]) -> Message:
        """Return the message of `claim` for the opened notify object `address`.

        It says nothing about anybody: only the recipient's own two words, a time, and where to read on; to the
        coordinator a ref.
        """
        values: dict[str, Any] = {"two_words": address.get("two_words"), "home": f"{self._url}/", **self._link(claim)}
        if claim.until is not None:
            values["until"] = claim.until.astimezone(_zone(address["time_zone"]))
        if claim.shown is not None:
            values |= {"ref": claim.shown, "desk": f"{self._url}/coordinator"}
        rendered = self._templates.render(claim.notice, address["language"], values)
        call = self._call(claim, values) if address["channel"] == WEBHOOK else None
        return Message(claim.ref, address["value"], rendered.subject, rendered.text, rendered.html, call)

    def _link(self, claim: Claim) -> dict[str, str]:
        if claim.offer is not None:
            page, token = f"{self._url}/offer", self._tokens.offer(claim.offer)
        elif claim.generation is not None and claim.recipient is not None:
            page, token = f"{self._url}/volunteer", self._tokens.home(claim.recipient.ref, claim.generation)
        else:
            return {}
        return {"link": f"{page}#{token}", "code": self._tokens.to_type(token), "page": page}

    def _call(self, claim: Claim, values: Mapping[str, Any]) -> Call | None:
        if claim.recipient is None:
            return None
        return Call(claim.recipient.ref, claim.notice.value, claim.until, values.get("link"), values["two_words"])


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        # A zone that intake knew and this machine does not: a time in UTC is still true, and says that it is UTC.
        return UTC
