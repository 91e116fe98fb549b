"""Tells staff once about each emoji of a gift item, or of the currency, that Discord no longer has: most were
deleted."""

from collections.abc import Collection, Sequence

import discord

from bot.announcer.staff import StaffMessenger
from bot.client import Rosette
from bot.domain.catalogue import GiftItem
from bot.services import Services
from bot.services.emoji import emoji_key
from bot.ui.kit.refused_parts import EMOJI_REFUSED
from bot.ui.looks.notices import lost_coin_notice, lost_emoji_notice


class LostEmoji:
    """Listens for emoji that were deleted, and for those that had to be left out of a menu."""

    def __init__(self, services: Services, client: Rosette, staff: StaffMessenger) -> None:
        self._services = services
        self._client = client
        self._staff = staff

    def listen(self) -> None:
        """Begin to listen."""
        self._client.add_listener(self._on_emojis, "on_guild_emojis_update")
        self._client.add_listener(self._on_refused, f"on_{EMOJI_REFUSED}")

    async def _on_emojis(
        self, guild: discord.Guild, before: Sequence[discord.Emoji], after: Sequence[discord.Emoji]
    ) -> None:
        gone = [str(emoji) for emoji in before if emoji not in after]
        await self._on_refused(guild.id, gone)
        coin = self._services.guilds.currency(guild.id).emoji
        if coin and emoji_key(coin) in map(emoji_key, gone):
            await self._staff.tell(guild.id, f"coin:{emoji_key(coin)}", lost_coin_notice)

    async def _on_refused(self, guild_id: int | None, emoji: Collection[str]) -> None:
        if guild_id is None or not emoji:
            return
        items = await self._services.catalogue.with_emoji(guild_id, emoji)
        new_items = [item for item in items if await self._services.app_state.get(_mark(item)) != item.emoji]
        name = "emoji:" + ",".join(f"{item.item_id}-{item.emoji}" for item in new_items)
        if new_items and await self._staff.tell(guild_id, name, lambda r: lost_emoji_notice(new_items, r)):
            # The emoji is the mark's value, so that staff are told again if the next one is lost, too.
            for item in new_items:
                await self._services.app_state.put(_mark(item), item.emoji)


def _mark(item: GiftItem) -> str:
    return f"lost-emoji:{item.guild_id}:{item.item_id}"
