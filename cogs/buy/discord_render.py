"""What members read about purchases on Discord that no checkout has."""

from bot.domain.orders import Order
from bot.services.planned_gifts import GiftOutcome
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.text.reader import Reader
from cogs.buy import gift_render


def free_coins(order: Order, footer: str, reader: Reader, gift: GiftOutcome | None = None) -> Card:
    """Return the news that a member got a package for free. Its order was cancelled: nothing has to be paid."""
    text = reader._(
        "Discord gave you this package for free. I've added {coins} to your balance, as promo coins.",
        coins=f"**{reader.coins(order.coins)}**",
    )
    parts = [Part(text), *([Part(gift_render.outcome(gift, reader))] if gift else [])]
    return Card(theme.GREEN, tuple(parts), title="🎁 " + reader._("Free coins from Discord"), footer=footer)
