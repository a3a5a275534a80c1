"""One request from asking to introduction, as both sides live it."""

from tests.integration.intake.world import World


def test_a_request_becomes_an_introduction(world: World) -> None:
    key, token, match = world.met()

    seen = world.person("GET", "request", key).json
    assert seen["status"] == "matched"
    assert seen["match"]["match"] == match
    assert seen["match"]["shows"]["affiliations"] == ["Planted Clinic"]
    assert seen["match"]["shows"]["name"] == "Planted Volunteer"
    assert "contact" not in seen["match"]["shows"]
    assert world.person("POST", "offer/reveal", token).status_code == 409

    assert world.person("POST", "request/introduce", key, {"match": match}).json == {"status": "introduced"}
    revealed = world.person("POST", "offer/reveal", token)
    assert revealed.json["words"] == "planted words of the person"
    seen = world.person("GET", "request", key).json
    assert seen["match"]["shows"]["contact"]["value"] == "planted phone"
    assert [each["opened_by"] for each in seen["accesses"]] == ["volunteer"]
    assert world.events("requests") == ["published", "introduced", "sign_of_life"]
    assert world.events("replies") == ["accepted"]
