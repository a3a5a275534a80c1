"""Intake's settings, read from the environment or from files (`X` or `X_FILE`)."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

import yaml
from babel.core import get_global
from environs import FileAwareEnv, ValidationError, validate

from services.intake.domain.affiliations import Register
from services.intake.domain.register import RegisterError, read_levels, read_places
from shared.settings import CommonSettings, read_common, read_settings
from shared.vocabulary import VocabularyError, read_crisis_lines, vocabulary
from shared.vocabulary.model import CrisisLine, countries_of

T = TypeVar("T")


@dataclass(frozen=True)
class Trust:
    """What a person is told before the first question, in the operator's sentences; an empty one is shown as missing.

    Who runs this; whether they employ those who ask; who can read what, and for how long; what a registered peer may
    have to report.
    """

    operator_name: str
    employs: str
    reads: str
    reports: str


@dataclass(frozen=True)
class PageSettings:
    """What the operator decides about the pages.

    `country` (ISO 3166 alpha-2) chooses the crisis lines; without it only those that every country has are shown.
    `crisis_lines` are the operator's own, with the days of their test calls, or else those of the vocabulary.
    `exit_url` is the neutral site that the exit link on every page leads to, `public_url` where people find the first
    page. `coordinator_phone` is whom volunteers ring when they fear for somebody; where it is empty, their page says
    that it is missing.
    """

    public_url: str
    country: str
    exit_url: str
    coordinator_phone: str
    trust: Trust
    crisis_lines: tuple[CrisisLine, ...]


@dataclass(frozen=True)
class IntakeSettings(PageSettings):
    """Everything that intake's processes need to start.

    `programme_code`, if there is one, has to be given by everybody who asks. Above `flood_per_hour` requests an hour
    new ones wait; 0: never. `register` knows places of work and study; an empty one compares them by spelling alone.
    """

    common: CommonSettings
    host: str
    port: int
    coordinator_token: str
    programme_code: str
    flood_per_hour: int
    register: Register


LONG_ENOUGH = validate.Length(min=32, error="must have at least 32 characters")
WEB_ADDRESS = validate.Regexp("https?://", error="must start with http:// or https://")
COUNTRY = re.compile(r"[A-Z]{2}")
NOT_NEGATIVE = validate.Range(min=0, error="must be 0 or more")


def _lines(text: str) -> tuple[CrisisLine, ...]:
    parsed = yaml.safe_load(text)
    return vocabulary().crisis_lines if parsed is None else read_crisis_lines(parsed)


def _with_lines(lines: Collection[CrisisLine] | None) -> Callable[[str], None]:
    """Return a check that a country has crisis lines: a wrong code would take away its emergency number unseen."""

    def check(country: str) -> None:
        known = sorted(countries_of(lines or ()))
        if not country or lines is None or country in known:
            return
        if COUNTRY.fullmatch(country) is None:
            raise ValidationError("must be two capital letters, e.g. GB")
        meant = [code for code in get_global("territory_aliases").get(country, ()) if code in known]
        near = (meant or get_close_matches(country, known, n=1, cutoff=0) or ["none"])[0]
        listed = ", ".join(known)
        raise ValidationError(f"{country} has no crisis lines, the nearest code is {near}; lines exist for {listed}")

    return check


def _checked(read: Callable[[str], T]) -> Callable[[str], T]:
    """Return `read` as environs wants it: what is wrong with a value is a ValidationError."""

    def parse(text: str) -> T:
        try:
            return read(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise ValidationError(f"is no YAML (line {mark.line + 1})" if mark else "is no YAML") from None
        except (RegisterError, VocabularyError) as error:
            raise ValidationError(str(error)) from None

    return parse


def read_intake(env: FileAwareEnv) -> IntakeSettings:
    env.add_parser("lines", _checked(_lines))
    # A value that was refused is None here, and is reported with the rest.
    lines = env.lines("CRISIS_LINES", "")
    country = env.str("COUNTRY", "", validate=_with_lines(lines))
    return IntakeSettings(
        common=read_common(env),
        host=env.str("INTAKE_HOST", "127.0.0.1"),
        port=env.int("INTAKE_PORT", 8080),
        coordinator_token=env.str("COORDINATOR_TOKEN", validate=LONG_ENOUGH),
        public_url=env.str("PUBLIC_URL", validate=WEB_ADDRESS),
        country=country,
        exit_url=env.str("EXIT_URL", "https://www.wikipedia.org/", validate=WEB_ADDRESS),
        coordinator_phone=env.str("COORDINATOR_PHONE", ""),
        trust=Trust(
            operator_name=env.str("OPERATOR_NAME", ""),
            employs=env.str("OPERATOR_EMPLOYS", ""),
            reads=env.str("OPERATOR_READS", ""),
            reports=env.str("OPERATOR_REPORTS", ""),
        ),
        programme_code=env.str("PROGRAMME_CODE", ""),
        flood_per_hour=env.int("FLOOD_PER_HOUR", 60, validate=NOT_NEGATIVE),
        crisis_lines=lines,
        register=read_register(env, country or ""),
    )


def read_register(env: FileAwareEnv, country: str) -> Register:
    """Return the operator's register, with the country of telephone numbers without one."""
    env.add_parser("places", _checked(lambda text: read_places(yaml.load(text, yaml.CSafeLoader))))
    env.add_parser("levels", _checked(read_levels))
    levels = env.levels("AFFILIATION_LEVELS", "") or ()
    return Register(env.places("AFFILIATIONS", "") or (), levels, country)


def read_intake_settings() -> IntakeSettings:
    """Return intake's settings; BadSettings names everything that is missing or wrong, at once."""
    return read_settings(read_intake)
