"""The few ways in which the surface itself says no, before any rule is asked."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class NotYours(Refusal):
    """A button of a panel that belongs to another member."""

    owner_id: int


@dataclass(unsafe_hash=True)
class InvalidMoment(Refusal):
    """Not a date, a date and a time of day, or a time of day where one is wanted. `given` is what came, cut short."""

    given: str


@dataclass(unsafe_hash=True)
class CannotWrite(Refusal):
    """A channel that is meant for announcements, and in which the bot may not post them."""

    channel_id: int
