"""When a chest is to be looked at."""

from bot.domain.deadlines import AT_ONCE_MS, Deadline, DeadlineKind


def chest_of(guild_id: int, chest_id: int) -> Deadline:
    """Return the deadline for a chest that has just changed."""
    return Deadline(guild_id, DeadlineKind.CHEST, chest_id, AT_ONCE_MS)
