"""What tests of the pages fill in, press and read."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ASK = {
    "profession": "nurse",
    "care_area": "critical_care",
    "stage": "early_career",
    "languages": "en",
    "time_zone": "Europe/London",
    "affiliations.none": "on",
    "idempotency_key": "k" * 32,
}


APPLY = {
    **{name: ASK[name] for name in ("profession", "care_area", "stage", "languages", "time_zone", "idempotency_key")},
    "name": "Planted Volunteer",
    "notify": "planted.volunteer@example.org",
    "affiliations": "Planted Clinic",
    "evaluative_roles.none": "on",
}


def heading(page: TestResponse) -> str:
    """Return the heading of a page."""
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found
    return found[1]


def shown_key(page: TestResponse) -> str:
    """Return the key that a page shows."""
    return "-".join(re.findall(r"<span>([0-9A-Z]{4})</span>", page.text))


def act(site: FlaskClient, path: str, key: str, step: str, **more: str) -> TestResponse:
    """Press a button on one's own page."""
    name = "token" if path == "/offer" else "key"
    return site.post(path, data={name: key, "step": step, **more})
