"""A browser sends each line break as two characters; none of the limits of the pages counts it twice."""

from flask.testing import FlaskClient

from services.intake.schemas.person import LONGEST_REPORT, LONGEST_WORDS
from shared.vault.purposes import Purpose
from shared.vocabulary import vocabulary
from tests.integration.intake.browsing import APPLY, ASK, act, shown_key
from tests.integration.intake.world import World, bearer


def lines(longest: int) -> str:
    """Return a text of exactly `longest` characters, among them line breaks as they are typed."""
    return ("A short line.\n" * longest)[: longest - 1] + "."


def as_sent(text: str) -> str:
    """Return a text as a browser sends it."""
    return text.replace("\n", "\r\n")


def test_a_text_to_the_other_side_may_fill_its_limit_with_lines(site: FlaskClient, world: World) -> None:
    key, token, _ = world.met()
    longest = vocabulary().defaults.conversation.characters
    text = lines(longest)

    for path, holder in (("/request", key), ("/offer", token)):
        assert act(site, path, holder, "write", text=as_sent(text)).status_code == 200
        assert act(site, path, holder, "write", text=as_sent(text + ".")).status_code == 422
    assert [each["text"] for each in world.person("GET", "request/messages", key).json["texts"]] == [text, text]


def test_the_words_of_a_person_may_fill_their_limit_with_lines(site: FlaskClient, world: World) -> None:
    words = lines(LONGEST_WORDS)

    asked = site.post("/ask", data=ASK | {"words": as_sent(words)})

    assert asked.status_code == 201
    [row] = world.rows("SELECT ref, private FROM requests")
    assert world.intake.vault.open(row["private"], row["ref"], Purpose.PERSON_PRIVATE)["words"] == words
    longer = ASK | {"idempotency_key": "l" * 32, "words": as_sent(words + ".")}
    assert site.post("/ask", data=longer).status_code == 422


def test_a_report_may_fill_its_limit_with_lines(site: FlaskClient, world: World) -> None:
    key, text = world.ask(), lines(LONGEST_REPORT)

    assert act(site, "/request", key, "send_report", text=as_sent(text + ".")).status_code == 422
    assert act(site, "/request", key, "send_report", text=as_sent(text)).status_code == 200

    reports = world.get("/api/v1/coordinator/reports", bearer(world.intake.settings.coordinator_token)).json["reports"]
    assert [each["text"] for each in reports] == [text]


def test_a_volunteers_proof_may_fill_its_limit_with_lines(site: FlaskClient, world: World) -> None:
    proof = lines(LONGEST_WORDS)

    applied = site.post("/volunteer", data=APPLY | {"step": "apply", "proof": as_sent(proof)})

    assert applied.status_code == 202
    assert world.person("GET", "volunteer", shown_key(applied)).json["profile"]["proof"] == proof
