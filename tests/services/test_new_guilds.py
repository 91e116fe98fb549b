"""What a guild finds when the bot joins it, by the way that coins are paid for there."""

import pytest

from bot.payments.provider import Provider
from bot.payments.sandbox import SandboxProvider
from bot.services.assembly import build
from bot.storage.database import Database

GUILD = 7


@pytest.mark.parametrize(
    ("providers", "on_sale"), [([], 0), ([SandboxProvider("http://127.0.0.1:1", "key", "secret")], 7)]
)
async def test_packages_are_on_sale_at_once_only_where_no_real_money_is_taken(
    address: str, providers: list[Provider], on_sale: int
) -> None:
    database = await Database.open(address, clock=lambda: 1)
    services = build(database, providers, lambda: 1)
    await services.guilds.welcome(GUILD)
    active = await services.packages.packages(GUILD)
    everything = await services.packages.packages(GUILD, archived=True)
    items = await services.catalogue.items(GUILD)
    await database.close()

    assert (len(active), len(everything), len(items)) == (on_sale, 7, 18)
