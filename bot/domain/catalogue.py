"""Gift items: what can be sent, for how many coins, and how big a moment it is."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import ItemUnavailable

MOST_ITEMS = 100
"""The most items of one guild. Archived ones do not count."""


class Tier(StrEnum):
    """How big a moment a gift is. The price of one piece alone decides."""

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
    """One item of a guild's catalogue. `price` is in coins, times are UTC, `stock` counts pieces, None is unlimited."""

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
        """The tier that follows from the price."""
        return tier_of(self.price)

    def check_sendable(self, quantity: int, now_ms: int, *, live: bool) -> None:
        """Raise ItemUnavailable unless `quantity` pieces can be sent now. `live` says whether the creator is live."""
        reason = self._obstacle(quantity, now_ms, live=live)
        if reason:
            raise ItemUnavailable(self.name, reason)

    def is_sendable(self, quantity: int, now_ms: int, *, live: bool) -> bool:
        """Whether `quantity` pieces can be sent now."""
        return not self._obstacle(quantity, now_ms, live=live)

    def _obstacle(self, quantity: int, now_ms: int, *, live: bool) -> str:
        reason = ""
        if self.archived:
            reason = "archived"
        elif self.from_ms is not None and now_ms < self.from_ms:
            reason = "early"
        elif self.until_ms is not None and now_ms >= self.until_ms:
            reason = "over"
        elif self.stock is not None and self.stock < quantity:
            reason = "sold_out"
        elif self.live_only and not live:
            reason = "live_only"
        return reason


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
"""Name, emoji and price of the items that a guild starts with. Their ids are 1 to 18."""


def default_items(guild_id: int) -> list[GiftItem]:
    """Return the items that a new guild's catalogue starts with."""
    return [
        GiftItem(guild_id, number, name, emoji, price)
        for number, (name, emoji, price) in enumerate(DEFAULT_ITEMS, start=1)
    ]
