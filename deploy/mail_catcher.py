"""The mail catcher of docker-compose.yml: the embedded stack's mail server, reachable, and by STARTTLS only.

Run as `python -m deploy.mail_catcher CERTIFICATE KEY`, which are PEM files. It delivers nothing; the mail is on a page,
and as JSON at /api/messages. Everybody who can reach the page can read every link in every mail: it is for trying and
for tests.
"""

import ssl
import sys

from deploy.embedded.mail import serve

EVERYWHERE = "0.0.0.0"  # noqa: S104 - the container's networks decide who reaches it.
SMTP_PORT = 1025
PAGE_PORT = 8025

if __name__ == "__main__":
    certificate, key = sys.argv[1:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    serve(EVERYWHERE, SMTP_PORT, PAGE_PORT, tls)
