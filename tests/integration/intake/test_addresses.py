"""Mail addresses as people type and paste them, at both doors of intake."""

import pytest
from flask.testing import FlaskClient

from services.intake.storage.tables import due_rows
from services.intake.worker import due_handlers
from shared.duerows import DueLoop
from tests.integration.intake.browsing import APPLY, ASK, act, shown_key
from tests.integration.intake.world import APPLY as APPLICATION
from tests.integration.intake.world import ASK as REQUEST
from tests.integration.intake.world import World
from tests.support.people import by_email

PASTED = " Anna <mailto:an\u200bna@b\u00adücher.example>,\u00a0"
SENT = "anna@xn--bcher-kva.example"


def test_an_address_is_stored_as_it_goes_out_however_it_was_pasted_into_the_api(world: World) -> None:
    key = world.apply(notify=by_email(PASTED))
    assert world.person("GET", "volunteer", key).json["profile"]["notify"]["value"] == SENT
    changed = world.person("PATCH", "volunteer", key, {"notify": by_email("anna @ example.org")})
    assert changed.json["profile"]["notify"]["value"] == "anna@example.org"


def test_an_address_is_stored_as_it_goes_out_however_it_was_pasted_into_a_form(site: FlaskClient, world: World) -> None:
    applied = site.post("/volunteer", data={**APPLY, "step": "apply", "notify": PASTED})
    assert applied.status_code == 202, applied.text
    key = shown_key(applied)
    assert world.person("GET", "volunteer", key).json["profile"]["notify"]["value"] == SENT
    assert f'value="{SENT}"' in act(site, "/volunteer", key, "edit").text


@pytest.mark.parametrize(
    ("address", "code"),
    [("ünna@example.org", "plain letters"), ("anna@ward.test", "valid email"), ("anna@localhost", "valid email")],
)
def test_what_cannot_be_sent_to_is_refused_by_the_name_of_its_field(world: World, address: str, code: str) -> None:
    for path, sample in (("volunteers", APPLICATION), ("requests", REQUEST)):
        answer = world.post(f"/api/v1/{path}", json={**sample, "notify": by_email(address)})
        [error] = answer.json["errors"]
        assert (answer.status_code, error["field"]) == (422, "notify.value")
        assert code in error["message"]
        assert address not in str(answer.json)


def test_the_form_says_what_is_wrong_with_an_address_of_other_letters(site: FlaskClient) -> None:
    answer = site.post("/ask", data={**ASK, "step": "send", "notify": "ünna@example.org"})
    assert answer.status_code == 422
    assert "plain letters (a to z)" in answer.text


@pytest.mark.parametrize(
    "typed", ["Anna <anna@b\u00fccher.example>", " ANNA @ xn--bcher-kva.example\u200b", "mailto:anna@bücher.example"]
)
def test_a_lost_link_is_sent_to_an_address_however_it_is_typed(world: World, typed: str) -> None:
    world.approved(notify=by_email("anna@bücher.example"))
    assert world.post("/api/v1/volunteer/link", json={"value": typed}).status_code == 202
    DueLoop(world.intake.database, due_rows, due_handlers(world.intake)).step()
    assert world.events("volunteers")[-1] == "link_asked"
