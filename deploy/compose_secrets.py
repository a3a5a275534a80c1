"""What docker-compose.yml needs in the folder of secrets on top of deploy/secrets.py. Overwrites nothing, ever.

    <folder>/<service>/database_url, vault_url    where each service finds its databases, with its password
    <folder>/notifier/smtp_password               empty, for the operator to fill in
    <folder>/mail/certificate.pem, key.pem        of the mail catcher, which the notifier trusts

Containers see these files under the accounts of their images, which are not the account that made them. So only the
outermost folder keeps others of this machine out (0700); what lies inside can be read by everybody who gets in, and the
engine mounts into a container no more than its part.

`make secrets` runs this on a host that has nothing of ours installed: it needs the standard library and openssl alone.
"""

import argparse
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from deploy.secrets import KEYRINGS, Secrets, ensure_file, ensure_secrets

URL = "postgresql+psycopg://{}:{}@{}/{}"
MAIL_HOST = "mail"
"""The mail catcher's name on its network, which is what its certificate is for."""

CERTIFICATE_DAYS = 3650
CERTIFICATE = f"""
[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = {MAIL_HOST}
[extensions]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:{MAIL_HOST}
subjectKeyIdentifier = hash
"""
"""It vouches for itself alone: no authority's key lies about that could sign another."""


def run(options: argparse.Namespace) -> int:
    """Make what is missing in `options.folder`, say where it is, and return the exit code."""
    if shutil.which("openssl") is None:
        print("openssl is missing; the mail catcher's certificate is made with it", file=sys.stderr)
        return 1
    made = ensure_secrets(options.folder)
    ensure_compose_secrets(made)
    print(f"The secrets are in {made.folder}. Keep its keyrings apart from database backups.")
    return 0


def ensure_compose_secrets(made: Secrets) -> None:
    for service in KEYRINGS:
        password = made.password(service).read_text()
        for name, host, database in (("database_url", "postgres", service), ("vault_url", "vault", "vault")):
            ensure_file(made.folder / service / name, partial(URL.format, service, password, host, database))
    ensure_file(made.folder / "notifier" / "smtp_password", lambda: "")
    _ensure_mail_certificate(made.folder / "mail")
    _open_to_containers(made.folder)


def _ensure_mail_certificate(folder: Path) -> None:
    key = folder / "key.pem"
    own = ("req", "-x509", "-new", "-sha256", "-days", str(CERTIFICATE_DAYS), "-key", str(key), "-config", "/dev/stdin")
    ensure_file(key, lambda: _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"))
    ensure_file(folder / "certificate.pem", lambda: _openssl(*own, told=CERTIFICATE))


def _openssl(*arguments: str, told: str = "") -> str:
    done = subprocess.run(["openssl", *arguments], input=told, check=True, capture_output=True, text=True)
    return done.stdout


def _open_to_containers(folder: Path) -> None:
    folder.chmod(0o700)
    for parent, folders, files in os.walk(folder):
        for name in folders:
            Path(parent, name).chmod(0o755)
        for name in files:
            Path(parent, name).chmod(0o644)


if __name__ == "__main__":
    sys.exit(run(argparse.Namespace(folder=Path(sys.argv[1] if len(sys.argv) > 1 else "secrets"))))
