"""Every page, drawn from plain view data: what the tests look at without a server or a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from services.intake.domain.next_step import NextStep
from services.intake.domain.offers import View
from services.intake.domain.requests import RequestState
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers.offers import ListedOffer, OfferView, Revealed
from services.intake.handlers.reading import Conversation, Held, MatchView, RequestView
from services.intake.handlers.relay import Text
from services.intake.handlers.volunteers import VolunteerView
from services.intake.settings import Trust
from services.intake.storage.access import Access, Opener
from services.intake.web import ask, volunteers
from services.intake.web.forms.model import Filled, Form
from services.intake.web.forms.person import ASK, WISHES
from services.intake.web.forms.refusals import errors_of
from services.intake.web.forms.volunteer import VOLUNTEER
from services.intake.web.own import WayBack
from services.intake.web.rendering import PageSettings, Renderer, crisis_lines
from services.intake.web.talk import NOTHING_REFUSED, Draft, Talk
from services.intake.web.wording import ERRORS, OFFERS, ONE_MOMENT, PAUSES, VOLUNTEERS, said_of_offer
from shared.vault.receipts import Receipt
from shared.vocabulary import vocabulary
from tests.unit.intake_web.coordinator_samples import coordinator_pages

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXIT = "https://weather.example/"
KEY = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
HOME_LINK = "0" * 26 + "." + "0" * 4 + "." + "1" * 22
TOKEN = "0" * 26 + "." + "1" * 22
CARD = {
    "profession_family": "Nursing or midwifery",
    "care_area_group": "Acute care",
    "stage_band": "In independent practice",
    "themes": ["Exhausted, nothing left", "something you said you are ready for"],
    "languages": ["en", "sw"],
    "modalities": ["Phone"],
    "times": ["Monday 18:00-21:00"],
}
PERSON: dict[str, Any] = {
    "profession": "nurse",
    "care_area": "critical_care",
    "stage": "early_career",
    "languages": ["sw", "en", "cy"],
    "time_zone": "Europe/London",
    "affiliations": [],
    "themes": ["burnout", "bereavement"],
    "most_important": "burnout",
    "values": ["faith_matters"],
    "conversation": ["just_listen"],
    "modalities": ["phone", "walk"],
    "availability": [
        {"day": "mon", "from": "06:30", "to": "08:00"},
        {"day": "mon", "from": "18:00", "to": "21:00"},
        {"day": "sun", "from": "10:00", "to": "12:00"},
    ],
    "urgency": "days",
    "care_area_wish": "same",
    "gender_wish": "woman",
    "must_haves": ["language"],
    "waive": ["student_rule"],
    "avoid": {"affiliations": ["St Elsewhere"], "people": ["Mark Craig"]},
    "at_once": True,
    "programme_code": "spring",
    "notify": {"channel": "email", "value": "person@example.org", "language": "en"},
    "contact": {"channel": "signal", "value": "+44 20 7946 0958"},
    "words": "It was a long night.\n\nI keep thinking of it.",
}
VOLUNTEERED: dict[str, Any] = {
    **{
        name: PERSON[name] for name in ("profession", "care_area", "stage", "languages", "time_zone", "values", "avoid")
    },
    **{name: PERSON[name] for name in ("conversation", "modalities", "availability", "contact")},
    "name": "Auschlander",
    "notify": {"channel": "email", "value": "volunteer@example.org", "language": "en"},
    "affiliations": ["St Eligius", "Boston General"],
    "evaluative_roles": [{"role": "examiner", "body": "A college"}, {"role": "line_manager", "body": "St Eligius"}],
    "themes": [{"slug": "burnout", "years_ago": 4}, {"slug": "bereavement", "years_ago": 1.5}],
    "ready_for": ["suicidality_survivor"],
    "waking_hours": ["07:00", "22:30"],
    "gender": "man",
    "capacity": {"active": 2, "new_per_month": 3},
    "shows": ["name", "contact"],
    "proof": "Register 12345",
}
TALK = Talk(
    [
        Text("a" * 26, "person", "Good evening.\n\nTuesday?", NOW),
        Text("b" * 26, "volunteer", "Yes, at seven.", NOW),
        Text("c" * 26, "volunteer", "", NOW, proposes=NOW + timedelta(days=2, hours=7)),
    ],
    NOTHING_REFUSED,
)
ASKED = Conversation(texts_left=48, check_ins=1, sign_asks=1)
REFUSED_TALK = Talk([], Draft("Good evening.", "Please shorten it."))
LINES = vocabulary().crisis_lines
LONG_TALK = Talk([Text("a" * 26, "person", "Good evening.", NOW)] * 45, NOTHING_REFUSED)
FULL_TALK = replace(LONG_TALK, texts=LONG_TALK.texts + LONG_TALK.texts[:5])
REFUSED_TIME = replace(LONG_TALK, draft=Draft("Good evening.", "Propose a time ahead.", "2026-11-20T18:30", "proposes"))


@cache
def renderer(trust: Trust | None = None, country: str = "GB", phone: str = "") -> Renderer:
    """Return a renderer with an operator who has filled in nothing, unless `trust` says more."""
    settings = PageSettings(
        trust or Trust("", "", "", ""),
        country,
        LINES,
        EXIT,
        public_url="https://peers.example",
        coordinator_phone=phone,
    )
    return Renderer(settings)


def request_view(state: RequestState) -> RequestView:
    """Return a request in `state`, with everything that a view can hold in it."""
    met = state in {RequestState.MATCHED, RequestState.INTRODUCED, RequestState.ENDED}
    shows = {
        "affiliations": ["St Eligius"],
        "evaluative_roles": [{"role": "Examiner", "body": "A college"}],
        "name": "Auschlander",
        "values": ["Faith matters"],
        "contact": {"channel": "phone", "value": "01632 960 001"},
    }
    searching = state in {RequestState.WAITING, RequestState.OFFERING, RequestState.STALLED}
    return RequestView(
        state=state,
        next_step=NextStep("This is the next step.", NOW if searching else None),
        match=MatchView("m" * 26, NOW, True, state is RequestState.INTRODUCED, "Because.", shows, ASKED)
        if met
        else None,
        wishes=PERSON if searching else None,
        may_ask_again=met,
        words_kept=True,
        held=[Held("Your words", "to introduce you", "your peer", NOW + timedelta(days=45), "At once on a close.")],
        accesses=[Access(opener, "your words", "you are introduced", NOW) for opener in Opener] if met else [],
        asked_at=NOW,
        time_zone="Europe/London",
    )


def offer_view(view: View) -> OfferView:
    """Return an offer of which the volunteer is told `view`."""
    card = CARD if view in {View.OPEN, View.INTRODUCED} else None
    return OfferView(view, NOW, card, view is View.INTRODUCED, False, ASKED, "Europe/Paris")


def volunteer_view(state: VolunteerState) -> VolunteerView:
    """Return a volunteer in `state`, whom our last message did not reach."""
    return VolunteerView(
        state=state,
        two_words="plain beacon",
        webhook_secret=None,
        trained_until=date(2027, 6, 30),
        trained_for=["suicidality_survivor"],
        paused_until=NOW if state is VolunteerState.PAUSED else None,
        reachable=False,
        has_pin=False,
        form=VOLUNTEERED,
        accesses=[Access(opener, "your application", "it waited to be vetted", NOW) for opener in Opener],
    )


def refused(form: Form) -> Filled:
    """Return a form of which every field was refused."""
    return Filled(
        form, {}, errors_of({each.name: ["Missing data for required field."] for each in form.fields()}, form)
    )


@cache
def pages() -> dict[str, str]:
    """Return every page of the site by a name for it."""
    site = renderer()
    drawn = {
        "start": site.draw("start.html", lines=crisis_lines(LINES, "GB", NOW.date())),
        "not safe": site.draw("not_safe.html", lines=crisis_lines(LINES, "", NOW.date())),
        "colleague": site.draw("colleague.html", lines=crisis_lines(LINES, "GB", NOW.date())),
        "colleague anywhere": site.draw("colleague.html", lines=crisis_lines(LINES, "", NOW.date())),
        "asked": site.draw("asked.html", key=KEY),
        "request key": site.draw("request_key.html", error=""),
        "request key refused": site.draw("request_key.html", error="A key has 28 characters; this has 3."),
        "erase": site.draw("erase.html", key=KEY),
        "erased": site.draw("erased.html", receipt="abc"),
        "receipt": site.draw("receipt.html", error="", text=""),
        "receipt refused": site.draw("receipt.html", error="This is no receipt.", text="abc"),
        "volunteer key": site.draw("volunteer_key.html", error=""),
        "applied": site.draw("applied.html", key=KEY),
        "pin": site.draw("pin.html", key=HOME_LINK, error=""),
        "pin refused": site.draw("pin.html", key=HOME_LINK, error="This is not your PIN."),
        "leave": site.draw("leave.html", key=KEY, pin=None),
        "left": site.draw("left.html", receipt="abc"),
        "code": site.draw("code.html", error=""),
        "code refused": site.draw("code.html", error="No link of ours."),
        "one moment": site.draw("moment.html", said=ONE_MOMENT, token=TOKEN),
    }
    drawn |= {
        f"receipt checked, {destroyed}": site.draw(
            "receipt_checked.html", receipt=Receipt((), NOW), destroyed=destroyed
        )
        for destroyed in (True, False)
    }
    drawn |= {
        f"error {status}": site.draw("message.html", said=said, onward=("/", "On")) for status, said in ERRORS.items()
    }
    drawn |= _forms(site) | _states(site) | _offers(site) | _refused_texts(site)
    return drawn | _other_talks(site) | coordinator_pages(site)


def _forms(site: Renderer) -> dict[str, str]:
    common = {"form_key": "k" * 32, "trust": site.settings.trust}
    asking = {
        "empty": (Filled(ASK, ask.UNTOUCHED, {}, ask.UNTOUCHED), None),
        "refused": (refused(ASK), None),
        "previewed": (Filled(ASK, ASK.write(PERSON), {}, ask.UNTOUCHED), CARD),
    }
    drawn = {
        f"ask {name}": site.draw("ask.html", filled=filled, card=card, away=False, **common)
        for name, (filled, card) in asking.items()
    }
    for name, template, form, values in (
        ("apply", "apply.html", VOLUNTEER, {}),
        ("edit", "edit.html", VOLUNTEER, VOLUNTEERED),
        ("wishes", "wishes.html", WISHES, PERSON),
    ):
        filled = Filled(form, form.write(values), {}, volunteers.UNTOUCHED)
        drawn[name] = site.draw(template, key=KEY, pin=None, filled=filled)
        drawn[f"{name} refused"] = site.draw(template, key=KEY, pin=None, filled=refused(form))
    return drawn


def _states(site: Renderer) -> dict[str, str]:
    listed = [(ListedOffer(TOKEN, view, NOW, NOW), OFFERS[view]) for view in View]
    requests = {
        f"request {state}": site.draw(
            "request.html",
            key=KEY,
            view=request_view(state),
            title="How it stands",
            notice="Something was done.",
            talk=TALK if state in {RequestState.MATCHED, RequestState.INTRODUCED} else None,
        )
        for state in RequestState
    }
    homes = {
        f"volunteer {state}": site.draw(
            "volunteer.html",
            key=KEY,
            pin=None,
            view=volunteer_view(state),
            said=VOLUNTEERS[state],
            offers=listed,
            pauses=PAUSES,
            today=NOW.date(),
            notice="",
        )
        for state in VolunteerState
    }
    return requests | homes


def _offers(site: Renderer) -> dict[str, str]:
    return {
        f"offer {view}{', revealed' if revealed else ''}": site.draw(
            "offer.html",
            token=TOKEN,
            offer=offer_view(view),
            said=OFFERS[view],
            notice="",
            revealed=revealed,
            pauses=PAUSES,
            talk=TALK if view in {View.MATCHED, View.INTRODUCED} else None,
            lines=crisis_lines(LINES, "GB", NOW.date()),
        )
        for view in View
        for revealed in (None, Revealed("Words.", {"channel": "signal", "value": "+44"}))
    }


def _refused_texts(site: Renderer) -> dict[str, str]:
    lines = crisis_lines(LINES, "GB", NOW.date())
    back = WayBack("/offer", "token", "look", TOKEN)
    return {
        "report": site.draw("report.html", back=back, text="", error="", longest=2000, lines=lines),
        "report refused": site.draw("report.html", back=back, text="abc", error="Shorter.", longest=2000, lines=lines),
        "reported": site.draw("reported.html", back=back, lines=lines),
        "request with a text refused": site.draw(
            "request.html",
            key=KEY,
            view=request_view(RequestState.MATCHED),
            title="How it stands",
            notice="",
            talk=REFUSED_TALK,
        ),
        "offer with a text refused": site.draw(
            "offer.html",
            token=TOKEN,
            offer=offer_view(View.INTRODUCED),
            said=OFFERS[View.INTRODUCED],
            notice="",
            revealed=None,
            pauses=PAUSES,
            talk=REFUSED_TALK,
            lines=lines,
        ),
    }


def _other_talks(site: Renderer) -> dict[str, str]:
    view, offer = request_view(RequestState.INTRODUCED), offer_view(View.INTRODUCED)
    drawn = {
        f"request with {name}": site.draw(
            "request.html", key=KEY, view=view, title="How it stands", notice="", talk=talk
        )
        for name, talk in (("few texts left", LONG_TALK), ("no text left", FULL_TALK), ("a time refused", REFUSED_TIME))
    }
    gone = replace(offer, may_reveal=False, forgotten=True)
    drawn["offer with words forgotten"] = site.draw(
        "offer.html",
        token=TOKEN,
        offer=gone,
        said=said_of_offer(gone.view, forgotten=True),
        notice="",
        revealed=Revealed(None, None, forgotten=True),
        pauses=PAUSES,
        talk=TALK,
        lines=crisis_lines(LINES, "GB", NOW.date()),
    )
    return drawn
