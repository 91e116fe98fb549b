"""Chip-ins: members pool coins for a gift to a creator. Its price is met in time, or everyone gets theirs back.

The price is the one at the start, whatever becomes of the catalogue. What members chip in is reserved: it is neither in
their wallets nor anybody else's until the gift goes out or the coins come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.deadlines import AT_ONCE_MS, Deadline, DeadlineKind
from bot.domain.errors import Refusal

LOWEST_PRICE: Final = 100
"""What a gift costs at least that members can pool for."""
MOST_CHIPS: Final = 100
"""A chip is at least this part of the price, so that there are never more, or what is missing."""
DEFAULT_HOURS: Final = 24
MOST_HOURS: Final = 72
HOUR_MS: Final = 3_600_000
_QUICK_PERCENTS: Final = (5, 10, 25)


class ChipInState(StrEnum):
    """What has become of a chip-in. The values are stored."""

    OPEN = "open"
    """It takes chips until its end."""
    FULL = "full"
    """The price is met, and the gift is about to go out."""
    RETURNING = "returning"
    """It is over, and the coins are on their way back."""
    SENT = "sent"
    RETURNED = "returned"


class CalledOff(StrEnum):
    """Why the coins came back. The values are stored."""

    NOTHING = ""
    TIME = "time"
    """The price was not met in time."""
    CREATOR = "creator"
    """The creator can't get the gift: they left, are no creator any more, or take no gifts."""
    ITEM = "item"
    """The gift can't be sent any more."""


@dataclass(frozen=True, slots=True)
class ChipIn:
    """A gift that members pool for, with so much `collected` of its `price`. `opener` is a holder.

    `gift_seq` is the first row of the gift once it went out, and `message_id` the message that shows it.
    """

    guild_id: int
    chip_in_id: int
    channel_id: int
    creator_id: int
    item_id: int
    name: str
    emoji: str
    price: int
    opener: int
    opened_ms: int
    ends_ms: int
    collected: int = 0
    state: ChipInState = ChipInState.OPEN
    why: CalledOff = CalledOff.NOTHING
    gift_seq: int = 0
    message_id: int | None = None

    @property
    def missing(self) -> int:
        """The coins that are still missing."""
        return self.price - self.collected

    @property
    def least(self) -> int:
        """The fewest coins of a chip now."""
        return min(least_of(self.price), self.missing)

    @property
    def is_over(self) -> bool:
        """Whether nothing happens any more."""
        return self.state in {ChipInState.SENT, ChipInState.RETURNED}

    def takes_chips(self, now_ms: int) -> bool:
        """Whether a member can chip in."""
        return self.state is ChipInState.OPEN and now_ms < self.ends_ms

    def plus(self, coins: int) -> "ChipIn":
        """Return it with more coins. It is full once the price is met."""
        collected = self.collected + coins
        return replace(self, collected=collected, state=ChipInState.FULL if collected == self.price else self.state)

    def minus(self, coins: int) -> "ChipIn":
        """Return it with fewer coins: open again if it was full, and over with the last coins of one that was called
        off."""
        collected = self.collected - coins
        if self.state is ChipInState.RETURNING:
            return replace(self, collected=collected, state=self.state if collected else ChipInState.RETURNED)
        return replace(self, collected=collected, state=ChipInState.OPEN)

    def called_off(self, why: CalledOff) -> "ChipIn":
        """Return it as it is once it was called off."""
        return replace(self, state=ChipInState.RETURNING if self.collected else ChipInState.RETURNED, why=why)


class Chip(NamedTuple):
    """What a member, a holder, chipped in with row `seq`: bought coins, which may be test coins, and promo coins."""

    seq: int
    holder: int
    paid: int
    promo: int
    is_test: bool
    at_ms: int

    @property
    def coins(self) -> int:
        """All of it."""
        return self.paid + self.promo


class PoolPart(NamedTuple):
    """What one member has in a chip-in, in coins of one sort."""

    holder: int
    is_test: bool
    paid: int
    promo: int

    @property
    def coins(self) -> int:
        """All of it."""
        return self.paid + self.promo


def parts_of_pool(chips: Sequence[Chip]) -> tuple[PoolPart, ...]:
    """Return what each member has chipped in, in the order in which they began."""
    parts: dict[tuple[int, bool], PoolPart] = {}
    for chip in sorted(chips):
        key = chip.holder, chip.is_test
        before = parts.get(key, PoolPart(*key, 0, 0))
        parts[key] = before._replace(paid=before.paid + chip.paid, promo=before.promo + chip.promo)
    return tuple(parts.values())


def least_of(price: int) -> int:
    """Return the fewest coins of a chip."""
    return -(-price // MOST_CHIPS)


def quick_amounts(chip_in: ChipIn) -> tuple[int, ...]:
    """Return the amounts that stand on buttons, each once, in order: none is above what is missing."""
    amounts = (max(chip_in.price * percent // 100, chip_in.least) for percent in _QUICK_PERCENTS)
    return tuple(sorted({min(coins, chip_in.missing) for coins in amounts}))


def chip_in_of(guild_id: int, chip_in_id: int, at_ms: int) -> Deadline:
    """Return when a chip-in is to be looked at."""
    return Deadline(guild_id, DeadlineKind.CHIP_IN, chip_in_id, at_ms)


def chip_in_card_of(guild_id: int, chip_in_id: int) -> Deadline:
    """Return the deadline for the message of a chip-in that has just changed."""
    return Deadline(guild_id, DeadlineKind.CHIP_IN_CARD, chip_in_id, AT_ONCE_MS)


class ChipInCard(NamedTuple):
    """What the message of a chip-in shows: who pools how much, the most first. An erased member has the id 0.

    Of the `discreet` ones, nobody reads how much.
    """

    chip_in: ChipIn
    people: tuple[tuple[int, int], ...]
    discreet: frozenset[int] = frozenset()


@dataclass(unsafe_hash=True)
class ChipInOver(Refusal):
    """The chip-in takes no chips any more."""


@dataclass(unsafe_hash=True)
class ChipInRuns(Refusal):
    """A chip-in for this creator is open in this channel already."""

    creator_id: int


@dataclass(unsafe_hash=True)
class ChipTooSmall(Refusal):
    """The fewest coins of a chip."""

    least: int


@dataclass(unsafe_hash=True)
class NotPoolable(Refusal):
    """Members can't pool for this gift: it is cheaper than `lowest`, or only fans can send it."""

    name: str
    lowest: int
    is_for_fans: bool


@dataclass(unsafe_hash=True)
class UnpoolableTestCoins(Refusal):
    """Test coins would pay for the chip, in a guild that sells coins for money."""


@dataclass(unsafe_hash=True)
class ChipsShowNames(Refusal):
    """The member has chosen that their gifts are anonymous, and everybody sees who chips in."""


@dataclass(unsafe_hash=True)
class NothingChippedIn(Refusal):
    """The member has nothing in the chip-in that they could take back."""


@dataclass(unsafe_hash=True)
class PoolShort(Refusal):
    """Some of those who chipped in, holders, can't send a gift now. Nobody reads it: their chips go back."""

    holders: tuple[int, ...]
