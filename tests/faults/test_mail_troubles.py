"""A mail server with bad manners (F20): nobody else waits, nothing is lost, a repeat is known by its Message-ID."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest

from deploy.client import token_in
from tests.e2e.people import Circle, Offer, Volunteer, circle_in
from tests.e2e.town import Town, running_stack
from tests.integration.notifier.mail_server import Manners, serving
from tests.support.kafka import KafkaBroker
from tests.support.programme import Truth

pytestmark = pytest.mark.timeout(600)

QUESTION = "There is a question for you."


@dataclass(frozen=True)
class Post:
    """A town whose mail goes through a server with the manners that a test chooses."""

    town: Town
    manners: Manners

    def questions(self, address: str) -> list[EmailMessage]:
        """Return the mails to `address` that were taken and ask something."""
        return [mail for mail in self.manners.taken_by(address) if QUESTION in text_of(mail)]

    def next_offer(self, *addresses: str) -> Offer:
        """Wait until one of `addresses` is asked."""
        mails = self.town.wait("a question", lambda: [mail for each in addresses for mail in self.questions(each)])
        return Offer(self.town, token_in({"text": text_of(mails[-1])}), str(mails[-1]["To"]))

    def deliveries(self, volunteer: Volunteer, state: str) -> list[dict[str, object]]:
        """Return the questions to `volunteer` that are in `state`, as the notifier has them."""
        statement = "SELECT * FROM deliveries WHERE volunteer = %s AND notice = 'offer' AND state = %s"
        return self.town.rows("notifier", statement, volunteer.ref, state)

    def two_of_a_circle(self, *answers: str) -> tuple[Circle, Volunteer, Volunteer]:
        """Invite two volunteers; the server answers with `answers` when the first of them is asked, and only then."""
        circle = circle_in(self.town)
        bad, good = circle.apply(), circle.apply()
        for volunteer in (bad, good):
            circle.approve(volunteer)
            self.town.wait("word of the approval", lambda: self.manners.taken_by(volunteer.address))  # noqa: B023
        self.manners.answers[bad.address] = list(answers)
        return circle, bad, good


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(preferencelist=("plain",))
    assert part
    return str(part.get_content())


@pytest.fixture(scope="module")
def post(kafka_broker: KafkaBroker) -> Iterator[Post]:
    """Return a town with a mail server of the tests' own."""
    manners = Manners()
    with serving(manners) as port, running_stack(kafka_broker, replicas={"notifier-worker": 0}) as stack:
        stack.wait_ready(stack.launch("notifier-worker", environment={"SMTP_PORT": str(port)}))
        yield Post(Town(stack), manners)


def test_one_slow_address_delays_nobody_else(post: Post) -> None:
    slow_circle, slow, _ = post.two_of_a_circle("slow")
    circle, _, good = post.two_of_a_circle("ok")
    post.town.coordinate(slow_circle.volunteers[1].ref, "suspend")
    post.town.coordinate(circle.volunteers[0].ref, "suspend")
    slow_circle.volunteers[1].wait_in_pool("suspended")
    circle.volunteers[0].wait_in_pool("suspended")
    slow_circle.ask()
    post.town.wait("the slow try", lambda: leased(post, slow))
    circle.ask()
    assert post.next_offer(good.address).accept() == "matched"
    # The slow one is still being waited for, or waits for the next try; it is neither lost nor given up.
    assert post.deliveries(slow, "pending")
    post.manners.answers[slow.address] = ["ok"]
    hurry(post, slow)
    assert post.next_offer(slow.address).accept() == "matched"


def leased(post: Post, volunteer: Volunteer) -> bool:
    """Tell whether a try to ask `volunteer` is under way."""
    return any(row["lease_owner"] for row in post.deliveries(volunteer, "pending"))


