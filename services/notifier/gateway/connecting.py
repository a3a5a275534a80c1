"""A connection to the first of some addresses that answers, guarded by a deadline."""

import socket
from collections.abc import Sequence
from typing import Any

from services.notifier.gateway.deadline import Deadline

AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""What socket.getaddrinfo gives: family, kind, protocol, canonical name, address."""


def connect(addresses: Sequence[AddressInfo], deadline: Deadline) -> socket.socket:
    """Return a connection that `deadline` watches; each address is given a fair part of the time. Raises OSError."""
    failure: OSError = ConnectionError("no address")
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(deadline.remaining() / (len(addresses) - tried))
            connection.connect(address)
            deadline.watch(connection)
            connection.settimeout(deadline.remaining())
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure
