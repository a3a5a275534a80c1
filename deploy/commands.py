"""The subcommands of `alongside` that do one thing and end. Each takes the parsed options, returns the exit code."""

import argparse

from environs import FileAwareEnv

from deploy.migrations import MIGRATIONS, migrate, owner_urls
from shared.messaging.provisioning import apply_topics
from shared.settings import read_settings


def run_migrate(options: argparse.Namespace) -> int:
    """Migrate `options.database`, or all four; where the URLs come from is said in deploy/migrations.py."""
    databases = list(MIGRATIONS) if options.database == "all" else [options.database]
    migrate(databases, owner_urls(databases).__getitem__)
    return 0


def run_topics(_options: argparse.Namespace) -> int:
    """Create the topics that the brokers of KAFKA_BOOTSTRAP_SERVERS lack."""
    created = apply_topics(*read_settings(_brokers_and_copies))
    print(f"created: {', '.join(created)}" if created else "nothing was missing")
    return 0


def _brokers_and_copies(env: FileAwareEnv) -> tuple[str, int]:
    return env.str("KAFKA_BOOTSTRAP_SERVERS"), env.int("KAFKA_REPLICATION_FACTOR", 1)
