"""From the options of `/perk add` and `/perk edit` to the changes of a perk."""

from typing import Any, NamedTuple, cast

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _

from bot.domain.catalogue import Tier
from bot.domain.errors import NotFound
from bot.domain.perk_errors import PerkFileRefused
from bot.domain.perks import FILE_BYTES, PerkKind, Restock, file_name
from bot.services.perk_catalogue import PerkChanges
from bot.ui.kit.caller import Caller, check_member, check_role
from bot.ui.kit.given_roles import check_givable
from bot.ui.text.parsing import given, parse_emoji
from bot.ui.text.tiers import FROM_TIER

NEVER = "never"

KINDS = [
    Choice(name=_("Role"), value=PerkKind.ROLE.value),
    Choice(name=_("Channel, opened by a role"), value=PerkKind.CHANNEL.value),
    Choice(name=_("Text"), value=PerkKind.TEXT.value),
    Choice(name=_("File"), value=PerkKind.FILE.value),
    Choice(name=_("Shout-out"), value=PerkKind.SHOUTOUT.value),
]
TIERS = [Choice(name=_(text), value=tier.value) for tier, text in FROM_TIER.items()]
RESTOCKS = [
    Choice(name=_("Every day"), value=Restock.DAY.value),
    Choice(name=_("Every week"), value=Restock.WEEK.value),
    Choice(name=_("Every month"), value=Restock.MONTH.value),
    Choice(name=_("Never"), value=NEVER),
]


class _ChannelTransformer(app_commands.Transformer):
    """Takes a text channel as what Discord says of it. One that it could not resolve arrives as a bare object."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text]

    async def transform(self, _interaction: discord.Interaction, value: Any, /) -> discord.abc.Snowflake:  # noqa: ANN401 - as discord.py has it
        return value


TextChannel = app_commands.Transform[discord.abc.Snowflake, _ChannelTransformer]
"""The type of an option that takes a text channel."""


def checked_channel(caller: Caller, channel: discord.abc.Snowflake) -> int:
    """Return the id of a text channel of this guild; raise NotFound for anything else that a client may send."""
    channel_id = getattr(channel, "id", 0)
    if caller.guild is None or not isinstance(caller.guild.get_channel(channel_id), discord.TextChannel):
        raise NotFound("channel")
    return channel_id


class Look(NamedTuple):
    """The appearance of a perk, as typed by staff."""

    name: str | None
    emoji: str | None
    about: str | None


class Way(NamedTuple):
    """What a perk takes, and whose it is. Only one of the first four says something."""

    price: int | None
    tier: Choice[str] | None
    level: int | None
    club: bool | None
    creator: discord.abc.Snowflake | None


class Terms(NamedTuple):
    """How long and how often a perk can be had."""

    days: int | None
    stock: int | None
    restock: Choice[str] | None
    each: int | None


class Content(NamedTuple):
    """What members get."""

    role: discord.Role | None
    channel: discord.abc.Snowflake | None
    text: str | None
    file: discord.Attachment | None


async def changes_of(caller: Caller, look: Look, way: Way, terms: Terms, content: Content) -> PerkChanges:
    """Return the changes for the options that were given.

    Raise ForeignEmoji, UngivableRole for a role, or PerkFileRefused for a file.
    """
    changes = given(
        name=look.name, about=look.about, days=terms.days, stock=terms.stock, each=terms.each, text=content.text
    )
    changes |= given(price=way.price, level=way.level, club=way.club)
    if way.tier is not None:
        changes["tier"] = Tier(way.tier.value)
    if way.creator is not None:
        check_member(way.creator)
        changes["creator_id"] = way.creator.id
    if look.emoji is not None:
        changes["emoji"] = parse_emoji(look.emoji, caller.guild)
    if terms.restock is not None and terms.restock.value == NEVER:
        changes["never_restocks"] = True
    elif terms.restock is not None:
        changes["restock"] = Restock(terms.restock.value)
    if content.role is not None:
        check_role(content.role)
        check_givable(caller.guild, content.role.id, await caller.services.guilds.rules(caller.guild_id))
        changes["role_id"] = content.role.id
    if content.channel is not None:
        changes["channel_id"] = checked_channel(caller, content.channel)
    if content.file is not None:
        changes |= {"file": file_name(content.file.filename), "content": await _fetched(caller, content.file)}
    return cast("PerkChanges", changes)


async def _fetched(caller: Caller, file: discord.Attachment) -> bytes:
    if file.size > FILE_BYTES:
        raise PerkFileRefused(FILE_BYTES)
    content = await caller.services.pictures.uploaded(file.url)
    if content is None:
        raise PerkFileRefused(0)
    return content
