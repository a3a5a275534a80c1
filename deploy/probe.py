"""A container's health check: `python /app/deploy/probe.py [PORT [PATH]]` ends with 0 if the answer is 200.

Without arguments it asks /readyz on the internal port of the process. Imports little: it runs every few seconds.
"""

import os
import sys
from http.client import HTTPConnection

TIMEOUT_SECONDS = 4


def main(port: int, path: str) -> int:
    """Return 0 if `path` on the loopback `port` is answered by 200, else 1, and say what was answered instead."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        print(answer.status, answer.read(200).decode(errors="replace"))
    except OSError as error:
        print(type(error).__name__)
        return 1
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    arguments = dict(enumerate(sys.argv))
    sys.exit(main(int(arguments.get(1, os.environ.get("HEALTH_PORT", "0"))), arguments.get(2, "/readyz")))