def hurry(post: Post, volunteer: Volunteer) -> None:
    """Move the next try, which is up to minutes away, to the moment when the present one is over."""
    post.town.wait("the end of the try", lambda: not leased(post, volunteer))
    post.town.change("notifier", "UPDATE deliveries SET due_at = now() WHERE volunteer = %s", volunteer.ref)


def test_an_address_that_is_refused_for_now_is_tried_again(post: Post) -> None:
    circle, bad, good = post.two_of_a_circle("451 4.7.1 grey-listed, come back later", "ok")
    post.town.coordinate(good.ref, "suspend")
    good.wait_in_pool("suspended")
    circle.ask()
    post.town.wait("the first try", lambda: any(row["refused"] for row in post.deliveries(bad, "pending")))
    hurry(post, bad)
    assert post.next_offer(bad.address).accept() == "matched"
    assert len(post.questions(bad.address)) == 1


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 <{address}> is unknown here", "data 554 5.1.1 <{address}> is nobody after all"]
)
def test_an_address_that_is_refused_for_good_makes_room_for_the_next_volunteer_until_there_is_another_address(
    post: Post, answer: str
) -> None:
    circle, first, second = post.two_of_a_circle("ok")
    for volunteer in (first, second):
        post.manners.answers[volunteer.address] = [answer.format(address=volunteer.address), "ok"]
    person = circle.ask()
    post.town.wait("two failures", lambda: post.deliveries(first, "failed") and post.deliveries(second, "failed"))
    person.wait("waiting", "stalled")
    for volunteer in (first, second):
        assert post.town.client.ask("GET", "/volunteer", key=volunteer.key)["reachable"] is False
        change = {"notify": {"channel": "email", "value": f"new-{volunteer.address}", "language": "en"}}
        post.town.client.ask("PATCH", "/volunteer", change, key=volunteer.key)
        assert post.town.client.ask("GET", "/volunteer", key=volunteer.key)["reachable"] is True
    assert post.next_offer(*(f"new-{volunteer.address}" for volunteer in (first, second))).accept() == "matched"
    person.wait("matched")
    logs = "".join(process.log.read_text() for process in post.town.stack.processes.values())
    assert first.address not in logs
    assert second.address not in logs


def test_a_message_that_was_cut_is_repeated_under_its_own_message_id(post: Post) -> None:
    circle, bad, good = post.two_of_a_circle("cut", "cut", "ok")
    post.town.coordinate(good.ref, "suspend")
    good.wait_in_pool("suspended")
    circle.ask()
    for _ in range(2):
        post.town.wait("a try", lambda: any(row["attempts"] for row in post.deliveries(bad, "pending")))
        hurry(post, bad)
    post.town.wait("the sending", lambda: post.deliveries(bad, "sent"))
    mails = post.questions(bad.address)
    assert len(mails) == 3
    assert len({mail["Message-ID"] for mail in mails}) == 1
    assert post.next_offer(bad.address).accept() == "matched"


@pytest.mark.parametrize(
    "answer", ["554 5.7.1 Relay access denied", "552 5.2.2 mailbox full", "data 550 5.7.26 no SPF"]
)
def test_f34_a_server_that_refuses_for_other_reasons_makes_nobody_unreachable(post: Post, answer: str) -> None:
    circle, bad, good = post.two_of_a_circle(answer, "ok")
    post.town.coordinate(good.ref, "suspend")
    good.wait_in_pool("suspended")
    circle.ask()
    post.town.wait("the first try", lambda: any(row["refused"] for row in post.deliveries(bad, "pending")))
    assert post.town.client.ask("GET", "/volunteer", key=bad.key)["reachable"] is True
    hurry(post, bad)
    assert post.next_offer(bad.address).accept() == "matched"
    assert post.town.client.ask("GET", "/volunteer", key=bad.key)["reachable"] is True


def test_afterwards_nothing_is_left_unsent(post: Post) -> None:
    post.town.wait_until_quiet()
    assert Truth(post.town.stack).broken_invariants() == []
