"""When something about perks becomes due by itself. See `bot.domain.deadlines`."""

from bot.domain.deadlines import AT_ONCE_MS, OF_THE_GUILD, Deadline, DeadlineKind


def perk_delivery_of(guild_id: int, unlock_id: int, at_ms: int) -> Deadline:
    """Return until when something that a member has unlocked can be delivered."""
    return Deadline(guild_id, DeadlineKind.PERK_DELIVERY, unlock_id, at_ms)


def perk_end_of(guild_id: int, unlock_id: int, at_ms: int) -> Deadline:
    """Return when something that a member has unlocked ends."""
    return Deadline(guild_id, DeadlineKind.PERK_END, unlock_id, at_ms)


def perk_restock_of(guild_id: int, perk_id: int, at_ms: int) -> Deadline:
    """Return when the stock of a perk is filled up."""
    return Deadline(guild_id, DeadlineKind.PERK_RESTOCK, perk_id, at_ms)


def perk_panel_of(guild_id: int) -> Deadline:
    """Return the deadline for the panel of perks that have just changed."""
    return Deadline(guild_id, DeadlineKind.PERK_PANEL, OF_THE_GUILD, AT_ONCE_MS)


def perk_tickets_of(guild_id: int, at_ms: int) -> Deadline:
    """Return when staff are told that shout-outs of the guild's own wait."""
    return Deadline(guild_id, DeadlineKind.PERK_TICKETS, OF_THE_GUILD, at_ms)
