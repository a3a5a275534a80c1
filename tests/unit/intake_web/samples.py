"""OfferStatus data in every state, and a renderer for it: what the tests draw pages from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from services.intake.domain.next_step import next_step
from services.intake.domain.offers import OfferStatus
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.offers import OfferView
from services.intake.handlers.reading import Conversation, Held, MatchView, RequestView, Text
from services.intake.handlers.volunteers import VolunteerView
from services.intake.settings import PageSettings, Trust
from services.intake.storage.access import Access, Opened, Opener, Reason
from services.intake.web.conversation import Draft
from services.intake.web.rendering import Renderer
from shared.vocabulary import vocabulary
from tests.support.people import EVENING, a_full_application, a_full_request, lived

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(days=45)
PARTS = ("profile", "card", "private", "notify")
EXIT = "https://weather.example/"
KEY = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
HOME_LINK = "0" * 26 + "." + "0" * 4 + "." + "1" * 22
TOKEN = "0" * 26 + "." + "1" * 22
CARD = {
    "profession_family": "Nursing or midwifery",
    "care_area_group": "Acute care",
    "stage_band": "In independent practice",
    "themes": ["Exhausted, nothing left"],
    "ready_for": True,
    "languages": ["en", "sw"],
    "modalities": ["Phone"],
    "times": [{"day": "mon", "from": "18:00", "to": "21:00"}],
}
PERSON = a_full_request(
    languages=["sw", "en", "cy"],
    affiliations=[],
    values=["faith_matters"],
    modalities=["phone", "walk"],
    availability=[
        {"day": "mon", "from": "06:30", "to": "08:00"},
        EVENING,
        {"day": "sun", "from": "10:00", "to": "12:00"},
    ],
    waive=["student_rule"],
    avoid={
        "affiliations": ["St Elsewhere", {"organisation": "General", "town": "Port Charles"}],
        "people": ["A Craig"],
    },
    programme_code="spring",
    contact={"channel": "signal", "value": "+44 20 7946 0958"},
    words="It was a long night.\n\nI keep thinking of it.",
)
VOLUNTEERED = a_full_application(
    **{
        name: PERSON[name]
        for name in ("stage", "languages", "values", "avoid", "modalities", "availability", "contact")
    },
    name="Auschlander",
    affiliations=["St Eligius", {"organisation": "Boston General", "unit": "Ward 5", "town": "Boston"}],
    evaluative_roles=[
        {"role": "examiner", "body": "Tarnside College"},
        {"role": "line_manager", "body": {"organisation": "St Eligius", "unit": "Surgery"}},
    ],
    themes=[*lived("burnout"), *lived("bereavement", years_ago=1.5)],
    waking_hours=["07:00", "22:30"],
    gender="man",
    capacity={"active": 2, "new_per_month": 3},
    shows=["name", "contact"],
    proof="Register 12345",
)
TALK = Conversation(
    [
        Text("a" * 26, "person", "Good evening.\n\nTuesday?", NOW),
        Text("b" * 26, "volunteer", "Yes, at seven.", NOW),
        Text("c" * 26, "volunteer", "", NOW, proposes=NOW + timedelta(days=2, hours=7)),
    ],
    check_ins=0,
    sign_asks=0,
)
ASKED = Conversation(TALK.texts[:2], check_ins=1, sign_asks=1)
NO_TALK = Conversation([], check_ins=0, sign_asks=0)
REFUSED_TEXT = Draft("Good evening.", "Please shorten it.")
LINES = vocabulary().crisis_lines
LONG_TALK = replace(NO_TALK, texts=[Text("a" * 26, "person", "Good evening.", NOW)] * 45)
FULL_TALK = replace(LONG_TALK, texts=LONG_TALK.texts + LONG_TALK.texts[:5])
REFUSED_TIME = Draft("Good evening.", "Propose a time ahead.", "2026-11-20T18:30", "proposes")


@cache
def renderer(trust: Trust | None = None, country: str = "GB", phone: str = "") -> Renderer:
    """Return a renderer with an operator who has filled in nothing, unless `trust` says more."""
    settings = PageSettings(
        public_url="https://peers.example",
        country=country,
        exit_url=EXIT,
        coordinator_phone=phone,
        trust=trust or Trust("", "", "", ""),
        crisis_lines=LINES,
    )
    return Renderer(settings)


def request_view(state: RequestState) -> RequestView:
    """Return a request in `state`, with everything that a view can hold in it."""
    met = state in {RequestState.MATCHED, RequestState.INTRODUCED, RequestState.ENDED}
    shows = {
        "affiliations": ["St Eligius"],
        "evaluative_roles": [{"role": "Examiner", "body": "Tarnside College"}],
        "name": "Auschlander",
        "values": ["Faith matters"],
        "contact": {"channel": "phone", "value": "01632 960 001"},
    }
    searching = state in {RequestState.WAITING, RequestState.OFFERING, RequestState.STALLED}
    return RequestView(
        state=state,
        next_step=next_step(state, why="nobody_free", next_try_at=NOW, late="alarm", answer_by=NOW),
        match=MatchView("m" * 26, NOW, True, state is RequestState.INTRODUCED, ["related_area", "values"], shows, ASKED)
        if met
        else None,
        wishes=PERSON if searching else None,
        may_ask_again=met,
        words_kept=True,
        held=[Held(part, UNTIL, "introduction" if part == "private" else "at_once") for part in PARTS],
        accesses=[
            Access(Opener.VOLUNTEER, Opened.WORDS_AND_CONTACT, Reason.INTRODUCED, NOW),
            Access(Opener.COORDINATOR, Opened.REPORT, Reason.SAFETY, NOW),
            Access(Opener.OPERATOR, Opened.ROW, Reason.DISCLOSED, NOW),
            Access(Opener.OPERATOR, "something old", "it was", NOW),
        ]
        if met
        else [],
        asked_at=NOW,
        time_zone="Europe/London",
    )


def offer_view(view: OfferStatus) -> OfferView:
    """Return an offer of which the volunteer is told `view`."""
    card = CARD if view in {OfferStatus.OPEN, OfferStatus.INTRODUCED} else None
    return OfferView(view, NOW, card, view is OfferStatus.INTRODUCED, False, ASKED, "Europe/Paris")


def volunteer_view(state: VolunteerState) -> VolunteerView:
    """Return a volunteer in `state`, whom our last message did not reach."""
    return VolunteerView(
        state=state,
        two_words="plain beacon",
        webhook_secret=None,
        to_vet=state is VolunteerState.ACTIVE,
        trained_until=date(2027, 6, 30),
        trained_for=["suicidality_survivor"],
        paused_until=NOW if state is VolunteerState.PAUSED else None,
        reachable=False,
        has_pin=False,
        form=VOLUNTEERED,
        accesses=[
            Access(Opener.COORDINATOR, Opened.NAME_AND_ADDRESS, Reason.LOOKED_AFTER, NOW),
            Access(Opener.COORDINATOR, Opened.APPLICATION, Reason.VETTING, NOW),
        ],
        offers=[],
    )
