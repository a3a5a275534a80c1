"""The mail catcher of docker-compose.yml: the embedded stack's mail server, reachable, and by STARTTLS only.

Run as `python -m deploy.mail_catcher CERTIFICATE KEY`. It delivers nothing; the mail is on a page, and as JSON at
/api/messages. Everybody who can reach the page can read every link in every mail: it is for trying and for tests.
"""

import signal
import ssl
import sys
import threading
from datetime import UTC, datetime

from aiosmtpd.controller import Controller
from werkzeug.serving import make_server

from deploy.embedded.mail import Mailbox, QuietHandler, create_app

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the container's networks decide who reaches it.
SMTP_PORT = 1025
PAGE_PORT = 8025


def main(certificate: str, key: str) -> None:
    """Serve until SIGTERM; `certificate` and `key` are the paths of PEM files."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    mailbox = Mailbox(now=lambda: datetime.now(UTC))
    pages = make_server(EVERYWHERE, PAGE_PORT, create_app(mailbox), threaded=True, request_handler=QuietHandler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=pages.shutdown).start())
    smtp = Controller(
        mailbox, hostname=EVERYWHERE, port=SMTP_PORT, enable_SMTPUTF8=True, tls_context=tls, require_starttls=True
    )
    smtp.start()
    pages.serve_forever(poll_interval=0.1)
    smtp.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
