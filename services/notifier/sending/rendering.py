"""From a claimed delivery and an opened address to the notice in words, as a text, as HTML and as a call."""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from services.notifier.domain.notices import Notice, Reader
from services.notifier.gateway.port import Call, RenderedNotice
from services.notifier.sending.claims import Claim
from shared.vault.tokens import to_type

SERVICE_FOLDER = Path(__file__).parents[1]
TEXTS = SERVICE_FOLDER / "texts"
FALLBACK = "en"

EMAIL, WEBHOOK = "email", "webhook"
"""The channels. A webhook calls a volunteer's own program."""

EMPHASISED = ("until", "two_words")


class Renderer:
    """Renders notices that point to the pages at `public_url`.

    Links carry their token in the fragment, which no server on the way sees: `offer_token` makes that of an offer,
    `home_link` that of a volunteer and a generation. `texts` holds a file for each language, named by its tag in lower
    case.
    """

    def __init__(
        self,
        public_url: str,
        offer_token: Callable[[str], str],
        home_link: Callable[[str, int], str],
        texts: Path = TEXTS,
    ) -> None:
        self._url = public_url.rstrip("/")
        self._offer_token = offer_token
        self._home_link = home_link
        self._texts = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in texts.glob("*.yaml")}
        self._templates = Environment(
            loader=FileSystemLoader(SERVICE_FOLDER / "templates"),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
        )

    def render(self, claim: Claim, address: Mapping[str, Any]) -> RenderedNotice:
        """Return the notice of `claim` for the opened `address`, in its language or else in English.

        It says nothing about anybody: only the recipient's own two words, a time, and where to read on; to the
        coordinator a ref. Raises KeyError or jinja2.UndefinedError if a text uses something that `claim` lacks.
        """
        language = self._nearest(address["language"])
        texts = self._texts[language]
        values = {"two_words": address.get("two_words"), "home": f"{self._url}/", **self._link(claim)}
        if claim.until is not None:
            until = claim.until.astimezone(_zone(address["time_zone"]))
            values["until"] = texts["parts"]["until"].format(until=until)
        if claim.shown is not None:
            values |= {"ref": claim.shown, "count": claim.count, "coordinator_page": f"{self._url}/coordinator"}
        call = None
        if address["channel"] == WEBHOOK and claim.recipient is not None:
            link, two_words = values.get("link"), values["two_words"]
            call = Call(claim.recipient.ref, claim.notice.value, claim.until, link, two_words)
        text, html = (self._body(form, claim.notice, language, values) for form in ("body.txt", "body.html"))
        subject = texts["parts"]["subject"].format(
            subject=texts["notices"][claim.notice.value]["subject"],
            made=claim.made_at.astimezone(_zone(address["time_zone"])),
            number=_number(claim.ref),
        )
        return RenderedNotice(claim.ref, address["value"], subject, text, html, call)

    def _body(self, form: str, notice: Notice, language: str, values: Mapping[str, Any]) -> str:
        texts = self._texts[language]
        markup = form.endswith(".html")
        shown = {name: _emphasised(value) if markup and name in EMPHASISED else value for name, value in values.items()}

        # The approval says itself what the two words are for.
        opens_with_words = notice.reader is Reader.VOLUNTEER and notice is not Notice.APPROVED

        def say(text: str) -> str:
            return (escape(text) if markup else text).format(**shown)

        def paragraphs(text: str) -> list[str]:
            lines = text.splitlines()
            return [say(line) for line in lines if values["two_words"] or "{two_words}" not in line]

        body = self._templates.get_template(form).render(
            values,
            language=language,
            parts=texts["parts"],
            notice=texts["notices"][notice.value],
            opens_with_words=values["two_words"] and opens_with_words,
            way=notice.way.name,
            say=say,
            paragraphs=paragraphs,
        )
        return body.strip() + "\n"

    def _link(self, claim: Claim) -> dict[str, Any]:
        if claim.offer is not None:
            page, token = f"{self._url}/offer", self._offer_token(claim.offer)
        elif claim.generation is not None and claim.recipient is not None:
            page, token = f"{self._url}/volunteer", self._home_link(claim.recipient.ref, claim.generation)
        else:
            return {}
        return {"link": f"{page}#{token}", "code": to_type(token), "page": page}

    def _nearest(self, language: str) -> str:
        """Return `language` (BCP 47) if there are texts in it, the language without its region, or the fallback."""
        tag = language.lower()
        return next((name for name in (tag, tag.partition("-")[0]) if name in self._texts), FALLBACK)


def _number(ref: str) -> int:
    """Return four figures that tell a notice from the last one, so that mail programs do not fold them into one."""
    return 1_000 + int(sha256(ref.encode()).hexdigest(), 16) % 9_000


def _emphasised(value: str | None) -> str | None:
    return None if value is None else Markup("<strong>{}</strong>").format(value)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        # A zone that intake knew and this machine does not: a time in UTC is still true, and says that it is UTC.
        return UTC
