"""The form with which a person asks, and the one with which they change their wishes."""

from services.intake.schemas.person import CONTACT_CHANNELS, Ask, Wishes
from services.intake.web.forms import controls as c
from services.intake.web.forms import lists
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import make_form

NOTICE_LANGUAGE = "en"
"""The language of notices that are asked for on these pages, which are in English themselves."""

COMMON: dict[str, c.Control] = {
    "profession": c.Single("select", lists.found_by_name("professions"), named="professions"),
    "care_area": c.Single("select", lists.care_areas(), named="care_areas"),
    "stage": c.Single("select", lists.found_by_name("stages"), named="stages"),
    "languages": c.Languages(plain({tag: lists.language(tag) for tag in lists.LANGUAGES})),
    "time_zone": c.Single("zone", lists.time_zones()),
    "conversation": c.Several(plain(WORDS.conversation)),
    "modalities": c.Several(plain(WORDS.modalities)),
    "availability": c.Week(),
    "values": c.Several(plain(WORDS.values)),
    "avoid": c.Avoid(),
    "contact": c.Contact(plain(WORDS.contact_channels, CONTACT_CHANNELS)),
}
"""What persons and volunteers are asked alike."""

_CONTROLS = COMMON | {
    "affiliations": c.Places(may_be_none=True),
    "themes": c.Several(lists.themes(), named="themes"),
    "most_important": c.Single("select", lists.themes()),
    "urgency": c.Single("radios", plain(WORDS.urgencies)),
    "care_area_wish": c.Single("radios", plain(WORDS.care_area_wishes)),
    "gender_wish": c.Single("select", plain(WORDS.genders)),
    "must_haves": c.Several(plain(WORDS.must_haves)),
    "waive": c.Several(plain(WORDS.waivers)),
    "notify": c.Address(NOTICE_LANGUAGE),
    "words": c.Single("long"),
    "at_once": c.Tick(),
    "programme_code": c.Single(),
}
WHO = ("profession", "care_area", "stage", "affiliations")
_THEMES = ("themes", "most_important")
_CONVERSATION = ("urgency", "conversation", "modalities", "availability", "values")
_PEER = ("care_area_wish", "gender_wish", "must_haves", "waive", "avoid")

ASK = make_form(
    Ask(),
    _CONTROLS,
    {
        "you": (*WHO, "languages", "time_zone"),
        "about": _THEMES,
        "conversation": _CONVERSATION,
        "peer": _PEER,
        "reaching": ("notify", "contact", "words", "at_once"),
        "programme": ("programme_code",),
    },
)
"""Everything a person may say when asking."""

WISHES = make_form(
    Wishes(partial=True),
    _CONTROLS,
    {"peer": _PEER, "conversation": (*_CONVERSATION, "languages"), "about": _THEMES, "introduction": ("at_once",)},
)
"""What a person may change while the search goes on. Every field is shown as it is, and all are sent."""
