"""Perks: what members unlock for coins or by their standing, and what happens to it afterwards.

A perk is a role, a channel that a role opens, a text, a file, or a shout-out. Channels are opened by a role rather than
by permissions of single members: that takes Manage Roles alone, a channel has room for few such permissions, and the
role is given, renewed and taken like all others.

Coins for perks go to the house. Creators earn with gifts, whose earnings are held, counted and taken back by rules of
their own; a perk that should pay its creator is unlocked by a gift to them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.domain.budgets import calendar_at
from bot.domain.errors import NotFound
from bot.domain.perk_errors import PerkIncomplete, PerkLimit, PerkOwned, PerkSoldOut
from bot.domain.text import clean

MOST_PERKS: Final = 50
"""The most perks of one guild. Archived ones do not count."""

MOST_DAYS: Final = 366
MOST_STOCK: Final = 1_000_000
MOST_EACH: Final = 1_000
TEXT_LENGTH: Final = 1_500
"""The longest text that is unlocked, in graphemes."""
ABOUT_LENGTH: Final = 150
"""The longest description, in graphemes."""
LONGEST_FILE_NAME: Final = 60
FILE_BYTES: Final = 4 * 1024 * 1024
"""The largest file that is unlocked."""

DAY_MS: Final = 24 * 3_600_000
DELIVERY_MS: Final = 3_600_000
"""For so long a role is tried to be given. Then the coins go back."""
TICKET_MS: Final = 30 * DAY_MS
"""For so long a shout-out waits to be done. Then the coins go back."""
TOLD_AFTER_MS: Final = 10 * 60_000
"""Staff are told of the server's own shout-outs only after this time, so that several share one notice."""
RETURN_AGAIN_MS: Final = 3_600_000
"""When coins are tried to be given back again, where the house is short of them."""


class PerkKind(StrEnum):
    """What is unlocked. The values are stored."""

    ROLE = "role"
    CHANNEL = "channel"
    """A channel, which a role opens."""
    TEXT = "text"
    FILE = "file"
    SHOUTOUT = "shoutout"
    """Something that a creator, or staff, do for the member: a ticket."""


WITH_ROLE: Final = frozenset({PerkKind.ROLE, PerkKind.CHANNEL})
"""What is delivered by giving a role."""


class PerkWay(StrEnum):
    """How a perk is had. The values are stored."""

    COINS = "coins"
    TIER = "tier"
    """With a gift of a tier, or of a higher one, under one's own name. Each gift counts once."""
    LEVEL = "level"
    CLUB = "club"
    """By being in the creator's fan club."""


