"""Logs carry identifiers and places, never a message that may quote what a person wrote."""

import json
import subprocess
import sys

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from shared.observability.logging import error_fields

PLANTED = "planted-words-of-a-person"

SCRIPT = f"""
import logging, sys, threading, warnings
from shared.observability.logging import configure, logger
configure("intake", "INFO")
def fail():
    raise ValueError("{PLANTED}")
def logs():
    try:
        fail()
    except ValueError:
        logging.getLogger("some.library").exception("it said {PLANTED}")
logger().info("started", ref="abc")
logger().debug("left_out")
logs()
logging.getLogger("kafka").warning("quoting %s", "{PLANTED}")
warnings.warn("{PLANTED}", stacklevel=1)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def test_nothing_that_a_message_said_reaches_the_log_of_a_process() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert PLANTED not in run.stdout + run.stderr
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert [line["event"] for line in lines] == [
        "started",
        "library_warning",
        "library_warning",
        "library_warning",
        "uncaught_error_in_thread",
        "uncaught_error",
    ]
    assert all(line["service"] == "intake" for line in lines)
    assert lines[0]["ref"] == "abc"
    assert (lines[1]["library"], lines[1]["error"]) == ("some.library", "ValueError")
    assert run.returncode == 1


def test_an_error_is_described_by_class_and_place() -> None:
    with pytest.raises(ValueError, match=PLANTED) as raised:
        int(PLANTED)
    fields = error_fields(raised.value)
    assert fields["error"] == "ValueError"
    assert fields["where"].startswith("unit/shared/test_logging.py:")
    assert PLANTED not in str(fields)


def test_a_database_error_is_described_by_its_sqlstate() -> None:
    error = DBAPIError(f"INSERT {PLANTED}", {}, psycopg.errors.UniqueViolation(PLANTED))
    assert error_fields(error) == {"error": "DBAPIError", "cause": "UniqueViolation", "sqlstate": "23505"}
