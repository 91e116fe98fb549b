"""How a guild and its members want gifts to be announced."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.anonymity import in_public
from bot.domain.catalogue import Tier
from bot.domain.errors import InvalidAmount
from bot.domain.gift_totals import Note, gift_line_key, less
from bot.domain.quiet_hours import DAY_MINUTES
from bot.domain.staff_acts import NOBODY, ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import journal
from bot.storage.stores import announcement_settings, announcements, guilds, reversals, staff_acts


class Announcements:
    """The choices that announcements follow, and what they do not have room for."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def notes(self, guild_id: int, channel_id: int, first_seq: int) -> list[Note]:
        """Return all notes of the gifts in one message of ours, oldest first. `first_seq` is its first row.

        Notes of gifts that were taken back as a whole are left out.
        """
        return await self._database.read(_notes, guild_id, channel_id, first_seq)

    async def settings(self, guild_id: int) -> AnnouncementSettings:
        """Return how a guild wants gifts to be announced."""
        return await self._database.read(announcement_settings.settings, guild_id)

    async def change(
        self,
        guild_id: int,
        *,
        quiet_start: int | None = None,
        quiet_end: int | None = None,
        lowest_tier: Tier | None = None,
        by: int = NOBODY,
    ) -> AnnouncementSettings:
        """Change what is given, minutes after midnight and a tier; raise InvalidAmount."""
        for minutes in (quiet_start, quiet_end):
            if minutes is not None and not 0 <= minutes < DAY_MINUTES:
                raise InvalidAmount(str(minutes), 0, DAY_MINUTES - 1)
        values = {"quiet_start": quiet_start, "quiet_end": quiet_end, "lowest_tier": lowest_tier}
        choices = {name: value for name, value in values.items() if value is not None}
        return await self._database.writer.perform(_change, guild_id, choices, by, self._clock())


def _notes(c: Connection, guild_id: int, channel_id: int, first_seq: int) -> list[Note]:
    seqs = announcements.notes_of(c, guild_id, channel_id, first_seq)
    undone_pieces = reversals.parts_of(c, [(guild_id, seq) for seq in seqs])
    receipts = sorted(journal.receipts_with(c, guild_id, seqs), key=lambda gift: gift.seq)
    gifts = [gift for gift in receipts if less(gift, undone_pieces.get((guild_id, gift.seq), 0)) is not None]
    return [Note(gift_line_key(in_public(gift))[0], gift.note) for gift in gifts if gift.note]


def _change(c: Connection, guild_id: int, choices: dict[str, int | Tier], by: int, now_ms: int) -> AnnouncementSettings:
    guilds.lock(c, guild_id)
    before = announcement_settings.settings(c, guild_id)
    changed = replace(before, **choices)  # pyright: ignore[reportArgumentType] - by field name
    announcement_settings.save(c, changed)
    staff_acts.add(c, guild_id, change(ActKind.ANNOUNCING, before, changed, by=by, at_ms=now_ms))
    return changed
