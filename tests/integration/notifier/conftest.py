"""A notifier on a real PostgreSQL, a real vault and a real mail server; events go to its handlers without Kafka."""

from collections.abc import Iterator

import pytest

from shared.database import Database
from tests.integration.conftest import House
from tests.integration.notifier.mail_server import Manners, serving
from tests.integration.notifier.world import VOLUNTEER, World
from tests.support.databases import Databases


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """The notifier's own database, fresh and migrated."""
    database = Database(databases.fresh("notifier"), name="test-notifier", pool_size=12)
    yield database
    database.dispose()


@pytest.fixture
def manners() -> Manners:
    """How the mail server answers, and what it was given."""
    return Manners()


@pytest.fixture
def world(database: Database, house: House, manners: Manners) -> Iterator[World]:
    """A notifier with nothing in it yet."""
    with serving(manners) as port:
        yield World(database, house, port)


@pytest.fixture
def offer(world: World) -> str:
    """An offer to a volunteer whose approval has been told already."""
    volunteer = world.volunteer(VOLUNTEER)
    world.send_due()
    return world.offered(world.person(), volunteer)
