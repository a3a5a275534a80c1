"""What the coordinator's page says: which rule leaves nobody, what could help, and how long somebody has waited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake.domain.flood import MANY_AT_ONCE
from services.intake.domain.volunteers import VolunteerState


@dataclass(frozen=True)
class Rule:
    """Why nobody can be asked, and the one thing that a coordinator could do about it."""

    why: str
    suggestion: str


UNNAMED = Rule("The search has not said why.", "If this stays so for an hour, ask whoever runs the machines to look.")
RULES = {
    "nobody_free": Rule(
        "Everybody who fits is busy, resting or without a valid training.",
        "Renew a training that has ended, or ask volunteers whether they can carry one more.",
    ),
    "same_person": Rule("The only one who fits is the person themselves.", "Invite more volunteers."),
    "affiliation_overlap": Rule(
        "Everybody left belongs to one of the person's own places.",
        "Invite volunteers from elsewhere. Only the person can waive this rule.",
    ),
    "evaluative_role": Rule(
        "Everybody left holds a role in which they judge others.", "Invite volunteers who hold no such role."
    ),
    "avoid_list": Rule(
        "Everybody left is somebody whom one of the two wants to avoid.", "Invite volunteers from elsewhere."
    ),
    "no_shared_language": Rule(
        "Nobody left shares a language with the person.", "Invite volunteers who speak other languages."
    ),
    "must_have": Rule(
        "Nobody left is what the person said it has to be.",
        "Wait, or invite more kinds of volunteers. Only the person can relax it; their page says so.",
    ),
    "restricted_theme": Rule(
        "Nobody left is trained for one of the harder themes.", "Train volunteers who say they are ready for them."
    ),
    "student_rule": Rule(
        "Everybody left is too far ahead of a student.", "Invite volunteers in their first years of practice."
    ),
    "no_shared_modality": Rule(
        "Nobody left can talk in the way the person would like to.",
        "Ask volunteers whether they could also talk in other ways, such as video or a walk.",
    ),
    "no_overlapping_time": Rule(
        "Nobody left has time when the person has.", "Ask volunteers for evenings and weekends they could give."
    ),
    "asked_before": Rule("Everybody who fits was asked already.", "Invite more volunteers."),
    "below_floor": Rule(
        "Nobody left has lived anything near enough.", "Invite volunteers with other experience, or from other areas."
    ),
    "asleep": Rule("Everybody who fits is asleep.", "Nothing to do: they are asked in the morning."),
    MANY_AT_ONCE: Rule(
        "It waits for its turn because very many asked at once.",
        "See whether somebody sends forms in bulk. If so, close the intake for a while.",
    ),
}
"""By the code that the search gives."""

STATES = {
    VolunteerState.APPLIED: "applied",
    VolunteerState.REFUSED: "not taken",
    VolunteerState.ACTIVE: "active",
    VolunteerState.PAUSED: "resting",
    VolunteerState.SUSPENDED: "on hold",
    VolunteerState.REMOVED: "left",
}

NOT_THEIRS = "This is not the coordinator's token. Perhaps a part of it is missing."
NO_DAY = "Please choose a day ahead."
GONE = "That is not here any more. This is how it stands now."
APPROVED = {VolunteerState.ACTIVE: "Approved. From now on they can be asked."}
RENEWED_ONLY = "The training is renewed. They rest, and can be asked again when they are back."
NOT_NOW = "That was no longer possible. This is how it stands now."


def rule(code: str | None) -> Rule:
    """Return what is said of a code; of one that is not known, the code itself."""
    if code is None:
        return UNNAMED
    return RULES.get(code) or Rule(f"The search says: {code.replace('_', ' ')}.", UNNAMED.suggestion)


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was, in words, by the full hour or day."""
    hours = max(now - moment, timedelta()) // timedelta(hours=1)
    if hours < 1:
        return "less than an hour ago"
    if hours < 48:
        return "an hour ago" if hours == 1 else f"{hours} hours ago"
    return f"{hours // 24} days ago"
