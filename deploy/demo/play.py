"""Plays the demo from set-up to summary."""

import argparse
import urllib.error

from deploy.client import Client, Mailbox, NothingCame, UnexpectedAnswer, wait_until
from deploy.demo import story
from deploy.demo.actors import Actors
from deploy.demo.cast import VOLUNTEERS
from deploy.demo.narration import Narrator
from deploy.demo.observer import Observer
from deploy.embedded.processes import StartupError
from deploy.embedded.supervisor import Stack
from shared.clock import SystemClock


def run(_options: argparse.Namespace) -> int:
    """Play the demo; return 0 if everything went as it must, else 1, with the reason said."""
    narrator = Narrator()
    narrator.chapter("Setting up: PostgreSQL, a Kafka-compatible broker, an SMTP sink, three services")
    try:
        with Stack(replicas={"matcher-worker": 2}) as stack:
            narrator.progress("everything runs, as separate processes that talk over Kafka only")
            play(stack, narrator)
    except (StartupError, NothingCame, UnexpectedAnswer, story.StoryBroken, urllib.error.URLError) as error:
        narrator.bad(str(error))
        return 1
    except KeyboardInterrupt:
        narrator.bad("interrupted")
        return 1
    return 0


def approvals(mailbox: Mailbox) -> list[str]:
    """Return whom the mails went to that say that everything is ready."""
    return [message["to"][0] for message in mailbox.messages() if message["subject"] == "Everything is ready"]


def play(stack: Stack, narrator: Narrator) -> None:
    """Play all chapters on a running stack; raises what breaks the story."""
    client, mailbox = Client(stack.intake_url), Mailbox(stack.mail.url)
    observer = Observer(stack.kafka, narrator.event)
    observer.start()
    actors = Actors(client, mailbox, observer, narrator)
    try:
        actors.invite(VOLUNTEERS, stack.coordinator_token, SystemClock().now().date())
        narrator.progress(f"{len(VOLUNTEERS)} volunteers applied and were approved")
        # Each approved volunteer gets a notice; the measurement begins when the last one is there.
        wait_until(lambda: len(approvals(mailbox)) == len(VOLUNTEERS), seconds=15, what="a mail to each volunteer")
        latency = story.idle_latency(actors)
        narrator.progress(f"{len(latency)} requests sent and withdrawn to measure the way from form to mail")
        narrator.chapter("A registrar asks; the first volunteer says no")
        people = [story.registrar(actors)]
        narrator.chapter("A family doctor asks; a matcher is killed; two say yes at the same instant")
        people.append(story.family_doctor(actors, stack))
        narrator.chapter("A paediatrician asks, is introduced, and erases everything")
        people.append(story.paediatrician(actors))
        story.summarise(actors, people, latency)
        narrator.good("Everything went as it must.")
    finally:
        observer.stop()
