"""The JSON API, one operation after the other: its key, body and answers, and the handler that does it."""

from typing import Any

from flask import request

from services.intake.api import answers
from services.intake.api.operations import Key, Operation, Sent, json_body
from services.intake.domain.offers import OfferStatus
from services.intake.domain.volunteers import VolunteerState
from services.intake.handlers import (
    conversation,
    coordinator,
    erasing,
    home_links,
    offers,
    reading,
    reports,
    requests,
    submitting,
    vetting,
    volunteers,
)
from services.intake.handlers.context import Intake
from services.intake.handlers.conversation import PERSON, VOLUNTEER
from services.intake.handlers.repeats import IDEMPOTENCY_KEY, IDEMPOTENCY_PATTERN
from services.intake.schemas import person, volunteer
from services.intake.schemas.conversation import Write
from shared.vocabulary import vocabulary

ERASED = {410: "The request was erased."}
NOT_NOW = {409: "It does not fit the state of the request, which `state` names.", **ERASED}
NOT_LIVE = {409: "There is no live match; `state` names where it stands."}
WRONG_PINS = {429: "Too many wrong PINs; Retry-After says when the next one counts. The volunteer key opens as ever."}
LEFT = {410: "The volunteer has left.", **WRONG_PINS}
OTHER_ANSWER = {409: "The other answer was given before; `state` names it."}
ONE_MOMENT = {202: answers.OutcomeAnswer()}
"""The judgement is not here yet (`noted`), or the offer itself is not (`unknown`: ask again after Retry-After)."""

IDEMPOTENCY_HEADER = {
    "in": "header",
    "name": IDEMPOTENCY_KEY,
    "required": False,
    "schema": {"type": "string", "pattern": IDEMPOTENCY_PATTERN},
    "description": "Random. Sent again with the same body it gets the same answer, and is not taken a second time.",
}
BY_PERSON: dict[str, Any] = {"keys": (Key.REQUEST,), "problems": NOT_NOW}
IN_A_MATCH: dict[str, Any] = {"keys": (Key.REQUEST,), "problems": {**NOT_LIVE, **ERASED}}
AT_HOME: dict[str, Any] = {"keys": (Key.VOLUNTEER,), "problems": LEFT}
ON_AN_OFFER: dict[str, Any] = {"keys": (Key.OFFER,), "also": ONE_MOMENT}
BY_COORDINATOR: dict[str, Any] = {"keys": (Key.COORDINATOR,)}
ON_A_VOLUNTEER: dict[str, Any] = {
    "problems": {
        404: "No such volunteer.",
        409: "It does not fit the state of the volunteer, which `state` names; `address_held`: another one who may be "
        "asked has their address.",
    },
    **BY_COORDINATOR,
}


def outcome(status: OfferStatus) -> tuple[dict[str, str], int]:
    """Answer how an offer was judged: the same answer again gets the same, though the two were introduced since."""
    judged = OfferStatus.MATCHED if status is OfferStatus.INTRODUCED else status
    return {"outcome": judged}, 202 if status is OfferStatus.NOTED else 200


def check_receipt(intake: Intake, sent: Sent) -> dict[str, Any]:
    """Answer what a receipt says and whether it is true."""
    receipt, destroyed = erasing.check_receipt(intake, sent.body["receipt"])
    return {"destroyed": destroyed, "hour": receipt.hour, "keys": len(receipt.key_ids)}


