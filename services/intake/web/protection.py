"""What every page carries so that nothing stays in the browser, nothing comes from elsewhere, and sizes say little."""

from flask import Response

PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; connect-src 'none'; font-src 'none'; form-action 'self'; frame-ancestors "
        "'none'; frame-src 'none'; media-src 'none'; object-src 'none'; worker-src 'none'"
    ),
}
"""Beside the headers that every answer of intake carries."""

SIZES = tuple(kibibytes * 1024 for kibibytes in (32, 64, 128, 256, 512))
"""Bytes. A page is filled up to the next of these, so that its length does not tell a proxy which page it was (T1);
only a long conversation goes beyond the third. This holds as long as nothing in front of us compresses."""

_OPENING, _CLOSING = b"<!--", b"-->\n"


def protect(response: Response) -> Response:
    """Set the headers, and fill a page up to one of the sizes. A second call changes nothing."""
    response.headers.update(PAGE_HEADERS)
    # A file of ours would else be dated, and so be kept and asked for again by its date.
    for name in ("ETag", "Last-Modified", "Expires"):
        response.headers.pop(name, None)
    if response.mimetype == "text/html":
        response.set_data(padded(response.get_data()))
    return response


def padded(page: bytes) -> bytes:
    """Return `page` with a comment of blanks at its end; one that is larger than all sizes is left as it is."""
    room = len(page) + len(_OPENING) + len(_CLOSING)
    size = next((size for size in SIZES if room <= size), None)
    if size is None or len(page) in SIZES:
        return page
    return page + _OPENING + b" " * (size - room) + _CLOSING
