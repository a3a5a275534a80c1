"""The files that only containers need: made once, readable by each image's account, kept in by one closed folder."""

import os
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.compose_secrets import MAIL_HOST, ensure_compose_secrets
from deploy.secrets import Secrets, ensure_secrets

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def made(tmp_path: Path) -> Secrets:
    """A folder with everything in it."""
    made = ensure_secrets(tmp_path / "secrets")
    ensure_compose_secrets(made)
    return made


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def handshake(certificate: Path, key: Path, asked_for: str) -> None:
    """Let a client that trusts `certificate` alone meet a server that shows it, in memory."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    client_side = ssl.create_default_context(cafile=certificate)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_side.wrap_bio(back, there, server_hostname=asked_for)
    server = server_side.wrap_bio(there, back, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue


def test_a_second_run_changes_nothing(made: Secrets) -> None:
    before = contents(made.folder)
    ensure_secrets(made.folder)
    ensure_compose_secrets(made)
    assert contents(made.folder) == before


def test_only_the_outermost_folder_keeps_others_out(made: Secrets) -> None:
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    for path in made.folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644), path


@pytest.mark.parametrize("service", ["intake", "matcher", "notifier"])
def test_a_service_finds_its_databases_with_its_own_password(made: Secrets, service: str) -> None:
    login = f"postgresql+psycopg://{service}:{made.password(service).read_text()}"
    assert (made.folder / service / "database_url").read_text() == f"{login}@postgres/{service}"
    assert (made.folder / service / "vault_url").read_text() == f"{login}@vault/vault"


def test_the_catchers_certificate_is_trusted_under_its_name(made: Secrets) -> None:
    handshake(made.folder / "mail" / "certificate.pem", made.folder / "mail" / "key.pem", MAIL_HOST)


def test_the_catchers_certificate_is_good_for_no_other_name(made: Secrets) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(made.folder / "mail" / "certificate.pem", made.folder / "mail" / "key.pem", "smtp.example.org")


def test_a_lost_certificate_is_made_again_for_the_key_that_is_left(made: Secrets) -> None:
    key = (made.folder / "mail" / "key.pem").read_bytes()
    (made.folder / "mail" / "certificate.pem").unlink()
    ensure_compose_secrets(made)
    assert (made.folder / "mail" / "key.pem").read_bytes() == key
    handshake(made.folder / "mail" / "certificate.pem", made.folder / "mail" / "key.pem", MAIL_HOST)


def test_secrets_are_made_by_a_python_that_has_no_package_installed(tmp_path: Path) -> None:
    # -S leaves out site-packages, and with them all that a production host has not got either.
    command = [sys.executable, "-S", "-m", "deploy.compose_secrets", str(tmp_path / "secrets")]
    subprocess.run(command, check=True, cwd=PROJECT, env={"PATH": os.environ["PATH"]})
    assert (tmp_path / "secrets" / "mail" / "certificate.pem").exists()
