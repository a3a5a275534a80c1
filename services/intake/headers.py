"""The headers that every answer carries: nothing stays, nothing is embedded, nothing is told to others."""

from flask import Response

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""What is no page needs nothing from anywhere; a page has a Content-Security-Policy of its own."""


def with_headers(response: Response) -> Response:
    """Return `response` with every header that it has not set itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
