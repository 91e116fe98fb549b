"""Gift items: what can be sent, for how many coins, and how big a moment it is."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.errors import ItemUnavailable

MOST_ITEMS = 100
"""The most items of one guild. Archived ones do not count."""


class Tier(StrEnum):
    """How big a moment a gift is: by its price, as each tier begins at `from_price` coins, or as a guild decides.

    The value is stored. `number` is what buttons and menus carry. Messages with numbers are out there for years, so a
    new tier takes a number that none has had, and its place among the others follows from its price.
    """

    number: int
    from_price: int

    SMALL = "small", 0, 0
    MEDIUM = "medium", 1, 100
    LARGE = "large", 2, 1_000
    GRAND = "grand", 3, 5_000
    LEGENDARY = "legendary", 4, 20_000

    def __new__(cls, value: str, number: int, from_price: int) -> "Tier":  # noqa: D102 - as `Enum` has it
        tier = str.__new__(cls, value)
        tier._value_ = value
        tier.number, tier.from_price = number, from_price
        return tier

    @classmethod
    def numbered(cls, number: int) -> "Tier | None":
        """Return the tier with a number, None if no tier has it."""
        return next((tier for tier in cls if tier.number == number), None)

    def reaches(self, lowest: "Tier") -> bool:
        """Whether this tier is `lowest` or one above it."""
        return self.from_price >= lowest.from_price


_LOWEST_FIRST = sorted(Tier, key=lambda tier: tier.from_price)
_PRICES = [tier.from_price for tier in _LOWEST_FIRST]


def tier_of(price: int, own_tier: str | None = None) -> Tier:
    """Return the tier of an item that costs `price` coins: `own_tier` if its guild chose one, else by the price."""
    return Tier(own_tier) if own_tier else _LOWEST_FIRST[bisect_right(_PRICES, price) - 1]


class ItemPicture(NamedTuple):
    """A picture that a guild uploaded for an item: `digest` tells its content."""

    guild_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class GiftItem:
    """One item of a guild's catalogue. `price` is in coins, times are UTC, `stock` counts pieces, None is unlimited.

    `own_tier` is the tier that the guild chose, None if the price decides. `picture` is the digest of the picture
    that the guild uploaded, None where ours is drawn. With `joins_club`, the sender joins the creator's fan club.
    """

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
    own_tier: Tier | None = None
    picture: str | None = None
    fans_only: bool = False
    joins_club: bool = False

    @property
    def uploaded_picture(self) -> ItemPicture | None:
        """The picture that the guild uploaded, None if there is none."""
        return ItemPicture(self.guild_id, self.picture) if self.picture else None

    @property
    def tier(self) -> Tier:
        """How big a moment the item is."""
        return tier_of(self.price, self.own_tier)

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

_HEART = "Warm Heart"
"""The one with which members join fan clubs."""


def default_items(guild_id: int) -> list[GiftItem]:
    """Return the items that a new guild's catalogue starts with."""
    return [
        GiftItem(guild_id, number, name, emoji, price, joins_club=name == _HEART)
        for number, (name, emoji, price) in enumerate(DEFAULT_ITEMS, start=1)
    ]
