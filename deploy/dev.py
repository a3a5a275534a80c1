"""`alongside dev`: the embedded stack, up until Ctrl-C, SIGTERM or the end of a process."""

import argparse
import json
import random
import signal
import sys
import time

from deploy.embedded.processes import StartupError
from deploy.embedded.supervisor import Stack
from deploy.volunteers import invented, invite

LOOK_SECONDS = 0.5


def run(options: argparse.Namespace) -> int:
    """Run the stack and return the exit code: 0 when asked to end, 1 when something failed.

    What is said to people goes to stderr; with --json one line with the addresses goes to stdout when all is ready.
    """
    # Either signal unwinds whatever is going on, a slow start included, and the stack ends in order on the way out.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    say("Starting PostgreSQL, a broker, a mail sink and the services ...")
    try:
        with Stack(options.data_dir, port=options.port) as stack:
            # The same volunteers each time, so that what was seen once can be seen again.
            chance = random.Random(0)  # noqa: S311
            invite(stack, [invented(number, chance) for number in range(options.volunteers)])
            announce(stack, as_json=options.json)
            return watch(stack)
    except StartupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 0


def announce(stack: Stack, *, as_json: bool) -> None:
    summary = stack.summary()
    if as_json:
        print(json.dumps(summary), flush=True)
        return
    say(f"\n  Ask for a peer      {summary['intake']}")
    say(f"  Mail that was sent  {summary['mail']}")
    say(f"  Coordinator token   {summary['coordinator_token']}")
    say(f"  Kafka               {summary['kafka']}")
    say(f"  Data and logs       {stack.data_dir}")
    say("\nCtrl-C ends it.")


def watch(stack: Stack) -> int:
    """Return 1 when a process of the stack ends by itself; being asked to end raises KeyboardInterrupt."""
    while not (ended := stack.ended()):
        time.sleep(LOOK_SECONDS)
    say(f"{ended[0].name} ended with code {ended[0].exit_code}.\n{ended[0].tail()}")
    return 1


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
