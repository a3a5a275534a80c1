"""The default figures of figures.yaml."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from marshmallow import ValidationError

from shared.vocabulary.reading import Count, Days, Hours, Minutes, Share

COMPONENTS = ("experience", "values_and_conversation", "stage", "care_area", "profession", "availability")
"""The components of a score, in the order in which they are added up."""


@dataclass(frozen=True)
class ScoreFigures:
    """Weights (sum 1) and what is taken off."""

    weights: Mapping[str, Share]
    most_important_counts: Count
    enough_shared: Hours
    spare_load: Share
    spare_rarity: Share
    rare_below: Count
    floor: Share

    def __post_init__(self) -> None:
        if set(self.weights) != set(COMPONENTS):
            raise ValidationError(f"Not those of {', '.join(COMPONENTS)}.", "weights")
        total = sum(self.weights.values())
        if not math.isclose(total, 1.0):
            raise ValidationError(f"They sum to {total:g}, not to 1.", "weights")


@dataclass(frozen=True)
class OfferFigures:
    """Waves are open offers at a time; `nudge_at` is a share of the window, `window_at_most` its end in any case."""

    waves: tuple[Count, ...]
    open_per_volunteer: Count
    nudge_at: Share
    window_at_most: Days
    grace: Minutes
    cool_down_ignored: Hours
    cool_down_declined: Hours
    retry_first: Minutes
    retry_at_most: Minutes


@dataclass(frozen=True)
class VolunteerFigures:
    """What holds for a volunteer who says nothing else; waking hours are local times."""

    active: Count
    new_per_month: Count
    waking_hours: tuple[time, time]


@dataclass(frozen=True)
class MatchFigures:
    """How long a match may stay without the person's yes, first contact or sign of life, and when it ends by itself."""

    person_yes: Hours
    first_contact: Hours
    sign_of_life: Days
    ends_after: Days
    check_in: tuple[Days, ...]


@dataclass(frozen=True)
class ConversationFigures:
    messages_per_match: Count
    characters: Count


@dataclass(frozen=True)
class RetentionFigures:
    contact_and_words_after_introduction: Days
    request_after_close: Days
    untouched_request: Days
    told_before: Days
    erased_row: Days
    refused_application: Days
    unanswered_application: Days
    untrained_volunteer: Days
    report_after_close: Days
    open_report: Days
    outbox: Days
    inbox: Days


@dataclass(frozen=True)
class Figures:
    score: ScoreFigures
    never_silent_past: Hours
    offers: OfferFigures
    volunteer: VolunteerFigures
    match: MatchFigures
    conversation: ConversationFigures
    retention: RetentionFigures