ASKING = (
    Operation(
        "POST", "/requests", "submit_request",
        "Ask for a peer. The request key in the answer is shown once and cannot be recovered.",
        lambda intake, sent: submitting.submit(intake, sent.body, json_body(), request.headers.get(IDEMPOTENCY_KEY)),
        body=person.Ask(), answer=answers.SubmittedAnswer(), status=201, parameters=(IDEMPOTENCY_HEADER,),
        problems={409: "No requests are taken at present.", 410: "A request with this Idempotency-Key was erased."},
    ),
    Operation(
        "POST", "/requests/preview", "preview_card", "See the card that a volunteer would read. Nothing is stored.",
        lambda intake, sent: {"card": submitting.preview(intake, sent.body)},
        body=person.Ask(), answer=answers.PreviewAnswer(),
    ),
    Operation(
        "GET", "/request", "read_request",
        "See where the request is, who was found and why, what is held until when, and who opened it.",
        lambda intake, sent: reading.read_request(intake, sent.key),
        keys=(Key.REQUEST,), answer=answers.RequestAnswer(), problems=ERASED,
    ),
    Operation(
        "PATCH", "/request", "change_wishes", "Change or relax wishes while the search goes on.",
        lambda intake, sent: requests.change_wishes(intake, sent.key, sent.body),
        body=person.ChangeWishes(partial=True), **BY_PERSON,
    ),
    Operation(
        "POST", "/request/introduce", "introduce", "Say yes to the introduction.",
        lambda intake, sent: requests.introduce(intake, sent.key, sent.body["match"]),
        body=person.Introduce(), body_required=False, **BY_PERSON,
    ),
    Operation(
        "POST", "/request/withdraw", "withdraw", "Withdraw the request; nobody is asked any more.",
        lambda intake, sent: requests.withdraw(intake, sent.key), **BY_PERSON,
    ),
    Operation(
        "POST", "/request/close", "close", "Close the request.",
        lambda intake, sent: requests.close(intake, sent.key, sent.body["reason"]),
        body=person.Close(), **BY_PERSON,
    ),
    Operation(
        "DELETE", "/request", "erase_request",
        "Erase the request, whatever its state; the answer comes when its keys are destroyed.",
        lambda intake, sent: {"receipt": erasing.erase(intake, sent.key)},
        keys=(Key.REQUEST,), answer=answers.ReceiptAnswer(),
    ),
    Operation(
        "POST", "/receipts/check", "check_receipt",
        "Check a receipt: whether it is ours, and whether the keys it names are destroyed.",
        check_receipt, body=person.CheckReceipt(), answer=answers.CheckedReceiptAnswer(),
    ),
    Operation(
        "GET", "/vocabulary", "read_vocabulary",
        "Read the words that people choose from, with their labels, and the places that the operator's register knows.",
        lambda intake, _: {**vocabulary().public(), "affiliations": intake.register.places},
        answer=answers.VocabularyAnswer(),
    ),
)  # fmt: skip

VOLUNTEERING = (
    Operation(
        "POST", "/volunteers", "apply_as_volunteer",
        "Apply as a volunteer. The volunteer key in the answer is shown once; a coordinator looks at the application.",
        lambda intake, sent: {
            "volunteer_key": volunteers.apply(intake, sent.body, json_body(), request.headers.get(IDEMPOTENCY_KEY)),
            "status": VolunteerState.APPLIED,
        },
        body=volunteer.Apply(), answer=answers.AppliedAnswer(), status=202, parameters=(IDEMPOTENCY_HEADER,),
        problems={410: "The volunteer who applied with this Idempotency-Key has left."},
    ),
    Operation(
        "GET", "/volunteer", "read_volunteer", "See one's own profile, state, two words, and who opened what.",
        lambda intake, sent: volunteers.read_volunteer(intake, sent.key, sent.pin),
        answer=answers.VolunteerAnswer(), **AT_HOME,
    ),
    Operation(
        "PATCH", "/volunteer", "change_volunteer",
        "Change the profile or the capacity, pause, end a pause, or set a PIN for home links.",
        lambda intake, sent: volunteers.change_volunteer(intake, sent.key, sent.body, sent.pin),
        keys=(Key.VOLUNTEER,), body=volunteer.ChangeVolunteer(partial=True), answer=answers.VolunteerAnswer(),
        problems={409: "Only who is active can pause; `state` names where the volunteer is.", **LEFT},
    ),
    Operation(
        "GET", "/volunteer/offers", "list_offers", "See every offer made to oneself.",
        lambda intake, sent: {"offers": volunteers.list_offers(intake, sent.key, sent.pin)},
        answer=answers.OffersAnswer(), **AT_HOME,
    ),
    Operation(
        "DELETE", "/volunteer", "remove_volunteer",
        "Leave; the answer comes when the keys to everything that is sealed are destroyed.",
        lambda intake, sent: {"receipt": erasing.leave(intake, sent.key, sent.pin)},
        keys=(Key.VOLUNTEER,), answer=answers.ReceiptAnswer(), problems=WRONG_PINS,
    ),
    Operation(
        "POST", "/volunteer/link", "ask_for_home_link",
        "Ask for a fresh home link. It goes to the address if a volunteer has it, which is not told here.",
        lambda intake, sent: home_links.ask_link(intake, sent.body["value"]),
        body=volunteer.AskLink(), status=202, done="taken",
    ),
)  # fmt: skip

