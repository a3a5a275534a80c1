"""Asking for a peer: what is taken, what is refused, and what a repeat gets."""

import json
import threading
from typing import Any

from tests.integration.intake.world import ASK, World

IDEMPOTENT = {"Idempotency-Key": "a-random-key-of-22-signs-or-more"}


def test_the_same_form_sent_twice_makes_one_request_and_gets_the_same_answer(world: World) -> None:
    first = world.post("/api/v1/requests", json=ASK, headers=IDEMPOTENT)
    second = world.post("/api/v1/requests", json=ASK, headers=IDEMPOTENT)
    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert first.status_code == 201
    assert len(world.rows("SELECT ref FROM requests")) == 1
    assert world.events("requests") == ["published"]


def test_the_same_form_sent_many_times_at_once_makes_one_request(world: World) -> None:
    answers: list[Any] = []

    def send() -> None:
        client = world.client.application.test_client()
        answers.append(client.post("/api/v1/requests", json=ASK, headers=IDEMPOTENT).json)

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer["request_key"] for answer in answers}) == 1
    assert len(world.rows("SELECT ref FROM requests")) == 1


def test_another_body_under_the_same_idempotency_key_is_refused_by_name(world: World) -> None:
    world.post("/api/v1/requests", json=ASK, headers=IDEMPOTENT)
    answer = world.post("/api/v1/requests", json={**ASK, "words": "other"}, headers=IDEMPOTENT)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"


def test_a_repeat_after_erasure_hears_that_it_is_gone(world: World) -> None:
    key = world.post("/api/v1/requests", json=ASK, headers=IDEMPOTENT).json["request_key"]
    assert world.person("DELETE", "request", key).status_code == 200
    assert world.post("/api/v1/requests", json=ASK, headers=IDEMPOTENT).status_code == 410
    assert world.person("GET", "request", key).status_code == 410


def test_two_forms_without_an_idempotency_key_are_two_requests(world: World) -> None:
    assert world.ask() != world.ask()
    assert len(world.rows("SELECT ref FROM requests")) == 2


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"patient": "x"}, "patient"),
    ({"profession": "wizard"}, "profession"),
    ({"themes": ["burnout", "patient_death", "bereavement", "financial_debt"]}, "themes"),
    ({"themes": ["burnout", "burnout"], "most_important": None}, "themes"),
    ({"most_important": "bereavement"}, "most_important"),
    ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ({"languages": []}, "languages"),
    ({"languages": ["english!"]}, "languages.0"),
    ({"words": "x" * 2001}, "words"),
    ({"notify": {"channel": "sms", "value": "+441", "language": "en"}}, "notify.channel"),
    ({"notify": {"channel": "email", "value": "nobody", "language": "en"}}, "notify.value"),
    ({"availability": [{"day": "mon", "from": "21:00", "to": "18:00"}]}, "availability.0.to"),
    ({"availability": [{"day": "mon", "from": "18:00\n", "to": "19:00"}]}, "availability.0.from"),
    ({"at_once": "yes"}, "at_once"),
    ({"affiliations": None}, "affiliations"),
    ({"affiliations": ["Leeds General Infirmary", "I'd rather not say"]}, "affiliations.1"),
    ({"affiliations": [{"organisation": "TBD"}]}, "affiliations.0.organisation"),
    ({"affiliations": [{"unit": "Ward 5", "town": "Leeds"}]}, "affiliations.0.organisation"),
    ({"avoid": {"affiliations": ["x"], "people": []}}, "avoid.affiliations.0"),
]
NO_FORMS = [
    (b"{", "application/json", 400),
    (b"\xff", "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b"1" * 5000, "application/json", 400),
    (b"[]", "application/json", 422),
    (b"null", "application/json", 422),
    (b"{}", "text/plain", 415),
    (b" " * 1_000_000, "application/json", 413),
    (b"", "application/json", 400),
]


def test_a_field_that_cannot_be_taken_is_named_and_nothing_is_stored(world: World) -> None:
    for change, field in REFUSED:
        answer = world.post("/api/v1/requests", json={**ASK, **change})
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), change
        assert field in [each["field"] for each in answer.json["errors"]], change
    assert world.rows("SELECT 1 FROM requests") == world.rows("SELECT 1 FROM outbox") == []


