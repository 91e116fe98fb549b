"""What the suites of buying share: a till, and the services over the books of one guild, audited after each test."""

from collections.abc import AsyncIterator

import pytest

from bot.payments.discord_sku import DiscordSku
from bot.services import Services
from bot.services.assembly import build
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from tests.payments.entitlements import Discord
from tests.services.discord_buying import GUILDS, PRICES, SKU
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


@pytest.fixture
def discord() -> Discord:
    """Discord's entitlements, none at first."""
    return Discord()


@pytest.fixture
def store(discord: Discord) -> DiscordSku:
    """The provider, which is connected and in test mode."""
    store = DiscordSku(PRICES, is_test_mode=True)
    store.connect(discord)
    return store


@pytest.fixture
async def shop(database: Database, store: DiscordSku, clock: Clock) -> AsyncIterator[Services]:
    """Two guilds whose smallest package is sold on Discord."""
    services = build(database, [store], clock)
    for guild_id in GUILDS:
        await services.guilds.welcome(guild_id)
        await services.packages.edit(guild_id, 1, reference=SKU, archived=False)
    yield services
    await services.payment_events.stop()