ANSWERING = (
    Operation(
        "GET", "/offer", "read_offer", "Read the card, later what has become of the offer. Changes nothing.",
        lambda intake, sent: offers.read_offer(intake, sent.key),
        answer=answers.OfferAnswer(), **ON_AN_OFFER,
    ),
    Operation(
        "POST", "/offer/accept", "accept_offer", "Say yes.",
        lambda intake, sent: outcome(offers.accept(intake, sent.key)),
        answer=answers.OutcomeAnswer(), problems=OTHER_ANSWER, **ON_AN_OFFER,
    ),
    Operation(
        "POST", "/offer/decline", "decline_offer", "Say no, and pause in the same step if wanted.",
        lambda intake, sent: outcome(offers.decline(intake, sent.key, **sent.body)),
        body=volunteer.Decline(), answer=answers.OutcomeAnswer(), problems=OTHER_ANSWER, **ON_AN_OFFER,
    ),
    Operation(
        "POST", "/offer/reveal", "reveal",
        "Open the person's words and contact, which is written into the person's access record.",
        lambda intake, sent: conversation.reveal(intake, sent.key), answer=answers.RevealedAnswer(),
        problems={409: "The person has not said yes, or it is over; `state` names which."}, **ON_AN_OFFER,
    ),
)  # fmt: skip

TALKING = (
    Operation(
        "GET", "/request/messages", "read_texts_as_person", "Read the texts of one's present match.",
        lambda intake, sent: {"texts": conversation.read_texts(intake, PERSON, sent.key)},
        answer=answers.TextsAnswer(), **IN_A_MATCH,
    ),
    Operation(
        "POST", "/request/messages", "write_text_as_person",
        "Write a short text to the volunteer or propose a time to talk; they are told that something waits.",
        lambda intake, sent: conversation.write_text(intake, PERSON, sent.key, **sent.body),
        body=Write(), status=201, done="taken", **IN_A_MATCH,
    ),
    Operation(
        "POST", "/request/spoken", "say_spoken_as_person", "Say that the two have spoken.",
        lambda intake, sent: conversation.say_spoken(intake, PERSON, sent.key), done="noted", **IN_A_MATCH,
    ),
    Operation(
        "POST", "/request/another", "ask_for_another",
        "Ask for someone else; nobody who was asked before is asked again.",
        lambda intake, sent: requests.another(intake, sent.key), **IN_A_MATCH,
    ),
    Operation(
        "GET", "/offer/messages", "read_texts_as_volunteer", "Read the texts of the match that this offer led to.",
        lambda intake, sent: {"texts": conversation.read_texts(intake, VOLUNTEER, sent.key)},
        answer=answers.TextsAnswer(), problems=NOT_LIVE, **ON_AN_OFFER,
    ),
    Operation(
        "POST", "/offer/messages", "write_text_as_volunteer",
        "Write a short text to the person or propose a time; they are told that something waits if they want notices.",
        lambda intake, sent: conversation.write_text(intake, VOLUNTEER, sent.key, **sent.body),
        body=Write(), status=201, done="taken", problems=NOT_LIVE, **ON_AN_OFFER,
    ),
    Operation(
        "POST", "/offer/spoken", "say_spoken_as_volunteer", "Say that the two have spoken.",
        lambda intake, sent: conversation.say_spoken(intake, VOLUNTEER, sent.key),
        done="noted", problems=NOT_LIVE, **ON_AN_OFFER,
    ),
    Operation(
        "POST", "/offer/hand-back", "hand_back",
        "Give the match back: the volunteer cannot go on with it, and need not say why.",
        lambda intake, sent: {"outcome": offers.hand_back(intake, sent.key)},
        answer=answers.OutcomeAnswer(), problems=NOT_LIVE, **ON_AN_OFFER,
    ),
)  # fmt: skip

