"""What a guild's people may have typed, for tests that look at all that the surface can show."""

from dataclasses import dataclass

ID = (1 << 63) - 1
NOW_MS = 1_900_000_000_000


@dataclass(frozen=True)
class Facts:
    """What a guild's people may have typed, and how large its numbers are."""

    name: str = "Ρόδο"
    emoji: str = "🌸"
    note: str = "Χαίρε"
    title: str = "Τραγούδια"
    coins: int = 1_234
    count: int = 3
    rows: int = 10
    currency: str = "USD"
    anonymous: bool = False
