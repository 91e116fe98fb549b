"""Reasons why something about a match is refused. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class MatchesOff(Refusal, about="settings"):
    """The guild has not switched matches on."""


@dataclass(unsafe_hash=True)
class NoBuyingInMatch(Refusal):
    """No coins are offered for a gift to a creator whose match is on. It ends at `ends_ms` at the latest."""

    ends_ms: int


@dataclass(unsafe_hash=True)
class ScoreHidden(Refusal):
    """The score of a match is hidden until its round ends, at `ends_ms`."""

    ends_ms: int


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
class QuietOpponent(Refusal):
    """The creator `member_id` has chosen to be left out of matches."""

    member_id: int


@dataclass(unsafe_hash=True)
class NotInvited(Refusal):
    """Only `member_id` may answer this invitation to a match."""

    member_id: int


@dataclass(unsafe_hash=True)
class InvitationOver(Refusal):
    """The invitation to a match was declined, has expired, or never existed."""
