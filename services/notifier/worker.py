"""The notifier's process: consumes requests, volunteers and matches, sends what is due, relays what it announces."""

from services.notifier.bootstrap import SERVICE, build
from services.notifier.settings import read_notifier
from shared.observability.logging import configure
from shared.runtime import run_worker
from shared.settings import read_settings


def main() -> int:
    """Run until SIGTERM; return the exit code. Raises BadSettings before anything is started."""
    settings = read_settings(read_notifier)
    common = settings.common
    configure(SERVICE, common.log_level)
    notifier = build(settings)
    try:
        return run_worker(notifier.worker, health_host=common.health_host, health_port=common.health_port)
    finally:
        notifier.close()
