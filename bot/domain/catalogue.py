"""Gift items: what can be sent, for how many coins, and how big a moment it is."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import ItemUnavailable

MOST_ITEMS = 100
"""Items of one guild, archived ones not counted."""


class Tier(StrEnum):
    """How big a moment a gift is; decided by the price of one piece alone."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    GRAND = "grand"
    LEGENDARY = "legendary"


_TIER_BELOW = ((100, Tier.SMALL), (1_000, Tier.MEDIUM), (5_000, Tier.LARGE), (20_000, Tier.GRAND))


def tier_of(price: int) -> Tier:
    """Return the tier of an item that costs `price` coins."""
    return next((tier for bound, tier in _TIER_BELOW if price < bound), Tier.LEGENDARY)


@dataclass(frozen=True, slots=True)
class GiftItem:
    """One entry of a guild's catalogue. `price` in coins; times UTC; `stock` pieces left, None without limit."""

    guild_id: int
    item_id: int
    name: str
    emoji: str
    price: int
    from_ms: int | None = None
    until_ms: int | None = None
    stock: int | None = None
    live_only: bool = False
    archived: bool = False

    @property
    def tier(self) -> Tier:
        """The tier that the price puts the item in."""
        return tier_of(self.price)

    def check_sendable(self, count: int, now_ms: int, *, live: bool) -> None:
        """Raise ItemUnavailable unless `count` pieces can be sent now; `live` tells whether the creator is live."""
        why = self._obstacle(count, now_ms, live=live)
        if why:
            raise ItemUnavailable(self.name, why)

    def is_sendable(self, count: int, now_ms: int, *, live: bool) -> bool:
        """Whether `count` pieces can be sent now."""
        return not self._obstacle(count, now_ms, live=live)

    def _obstacle(self, count: int, now_ms: int, *, live: bool) -> str:
        why = ""
        if self.archived:
            why = "archived"
        elif self.from_ms is not None and now_ms < self.from_ms:
            why = "early"
        elif self.until_ms is not None and now_ms >= self.until_ms:
            why = "over"
        elif self.stock is not None and self.stock < count:
            why = "sold_out"
        elif self.live_only and not live:
            why = "live_only"
        return why


DEFAULT_ITEMS: tuple[tuple[str, str, int], ...] = (
    ("Petal", "🌸", 1),
    ("Spark", "✨", 5),
    ("Warm Heart", "💗", 10),
    ("Clover", "🍀", 20),
    ("Cupcake", "🧁", 49),
    ("Paper Crane", "🕊️", 99),
    ("Music Box", "🎶", 149),
    ("Lantern", "🏮", 199),
    ("Carousel", "🎠", 299),
    ("Balloon Ride", "🎈", 499),
    ("Fireworks", "🎆", 699),
    ("Rosette", "🏵️", 1_000),
    ("Northern Lights", "🌌", 1_999),
    ("Tall Ship", "⛵", 4_999),
    ("Comet", "☄️", 9_999),
    ("Sky Castle", "🏰", 14_999),
    ("Phoenix", "🔥", 29_999),
    ("Milky Way", "🌠", 44_999),
)
"""Name, emoji and price of what a guild starts with; the item ids are 1 to 18."""


def default_items(guild_id: int) -> list[GiftItem]:
    """Return the items that a new guild's catalogue starts with."""
    return [
        GiftItem(guild_id, number, name, emoji, price)
        for number, (name, emoji, price) in enumerate(DEFAULT_ITEMS, start=1)
    ]
