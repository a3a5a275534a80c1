"""What volunteers change of what they were vetted by (T14): until a coordinator has looked, the old counts as well.

A form here is an application as it was validated. What a volunteer has said since the last look is kept as `Unvetted`
and goes into the rules beside what they say now, so nobody lifts a rule against themselves. A change that lifts
nothing, such as one more place or the same one in other words, needs no look.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.intake.domain.affiliations import Register
from services.intake.domain.place import place_of
from services.intake.domain.refusals import Invalid

Form = Mapping[str, Any]
Unvetted = Mapping[str, list[Any]]
"""Field -> values since a coordinator last looked, oldest first. `stands` are professions with their stages."""

SINGLE, LISTS = ("name", "notify", "stands"), ("affiliations", "evaluative_roles")
NOTHING: Unvetted = {name: [] for name in (*SINGLE, *LISTS)}
MOST = 20
"""Values of one field; each place among them makes up to 64 marks."""


def unvetted_in(private: Mapping[str, Any]) -> Unvetted:
    """Return what a sealed volunteer.private holds; nothing in one that was sealed before this was kept."""
    return {**NOTHING, **private.get("unvetted", {})}


def counting(private: Form, name: str) -> list[Any]:
    """Return the places or roles of a sealed volunteer.private that count: those of now, and of before beside them."""
    return _unique([*private[name], *unvetted_in(private)[name]])


def said_now(form: Form, name: str) -> list[Any]:
    """Return what a form says in a field of `Unvetted`: an address without its channel, a profession with its stage."""
    if name == "stands":
        return [{each: form[each] for each in ("profession", "stage")}]
    return list(form[name]) if name in LISTS else [form[name]["value"] if name == "notify" else form[name]]


def after_change(unvetted: Unvetted, old: Form, new: Form, register: Register) -> Unvetted:
    """Return what counts beside `new` once it has taken the place of `old`.

    Raises Invalid if more would wait for a coordinator than is kept.
    """
    after = {name: _seen(unvetted[name], said_now(old, name), said_now(new, name)) for name in SINGLE}
    for name, marks in _marks_of(register).items():
        after[name] = _lifted(unvetted[name], old[name], new[name], marks)
    for name, values in after.items():
        if len(values) > MOST:
            raise Invalid("stage" if name == "stands" else name, "changes_wait")
    return after


def taken_back(unvetted: Unvetted, form: Form) -> dict[str, Any]:
    """Return the form with the places and roles of before as well, and the profession and stage that were vetted.

    A new name and address stay: the earlier ones of a volunteer count for good.
    """
    stood = unvetted["stands"][0] if unvetted["stands"] else {}
    return {**form, **stood, **{name: counting({**form, "unvetted": unvetted}, name) for name in LISTS}}


def _seen(earlier: list[Any], old: list[Any], new: list[Any]) -> list[Any]:
    """Return all values since the last look, the one that was vetted first; none if there was never another."""
    values = _unique([*earlier, *old])
    return [] if values == new else values


Marks = frozenset[Any]


def _marks_of(register: Register) -> dict[str, Callable[[Iterable[Any]], Marks]]:
    """Return how each list of a form becomes what the rules compare."""
    return {
        "affiliations": lambda places: register.of_volunteer(map(place_of, places)),
        "evaluative_roles": lambda roles: frozenset(
            (role["role"], mark) for role in roles for mark in register.of_body(place_of(role["body"]))
        ),
    }


def _lifted(earlier: list[Any], old: list[Any], new: list[Any], marks: Callable[[Iterable[Any]], Marks]) -> list[Any]:
    """Return, of places or roles, those without which something that was compared would be no more.

    Judged by what the whole list makes: a part of a place that is named beside it takes the larger one's marks away.
    """
    now = marks(new)
    lost = marks(old) - now
    return _unique(
        [each for each in earlier if not marks([each]) <= now] + [each for each in old if marks([each]) & lost]
    )


def _unique(values: list[Any]) -> list[Any]:
    return [each for number, each in enumerate(values) if each not in values[:number]]
