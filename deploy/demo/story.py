"""The story of the demo: three people ask, one matcher is killed in the middle, and everybody learns the truth."""

import argparse
import statistics
import urllib.error
from datetime import datetime

from deploy.client import Client, Mailbox, NothingCame, UnexpectedAnswer, wait_until
from deploy.demo.actors import Actors, asks
from deploy.demo.cast import FAMILY_DOCTOR, PAEDIATRICIAN, REGISTRAR, VOLUNTEERS, Person
from deploy.demo.narration import Narrator
from deploy.demo.observer import Observer
from deploy.embedded.processes import StartupError
from deploy.embedded.supervisor import Stack
from deploy.volunteers import invite

IDLE_REQUESTS = 30
MATCHER = "matcher-worker"


class StoryBroken(Exception):
    """The story took a turn that it must never take."""


def run(_options: argparse.Namespace) -> int:
    """Play the demo; return 0 if everything went as it must, else 1, with the reason said."""
    narrator = Narrator()
    narrator.chapter("Setting up: PostgreSQL, a Kafka-compatible broker, an SMTP sink, three services")
    try:
        with Stack(replicas={"matcher-worker": 2}) as stack:
            narrator.progress("everything runs, as separate processes that talk over Kafka only")
            play(stack, narrator)
    except (StartupError, NothingCame, UnexpectedAnswer, StoryBroken, urllib.error.URLError) as error:
        narrator.bad(str(error))
        return 1
    except KeyboardInterrupt:
        narrator.bad("interrupted")
        return 1
    return 0


def approvals(mailbox: Mailbox) -> int:
    return sum(message["subject"].startswith("Everything is ready") for message in mailbox.messages())


def play(stack: Stack, narrator: Narrator) -> None:
    """Play all chapters on a running stack; raises what breaks the"""
    observer = Observer(stack.kafka, narrator.event)
    observer.start()
    actors = Actors(Client(stack.intake_url), Mailbox(stack.mail.url), observer, narrator)
    try:
        invite(stack, VOLUNTEERS)
        narrator.progress(f"{len(VOLUNTEERS)} volunteers applied and were approved")
        # Each approved volunteer gets a notice; the measurement begins when the last one is there.
        wait_until(lambda: approvals(actors.mailbox) == len(VOLUNTEERS), seconds=15, what="a mail to each volunteer")
        latency = idle_latency(actors)
        narrator.progress(f"{len(latency)} requests sent and withdrawn to measure the way from form to mail")
        narrator.chapter("A registrar asks; the first volunteer says no")
        people = [registrar(actors)]
        narrator.chapter("A family doctor asks; a matcher is killed; two say yes at the same instant")
        people.append(family_doctor(actors, stack))
        narrator.chapter("A paediatrician asks, is introduced, and erases everything")
        people.append(paediatrician(actors))
        summarise(actors, people, latency)
        narrator.good("Everything went as it must.")
    finally:
        observer.stop()


def expect(what: str, actual: object, wanted: object) -> None:
    if actual != wanted:
        raise StoryBroken(f"{what}: {actual}, not {wanted}")


def idle_latency(actors: Actors) -> list[float]:
    """Send requests one after the other and withdraw each; return the seconds from form to mail, sorted."""
    seconds = []
    for _ in range(IDLE_REQUESTS):
        newest = actors.mailbox.newest()
        before = datetime.now().astimezone()
        key = actors.client.ask("POST", "/requests", FAMILY_DOCTOR)["request_key"]
        mail = actors.mailbox.wait_for(asks, after=newest)
        seconds.append((datetime.fromisoformat(mail["at"]) - before).total_seconds())
        actors.client.ask("POST", "/request/withdraw", key=key)
        actors.mailbox.wait_for(lambda message: not asks(message), after=int(mail["id"]))
    return sorted(seconds)


