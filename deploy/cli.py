"""The console script `alongside`: reads the arguments and calls one function, imported only then."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.settings import BadSettings
from shared.vocabulary.reading import VocabularyError

SERVICE_MAINS = {
    ("intake", "web"): "services.intake.web_server:main",
    ("intake", "worker"): "services.intake.worker:main",
    ("matcher", "worker"): "services.matcher.worker:main",
    ("notifier", "worker"): "services.notifier.worker:main",
}
"""The words after `alongside` -> what runs that process. It reads its settings from the environment."""

DATABASES = ("intake", "matcher", "notifier", "vault", "all")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the subcommand that `arguments` name (sys.argv if not given) and return the exit code; 2 for bad settings."""
    options = build_parser().parse_args(arguments)
    try:
        if options.command in {service for service, _ in SERVICE_MAINS}:
            return call(SERVICE_MAINS[options.command, options.part])
        return call(options.run, options)
    except (BadSettings, VocabularyError) as error:
        print(f"bad settings: {error}", file=sys.stderr)
        return 2


def call(target: str, *arguments: object) -> int:
    """Import and call `target`, "module:function", and return the exit code it returns."""
    module, _, function = target.partition(":")
    code: int = getattr(importlib.import_module(module), function)(*arguments)
    return code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; a subcommand's `run` names the function that takes the parsed options."""
    parser = argparse.ArgumentParser(prog="alongside", description="Finds a struggling clinician a peer.")
    commands = parser.add_subparsers(title="commands", dest="command", required=True, metavar="COMMAND")
    _add_stack(commands)
    for service in dict.fromkeys(service for service, _ in SERVICE_MAINS):
        parts = [part for owner, part in SERVICE_MAINS if owner == service]
        command = commands.add_parser(service, help=f"run one process of the {service}: {' or '.join(parts)}")
        command.add_argument("part", choices=parts)
    _add_operation(commands)
    return parser


def _add_stack(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    dev = commands.add_parser("dev", help="run everything on this machine until Ctrl-C; for trying only")
    dev.add_argument("--port", type=int, help="intake's port (default: any free one)")
    dev.add_argument("--data-dir", type=Path, help="where to keep the data (default: a folder that goes with the end)")
    dev.add_argument("--volunteers", type=int, default=0, help="how many invented volunteers to begin with")
    dev.add_argument("--json", action="store_true", help="when ready, print one line of JSON with the addresses")
    dev.set_defaults(run="deploy.dev:run")
    demo = commands.add_parser("demo", help="play one whole story on the embedded stack, and say what happens")
    demo.set_defaults(run="deploy.demo.story:run")


def _add_operation(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    migrate = commands.add_parser("migrate", help="bring a database to its newest schema")
    migrate.add_argument("database", choices=DATABASES)
    migrate.set_defaults(run="deploy.commands:run_migrate")
    topics = commands.add_parser("topics", help="create the topics that the brokers lack")
    topics.add_argument("action", choices=["apply"])
    topics.set_defaults(run="deploy.commands:run_topics")
    status = commands.add_parser("status", help="say where one service's event flow stands; takes its settings")
    status.set_defaults(run="deploy.status:run")
    dlq = commands.add_parser("dlq", help="look at the events that could not be handled, and publish one again")
    actions = dlq.add_subparsers(title="actions", dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="list them all, a line each").set_defaults(run="deploy.dlq:run_list")
    for action, what in {"show": "say what is known of one", "replay": "publish one again"}.items():
        one = actions.add_parser(action, help=what)
        one.add_argument("topic", help="its dead-letter topic, as `dlq list` names it")
        one.add_argument("number", type=int, help="its number there")
        one.set_defaults(run=f"deploy.dlq:run_{action}")
    disclose = commands.add_parser("disclose", help="print all that could be handed over about one person; recorded")
    disclose.add_argument("ref", help="the ref of a request or a volunteer")
    disclose.set_defaults(run="services.intake.disclose:run")
    _add_comparing(commands)
    secrets = commands.add_parser("secrets", help="make the secrets that are missing; none is ever overwritten")
    secrets.add_argument("folder", type=Path, nargs="?", default=Path("secrets"))
    secrets.set_defaults(run="deploy.compose_secrets:run")


def _add_comparing(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listed = commands.add_parser("register", help="make, check and question the list of places; stores nothing")
    actions = listed.add_subparsers(title="actions", dest="action", required=True, metavar="ACTION")
    make = actions.add_parser("import", help="write a register (YAML) made from a public one to the standard output")
    make.add_argument("--from", dest="source", required=True, choices=["ror", "ods", "cms", "csv"])
    make.add_argument("files", type=Path, nargs="+", metavar="FILE", help="as it was downloaded; several make one")
    make.add_argument("--country", type=str.upper, help="take only this one, e.g. IE")
    make.add_argument("--types", nargs="+", default=[], help="take only these, e.g. healthcare education")
    make.set_defaults(run="deploy.register.importing:run")
    check = actions.add_parser("check", help="list what is wrong, and entries that meet by name though they are two")
    check.add_argument("file", type=Path)
    check.set_defaults(run="deploy.register.checking:run")
    _add_explain(actions, "places", "deploy.register.explaining:run_places").add_argument(
        "--register", dest="file", type=Path, help="the register to go by (default: the setting AFFILIATIONS_FILE)"
    )
    names = commands.add_parser("names", help="question how people are compared; stores nothing")
    actions = names.add_subparsers(title="actions", dest="action", required=True, metavar="ACTION")
    _add_explain(actions, "people", "deploy.register.explaining:run_people")


def _add_explain(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", what: str, run: str
) -> argparse.ArgumentParser:
    explain: argparse.ArgumentParser = actions.add_parser(
        "explain", help=f"say whether two texts mean {what} that meet"
    )
    explain.add_argument("texts", nargs="*", metavar="TEXT", help="two texts")
    explain.add_argument("--pairs", type=Path, help="a CSV whose first two columns are texts: adds a column `meets`")
    explain.set_defaults(run=run)
    return explain


if __name__ == "__main__":
    sys.exit(main())
