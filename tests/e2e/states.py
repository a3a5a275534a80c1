"""The states in which a person may erase a request, and in which a volunteer may leave."""

from tests.e2e.people import Circle, Offer, Person, Volunteer

NOTIFY = {"channel": "email", "value": "somebody@example.org", "language": "en"}


def waiting(circle: Circle) -> tuple[Person, Offer | None]:
    """Nobody is there who could be asked."""
    return circle.ask(notify=NOTIFY), None


def offering(circle: Circle) -> tuple[Person, Offer | None]:
    """Somebody is asked."""
    circle.invite(1)
    person = circle.ask(notify=NOTIFY)
    return person, circle.next_offer()


def matched(circle: Circle) -> tuple[Person, Offer | None]:
    """Somebody said yes."""
    person, offer = offering(circle)
    assert offer
    assert offer.accept() == "matched"
    return person, offer


def introduced(circle: Circle) -> tuple[Person, Offer | None]:
    """Both said yes."""
    person, offer = matched(circle)
    person.introduce()
    return person, offer


def withdrawn(circle: Circle) -> tuple[Person, Offer | None]:
    """The person withdrew."""
    person, _ = waiting(circle)
    assert person.do("withdraw").status == 200
    return person, None


def closed(circle: Circle) -> tuple[Person, Offer | None]:
    """The person closed the request."""
    person, offer = introduced(circle)
    assert person.do("close", {"reason": "spoke_and_enough"}).status == 200
    return person, offer


def applied(circle: Circle) -> tuple[Volunteer, Person | None]:
    """Nobody has looked at the application."""
    return circle.apply(), None


def active(circle: Circle) -> tuple[Volunteer, Person | None]:
    """Approved, and asked nothing yet."""
    return circle.invite(1)[0], None


def asked(circle: Circle) -> tuple[Volunteer, Person | None]:
    """With an open offer."""
    volunteer = circle.invite(1)[0]
    person = circle.ask()
    circle.next_offer()
    return volunteer, person


def agreed(circle: Circle) -> tuple[Volunteer, Person | None]:
    """Matched with somebody who has not said yes yet."""
    volunteer = circle.invite(1)[0]
    person = circle.ask()
    assert circle.next_offer().accept() == "matched"
    person.wait("matched")
    return volunteer, person


def suspended(circle: Circle) -> tuple[Volunteer, Person | None]:
    """Suspended by the coordinator."""
    volunteer = circle.invite(1)[0]
    circle.town.coordinate(volunteer.ref, "suspend")
    volunteer.wait_in_pool("suspended")
    return volunteer, None
