"""Reasons why members get no coins from an offer. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class UnknownCode(Refusal):
    """No offer has this code."""


@dataclass(unsafe_hash=True)
class TooManyGuesses(Refusal):
    """The member has tried too many wrong codes, and may go on from `again_ms`."""

    again_ms: int


@dataclass(unsafe_hash=True)
class OfferOver(Refusal):
    """The offer has ended, or staff have revoked it."""


@dataclass(unsafe_hash=True)
class OfferUsedUp(Refusal):
    """The offer was claimed as often as it can be."""


@dataclass(unsafe_hash=True)
class OfferPaused(Refusal):
    """The maker of the offer cannot give more coins before `again_ms`."""

    again_ms: int


@dataclass(unsafe_hash=True)
class OwnOffer(Refusal):
    """The maker of an offer cannot claim it."""


@dataclass(unsafe_hash=True)
class TooYoungForOffer(Refusal):
    """The member's Discord account is younger than `days`, and old enough at `allowed_ms`."""

    days: int
    allowed_ms: int


@dataclass(unsafe_hash=True)
class NeedsRole(Refusal):
    """The offer is for members with a role."""

    role_id: int


@dataclass(unsafe_hash=True)
class CodeTaken(Refusal, about="settings"):
    """Another offer of the guild has this code."""
