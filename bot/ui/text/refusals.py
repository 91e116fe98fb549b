"""The few ways in which the surface itself says no, before any rule is asked."""

from dataclasses import dataclass

from bot.domain.errors import Refusal
from bot.domain.member_roles import Trouble


@dataclass(unsafe_hash=True)
class NotYours(Refusal):
    """A button of a panel that belongs to another member."""

    owner_id: int


@dataclass(unsafe_hash=True)
class InvalidMoment(Refusal, about="settings"):
    """Something that is not the expected date, or date and time of day. `text` is the input, cut short."""

    text: str


@dataclass(unsafe_hash=True)
class InvalidTimeOfDay(Refusal, about="settings"):
    """Something that is not the expected time of day. `text` is the input, cut short."""

    text: str


@dataclass(unsafe_hash=True)
class CannotWrite(Refusal, about="settings"):
    """A channel that is meant for announcements, and in which the bot may not post them."""

    channel_id: int


@dataclass(unsafe_hash=True)
class ForeignEmoji(Refusal, about="settings"):
    """A custom emoji that is none of this server's, or that the bot may not use."""


@dataclass(unsafe_hash=True)
class NobodyToGift(Refusal):
    """A message that nobody wrote who could receive a gift. `by` is webhook or system."""

    by: str


@dataclass(unsafe_hash=True)
class UnknownMessage(Refusal):
    """Not the link of a message here that the caller may see: deleted, hidden, of another guild, or no link at all."""


@dataclass(unsafe_hash=True)
class NotTheirMessage(Refusal):
    """A message by somebody other than the creator who is to get the gift."""

    member_id: int


@dataclass(unsafe_hash=True)
class Unreadable(Refusal):
    """Ids, options or numbers of a control that Discord's clients never send: an older version's, or forged."""


@dataclass(unsafe_hash=True)
class NothingPicked(Refusal):
    """A menu that was closed without the necessary choice."""


@dataclass(unsafe_hash=True)
class ConsentMissing(Refusal):
    """A purchase without both consents, which Discord's clients never send."""


@dataclass(unsafe_hash=True)
class NotAMember(Refusal):
    """A user option that names somebody who is not in this guild."""

    user_id: int


@dataclass(unsafe_hash=True)
class UnfitRole(Refusal, about="settings"):
    """A role that may not make anybody staff. `why` is everyone, managed (an app or a bot gives it), earned (members
    get it for their level) or crowd (everybody has it)."""

    role_id: int
    why: str


@dataclass(unsafe_hash=True)
class UngivableRole(Refusal, about="settings"):
    """A role that the bot cannot give to members, or must not. `why` says what is in the way."""

    role_id: int
    why: Trouble


@dataclass(unsafe_hash=True)
class NoFans(Refusal):
    """The leaderboard of a member who is no creator and never got a gift."""

    member_id: int


@dataclass(unsafe_hash=True)
class UnknownPeriod(Refusal):
    """Neither a period of leaderboards nor a month or a day."""


@dataclass(unsafe_hash=True)
class FormGone(Refusal):
    """A refused form that was to be edited, and that was sent since, is too old, or was kept by an earlier process."""
