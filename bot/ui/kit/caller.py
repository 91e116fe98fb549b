"""Who calls, and from where: commands, buttons, menus and forms get a `Caller` in place of Discord's interaction."""

from typing import Any, Protocol

import discord
from discord.http import HTTPClient

from bot import discordpy_internals
from bot.domain.errors import NotFound, UnknownGuild
from bot.domain.policy import Actor
from bot.services import Services
from bot.services.member_choices import ShownMembers
from bot.shared_timer import SharedTimer
from bot.ui.kit.cards import last_headed
from bot.ui.kit.instances import Instances
from bot.ui.kit.legal import LegalPages
from bot.ui.kit.membership import Membership
from bot.ui.kit.meter import InteractionMeter
from bot.ui.kit.readers import guild_locale, guild_reader, reader_of
from bot.ui.kit.refused_forms import RefusedForms
from bot.ui.kit.staff_roles import is_fit
from bot.ui.kit.workload import Workload
from bot.ui.text import mentions
from bot.ui.text.commands import CommandMentions
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import NotAMember

_ACTOR = "actor"
"""Key in `Interaction.extras` of the member's Actor, so that an interaction looks it up only once."""


class Clock(Protocol):
    """The part of `bot.clock.Clock` that tells how old an interaction is."""

    def estimate(self) -> int: ...


class Client(Protocol):
    """What the surface needs of the client; `bot.client.Rosette` carries it."""

    services: Services
    clock: Clock
    instances: Instances
    workload: Workload
    slow_answers: SharedTimer
    meter: InteractionMeter
    refused_forms: RefusedForms
    membership: Membership
    shown_members: ShownMembers
    command_mentions: CommandMentions
    legal_pages: LegalPages
    http: HTTPClient

    @property
    def application_id(self) -> int | None: ...

    def get_guild(self, guild_id: int, /) -> discord.Guild | None: ...

    def get_emoji(self, emoji_id: int, /) -> discord.Emoji | None: ...


def client_of(interaction: discord.Interaction[Any]) -> Client:
    return interaction.client


def is_installed(interaction: discord.Interaction) -> bool:
    """Whether this comes from a guild that the bot is in, and not from a place where only a user has installed it.

    discord.py makes up a guild object for guilds that the bot is not in, so the object proves nothing. Discord says who
    has installed the bot, but not always: if it names nobody, the gateway must have announced the guild.
    """
    guild_id = interaction.guild_id
    if guild_id is None or interaction.is_guild_integration():
        return guild_id is not None
    return not discordpy_internals.installers(interaction) and interaction.client.get_guild(guild_id) is not None


def note_in(panel: discord.Message) -> str:
    """Return the message in a panel as it was typed: the inverse of `bot.domain.text.shown`."""
    return mentions.unquoted(last_headed(panel))


class Caller:
    """A member who uses the bot in one of its guilds. Raises UnknownGuild anywhere else.

    `interaction` is for what only Discord can do or say.
    """

    __slots__ = ("guild_id", "interaction")

    def __init__(self, interaction: discord.Interaction) -> None:
        if interaction.guild_id is None or not is_installed(interaction):
            raise UnknownGuild
        self.interaction = interaction
        self.guild_id = interaction.guild_id

    @property
    def call_id(self) -> int:
        """Discord's id of this call. It is unique, so whatever the call creates can take it as its own id."""
        return self.interaction.id

    @property
    def key(self) -> str:
        """The key of the one money command that this call may submit, so that it is charged only once."""
        return f"i:{self.interaction.id}"

    @property
    def channel_id(self) -> int:
        """The channel, 0 if Discord did not name one."""
        return self.interaction.channel_id or 0

    @property
    def guild(self) -> discord.Guild | None:
        return self.interaction.guild

    @property
    def member(self) -> discord.Member | discord.User:
        return self.interaction.user

    @property
    def member_id(self) -> int:
        return self.interaction.user.id

    @property
    def services(self) -> Services:
        return client_of(self.interaction).services

    @property
    def membership(self) -> Membership:
        return client_of(self.interaction).membership

    @property
    def shown_members(self) -> ShownMembers:
        """Who is in the guild and wants to be shown there."""
        return client_of(self.interaction).shown_members

    @property
    def is_alone(self) -> bool:
        """Whether this process is the only one that answers for the bot, as far as it can know."""
        return client_of(self.interaction).instances.is_alone

    @property
    def legal_pages(self) -> LegalPages:
        """The operator's pages about privacy and terms."""
        return client_of(self.interaction).legal_pages

    @property
    def reader(self) -> Reader:
        """The language of replies that only the caller sees."""
        return reader_of(self.interaction)

    @property
    def guild_reader(self) -> Reader:
        """The language of replies that everybody sees."""
        return guild_reader(client_of(self.interaction), self.guild_id)

    @property
    def guild_locale(self) -> str:
        """The locale of that language, for messages to members of whom no language is known."""
        return guild_locale(client_of(self.interaction), self.guild_id)

    @property
    def note(self) -> str:
        """The member's message in the panel whose control was used, exactly as it was typed."""
        return note_in(self.interaction.message) if self.interaction.message else ""

    @property
    def bot_permissions(self) -> discord.Permissions:
        """What the bot may do in the channel."""
        return self.interaction.app_permissions

    @property
    def manages_guild(self) -> bool:
        """Whether the caller has Manage Server, going by what came with this interaction, not by a cache."""
        permissions = self.interaction.permissions
        return permissions.manage_guild or permissions.administrator

    @property
    def owns_guild(self) -> bool:
        """Whether the server belongs to the caller."""
        return self.guild is not None and self.guild.owner_id == self.member_id

    async def actor(self) -> Actor:
        """Return the caller with the staff roles that this guild gives them."""
        extras = self.interaction.extras
        if _ACTOR not in extras:
            # A role that everybody has, or that an app gives, makes nobody staff, even if the settings name it.
            roles = self.member.roles if isinstance(self.member, discord.Member) else []
            role_ids = [role.id for role in roles if is_fit(role)]
            extras[_ACTOR] = await self.services.guilds.actor(
                self.guild_id,
                self.member_id,
                role_ids,
                manages_guild=self.manages_guild,
                owns_guild=self.owns_guild,
            )
        return extras[_ACTOR]


def is_bot(user: discord.abc.Snowflake) -> bool:
    """Whether a user option names a bot. An id that Discord could not resolve arrives as a bare object."""
    return isinstance(user, discord.User | discord.Member) and user.bot


def check_role(role: discord.abc.Snowflake) -> None:
    """Raise NotFound unless a role option names a role of this guild. Clients other than Discord's send any id."""
    if not isinstance(role, discord.Role):
        raise NotFound("role")


def check_member(user: discord.abc.Snowflake) -> None:
    """Raise NotAMember unless a user option names a member of this guild. Discord accepts the id of any user."""
    if not isinstance(user, discord.Member):
        raise NotAMember(user.id)
