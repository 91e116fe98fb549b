"""Reactions to messages that got a gift, for creators who want them: a bouquet below what members gifted."""

from typing import Final, NamedTuple

from bot.domain.deadlines import AT_ONCE_MS, Deadline, DeadlineKind

EMOJI: Final = "💐"

PATIENCE_MS: Final = 3_600_000
"""How long after the first gift a reaction is tried again. Later, nobody looks for it any more."""


def reaction_of(guild_id: int, message_id: int) -> Deadline:
    """Return the deadline for the reaction to a message that has just got its first gift."""
    return Deadline(guild_id, DeadlineKind.GIFT_REACTION, message_id, AT_ONCE_MS)


class ReactionTarget(NamedTuple):
    """A message that is to get a reaction, and when it got its first gift, in milliseconds UTC."""

    guild_id: int
    channel_id: int
    message_id: int
    gifted_ms: int
