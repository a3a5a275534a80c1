"""Every operation of the API on the application, and the OpenAPI document about them."""

from functools import cache, partial
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Flask, jsonify

from services.intake.api.contract import ANSWERING, ASKING, COORDINATING, REPORTING, TALKING, VOLUNTEERING
from services.intake.api.operations import PIN_HEADER, Key
from services.intake.handlers.context import Intake
from services.intake.schemas.places import Place

PREFIX = "/api/v1"
DESCRIPTION = (
    "Finds a struggling clinician a peer, without leaving a trace. Keys and tokens go into the Authorization header as "
    "`Bearer`; case, spaces and hyphens in them do not matter."
)
KEYS = {
    Key.REQUEST: "The request key, shown once when asking.",
    Key.VOLUNTEER: "The volunteer key, shown once when applying; or the newest home link sent by mail, with the header "
    f"`{PIN_HEADER}` if the volunteer set a PIN.",
    Key.OFFER: "The token of one offer, from the link in a notice.",
    Key.COORDINATOR: "The coordinator's token, from this deployment's settings.",
}
PARTS = {
    "requests": ("What a person who asks may do.", ASKING),
    "volunteers": ("What a volunteer may do.", VOLUNTEERING),
    "offers": ("What the holder of an offer's link may do.", ANSWERING),
    "conversation": ("What the two of a match may do.", TALKING),
    "reports": ("For everybody who fears for somebody's safety.", REPORTING),
    "coordination": ("What the coordinator may do.", COORDINATING),
}


class _Converter(OpenAPIConverter):
    def field2property(self, field: Any) -> dict[str, Any]:
        said: dict[str, Any] = super().field2property(field)
        if isinstance(field, Place):
            said["oneOf"] = [self.field2property(each) for each in (Place.in_one_line, Place.in_parts)]
        return said


class _Plugin(MarshmallowPlugin):
    Converter = _Converter


def add_api(app: Flask, intake: Intake) -> None:
    """Register every operation on `app`, and the document about them."""
    for tag, (_, operations) in PARTS.items():
        blueprint = Blueprint(tag, __name__, url_prefix=PREFIX)
        for each in operations:
            blueprint.add_url_rule(each.path, each.name, partial(each.run, intake), methods=[each.method])
        app.register_blueprint(blueprint)
    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", lambda: jsonify(document()))


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document. It takes a while to make, so it is made when somebody asks for it."""
    spec = APISpec("Alongside", "v1", "3.1.0", plugins=[_Plugin()], info={"description": DESCRIPTION})
    for name, what in KEYS.items():
        spec.components.security_scheme(name, {"type": "http", "scheme": "bearer", "description": what})
    for tag, (what, operations) in PARTS.items():
        spec.tag({"name": tag, "description": what})
        for each in operations:
            path = f"{PREFIX}{each.path}".replace("<ref>", "{ref}")
            spec.path(path, operations={each.method.lower(): each.document(tag)})
    return spec.to_dict()