def test_what_is_no_form_at_all_gets_a_problem_document(world: World) -> None:
    for body, content_type, status in NO_FORMS:
        answer = world.post("/api/v1/requests", data=body, content_type=content_type)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), body[:20]
        assert answer.json["status"] == status
    assert world.rows("SELECT 1 FROM requests") == world.rows("SELECT 1 FROM outbox") == []


def test_a_lone_surrogate_and_a_null_character_are_words_like_others(world: World) -> None:
    body = json.dumps({**ASK, "words": "\x00 \ud800", "affiliations": ["Ash\x00ford Clinic", "Bram\ud800ley Clinic"]})
    answer = world.post("/api/v1/requests", data=body, content_type="application/json")
    assert answer.status_code == 201


def test_an_idempotency_key_that_is_none_is_refused_by_name(world: World) -> None:
    for wrong in ("short", "with spaces in it, but long enough", "x" * 256):
        answer = world.post("/api/v1/requests", json=ASK, headers={"Idempotency-Key": wrong})
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "Idempotency-Key"


def test_the_preview_shows_the_card_and_stores_nothing(world: World) -> None:
    card = world.post("/api/v1/requests/preview", json=ASK).json["card"]
    assert card["profession_family"] == "Nursing or midwifery"
    assert card["care_area_group"] == "Acute care"
    assert card["themes"][0] == "Exhausted, nothing left"
    assert "something you said you are ready for" in card["themes"]
    assert not any("suicid" in theme for theme in card["themes"])
    assert world.rows("SELECT 1 FROM requests") == world.rows("SELECT 1 FROM outbox") == []


def test_nothing_readable_lies_in_rows_or_events(world: World) -> None:
    key, token, _ = world.met()
    world.person("POST", "request/introduce", key)
    world.person("POST", "offer/reveal", token)
    world.person("POST", "request/close", key, {"reason": "spoke_and_enough"})
    tables = [row["tablename"] for row in world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    held = json.dumps([world.rows(f'SELECT * FROM "{table}"') for table in tables], default=str).lower()
    assert "published" in held
    for said in ("planted", "burnout", "nurse", "examiner", "europe/london", "7946 0958", key.lower(), token):
        assert said not in held


def test_a_key_that_opens_nothing_is_told_the_same_whatever_is_wrong_with_it(world: World) -> None:
    none = world.get("/api/v1/request")
    for key in ("", "nonsense", "0000-0000-0000-0000-0000-0000-0000", "x" * 500):
        answer = world.person("GET", "request", key)
        assert (answer.status_code, answer.json) == (401, none.json)


def test_a_former_word_is_taken_and_kept_while_something_else_is_changed(world: World) -> None:
    key = world.ask(stage="left_or_retired", themes=["img_migration"], most_important="img_migration")
    assert world.person("PATCH", "request", key, {"urgency": "week"}).status_code == 200
    assert world.person("PATCH", "request", key, {"themes": ["img_migration", "burnout"]}).status_code == 200
    page = world.client.post("/request", data={"key": key, "step": "wishes"}).text
    assert 'value="img_migration" checked' in page
    assert world.apply(themes=[{"slug": "public_shaming", "years_ago": 3}], stage="career_break_or_return")


def test_a_name_instead_of_a_slug_is_refused_and_the_slug_is_named(world: World) -> None:
    refused = world.post("/api/v1/requests", json={**ASK, "care_area": "A&E", "stage": "hand surgery"})
    assert refused.status_code == 422
    said = {error["field"]: error["message"] for error in refused.json["errors"]}
    assert "emergency_medicine" in said["care_area"]
    assert "hand" not in said["stage"]


def test_the_vocabulary_gives_the_other_names_of_each_word_and_offers_no_former_one(world: World) -> None:
    words = world.get("/api/v1/vocabulary").json
    names = {word["slug"]: word["other_names"] for word in words["care_areas"]}
    assert {"ICU", "ITU"} <= set(names["critical_care"])
    assert {"Peds", "Paeds"} <= set(names["pediatrics"])
    assert not {"img_migration", "public_shaming"} & {word["slug"] for word in words["themes"]}
