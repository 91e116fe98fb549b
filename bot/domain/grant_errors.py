"""Reasons why coins are not granted. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class GrantTooLarge(Refusal):
    """One member would get more than the guild allows at once, which is `highest`."""

    highest: int


@dataclass(unsafe_hash=True)
class DailyGrantLimit(Refusal):
    """A manager would grant more than `highest` coins in a day. `room` of it is left until `again_ms`."""

    highest: int
    room: int
    again_ms: int


@dataclass(unsafe_hash=True)
class NeedsSecondPerson(Refusal):
    """Members of staff grant coins to themselves only if somebody else on the staff confirms that."""


@dataclass(unsafe_hash=True)
class RequestOver(Refusal):
    """The request to confirm a grant was declined, or nobody confirmed it in time."""


@dataclass(unsafe_hash=True)
class ForeignReceipt(Refusal):
    """A grant should make up for receipt `seq`, which is neither a gift nor a purchase of the member."""

    seq: int
    member_id: int


@dataclass(unsafe_hash=True)
class UnreadableFile(Refusal):
    """A file that cannot be used as a list of members and amounts. `why` is one of bytes, rows, empty, text, columns
    and unfetched."""

    why: str


@dataclass(unsafe_hash=True)
class InvalidRatio(Refusal):
    """Not a ratio of old coins to new ones. `text` is the input, cut short."""

    text: str


@dataclass(unsafe_hash=True)
class UnclearReceivers(Refusal):
    """A grant to many does not say who gets how much. `why` is one of neither, both, amount and options."""

    why: str


@dataclass(unsafe_hash=True)
class NoReason(Refusal):
    """A grant to many does not say why they get coins."""


@dataclass(unsafe_hash=True)
class BatchOver(Refusal):
    """A prepared grant to many members was forgotten before anybody confirmed it."""
