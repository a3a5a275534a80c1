"""Signs of life in a match: words opened, a text, "we have spoken"; before the introduction, a person who writes."""

from dataclasses import replace

from sqlalchemy import Connection

from services.intake.domain.requests import RequestState
from services.intake.handlers import keeping
from services.intake.handlers.announcing import publish_request
from services.intake.handlers.tools import Tools
from services.intake.storage.requests import RequestRow
from shared.clock import to_hour


def note_sign(tx: Connection, tools: Tools, request: RequestRow, by: str) -> None:
    """Announce a sign of life in a match, at most one an hour and side. The request's row is locked.

    The match ends by itself only so long after the last one, so the request is kept anew, its words are not. Before
    the introduction only the person's writing counts: it is their answer that is waited for.
    """
    hour = to_hour(tools.clock.now())
    if (request.sign_at, request.sign_by) == (hour, by):
        return
    if request.state is RequestState.INTRODUCED:
        keeping.keep_talking(tx, request)
    elif request.state is RequestState.MATCHED and by == "person":
        keeping.keep_untouched(tx, request)
    else:
        return
    publish_request(tx, replace(request, sign_at=hour, sign_by=by, ends_at=None), name="sign_of_life")
