"""What every page carries so that nothing stays in the browser, nothing comes from elsewhere, and sizes say little."""

from flask import Response

PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'none'; form-action 'self'; frame-ancestors "
        "'none'; frame-src 'none'; media-src 'none'; object-src 'none'; worker-src 'none'"
    ),
}
"""Beside the headers that every answer of intake carries."""

SIZES = tuple(kibibytes * 1024 for kibibytes in (32, 64, 128, 256, 512))
"""Bytes. A page is filled up to the next of these, so that its length does not tell a proxy which page it was (T1);
only a long conversation, and a list of some thousand places, go beyond the third. This holds as long as nothing in
front of us compresses."""

COMMENT = b"<!--", b"-->\n"
FILLING = {"text/html": COMMENT, "application/json": (b"", b"\n")}
"""Type of an answer -> what stands before and after the blanks that fill it up."""


def protect(response: Response) -> Response:
    """Set the headers, and fill a page up to one of the sizes. A second call changes nothing."""
    response.headers.update(PAGE_HEADERS)
    # A file of ours would else be dated, and so be kept and asked for again by its date.
    for name in ("ETag", "Last-Modified", "Expires"):
        response.headers.pop(name, None)
    if response.mimetype in FILLING:
        response.set_data(padded(response.get_data(), FILLING[response.mimetype]))
    return response


def padded(page: bytes, around: tuple[bytes, bytes] = COMMENT) -> bytes:
    """Return `page` with blanks at its end; one that is larger than all sizes is left as it is."""
    opening, closing = around
    room = len(page) + len(opening) + len(closing)
    size = next((size for size in SIZES if room <= size), None)
    if size is None or len(page) in SIZES:
        return page
    return page + opening + b" " * (size - room) + closing
