"""The panel of perks: one message for a guild, in a channel that staff choose, which shows what is offered now."""

from collections.abc import Callable
from typing import NamedTuple

from bot.domain.perk_deadlines import perk_panel_of
from bot.domain.perks import Perk
from bot.domain.staff_acts import ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import deadlines, guilds, perk_panels, perks, staff_acts


class PanelState(NamedTuple):
    """Where a panel is, and what it shows. `message_id` is negative until it was posted (see `perk_panels`)."""

    channel_id: int
    message_id: int
    perks: list[Perk]
    creators: dict[int, int]


class PerkPanels:
    """The use-cases of panels."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def place(self, guild_id: int, channel_id: int, call_id: int, by: int) -> None:
        """Have a panel posted in a channel. An earlier one is changed no more. `call_id` is who asks, once for each."""
        await self._database.writer.perform(_place, guild_id, channel_id, call_id, by, self._clock())

    async def state(self, guild_id: int) -> PanelState | None:
        """Return a guild's panel, None if it has none."""
        return await self._database.read(_state, guild_id)

    async def note_posted(self, guild_id: int, state: PanelState, message_id: int) -> None:
        """Note the message of a panel, unless another one was asked for meanwhile."""
        await self._database.writer.perform(perk_panels.note_posted, guild_id, state.message_id, message_id)

    async def forget(self, guild_id: int, state: PanelState) -> None:
        """Forget a panel that Discord takes no more: its message or its channel is gone."""
        await self._database.writer.perform(perk_panels.forget, guild_id, state.message_id)


def _place(c: Connection, guild_id: int, channel_id: int, call_id: int, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    before = perk_panels.panel(c, guild_id)
    perk_panels.place(c, guild_id, channel_id, call_id)
    deadlines.put(c, perk_panel_of(guild_id))
    old, new = {"perk_panel": before[0] if before else 0}, {"perk_panel": channel_id}
    staff_acts.add(c, guild_id, change(ActKind.SETTINGS, old, new, by=by, at_ms=now_ms, named_by=frozenset(new)))


def _state(c: Connection, guild_id: int) -> PanelState | None:
    place = perk_panels.panel(c, guild_id)
    if place is None:
        return None
    offered = perks.perks(c, guild_id)
    creators = holders.member_ids(c, guild_id, {perk.creator for perk in offered if perk.creator})
    return PanelState(*place, offered, creators)
