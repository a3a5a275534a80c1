"""Who may ask: everybody who knows the programme code, if there is one, and only while requests are taken."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.refusals import Closed, Invalid

CODE = "programme_code"


@dataclass(frozen=True)
class Programme:
    """Whether requests are taken; if not, `until` says from when on they are again, None that nobody knows yet."""

    open: bool
    until: datetime | None


ALWAYS_OPEN = Programme(open=True, until=None)


def as_of(stored: Programme, now: datetime) -> Programme:
    """Return how it stands at `now`: a time without requests ends by itself."""
    over = stored.until is not None and stored.until <= now
    return ALWAYS_OPEN if stored.open or over else stored


def check_open(programme: Programme) -> None:
    """Raise Closed unless requests are taken."""
    if not programme.open:
        raise Closed(programme.until)


def check_code(expected: str, given: str | None) -> None:
    """Raise Invalid unless `given` is the programme code; the time taken does not tell how near it was.

    Where no code is expected, whatever is given is as good as nothing.
    """
    if not expected:
        return
    if given is None:
        raise Invalid(CODE, "programme_code_missing")
    if not hmac.compare_digest(_bytes(given), _bytes(expected)):
        raise Invalid(CODE, "programme_code_wrong")


def _bytes(code: str) -> bytes:
    # A phone writes the first letter large by itself.
    return code.strip().casefold().encode("utf-8", "surrogatepass")
