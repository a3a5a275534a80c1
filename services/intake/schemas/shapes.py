"""From what somebody filled in to the objects that are sealed, and back.

What a person or a volunteer says is divided by who may read it, as each field of the schemas declares. Names,
addresses and places go into the profile, for the matcher, as keyed hashes alone: one for each mark of theirs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from marshmallow import missing
from marshmallow.fields import Field

from services.intake.domain.affiliations import Register
from services.intake.domain.place import Said, place_of
from services.intake.domain.refusals import Invalid
from services.intake.domain.vetting import NOTHING, Unvetted
from services.intake.schemas.person import Ask
from services.intake.schemas.volunteer import Apply
from shared.vault.purposes import Purpose
from shared.vocabulary import vocabulary

Filled = Mapping[str, Any]
"""A form as validated, every field present."""

Sealable = dict[str, Any]

KNOWN_AS, MOST_KNOWN = "known_as", 50
"""Where volunteer.private keeps names and addresses of before, and how many."""

FIELDS: dict[Purpose, dict[str, Field[Any]]] = {}
"""Purpose -> the fields that are sealed under it as they were said."""

for _form in (Ask(), Apply()):
    for _name, _field in _form.fields.items():
        for _purpose in _field.metadata["sealed"]:
            FIELDS.setdefault(_purpose, {})[_name] = _field


class Hashes(Protocol):
    """Makes keyed hashes, by which the matcher compares what it cannot read."""

    def person(self, text: str) -> str:
        """Return the hash of one mark of a person."""

    def place(self, text: str) -> str:
        """Return the hash of one mark of a place of work or study, a board or a college."""


@dataclass(frozen=True)
class Shapes:
    """The objects to seal. `notify` is empty for a person who wants no notices."""

    profile: Sealable
    private: Sealable
    notify: Sealable


def shape_person(filled: Filled, hashes: Hashes, register: Register) -> Shapes:
    """Divide a validated request form into what is sealed."""
    addresses = [each["value"] for each in (filled["notify"], filled["contact"]) if each]
    profile = {
        **_part(Purpose.PERSON_PROFILE, filled),
        "affiliations": _hashed(hashes.place, register.of_person(_places(filled))),
        "avoid": {
            "affiliations": _hashed(hashes.place, register.avoided_by_person(_places(filled["avoid"]))),
            "people": _hashed(hashes.person, register.people.avoided_by_person(filled["avoid"]["people"])),
        },
        "identity": _hashed(hashes.person, register.people.of_person(addresses)),
        "marks": register.version(),
        "vocabulary": vocabulary().fingerprint,
    }
    notify = {**filled["notify"], "time_zone": filled["time_zone"]} if filled["notify"] else {}
    return Shapes(profile, _part(Purpose.PERSON_PRIVATE, filled), notify)


def person_form(profile: Sealable, private: Sealable, notify: Sealable) -> dict[str, Any]:
    """Return the form that these shapes were made from."""
    said = {**_part(Purpose.PERSON_PROFILE, profile), **_part(Purpose.PERSON_PRIVATE, private)}
    return {**said, "notify": _address(notify) if notify else None}


def shape_volunteer(
    filled: Filled,
    hashes: Hashes,
    register: Register,
    *,
    trained_for: Iterable[str],
    two_words: str | None,
    known_as: Sequence[str] = (),
    unvetted: Unvetted = NOTHING,
) -> Shapes:
    """Divide a validated application into what is sealed; training and the two words come from approval.

    `known_as` are the names and addresses that the volunteer had before. What is `unvetted` counts beside what they say
    now, wherever two are kept apart by it.
    """
    places = [_places(filled), *([place_of(each)] for each in unvetted["affiliations"])]
    profile = {
        **_part(Purpose.VOLUNTEER_PROFILE, filled),
        "earlier": unvetted["stands"],
        "affiliations": _hashed(hashes.place, chain.from_iterable(map(register.of_volunteer, places))),
        "evaluative_roles": [
            {"role": each["role"], "body": body}
            for each in [*filled["evaluative_roles"], *unvetted["evaluative_roles"]]
            for body in _hashed(hashes.place, register.of_body(place_of(each["body"])))
        ],
        "trained_for": sorted(trained_for),
        "avoid": {
            "affiliations": _hashed(hashes.place, register.avoided_by_volunteer(_places(filled["avoid"]))),
            "people": _hashed(hashes.person, register.people.avoided_by_volunteer(filled["avoid"]["people"])),
        },
        "identity": _hashed(hashes.person, register.people.of_volunteer([*_names_of(filled), *known_as])),
        "marks": register.version(),
        "vocabulary": vocabulary().fingerprint,
    }
    private = {**_part(Purpose.VOLUNTEER_PRIVATE, filled), KNOWN_AS: list(known_as), "unvetted": unvetted}
    notify = {**filled["notify"], "time_zone": filled["time_zone"], "two_words": two_words}
    return Shapes(profile, private, notify)


def known_as(private: Sealable, before: Filled, after: Filled) -> list[str]:
    """Return the names and addresses that a volunteer had before, whose form `after` is: they count for good.

    Raises Invalid if they are more than can be kept: the last ones that a rule was made by must not make room.
    """
    texts = dict.fromkeys([*private.get(KNOWN_AS, ()), *_names_of(before)])
    earlier = [each for each in texts if each not in _names_of(after)]
    if len(earlier) > MOST_KNOWN:
        raise Invalid("name", "changed_too_often")
    return earlier


def _names_of(form: Filled) -> list[str]:
    contact = [form["contact"]["value"]] if form["contact"] else []
    return [form["name"], form["notify"]["value"], *contact]


def volunteer_form(profile: Sealable, private: Sealable, notify: Sealable) -> dict[str, Any]:
    """Return the form that these shapes were made from."""
    said = {**_part(Purpose.VOLUNTEER_PROFILE, profile), **_part(Purpose.VOLUNTEER_PRIVATE, private)}
    return {**said, "notify": _address(notify)}


def _part(purpose: Purpose, said: Filled) -> Sealable:
    # What was sealed before a field was added is read as if that had been left out.
    return {name: said[name] if name in said else field.deserialize(missing) for name, field in FIELDS[purpose].items()}


def _address(notify: Sealable) -> Sealable:
    return {name: notify[name] for name in ("channel", "value", "language")}


def _places(said: Filled) -> list[str | Said]:
    return [place_of(place) for place in said["affiliations"]]


def _hashed(make: Callable[[str], str], texts: Iterable[str]) -> list[str]:
    return sorted({make(text) for text in texts})
