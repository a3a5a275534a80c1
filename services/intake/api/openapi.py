"""Every operation of the API, and the OpenAPI document about them, made from the schemas that validate."""

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, jsonify

from services.intake.api.conversation import conversation
from services.intake.api.coordination import coordination
from services.intake.api.operations import (
    COORDINATOR_TOKEN,
    OFFER_TOKEN,
    PIN_HEADER,
    REQUEST_KEY,
    SPEC,
    VOLUNTEER_KEY,
)
from services.intake.api.people import people
from services.intake.api.reports import reports
from services.intake.api.volunteers import offers, volunteers

ADDRESS = "/api/v1/openapi.json"
DESCRIPTION = (
    "Finds a struggling clinician a peer, without leaving a trace. Keys and tokens go into the Authorization header as "
    "`Bearer`; case, spaces and hyphens in them do not matter."
)
KEYS = {
    REQUEST_KEY: "The request key, shown once when asking.",
    VOLUNTEER_KEY: "The volunteer key, shown once when applying; or the newest home link sent by mail, with the header "
    f"`{PIN_HEADER}` if the volunteer set a PIN.",
    OFFER_TOKEN: "The token of one offer, from the link in a notice.",
    COORDINATOR_TOKEN: "The coordinator's token, from this deployment's settings.",
}
PARTS = {
    people: "What a person who asks may do.",
    volunteers: "What a volunteer may do.",
    offers: "What the holder of an offer's link may do.",
    conversation: "What the two of a match may do.",
    reports: "For everybody who fears for somebody's safety.",
    coordination: "What the coordinator may do.",
}


def add_api(app: Flask) -> None:
    """Register every operation on `app`, and the document about them."""
    spec = APISpec("Alongside", "v1", "3.1.0", plugins=[MarshmallowPlugin()], info={"description": DESCRIPTION})
    for name, what in KEYS.items():
        spec.components.security_scheme(name, {"type": "http", "scheme": "bearer", "description": what})
    app.extensions[SPEC] = spec
    for blueprint, what in PARTS.items():
        spec.tag({"name": blueprint.name, "description": what})
        app.register_blueprint(blueprint)
    app.add_url_rule(ADDRESS, "openapi", lambda: jsonify(spec.to_dict()))