def registrar(actors: Actors) -> Person:
    """The first volunteer says no, the next one yes; the person says yes; the words reach the peer, recorded."""
    tell = actors.narrator.say
    newest = actors.mailbox.newest()
    person = actors.ask("registrar", REGISTRAR)
    first = actors.offer_mail(after=newest)
    card = actors.read_card(first)
    tell(f"{first.to} has a neutral mail. Behind its link: {card['profession_family']}, {card['stage_band']}.")
    expect("a no", actors.decline(first), "declined")
    tell(f"{first.to} says no.")
    second = actors.offer_mail(after=first.number)
    expect("a yes", actors.accept(second), "matched")
    tell(f"{second.to} says yes.")
    too_early = actors.client.send("POST", "/offer/reveal", key=second.token)
    expect("opening the words before the person's yes", too_early.status, 409)
    tell("The peer tries to open the person's words: refused, the person has not said yes yet.")
    introduce(actors, person)
    revealed = actors.client.ask("POST", "/offer/reveal", key=second.token)
    expect("the words", revealed["words"], REGISTRAR["words"])
    opened = actors.client.ask("GET", "/request", key=person.key)["accesses"]
    tell(f"The peer opens the words. The person sees who opened what: {len(opened)} entry in the access record.")
    return person


def introduce(actors: Actors, person: Person) -> None:
    actors.see_match(person)
    actors.narrator.say(f"{person.name} reads: {person.why}")
    actors.client.ask("POST", "/request/introduce", key=person.key)
    wait_until(lambda: actors.status(person) == "introduced", seconds=10, what="the introduction")
    actors.narrator.good(f"{person.name} and {person.peer} are put in touch.")


def family_doctor(actors: Actors, stack: Stack) -> Person:
    """A matcher dies; the request is found by the other one; two volunteers accept at the same instant."""
    narrator = actors.narrator
    newest = actors.mailbox.newest()
    stack.processes[MATCHER].kill()
    narrator.fault(f"SIGKILL: one of the two matchers ({MATCHER}) is dead. Nothing else is told.")
    person = actors.ask("family doctor", FAMILY_DOCTOR)
    first = actors.offer_mail(after=newest, seconds=30)
    narrator.say(f"{first.to} was found all the same, and says no.")
    actors.decline(first)
    pair = [actors.offer_mail(after=first.number)]
    pair.append(actors.offer_mail(after=pair[0].number))
    narrator.say(f"Two are asked now: {pair[0].to} and {pair[1].to}. Both say yes at the same instant.")
    outcomes = actors.accept_at_once(pair)
    expect("two answers", sorted(outcomes.values()), ["matched", "taken"])
    for to, outcome in outcomes.items():
        narrator.say(f"{to} is told: {outcome}.")
    introduce(actors, person)
    stack.restart(MATCHER)
    narrator.say("The killed matcher is started again and takes its share.")
    return person


def paediatrician(actors: Actors) -> Person:
    newest = actors.mailbox.newest()
    person = actors.ask("paediatrician", PAEDIATRICIAN)
    notice = actors.offer_mail(after=newest)
    expect("a yes", actors.accept(notice), "matched")
    introduce(actors, person)
    receipt = actors.client.ask("DELETE", "/request", key=person.key)["receipt"]
    checked = actors.client.ask("POST", "/receipts/check", {"receipt": receipt})
    expect("the receipt", checked["destroyed"], True)
    actors.narrator.say(
        f"paediatrician erases the request: {checked['keys']} keys are destroyed, the receipt checks out."
    )
    gone = actors.client.send("GET", "/request", key=person.key)
    expect("reading an erased request", gone.status, 410)
    refused = actors.client.send("POST", "/offer/reveal", key=notice.token)
    expect("opening what was erased", refused.status, 409)
    actors.narrator.good("A copy of the row or of the events is now bytes that nothing opens.")
    return person


def summarise(actors: Actors, people: list[Person], latency: list[float]) -> None:
    narrator = actors.narrator
    narrator.chapter("What happened")
    for person in people:
        narrator.say(f"{person.name} — {person.peer}: {person.why}")
        narrator.say(f"    {hops(person)}")
    p50, slowest = statistics.median(latency), latency[-1]
    narrator.say(
        f"Form submitted to mail at the sink, idle, {len(latency)} requests: "
        f"p50 {p50 * 1000:.0f} ms, slowest {slowest * 1000:.0f} ms"
    )


def hops(person: Person) -> str:
    """Say when, in milliseconds after the form was sent, each kind of event was first seen."""
    wanted = (
        "requests.published",
        "matches.offered",
        "deliveries.sent offer",
        "matches.matched",
        "requests.introduced",
    )
    seen = [f"{what.split('.')[1]} {person.hops[what] * 1000:.0f} ms" for what in wanted if what in person.hops]
    return " → ".join(seen)
