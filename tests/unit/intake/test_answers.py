"""Answers are made from what handlers return. What they hold is listed here, so that nothing new is told unnoticed."""

import pytest

from services.intake.api.answers import ANSWERS
from services.intake.api.openapi import document

HOLDS = {
    "AccessAnswer": "at opened_by what why",
    "ChangeAnswer": "before field now",
    "ConversationAnswer": "check_ins sign_asks texts_left",
    "HeldAnswer": "ends opened_by purpose until what",
    "IntakeAnswer": "open until",
    "KnownPlace": "level name slug town",
    "ListedOfferAnswer": "expires_at made_at status token",
    "ListedReportAnswer": "at by kind report request text volunteer",
    "ListedRequestAnswer": "asked_at late next_try_at request status why",
    "ListedVolunteerAnswer": "application applied_at changes paused_until reachable same_address status to_vet"
    " trained_until version volunteer",
    "MatchAnswer": "conversation introduced live match shows since why",
    "NextStepAnswer": "text when",
    "OfferAnswer": "card conversation expires_at forgotten may_reveal status",
    "RequestAnswer": "accesses asked_at held match next_step status wishes",
    "RevealedAnswer": "contact forgotten words",
    "SubmittedAnswer": "request_key status",
    "TextAnswer": "at by proposes ref text",
    "VolunteerAnswer": "accesses has_pin paused_until profile reachable status to_vet trained_for trained_until"
    " two_words webhook_secret",
}


def test_every_answer_that_is_made_from_a_view_is_listed() -> None:
    assert {schema.__name__ for schema in ANSWERS.values()} == set(HOLDS)


@pytest.mark.parametrize("answer", HOLDS)
def test_an_answer_holds_what_is_listed_and_no_more(answer: str) -> None:
    assert set(document()["components"]["schemas"][answer]["properties"]) == set(HOLDS[answer].split())
