"""Reasons why something about a match is refused. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class MatchRuns(Refusal, about="settings"):
    """A match of the live event is still running. It ends at `ends_ms` at the latest."""

    ends_ms: int


@dataclass(unsafe_hash=True)
class NoMatch(Refusal):
    """The match is over or never existed."""


@dataclass(unsafe_hash=True)
class MatchWithSelf(Refusal):
    """Creators cannot play against themselves."""


@dataclass(unsafe_hash=True)
class NotInvited(Refusal):
    """Only `member_id` may answer this invitation to a match."""

    member_id: int


@dataclass(unsafe_hash=True)
class InvitationOver(Refusal):
    """The invitation to a match was declined, has expired, or never existed."""
