"""From what somebody filled in to the objects that are sealed, and back.

What a person or a volunteer says is divided by who may read it: the profile goes to the matcher, with names, addresses
and places as keyed hashes; the readable rest stays with intake. `Filled` is the form as validated, every field present.
A place becomes several hashes, one for each mark that the operator's register gives it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.intake.domain.affiliations import Register

Filled = Mapping[str, Any]
Sealable = dict[str, Any]

PROFILE_OF_BOTH = ("profession", "care_area", "stage", "languages", "time_zone", "values", "conversation", "modalities")
PROFILE_OF_PERSON = (
    *PROFILE_OF_BOTH,
    *("themes", "most_important", "availability", "urgency", "care_area_wish", "gender_wish", "must_haves", "waive"),
)
PROFILE_OF_VOLUNTEER = (
    *PROFILE_OF_BOTH,
    *("themes", "ready_for", "availability", "waking_hours", "gender", "capacity"),
)
PRIVATE_OF_PERSON = ("words", "contact", "affiliations", "at_once", "avoid")
PRIVATE_OF_VOLUNTEER = ("name", "contact", "proof", "affiliations", "evaluative_roles", "shows", "avoid")


class Hashes(Protocol):
    """Makes keyed hashes, by which the matcher compares what it cannot read."""

    def person(self, text: str) -> str:
        """Return the hash of a name, an e-mail address or a telephone number."""

    def place(self, text: str) -> str:
        """Return the hash of one mark of a place of work or study, a board or a college."""


@dataclass(frozen=True)
class PersonShapes:
    """The objects to seal for a request. `notify` is None for a person who wants no notices."""

    profile: Sealable
    private: Sealable
    notify: Sealable | None


@dataclass(frozen=True)
class VolunteerShapes:
    """The objects to seal for a volunteer."""

    profile: Sealable
    private: Sealable
    notify: Sealable


def shape_person(filled: Filled, hashes: Hashes, register: Register) -> PersonShapes:
    """Divide a validated request form into what is sealed. The programme code is in none of it: it is never stored."""
    addresses = [each["value"] for each in (filled["notify"], filled["contact"]) if each]
    profile = {
        **{name: filled[name] for name in PROFILE_OF_PERSON},
        "affiliations": _hashed(hashes.place, register.of_person(filled["affiliations"])),
        "avoid": _avoid(filled["avoid"], hashes, register.avoided_by_person),
        "identity": _hashed(hashes.person, addresses),
    }
    notify = {**filled["notify"], "time_zone": filled["time_zone"]} if filled["notify"] else None
    return PersonShapes(profile, {name: filled[name] for name in PRIVATE_OF_PERSON}, notify)


def person_form(profile: Sealable, private: Sealable, notify: Sealable | None) -> dict[str, Any]:
    """Return the form that these shapes were made from."""
    said = {name: profile[name] for name in PROFILE_OF_PERSON} | {name: private[name] for name in PRIVATE_OF_PERSON}
    return {**said, "notify": _without_time_zone(notify) if notify else None}


def shape_volunteer(
    filled: Filled, hashes: Hashes, register: Register, *, trained_for: Iterable[str], two_words: str | None
) -> VolunteerShapes:
    """Divide a validated application into what is sealed; training and the two words come from approval."""
    addresses = [filled["notify"]["value"], *([filled["contact"]["value"]] if filled["contact"] else [])]
    profile = {
        **{name: filled[name] for name in PROFILE_OF_VOLUNTEER},
        "affiliations": _hashed(hashes.place, register.of_volunteer(filled["affiliations"])),
        "evaluative_roles": [
            {"role": each["role"], "body": body}
            for each in filled["evaluative_roles"]
            for body in _hashed(hashes.place, register.of_body(each["body"]))
        ],
        "trained_for": sorted(trained_for),
        "avoid": _avoid(filled["avoid"], hashes, register.avoided_by_volunteer),
        "identity": _hashed(hashes.person, [filled["name"], *addresses]),
    }
    notify = {**filled["notify"], "time_zone": filled["time_zone"], "two_words": two_words}
    return VolunteerShapes(profile, {name: filled[name] for name in PRIVATE_OF_VOLUNTEER}, notify)


def volunteer_form(profile: Sealable, private: Sealable, notify: Sealable) -> dict[str, Any]:
    """Return the form that these shapes were made from."""
    said = {name: profile[name] for name in PROFILE_OF_VOLUNTEER}
    said |= {name: private[name] for name in PRIVATE_OF_VOLUNTEER}
    return {**said, "notify": _without_time_zone(notify)}


def _without_time_zone(notify: Sealable) -> Sealable:
    return {name: notify[name] for name in ("channel", "value", "language")}


def _avoid(avoid: Filled, hashes: Hashes, marks: Callable[[Iterable[str]], Iterable[str]]) -> Sealable:
    return {
        "affiliations": _hashed(hashes.place, marks(avoid["affiliations"])),
        "people": _hashed(hashes.person, avoid["people"]),
    }


def _hashed(make: Callable[[str], str], texts: Iterable[str]) -> list[str]:
    return sorted({make(text) for text in texts})
