"""The form with which a volunteer applies, and the one with which they change what they said."""

from services.intake.schemas.volunteer import SHOWS, Apply
from services.intake.texts import texts
from services.intake.web.forms import controls as c
from services.intake.web.forms import lists
from services.intake.web.forms.lists import WORDS, plain
from services.intake.web.forms.model import make_form
from services.intake.web.forms.person import COMMON, NOTICE_LANGUAGE, WHO

_CONTROLS = COMMON | {
    "name": c.Single(),
    "notify": c.Address(NOTICE_LANGUAGE, widget="address"),
    "affiliations": c.Places(),
    "evaluative_roles": c.Roles(plain(WORDS.evaluative_roles)),
    "themes": c.Rows("lived", {"slug": c.TEXT, "years_ago": c.NUMBER}, lists.themes(), named="themes"),
    "ready_for": c.Several(lists.themes(only_restricted=True)),
    "waking_hours": c.Hours(),
    "capacity": c.Parts("capacity", {"active": c.NUMBER, "new_per_month": c.NUMBER}),
    "shows": c.Several(plain({slug: texts().say(f"form.volunteer.shows.options.{slug}") for slug in SHOWS})),
    "gender": c.Single("select", plain(WORDS.genders)),
    "proof": c.Single("long"),
}

VOLUNTEER = make_form(
    Apply(),
    _CONTROLS,
    {
        "you": ("name", "notify", *WHO, "evaluative_roles", "languages", "time_zone"),
        "lived": ("themes", "ready_for"),
        "conversation": ("conversation", "modalities", "availability", "waking_hours", "capacity", "values"),
        "shown": ("shows", "gender", "contact", "avoid"),
        "vetting": ("proof",),
    },
    own_texts="form.volunteer",
)
"""Everything a volunteer may say, when applying and later."""