class Restock(StrEnum):
    """How often a perk's stock is filled up. The values are stored."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class UnlockState(StrEnum):
    """How far what a member has unlocked is. The values are stored."""

    OPEN = "open"
    """Not delivered yet."""
    DOING = "doing"
    """A creator is at it."""
    DONE = "done"
    REVERSED = "reversed"
    """It was not delivered, and coins that it cost went back."""
    OVER = "over"
    """Its time is up."""


STANDING: Final = frozenset({UnlockState.OPEN, UnlockState.DOING, UnlockState.DONE})
"""States in which a member has something of it, or will have."""


@dataclass(frozen=True, slots=True)
class Perk:
    """One perk of a guild.

    `needs` is the price in coins, the number of the lowest tier, or the level, by `way`. `creator` is the holder whose
    perk it is, 0 for the guild's. `role_id` is what is given, and `channel_id` the channel that it opens. It ends after
    `days`, None for never. `stock` is what is left, None for no limit, and is filled up to `restock_to` at `restock_ms`
    and then `restock` by `restock`. A member can have it `each` times in all. `file` is the name of the file.
    """

    guild_id: int
    perk_id: int
    name: str
    emoji: str
    kind: PerkKind
    way: PerkWay
    needs: int
    made_ms: int
    creator: int = 0
    about: str = ""
    role_id: int = 0
    channel_id: int = 0
    text: str = ""
    file: str = ""
    days: int | None = None
    stock: int | None = None
    each: int | None = None
    restock: Restock | None = None
    restock_to: int | None = None
    restock_ms: int | None = None
    archived: bool = False

    @property
    def price(self) -> int:
        """The price in coins, 0 for what no coins buy."""
        return self.needs if self.way is PerkWay.COINS else 0

    @property
    def terms(self) -> int:
        """A number that is another one if members get something else for the price. It is never 0."""
        seen = self.kind, self.creator, self.role_id, self.channel_id, self.days, self.about, self.file
        return 1 + crc32(repr(seen).encode())

    @property
    def gives_role(self) -> bool:
        """Whether a role is what is delivered."""
        return self.kind in WITH_ROLE


class Holding(NamedTuple):
    """What a member has of one perk: they had it `times` in all.

    With `has_forever`, it never ends. Otherwise the last one ends at `until_ms`, 0 for none.
    """

    times: int = 0
    until_ms: int = 0
    has_forever: bool = False


NOTHING: Final = Holding()


@dataclass(frozen=True, slots=True)
class Unlock:
    """A perk that a member, a `holder`, has unlocked. Times are in milliseconds UTC.

    It is theirs from `from_ms` until `until_ms`, None for ever. `row` is the purchase in the journal, or the gift that
    it was had for, 0 for none, and `coins` is what it cost. `seen_ms` is when its state changed last.
    """

    guild_id: int
    unlock_id: int
    perk_id: int
    holder: int
    state: UnlockState
    at_ms: int
    from_ms: int
    until_ms: int | None
    row: int = 0
    coins: int = 0
    note: str = ""
    changed_ms: int = 0


def check_offered(perk: Perk | None, holding: Holding, now_ms: int) -> Perk:
    """Return a perk that a member can have now, whatever it takes.

    Raise NotFound if it no longer exists, PerkSoldOut, PerkOwned if they have it permanently, or PerkLimit.
    """
    if perk is None or perk.archived:
        raise NotFound("perk")
    if perk.stock is not None and perk.stock < 1:
        raise PerkSoldOut(perk.name, perk.restock_ms or 0)
    if holding.has_forever and perk.kind is not PerkKind.SHOUTOUT:
        raise PerkOwned(perk.name)
    if perk.each is not None and holding.times >= perk.each:
        raise PerkLimit(perk.name, perk.each)
    return perk


def unlock_of(perk: Perk, unlock_id: int, holder: int, holding: Holding, now_ms: int) -> Unlock:
    """Return what a member unlocks. A renewal begins when what they have ends."""
    from_ms = max(now_ms, holding.until_ms)
    until_ms = None if perk.days is None or perk.kind is PerkKind.SHOUTOUT else from_ms + perk.days * DAY_MS
    is_instant = perk.kind in {PerkKind.TEXT, PerkKind.FILE}
    state = UnlockState.DONE if is_instant else UnlockState.OPEN
    return Unlock(perk.guild_id, unlock_id, perk.perk_id, holder, state, now_ms, from_ms, until_ms, changed_ms=now_ms)


def with_one_more(holding: Holding, unlock: Unlock) -> Holding:
    """Return what a member has once they have unlocked another one."""
    if unlock.until_ms is None:
        return Holding(holding.times + 1, holding.until_ms, has_forever=True)
    return Holding(holding.times + 1, max(holding.until_ms, unlock.until_ms), holding.has_forever)


def next_restock_ms(restock: Restock, now_ms: int, zone: str) -> int:
    """Return when a stock is filled up next: at the beginning of the guild's next day, week or month."""
    ends = calendar_at(now_ms, ZoneInfo(zone)).ends
    return ends[[*Restock].index(restock)]


def steps_from(state: UnlockState) -> tuple[UnlockState, ...]:
    """Return the states that a shout-out can go to by hand: forward, or back to its member with their coins."""
    match state:
        case UnlockState.OPEN:
            return UnlockState.DOING, UnlockState.DONE, UnlockState.REVERSED
        case UnlockState.DOING:
            return UnlockState.DONE, UnlockState.OPEN, UnlockState.REVERSED
        case _:
            return ()


def clean_text(text: str) -> str:
    """Return the text of a perk as it is stored: cleaned line by line. Options have one line, so `\\n` begins another.

    Nothing of a text that is too long is left out behind anybody's back: Discord takes no longer option.
    """
    lines = [clean(line, TEXT_LENGTH) for line in text.replace("\\n", "\n").split("\n")]
    return "\n".join(lines).strip()


def file_name(name: str) -> str:
    """Return the name of an uploaded file in letters that messages can refer to it by."""
    return _ODD_LETTERS.sub("_", name)[-LONGEST_FILE_NAME:].lstrip(".") or "file"


_ODD_LETTERS: Final = re.compile(r"[^A-Za-z0-9._-]+")
_EMOJI: Final = {
    PerkKind.ROLE: "🎭",
    PerkKind.CHANNEL: "🚪",
    PerkKind.TEXT: "📜",
    PerkKind.FILE: "📁",
    PerkKind.SHOUTOUT: "📣",
}


def emoji_of(kind: PerkKind) -> str:
    """Return the emoji of a perk for which staff chose none."""
    return _EMOJI[kind]


def check_complete(perk: Perk) -> None:
    """Raise PerkIncomplete for a perk that lacks what it is about, or what it is had for."""
    subjects = {
        PerkKind.ROLE: ("role", perk.role_id),
        PerkKind.CHANNEL: ("channel", perk.role_id and perk.channel_id),
        PerkKind.TEXT: ("text", perk.text),
        PerkKind.FILE: ("file", perk.file),
        PerkKind.SHOUTOUT: ("", True),
    }
    lacks, subject = subjects[perk.kind]
    if not subject:
        raise PerkIncomplete(lacks)
    if perk.way is PerkWay.CLUB and not perk.creator:
        raise PerkIncomplete("creator")
    if perk.restock is not None and perk.restock_to is None:
        raise PerkIncomplete("stock")
