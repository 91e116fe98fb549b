"""What members read about purchases on Discord that no checkout has."""

from bot.domain.orders import Order
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.text.reader import Reader


def free_coins(order: Order, footer: str, reader: Reader) -> Card:
    """Return what a member reads who got a package for free. Its order was cancelled: nothing is paid for it."""
    text = reader._(
        "Discord gave you this package for free. I've added {coins} to your balance, as promo coins.",
        coins=f"**{reader.coins(order.coins)}**",
    )
    return Card(theme.GREEN, (Part(text),), title="🎁 " + reader._("Free coins from Discord"), footer=footer)
