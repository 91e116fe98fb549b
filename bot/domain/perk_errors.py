"""Reasons why members do not get a perk, and staff cannot make one. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class PerkSoldOut(Refusal):
    """Nothing is left. More come at `restock_ms`, 0 for never."""

    name: str
    restock_ms: int


@dataclass(unsafe_hash=True)
class PerkOwned(Refusal):
    """The member already has it permanently."""

    name: str


@dataclass(unsafe_hash=True)
class PerkLimit(Refusal):
    """The member has had it as often as anybody can."""

    name: str
    times: int


@dataclass(unsafe_hash=True)
class PerkUnreachable(Refusal):
    """The bot cannot give the role at present, so nobody is charged for it."""

    name: str


@dataclass(unsafe_hash=True)
class OwnPerk(Refusal):
    """A creator cannot unlock their own perk."""


@dataclass(unsafe_hash=True)
class NeedsTier(Refusal):
    """The perk is for a gift of a tier, by its number, to the creator `creator_id`, or to anybody if that is 0."""

    tier: int
    creator_id: int


@dataclass(unsafe_hash=True)
class NeedsLevel(Refusal):
    """The perk is for members from a level on."""

    level: int
    current: int


@dataclass(unsafe_hash=True)
class NeedsClub(Refusal):
    """The perk is for those who are in the creator's fan club, and whose membership does not pause."""

    creator_id: int


@dataclass(unsafe_hash=True)
class TicketMoved(Refusal):
    """Somebody has changed the state of a shout-out meanwhile."""


@dataclass(unsafe_hash=True)
class PerkFileRefused(Refusal, about="settings"):
    """The file has more than `most` bytes, or it could not be fetched if that is 0."""

    most: int


@dataclass(unsafe_hash=True)
class PerkIncomplete(Refusal, about="settings"):
    """A perk lacks what it is about, or had for: "role", "channel", "text", "file", "creator", "way" or "stock"."""

    lacks: str
