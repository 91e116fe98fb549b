"""Deleting what is known about a member: when that may be done, what goes, and what the law wants kept for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.errors import Refusal

ERASED_NOTES_MS: Final = 60_000
"""How long after a deletion another bot empties the member's messages, in case the first one has ended."""

RECORDS_YEARS: Final = 8
"""For how many years after the one in which they were made records of sales and payouts name their member.

Source: section 147 of Germany's fiscal code, for receipts, since 2025. Where the law demands less, an operator may
delete them sooner.
"""


class Obstacle(StrEnum):
    """What has to end before a member's data can be deleted."""

    LIVE = "live"
    """A live event of theirs is running."""
    DEBT = "debt"
    """They owe coins."""
    PURCHASE = "purchase"
    """Money for a purchase may be on its way."""
    CASE = "case"
    """Staff or a bank have yet to decide about one of their payments."""
    CHEST = "chest"
    """A chest in which they share coins out is open."""
    PAYOUT = "payout"
    """A payout that they asked for is open."""
    CHIP_IN = "chip_in"
    """They have chipped in for a gift, and that is not over."""


@dataclass(unsafe_hash=True)
class DataInUse(Refusal, about="settings"):
    """The data of a member is still needed. `obstacle` has to end first."""

    obstacle: Obstacle


class Affairs(NamedTuple):
    """What is open between a member and a guild. Amounts are in coins."""

    is_live: bool = False
    debt: int = 0
    unpaid_orders: int = 0
    undecided_cases: int = 0
    open_payouts: int = 0
    has_chest: bool = False
    open_chip_ins: int = 0

    @property
    def obstacle(self) -> Obstacle | None:
        """What has to end first before the member's data can be deleted, None if it can be."""
        obstacles = (
            (self.is_live, Obstacle.LIVE),
            (self.undecided_cases, Obstacle.CASE),
            (self.unpaid_orders, Obstacle.PURCHASE),
            (self.open_payouts, Obstacle.PAYOUT),
            (self.has_chest, Obstacle.CHEST),
            (self.open_chip_ins, Obstacle.CHIP_IN),
            (self.debt, Obstacle.DEBT),
        )
        return next((obstacle for is_open, obstacle in obstacles if is_open), None)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a member would lose, in coins and diamonds.

    `records_until_ms` is until when records of their purchases and payouts have to name them, None without any.
    """

    coins: int = 0
    promo: int = 0
    diamonds: int = 0
    records_until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """That the member behind a holder was deleted. `records_until_ms` as in `Holdings`."""

    guild_id: int
    holder_id: int
    erased_ms: int
    records_until_ms: int | None = None


def records_until_ms(last_record_ms: int) -> int:
    """Return until when a record has to name its member: the end of the last of RECORDS_YEARS calendar years, UTC."""
    year = datetime.fromtimestamp(last_record_ms / 1000, UTC).year
    return round(datetime(year + RECORDS_YEARS + 1, 1, 1, tzinfo=UTC).timestamp() * 1000)


def records_end_of(guild_id: int, holder_id: int, at_ms: int) -> Deadline:
    """Return the deadline for who a deleted member was."""
    return Deadline(guild_id, DeadlineKind.RECORDS_END, holder_id, at_ms)


def erased_notes_of(guild_id: int, holder_id: int, erased_ms: int) -> Deadline:
    """Return the deadline for the messages of a member who was deleted at `erased_ms`."""
    return Deadline(guild_id, DeadlineKind.ERASED_NOTES, holder_id, erased_ms + ERASED_NOTES_MS)


MENTION_OF_ERASED: Final = "@…"
"""Stands in other members' texts where a deleted member was mentioned."""


def mentions_of(member_id: int) -> tuple[str, ...]:
    """Return how texts mention a member."""
    return f"<@{member_id}>", f"<@!{member_id}>"


def without_mentions(text: str, member_ids: Iterable[int]) -> str:
    """Return a text that does not mention these members any more."""
    for member_id in member_ids:
        for mention in mentions_of(member_id):
            text = text.replace(mention, MENTION_OF_ERASED)
    return text