REPORTING = (
    Operation(
        "POST", "/safety-report", "report_about_safety",
        "Tell the coordinator something about safety; nobody else can read it.",
        lambda intake, sent: reports.report(intake, sent.key, sent.body["text"], sent.pin),
        keys=(Key.REQUEST, Key.VOLUNTEER, Key.OFFER), body=person.SafetyReport(), status=201, done="taken",
        also=ONE_MOMENT, problems={410: "What the key opens was erased.", **WRONG_PINS},
    ),
)  # fmt: skip

COORDINATING = (
    Operation(
        "GET", "/coordinator/volunteers", "list_volunteers",
        "See every volunteer, and what is needed to vet those who apply, which is written into their access record.",
        lambda intake, _: {"volunteers": vetting.list_volunteers(intake)},
        answer=answers.VolunteersAnswer(), **BY_COORDINATOR,
    ),
    Operation(
        "GET", "/coordinator/requests", "list_requests",
        "See every request as ref, state, age and the rule that leaves nobody; never what was said.",
        lambda intake, _: {"requests": coordinator.list_requests(intake)},
        answer=answers.RequestsAnswer(), **BY_COORDINATOR,
    ),
    Operation(
        "GET", "/coordinator/reports", "list_reports",
        "Read every report that is not closed; each look is written into its writer's access record.",
        lambda intake, _: {"reports": reports.list_reports(intake)},
        answer=answers.ReportsAnswer(), **BY_COORDINATOR,
    ),
    Operation(
        "POST", "/coordinator/reports/<ref>/close", "close_report", "Close a report; it is erased after its retention.",
        lambda intake, sent: reports.close_report(intake, sent.ref),
        done="closed", problems={404: "No such report."}, **BY_COORDINATOR,
    ),
    Operation(
        "POST", "/coordinator/intake", "set_intake", "Take new requests, or none until a day.",
        lambda intake, sent: coordinator.set_intake(intake, is_open=sent.body["open"], until=sent.body["until"]),
        body=volunteer.Intake(), answer=answers.IntakeAnswer(), **BY_COORDINATOR,
    ),
    Operation(
        "POST", "/coordinator/volunteers/<ref>/approve", "approve_volunteer",
        "Approve a volunteer, or renew their training.",
        lambda intake, sent: vetting.approve(intake, sent.ref, **sent.body),
        body=volunteer.Approve(), **ON_A_VOLUNTEER,
    ),
    Operation(
        "POST", "/coordinator/volunteers/<ref>/refuse", "refuse_volunteer", "Refuse an application.",
        lambda intake, sent: vetting.refuse(intake, sent.ref), **ON_A_VOLUNTEER,
    ),
    Operation(
        "POST", "/coordinator/volunteers/<ref>/suspend", "suspend_volunteer",
        "Take a volunteer out for the time being.",
        lambda intake, sent: vetting.suspend(intake, sent.ref), **ON_A_VOLUNTEER,
    ),
    Operation(
        "POST", "/coordinator/volunteers/<ref>/reinstate", "reinstate_volunteer",
        "Take a suspended volunteer back.",
        lambda intake, sent: vetting.reinstate(intake, sent.ref), **ON_A_VOLUNTEER,
    ),
)  # fmt: skip
