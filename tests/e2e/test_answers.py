"""Answers to an offer: looking changes nothing, one answer counts, and everybody is told the truth."""

import threading
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.e2e.holdings import tables
from tests.e2e.people import Circle, Offer, at_once, circle_in
from tests.e2e.town import Town

pytestmark = pytest.mark.timeout(600)

LOOKS = 1_000
ROUNDS, SIDES = 5, 4


def read_page(offer: Offer) -> None:
    """Open the page behind the link, as the script in it does."""
    body = urllib.parse.urlencode({"token": offer.token, "step": "look"}).encode()
    with urllib.request.urlopen(f"{offer.town.stack.intake_url}/offer", body, timeout=15) as page:
        assert page.status == 200


def test_reading_a_link_a_thousand_times_changes_nothing(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(1)
    circle.ask()
    offer = circle.next_offer()
    assert offer.status() == "open"
    town.wait("the second call", lambda: not town.rows("matcher", "SELECT FROM due_rows WHERE kind = 'freed'"))
    town.wait_until_quiet()
    before = tables(town.stack)
    with ThreadPoolExecutor(4) as scanners:
        seen = set(scanners.map(lambda _: offer.status(), range(LOOKS)))
        list(scanners.map(lambda _: read_page(offer), range(LOOKS // 10)))
        for method in ("HEAD", "OPTIONS"):
            town.client.send(method, "/offer/accept", key=offer.token)
    assert seen == {"open"}
    assert tables(town.stack) == before
    assert offer.accept() == "matched"


def test_the_same_answer_again_gets_the_same_outcome_and_the_other_is_refused(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(2)
    circle.ask()
    first = circle.next_offer()
    assert [first.decline(), first.decline()] == ["declined", "declined"]
    refused = first.send("POST", "accept")
    assert (refused.status, refused.body["state"]) == (409, "declined")
    second = circle.next_offer()
    assert [second.accept(), second.accept()] == ["matched", "matched"]
    refused = second.send("POST", "decline", {"reason": "other"})
    assert (refused.status, refused.body["state"]) == (409, "accepted")
    assert (first.status(), second.status()) == ("declined", "matched")


def test_a_used_an_expired_and_a_withdrawn_link_say_so(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(3)
    person = circle.ask()
    used = circle.next_offer()
    used.decline()
    expired, open_ = circle.next_offer(), circle.next_offer()
    end_now(expired)
    assert_over(expired, "expired")
    assert person.do("withdraw").status == 200
    town.wait("the withdrawal", lambda: open_.status() == "withdrawn")
    assert_over(open_, "withdrawn")
    assert used.status() == "declined"


def test_how_an_offer_ended_is_told_the_same_after_the_person_has_left(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(3)
    person = circle.ask()
    circle.next_offer().decline()
    first, second = circle.next_offer(), circle.next_offer()
    end_now(first)
    assert second.accept() == "matched"
    assert person.do("withdraw").status == 200
    town.wait("the end of the match", lambda: second.status() == "withdrawn")
    assert first.status() == "expired"


def end_now(offer: Offer) -> None:
    """Move the deadline of an offer, which is hours away, to this moment, and wait for its end."""
    town = offer.town
    town.change("matcher", "UPDATE due_rows SET due_at = now() WHERE kind = 'expiry' AND item = %s", offer.token[:26])
    town.wait("the end of the offer", lambda: offer.status() == "expired")


def assert_over(offer: Offer, outcome: str) -> None:
    """Assert that the link says what has become of the offer, and that neither card nor answer is to be had."""
    late = offer.send("POST", "accept")
    assert (late.status, late.body) == (200, {"outcome": outcome})
    assert offer.send("GET").body["card"] is None


@pytest.mark.parametrize("token", ["", "nonsense", "0" * 48, "é" * 10, "a" * 26 + "." + "b" * 22])
def test_a_token_that_was_never_given_out_opens_nothing(town: Town, token: str) -> None:
    for method, step in (("GET", ""), ("POST", "/accept"), ("POST", "/reveal")):
        header = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        answer = town.client.send(method, f"/offer{step}", headers=header)
        assert answer.status == 401
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_garbled_token_opens_nothing(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(1)
    circle.ask()
    offer = circle.next_offer()
    for place in (0, 12, 25, 27, 40, 48):
        garbled = offer.token[:place] + ("x" if offer.token[place] != "x" else "y") + offer.token[place + 1 :]
        assert town.client.send("POST", "/offer/accept", key=garbled).status == 401
    assert offer.status() == "open"


def test_the_persons_withdrawal_wins_over_an_accept_that_crosses_it(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(1, capacity={"active": 10, "new_per_month": 31})
    for _ in range(5):
        person = circle.ask()
        offer = circle.next_offer()
        withdraw = threading.Thread(target=person.do, args=("withdraw",))
        withdraw.start()
        outcome = offer.accept()
        withdraw.join()
        assert person.look()["status"] == "withdrawn"
        assert outcome in {"withdrawn", "matched", "ended"}
        # Whatever was said in between, the truth is told in the end, and the words stay closed.
        town.wait("the truth", lambda: offer.status() in {"withdrawn", "ended"})  # noqa: B023 - called at once.
        assert offer.send("POST", "reveal").status == 409
        live = "SELECT ref FROM matches WHERE request = %s AND state = 'live'"
        town.wait("the end of the match", lambda: not town.rows("matcher", live, person.ref))  # noqa: B023


def two_accept(circle: Circle) -> list[str]:
    """Bring about two open offers of one request; both are accepted at the same instant."""
    person = circle.ask()
    circle.next_offer().decline()
    pair = [circle.next_offer(), circle.next_offer()]
    outcomes = at_once(pair)
    assert [offer.status() for offer in pair] == outcomes
    assert person.wait("matched")["match"]["live"]
    assert person.do("withdraw").status == 200
    return sorted(outcomes)


def test_of_two_who_accept_at_the_same_instant_one_is_matched_and_the_other_is_told(town: Town) -> None:
    circles = [circle_in(town) for _ in range(SIDES)]
    for circle in circles:
        circle.invite(3, capacity={"active": 10, "new_per_month": 31})
    with ThreadPoolExecutor(SIDES) as pool:
        told = list(pool.map(lambda circle: [two_accept(circle) for _ in range(ROUNDS)], circles))
    assert [pair for side in told for pair in side] == [["matched", "taken"]] * ROUNDS * SIDES
    town.wait_until_quiet()
    twice = """SELECT offer FROM deliveries WHERE notice IN ('introduced', 'too_late')
               GROUP BY offer HAVING count(*) > 1"""
    assert town.rows("notifier", twice) == []


def test_nothing_of_words_or_contact_passes_before_the_persons_yes(town: Town) -> None:
    circle = circle_in(town)
    words, contact = "These words are mine alone.", {"channel": "phone", "value": "+44 20 7946 0999"}
    volunteers = circle.invite(1)
    person = circle.ask(words=words, contact=contact)
    offer = circle.next_offer()

    def told() -> str:
        return str(
            [
                offer.send("GET").body,
                offer.send("POST", "reveal").body,
                town.client.send("GET", "/volunteer/offers", key=volunteers[0].key).body,
                town.client.send("GET", "/volunteer", key=volunteers[0].key).body,
                [message["text"] + message["html"] for message in town.mailbox.messages()],
            ]
        )

    before = told()
    assert offer.accept() == "matched"
    person.wait("matched")
    early = offer.send("POST", "reveal")
    assert (early.status, early.body["state"]) == (409, "matched")
    for text in (before, told()):
        assert words not in text
        assert contact["value"] not in text
    person.introduce()
    assert offer.send("POST", "reveal").body == {"words": words, "contact": contact, "forgotten": False}
    assert [entry["opened_by"] for entry in person.look()["accesses"]] == ["volunteer"]


def test_who_chose_at_once_is_introduced_by_the_volunteers_yes(town: Town) -> None:
    circle = circle_in(town)
    circle.invite(1)
    person = circle.ask(at_once=True)
    offer = circle.next_offer()
    assert offer.send("POST", "reveal").status == 409
    assert offer.accept() in {"matched", "introduced"}
    person.wait("introduced")
    assert offer.send("POST", "reveal").body["words"] == circle.form()["words"]
