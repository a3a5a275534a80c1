"""What docker-compose.yml needs in the folder of secrets on top of deploy/secrets.py. Overwrites nothing, ever.

    <folder>/<service>/database_url, vault_url    where each service finds its databases, with its password
    <folder>/notifier/smtp_password               empty, for the operator to fill in
    <folder>/mail/certificate.pem, key.pem        of the mail catcher, which the notifier trusts

Containers see these files under the accounts of their images, which are not the account that made them. So only the
outermost folder keeps others of this machine out (0700); what lies inside may be read by whoever gets in, and the
engine mounts into a container no more than its part.
"""

import datetime as dt
import os
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.secrets import KEYRINGS, Secrets

MAIL_HOST = "mail"
"""The mail catcher's name on its network, which is what its certificate is for."""

CERTIFICATE_YEARS = 10


def ensure_compose_secrets(made: Secrets, now: dt.datetime) -> None:
    """Make what is missing, and let containers read what lies in the folder. `now` begins the certificate's life."""
    for service in KEYRINGS:
        password = made.password(service).read_text()
        for name, host, database in (("database_url", "postgres", service), ("vault_url", "vault", "vault")):
            url = f"postgresql+psycopg://{service}:{password}@{host}/{database}"
            _write_missing(made.folder / service / name, url)
    _write_missing(made.folder / "notifier" / "smtp_password", "")
    _ensure_mail_certificate(made.folder / "mail", now)
    _open_to_containers(made.folder)


def _ensure_mail_certificate(folder: Path, now: dt.datetime) -> None:
    """Make a key, and a certificate that vouches for itself alone: no authority's key lies about to sign another."""
    _write_missing(folder / "key.pem", _new_key())
    if not (folder / "certificate.pem").exists():
        key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{folder / 'key.pem'} does not hold a key of the kind that is made here")
        _write_missing(folder / "certificate.pem", _certificate(key, now))


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def _certificate(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, MAIL_HOST)])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365 * CERTIFICATE_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(MAIL_HOST)]), critical=False)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _write_missing(path: Path, text: str) -> None:
    """Write `text` to `path` unless it exists; it appears whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.rename(path)


def _open_to_containers(folder: Path) -> None:
    folder.chmod(0o700)
    for parent, folders, files in os.walk(folder):
        for name in folders:
            Path(parent, name).chmod(0o755)
        for name in files:
            Path(parent, name).chmod(0o644)
