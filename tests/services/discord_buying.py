"""Two guilds whose smallest package is sold on Discord, and a member who orders it there."""

from typing import Any

from bot.domain.order_states import OrderState
from bot.domain.orders import Contact
from bot.domain.packages import Terms
from bot.domain.store_prices import Price
from bot.services import Services
from bot.services.orders import Opened
from tests.services.paying import GUILD, MIA, paid_coins

OTHER_GUILD = 8
SKU, OTHER_SKU = "40", "41"
PRICES = {SKU: Price(99, "USD"), OTHER_SKU: Price(499, "USD")}
GUILDS = (GUILD, OTHER_GUILD)


async def order(shop: Services, order_id: int = 500, guild_id: int = GUILD, **changes: Any) -> Opened:
    """Have Mia accept the smallest package."""
    terms: dict[str, Any] = {
        "member_id": MIA,
        "package_id": 1,
        "accepted": Terms(70, 99, "USD"),
        "provider": "discord_sku",
        "consent_version": 1,
        "contact": Contact("de", f"token {order_id}"),
    }
    return await shop.orders.open(guild_id, order_id=order_id, **(terms | changes))


async def walk(shop: Services) -> None:
    """Read all that Discord lists."""
    await shop.payment_events.reconcile(0)


async def state(shop: Services, order_id: int = 500, guild_id: int = GUILD) -> OrderState:
    order = await shop.orders.find(guild_id, order_id)
    assert order is not None
    return order.state


async def balances(shop: Services) -> tuple[int, ...]:
    """Return Mia's paid coins in each guild."""
    return tuple([await paid_coins(shop, MIA, guild_id) for guild_id in GUILDS])
