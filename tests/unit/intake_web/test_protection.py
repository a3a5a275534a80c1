"""Headers, sizes and colours."""

import re
from importlib import resources

import pytest
from flask import Response

from services.intake.app import with_headers
from services.intake.domain.requests import RequestState
from services.intake.handlers.reading import Conversation, Text
from services.intake.web.conversation import NOTHING_REFUSED
from services.intake.web.protection import SIZES, padded, protect
from shared.vocabulary import vocabulary
from tests.unit.intake_web.drawn import pages
from tests.unit.intake_web.samples import KEY, NOW, renderer, request_view

CSS = (resources.files("services.intake.web") / "static" / "alongside.css").read_text()


def test_every_page_has_one_of_three_sizes() -> None:
    sizes = {len(padded(html.encode())) for html in pages().values()}

    assert sizes <= set(SIZES[:3])


def test_the_longest_conversation_is_filled_up_too() -> None:
    relay = vocabulary().defaults.conversation
    texts = [Text("a" * 26, "person", "ü" * relay.characters, NOW)] * relay.messages_per_match
    html = renderer().draw(
        "request.html",
        key=KEY,
        view=request_view(RequestState.INTRODUCED),
        notice="",
        conversation=Conversation(texts, check_ins=0, sign_asks=0),
        draft=NOTHING_REFUSED,
    )

    assert len(html.encode()) > SIZES[2]
    assert len(padded(html.encode())) in SIZES


@pytest.mark.parametrize("length", [0, 1, SIZES[0] - 8, SIZES[0] - 7, SIZES[0] - 1, SIZES[0] + 1, SIZES[-1] - 8])
def test_filling_up_never_cuts_and_happens_once(length: int) -> None:
    page = padded(b"x" * length)

    assert page.startswith(b"x" * length)
    assert len(page) in SIZES
    assert padded(page) == page


def test_nothing_stays_and_nothing_from_elsewhere_is_let_in() -> None:
    page = Response("<p>x</p>", headers={"ETag": "1", "Last-Modified": "x"}, content_type="text/html")
    response = with_headers(protect(page))

    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not {"ETag", "Last-Modified", "Set-Cookie"} & set(response.headers.keys())


def test_the_stylesheet_fetches_nothing() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS


def colours(block: str) -> dict[str, str]:
    """Return the custom properties of a block of CSS that are colours."""
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, after WCAG 2.2."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, after WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ink_stands_out_from_paper(scheme: str) -> None:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)", 1)
    found = colours(light) | (colours(dark) if scheme == "dark" else {})

    for ink in ("ink", "soft", "accent", "alarm"):
        for paper in ("paper", "raised"):
            assert contrast(found[ink], found[paper]) >= 4.5, (ink, paper)
    assert contrast(found["on-accent"], found["accent"]) >= 4.5
    assert contrast(found["alarm"], found["alarm-paper"]) >= 4.5
    for edge in ("edge", "focus"):
        for paper in ("paper", "raised"):
            assert contrast(found[edge], found[paper]) >= 3, (edge, paper)
