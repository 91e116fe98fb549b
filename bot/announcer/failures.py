"""What Discord's refusals mean for a message that we want to post or change."""

from enum import Enum, auto

import discord

UNKNOWN_MESSAGE = 10008

_PASSING = frozenset({0, 20016, 20028, 40004, 40333, 130000})
"""Codes of passing trouble: no code (the answer is not Discord's own), slow mode, sending disabled, network,
overload."""

_CLOSED = frozenset({10003, 50001, 50013, 160005})
"""Codes of a channel that is gone, hidden from us, closed to us, or locked."""


class Failure(Enum):
    """What to do about a refusal."""

    PASSES = auto()
    """Ask again later."""
    MESSAGE = auto()
    """Discord will never accept this message: drop it."""
    CHANNEL = auto()
    """Discord accepts nothing in this channel."""


def meaning_of(error: discord.HTTPException) -> Failure:
    """Return what a refusal means.

    A refusal that is not known to pass is final: otherwise a message might be tried for ever.
    """
    if not 400 <= error.status < 500 or error.status in {401, 408, 429} or error.code in _PASSING:
        return Failure.PASSES
    return Failure.CHANNEL if error.code in _CLOSED else Failure.MESSAGE


def is_certain(error: discord.HTTPException) -> bool:
    """Whether Discord has certainly not done what it was asked: an internal error may come after the work."""
    return 400 <= error.status < 500 and error.status != 408
