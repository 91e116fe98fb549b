"""Chests: a sponsor shares promo coins out in a channel, in equal shares, and each member can take one.

All of it is said beforehand: how many coins a share has, how many there are, who can take one and until when. Nothing
is left to chance. What does not divide stays with the sponsor, and shares that nobody has taken go back at the end.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.domain.chest_errors import (
    ChestEmpty,
    ChestOver,
    NotASponsor,
    OwnChest,
    TooFewForShares,
    TooNewForChest,
    TooYoungForChest,
)
from bot.domain.ids import created_ms
from bot.domain.money import amount
from bot.domain.policy import Actor, Staff

FEWEST_SHARES: Final = 2
MOST_SHARES: Final = 500
DEFAULT_MINUTES: Final = 10
MOST_MINUTES: Final = 24 * 60

ACCOUNT_DAYS: Final = 7
"""How old a Discord account has to be for a share, where a guild has chosen nothing …"""
JOINED_HOURS: Final = 24
"""… and how long its owner has to have been in the server."""

DAY_MS: Final = 24 * 3_600_000
HOUR_MS: Final = 3_600_000

_STAFF: Final = frozenset({Staff.MANAGER, Staff.HOST})


def minimums_of(account_days: int | None, joined_hours: int | None) -> tuple[int, int]:
    """Return the days and the hours that a guild asks for: ours where it has chosen nothing."""
    return (
        ACCOUNT_DAYS if account_days is None else account_days,
        JOINED_HOURS if joined_hours is None else joined_hours,
    )


class Split(NamedTuple):
    """How coins are shared out: `shares` of `share` coins each. The `rest` is fewer coins than there are shares."""

    share: int
    shares: int
    rest: int

    @property
    def coins(self) -> int:
        """The coins of all shares together."""
        return self.share * self.shares


@dataclass(frozen=True, slots=True)
class Chest:
    """`shares` of `share` promo coins each, which can be taken until `until_ms`. `taken` of them were taken.

    `chest_id` is the row of the journal that reserved the coins of `sponsor`, a holder. To take a share, a member needs
    an account that is `account_days` old, and must have been in the server for `joined_hours`. `closed_seq` is the row
    that took the last share or returned the rest, 0 while the chest is open.
    """

    guild_id: int
    chest_id: int
    channel_id: int
    sponsor: int
    share: int
    shares: int
    opened_ms: int
    until_ms: int
    account_days: int
    joined_hours: int
    taken: int = 0
    closed_seq: int = 0

    @property
    def is_open(self) -> bool:
        """Whether there are coins in it."""
        return not self.closed_seq

    @property
    def left(self) -> int:
        """The shares that nobody has taken."""
        return self.shares - self.taken

    @property
    def reserved(self) -> int:
        """The coins that are in it."""
        return self.left * self.share if self.is_open else 0

    def check(self, member_id: int, holder: int, joined_ms: int, now_ms: int) -> None:
        """Raise what keeps a member, who joined at `joined_ms`, from taking a share: ChestOver, ChestEmpty, OwnChest,
        TooYoungForChest or TooNewForChest."""
        if not self.left:
            raise ChestEmpty
        if not self.is_open or now_ms >= self.until_ms:
            raise ChestOver
        if holder == self.sponsor:
            raise OwnChest
        old_enough_ms = created_ms(member_id) + self.account_days * DAY_MS
        if self.account_days and now_ms < old_enough_ms:
            raise TooYoungForChest(self.account_days, old_enough_ms)
        long_enough_ms = joined_ms + self.joined_hours * HOUR_MS
        if self.joined_hours and now_ms < long_enough_ms:
            raise TooNewForChest(self.joined_hours, long_enough_ms)


def split(coins: int, shares: int) -> Split:
    """Return how `coins` are shared out equally. Raise InvalidAmount, or TooFewForShares if no share would have any."""
    coins = amount(coins)
    shares = amount(shares, highest=MOST_SHARES)
    if shares < FEWEST_SHARES or coins < shares:
        raise TooFewForShares(max(shares, FEWEST_SHARES))
    return Split(coins // shares, shares, coins % shares)


def check_sponsor(actor: Actor, role_ids: Collection[int], sponsor_role_id: int) -> None:
    """Raise NotASponsor unless a member may share coins out: staff may, and members with the sponsors' role."""
    if not actor.may(_STAFF) and (not sponsor_role_id or sponsor_role_id not in role_ids):
        raise NotASponsor(sponsor_role_id)


def key_of(chest_id: int, holder: int) -> str:
    """Return the key of a share: each member has one for each chest."""
    return f"chest:{chest_id}:{holder}"


def end_key_of(chest_id: int) -> str:
    """Return the key under which the rest of a chest goes back."""
    return f"chest:{chest_id}:end"
