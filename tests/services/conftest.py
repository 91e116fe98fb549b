"""What the suites of buying share: a till, and the services over the books of one guild, audited after each test."""

from collections.abc import AsyncIterator

import pytest

from bot.services import Services
from bot.services.assembly import build
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from tests.services.paying import GUILD, Till
from tests.storage.town import Clock


@pytest.fixture
def clock() -> Clock:
    """The clock of services and writer."""
    return Clock()


@pytest.fixture
async def database(address: str, clock: Clock) -> AsyncIterator[Database]:
    """Open books."""
    books = await Database.open(address, clock=clock)
    yield books
    await books.close()
    assert list(audit_database(address)) == []


@pytest.fixture
def till() -> Till:
    """A provider with no purchases."""
    return Till()


@pytest.fixture
async def services(database: Database, till: Till, clock: Clock) -> AsyncIterator[Services]:
    """The services over the books of one guild."""
    built_services = build(database, [till], clock)
    await built_services.guilds.welcome(GUILD)
    yield built_services
    await built_services.payment_events.stop()
