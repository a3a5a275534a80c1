"""The default figures as frozen dataclasses, and how they are read from figures.yaml."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from shared.vocabulary.reading import Entry, VocabularyError

COMPONENTS = ("experience", "values_and_conversation", "stage", "care_area", "profession", "availability")
"""The components of a score, in the order in which they are added up."""


@dataclass(frozen=True)
class ScoreFigures:
    """Weights (sum 1) and what is taken off; every figure but the hours and counts lies in [0, 1]."""

    weights: Mapping[str, float]
    most_important_counts: float
    enough_shared: timedelta
    spare_load: float
    spare_rarity: float
    rare_below: int
    floor: float


@dataclass(frozen=True)
class AgeingFigures:
    """A waiting request gains from 0 at `starts` to `at_most` at `ends`."""

    starts: timedelta
    ends: timedelta
    at_most: float


@dataclass(frozen=True)
class OfferFigures:
    """Waves are open offers at a time; `nudge_at` is a share of the window."""

    waves: tuple[int, ...]
    open_per_volunteer: int
    nudge_at: float
    grace: timedelta
    cool_down_ignored: timedelta
    cool_down_declined: timedelta
    retry_first: timedelta
    retry_at_most: timedelta


@dataclass(frozen=True)
class VolunteerFigures:
    """What holds for a volunteer who says nothing else; waking hours are local times."""

    active: int
    new_per_month: int
    waking_hours: tuple[time, time]


@dataclass(frozen=True)
class MatchFigures:
    """How long a match may stay without the person's yes, first contact or sign of life, and when it ends by itself."""

    person_yes: timedelta
    first_contact: timedelta
    sign_of_life: timedelta
    ends_after: timedelta
    check_in: tuple[timedelta, ...]


@dataclass(frozen=True)
class ConversationFigures:
    """How much may be written in the conversation of a match."""

    messages_per_match: int
    characters: int


@dataclass(frozen=True)
class RetentionFigures:
    """How long things are kept; the last two are head counts."""

    contact_and_words_after_introduction: timedelta
    request_after_close: timedelta
    untouched_request: timedelta
    told_before: timedelta
    erased_row: timedelta
    refused_application: timedelta
    unanswered_application: timedelta
    untrained_volunteer: timedelta
    report_after_close: timedelta
    open_report: timedelta
    outbox: timedelta
    inbox: timedelta
    reports_small_cell: int
    offer_card_k: int


@dataclass(frozen=True)
class Figures:
    """All default figures."""

    score: ScoreFigures
    ageing: AgeingFigures
    p90_accepted_within: timedelta
    never_silent_past: timedelta
    offers: OfferFigures
    volunteer: VolunteerFigures
    match: MatchFigures
    conversation: ConversationFigures
    retention: RetentionFigures


def read_figures(entry: Entry) -> Figures:
    """Build the figures from figures.yaml; raises VocabularyError naming the entry."""
    objective = entry.at("objective")
    conversation = entry.at("conversation")
    return Figures(
        score=_score(entry.at("score")),
        ageing=_ageing(entry.at("ageing")),
        p90_accepted_within=objective.span("p90_accepted_within_h"),
        never_silent_past=objective.span("never_silent_past_h"),
        offers=_offers(entry.at("offers")),
        volunteer=_volunteer(entry.at("volunteer")),
        match=_match(entry.at("match")),
        conversation=ConversationFigures(conversation.count("messages_per_match"), conversation.count("characters")),
        retention=_retention(entry.at("retention")),
    )


def _score(entry: Entry) -> ScoreFigures:
    weights = entry.at("weights")
    weights.only(COMPONENTS)
    read = {name: weights.share(name) for name in COMPONENTS}
    if not math.isclose(sum(read.values()), 1.0):
        raise VocabularyError(f"{weights.where}: the weights sum to {sum(read.values()):g}, not to 1")
    return ScoreFigures(
        weights=read,
        most_important_counts=entry.count("most_important_counts"),
        enough_shared=entry.span("enough_shared_h"),
        spare_load=entry.share("spare_load"),
        spare_rarity=entry.share("spare_rarity"),
        rare_below=entry.count("rare_below"),
        floor=entry.share("floor"),
    )


def _ageing(entry: Entry) -> AgeingFigures:
    starts, ends = entry.span("from_h"), entry.span("until_h")
    if starts >= ends:
        raise VocabularyError(f"{entry.where}: from_h is not before until_h")
    return AgeingFigures(starts, ends, entry.share("at_most"))


def _offers(entry: Entry) -> OfferFigures:
    return OfferFigures(
        waves=tuple(item.number_at_least(1) for item in entry.items("waves")),
        open_per_volunteer=entry.count("open_per_volunteer"),
        nudge_at=entry.share("nudge_at"),
        grace=entry.span("grace_min"),
        cool_down_ignored=entry.span("cool_down_ignored_h"),
        cool_down_declined=entry.span("cool_down_declined_h"),
        retry_first=entry.span("retry_first_min"),
        retry_at_most=entry.span("retry_at_most_min"),
    )


def _volunteer(entry: Entry) -> VolunteerFigures:
    hours = [item.clock_time() for item in entry.items("waking_hours")]
    if len(hours) != 2:
        raise VocabularyError(f"{entry.where}.waking_hours: two times are needed")
    return VolunteerFigures(entry.count("active"), entry.count("new_per_month"), (hours[0], hours[1]))


def _match(entry: Entry) -> MatchFigures:
    return MatchFigures(
        person_yes=entry.span("person_yes_h"),
        first_contact=entry.span("first_contact_h"),
        sign_of_life=entry.span("sign_of_life_d"),
        ends_after=entry.span("ends_after_d"),
        check_in=tuple(timedelta(days=item.number_at_least(1)) for item in entry.items("check_in_d")),
    )


def _retention(entry: Entry) -> RetentionFigures:
    return RetentionFigures(
        contact_and_words_after_introduction=entry.span("contact_and_words_after_introduction_d"),
        request_after_close=entry.span("request_after_close_d"),
        untouched_request=entry.span("untouched_request_d"),
        told_before=entry.span("told_before_d"),
        erased_row=entry.span("erased_row_d"),
        refused_application=entry.span("refused_application_d"),
        unanswered_application=entry.span("unanswered_application_d"),
        untrained_volunteer=entry.span("untrained_volunteer_d"),
        report_after_close=entry.span("report_after_close_d"),
        open_report=entry.span("open_report_d"),
        outbox=entry.span("outbox_d"),
        inbox=entry.span("inbox_d"),
        reports_small_cell=entry.count("reports_small_cell"),
        offer_card_k=entry.count("offer_card_k"),
    )
