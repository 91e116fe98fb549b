"""Makes readers: the one place where a language and a guild's currency meet."""

from dataclasses import dataclass
from typing import Protocol, cast

import discord

from bot.domain.guilds import GuildCurrency
from bot.services import Services
from bot.ui.text.commands import CommandMentions
from bot.ui.text.reader import FALLBACK, Reader, any_emoji, reader_for


class Guilds(Protocol):
    """The part of `bot.client.Rosette` that knows guilds."""

    services: Services
    command_mentions: CommandMentions

    def get_guild(self, guild_id: int, /) -> discord.Guild | None: ...

    def get_emoji(self, emoji_id: int, /) -> discord.Emoji | None: ...


@dataclass(frozen=True)
class _PresentEmoji:
    """Knows whether an emoji is still there, and not lost with its guild's boosts."""

    client: Guilds

    def __call__(self, emoji_id: int) -> bool:
        emoji = self.client.get_emoji(emoji_id)
        return emoji is not None and emoji.available


def reader_of(interaction: discord.Interaction) -> Reader:
    """Return the reader that caused `interaction`."""
    return reader_in(cast("Guilds", interaction.client), interaction.guild_id or 0, str(interaction.locale.value))


def guild_reader(client: Guilds, guild_id: int) -> Reader:
    """Return the reader for messages that a whole guild sees."""
    return reader_in(client, guild_id, guild_locale(client, guild_id))


def guild_locale(client: Guilds, guild_id: int) -> str:
    """Return the locale that a guild's staff have chosen, else the one it has at Discord."""
    guild = client.get_guild(guild_id)
    of_discord = str(guild.preferred_locale.value) if guild else FALLBACK
    return client.services.guilds.language(guild_id) or of_discord


def reader_in(client: Guilds, guild_id: int, locale: str) -> Reader:
    """Return the reader of one of Discord's locales in a guild."""
    # Of a guild that the gateway has yet to announce, nobody knows the emoji.
    has_emoji = _PresentEmoji(client) if client.get_guild(guild_id) is not None else any_emoji
    return reader_for(locale, _currency(client, guild_id), client.command_mentions, has_emoji)


def _currency(client: Guilds, guild_id: int) -> GuildCurrency:
    currency = client.services.guilds.currency(guild_id)
    emoji = discord.PartialEmoji.from_str(currency.emoji) if currency.emoji.startswith("<") else None
    guild = client.get_guild(guild_id) if emoji else None
    if emoji is None or guild is None:
        return currency
    # An emoji that the guild has deleted, or lost with its boosts, would appear in every sentence as ":name:".
    usable = discord.utils.get(guild.emojis, id=emoji.id)
    return currency if usable and usable.available else currency._replace(emoji="")
