"""Reasons why a challenge is not changed or posted. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class ChallengeUnready(Refusal, about="settings"):
    """A draft cannot be posted yet. `why` is one of points, double and prize."""

    why: str


@dataclass(unsafe_hash=True)
class PrizeForNobody(Refusal, about="settings"):
    """A prize for no places and no points: nobody could tell who gets it."""


@dataclass(unsafe_hash=True)
class ChallengePosted(Refusal, about="settings"):
    """A challenge was posted, and stays as it is."""


@dataclass(unsafe_hash=True)
class ChallengeOver(Refusal, about="settings"):
    """A challenge is over, or was a draft that was thrown away."""


@dataclass(unsafe_hash=True)
class TooManyChallenges(Refusal, about="settings"):
    """A guild has `highest` drafts and challenges that are not over, which is the most it may have."""

    highest: int


@dataclass(unsafe_hash=True)
class CostlyPrizes(Refusal, about="settings"):
    """The prizes could come to more coins than one manager may grant in a day, which is `highest`."""

    highest: int
