"""docker-compose.yml in a copy of the project, under a name, ports and secrets of its own."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.client import Client, Mailbox
from deploy.embedded.processes import LOOPBACK, free_port

PROJECT = Path(__file__).parents[2]
COPIED = ("docker-compose.yml", ".dockerignore", "deploy", "requirements", "services", "shared")
SCALE = ("--scale", "matcher=2", "--scale", "notifier=2")
INHERITED = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT")
PATIENCE_SECONDS = 300


class CommandFailed(Exception):
    """A command of compose ended with an error; the message ends with what it said."""


class Installation:
    """One installation by compose. `client` talks to it through the gateway, `mailbox` reads the caught mail."""

    def __init__(self, folder: Path) -> None:
        """Copy what an operator has into `folder` and make the secrets; nothing is built or started yet."""
        self.folder = folder
        self.name = f"alongside-test-{secrets.token_hex(4)}"
        gateway, mail_page = f"{LOOPBACK}:{free_port()}", f"{LOOPBACK}:{free_port()}"
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self._images = {"ALONGSIDE_IMAGE": f"{self.name}:test", "ALONGSIDE_MAIL_IMAGE": f"{self.name}-mail:test"}
        self._environment = inherited | self._images
        self._environment |= {
            "HTTP_LISTEN": gateway,
            "HTTPS_LISTEN": f"{LOOPBACK}:{free_port()}",
            "MAIL_PAGE_LISTEN": mail_page,
            "DOCKER_BUILDKIT": "1",
        }
        self.client = Client(f"http://{gateway}")
        self.mailbox = Mailbox(f"http://{mail_page}")
        self._lay_out()

    @property
    def coordinator_token(self) -> str:
        """The token that `make secrets` made."""
        return (self.folder / "secrets" / "intake" / "coordinator_token").read_text()

    def build(self) -> None:
        """Build both images."""
        self._compose("build", "--quiet")

    def up(self) -> None:
        """Start everything, or what was stopped, and return when all is healthy. Raises CommandFailed with the logs."""
        try:
            self._compose("up", "--wait", *SCALE)
        except CommandFailed as error:
            raise CommandFailed(f"{error}\n{self.logs()[-8000:]}") from None

    def stop(self) -> None:
        """Stop every container."""
        self._compose("stop")

    def containers(self) -> list[dict[str, Any]]:
        """What the engine says about every container of the installation, in its own words."""
        ids = self._compose("ps", "--all", "--quiet").split()
        answer = subprocess.run(["docker", "inspect", *ids], check=True, capture_output=True, text=True)
        found: list[dict[str, Any]] = json.loads(answer.stdout)
        return found

    def run_in(self, service: str, *command: str) -> str:
        """Run a command in the first container of `service` and return what it printed."""
        return self._compose("exec", "--no-TTY", service, *command)

    def remove(self) -> None:
        """Take everything down, volumes and images included."""
        self._compose("down", "--volumes", "--timeout", "5")
        subprocess.run(["docker", "image", "rm", "--force", *self._images.values()], check=False, capture_output=True)

    def logs(self, *, tail: str = "all") -> str:
        """Everything that the containers have said, or the last so many lines of each."""
        return self._compose("logs", "--no-color", "--no-log-prefix", "--tail", tail)

    def _lay_out(self) -> None:
        self.folder.mkdir()
        for name in COPIED:
            source = PROJECT / name
            if source.is_dir():
                shutil.copytree(source, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, self.folder / name)
        # The copy of the example is the whole of what an operator does before the first start, but for the secrets.
        shutil.copy2(PROJECT / ".env.example", self.folder / ".env")
        command = [sys.executable, "-m", "deploy.cli", "secrets"]
        subprocess.run(command, check=True, cwd=self.folder, capture_output=True)

    def _compose(self, *arguments: str) -> str:
        """Run one command of compose and return what it printed. Raises CommandFailed."""
        command = ["docker", "compose", "--project-name", self.name, *arguments]
        done = subprocess.run(
            command,
            check=False,
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        if done.returncode != 0:
            raise CommandFailed(f"{' '.join(arguments)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout
