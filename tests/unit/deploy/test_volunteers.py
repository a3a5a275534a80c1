"""The invented volunteers are ones that intake takes."""

import random

from deploy.volunteers import invented
from services.intake.schemas.volunteer import Apply


def test_intake_takes_every_invented_application() -> None:
    chance = random.Random(0)
    for number in range(50):
        assert Apply().validate(invented(number, chance)) == {}


def test_the_same_chance_gives_the_same_volunteers() -> None:
    assert invented(0, random.Random(7)) == invented(0, random.Random(7))
