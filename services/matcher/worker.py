"""The matcher's process: follows requests, volunteers, replies and deliveries, keeps deadlines, relays decisions."""

from services.matcher.bootstrap import SERVICE, build
from shared.observability.logging import configure
from shared.runtime import run_worker
from shared.settings import read_common, read_settings


def main() -> int:
    """Run until SIGTERM; return the exit code. Raises BadSettings before anything is started."""
    settings = read_settings(read_common)
    configure(SERVICE, settings.log_level)
    matcher = build(settings)
    matcher.watch()
    try:
        return run_worker(matcher.worker, health_host=settings.health_host, health_port=settings.health_port)
    finally:
        matcher.close()
