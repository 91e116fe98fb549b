"""Guilds, channels, roles and members: creates, changes and removes them, and sends the events that follow."""

from collections.abc import Iterable

from sandbox.discord.intents import EXPRESSIONS, GUILDS, MEMBERS
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import KINDS, Channel, Emoji, Guild, Member, Overwrite, Role, User
from sandbox.discord.permissions import BOT_DEFAULT, EVERYONE
from sandbox.discord.state.core import State


class Guilds(State):
    """The guilds of the world, with their channels, roles, emoji and members."""

    def add_user(
        self,
        name: str,
        *,
        display_name: str | None = None,
        bot: bool = False,
        avatar: str | None = None,
        locale: str = "en-US",
        user_id: int | None = None,
    ) -> User:
        """Create an account that is in no guild yet."""
        user = User(user_id or self.new_id(), name, display_name, avatar, bot, locale)
        self.users[user.id] = user
        return user

    def add_guild(
        self,
        name: str,
        *,
        owner: User,
        bot_permissions: int = BOT_DEFAULT,
        locale: str = "en-US",
        has_bot: bool = True,
        guild_id: int | None = None,
    ) -> Guild:
        """Create a guild with @everyone, the bot's role, the owner and the bot, but without channels."""
        guild = Guild(guild_id or self.new_id(), name, owner.id, locale=locale, has_bot=False)
        guild.roles[guild.id] = Role(guild.id, guild.id, "@everyone", permissions=EVERYONE)
        self.guilds[guild.id] = guild
        self.join(guild, owner)
        if has_bot:
            self.add_bot(guild, permissions=bot_permissions)
        return guild

    def add_bot(self, guild: Guild, *, permissions: int = BOT_DEFAULT) -> None:
        """Add the bot to a guild, perhaps again: create its role and membership, and send GUILD_CREATE."""
        role = Role(
            self.new_id(),
            guild.id,
            self.bot_user.name,
            permissions=permissions,
            position=len(guild.roles),
            managed_by=self.bot_user.id,
        )
        guild.roles[role.id] = role
        guild.members[self.bot_user.id] = Member(self.bot_user, guild.id, self.now(), roles=[role.id])
        guild.has_bot = True
        self.dispatch("GUILD_CREATE", guild.create_json(self.bot_user.id), intent=GUILDS, guild_id=guild.id)
        self.notify("guild_create", {"id": str(guild.id)}, guild_id=guild.id)

    def remove_bot(self, guild: Guild) -> None:
        """Kick the bot: send GUILD_DELETE, and remove its role and membership."""
        self.dispatch("GUILD_DELETE", {"id": str(guild.id)}, intent=GUILDS, guild_id=guild.id)
        member = guild.members.pop(self.bot_user.id)
        for role_id in member.roles:
            if guild.roles[role_id].managed_by == self.bot_user.id:
                del guild.roles[role_id]
        guild.has_bot = False
        self.notify("guild_delete", {"id": str(guild.id)}, guild_id=guild.id)

    def set_unavailable(self, guild: Guild, unavailable: bool) -> None:
        """Start or end an outage of one guild."""
        if unavailable:
            self.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, intent=GUILDS, guild_id=guild.id)
        guild.unavailable = unavailable
        if not unavailable:
            self.dispatch("GUILD_CREATE", guild.create_json(self.bot_user.id), intent=GUILDS, guild_id=guild.id)
        self.notify("guild_unavailable", {"id": str(guild.id), "unavailable": unavailable}, guild_id=guild.id)

    def update_guild(self, guild: Guild, *, name: str | None = None, owner: User | None = None) -> None:
        """Rename a guild or give it a new owner."""
        guild.name = name or guild.name
        guild.owner_id = owner.id if owner else guild.owner_id
        self.dispatch("GUILD_UPDATE", guild.to_json(), intent=GUILDS, guild_id=guild.id)
        self.notify("guild_update", guild.to_json(), guild_id=guild.id)

    def add_channel(
        self,
        guild: Guild,
        name: str,
        *,
        kind: str = "text",
        topic: str = "",
        parent: Channel | None = None,
        overwrites: Iterable[Overwrite] = (),
        owner: User | None = None,
        slowmode: int = 0,
        nsfw: bool = False,
        channel_id: int | None = None,
    ) -> Channel:
        """Create a channel of a kind from `KINDS`. A thread needs a parent."""
        channel = Channel(
            channel_id or self.new_id(),
            KINDS[kind],
            name,
            guild.id,
            topic=topic,
            position=len(guild.channels),
            parent_id=parent.id if parent else None,
            owner_id=owner.id if owner else guild.owner_id,
            slowmode=slowmode,
            nsfw=nsfw,
            overwrites={overwrite.id: overwrite for overwrite in overwrites},
        )
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        self._channel_event("create", channel)
        return channel

    def update_channel(self, channel: Channel, **changes: object) -> None:
        """Change fields of a channel by name (name, topic, slowmode, archived, locked …)."""
        if changes.get("archived", channel.archived) != channel.archived:
            channel.archive_changed = self.now()
        for key, value in changes.items():
            setattr(channel, key, value)
        self._channel_event("update", channel)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel and its threads."""
        guild = self.guilds[channel.guild_id or 0]
        for thread in [
            thread for thread in guild.channels.values() if thread.parent_id == channel.id and thread.is_thread
        ]:
            self.delete_channel(thread)
        del guild.channels[channel.id]
        del self.channels[channel.id]
        self._channel_event("delete", channel)

    def set_permissions(self, channel: Channel, target: Role | Member | User, *, allow: int = 0, deny: int = 0) -> None:
        """Set the permission overwrite of a role or a member in a channel."""
        if isinstance(target, Role):
            channel.overwrites[target.id] = Overwrite(target.id, False, allow, deny)
        else:
            user_id = target.user.id if isinstance(target, Member) else target.id
            channel.overwrites[user_id] = Overwrite(user_id, True, allow, deny)
        self._channel_event("update", channel)

    def clear_permissions(self, channel: Channel, target_id: int) -> None:
        """Remove the permission overwrite of a role or a member from a channel."""
        channel.overwrites.pop(target_id, None)
        self._channel_event("update", channel)

    def open_dm(self, user: User) -> Channel:
        """Return the direct message channel of the bot and a user; create it on first use."""
        for channel in self.channels.values():
            if channel.is_dm and channel.recipients[0] is user:
                return channel
        channel = Channel(self.new_id(), KINDS["dm"], user.name, recipients=[user])
        self.channels[channel.id] = channel
        self.notify("channel_create", channel.to_json(), channel_id=channel.id, only_for=user.id)
        return channel

    def _channel_event(self, change: str, channel: Channel) -> None:
        data = channel.to_json()
        prefix = "THREAD" if channel.is_thread else "CHANNEL"
        if change == "create" and channel.is_thread:
            data["newly_created"] = True
        if change == "delete" and channel.is_thread:
            data = {key: data[key] for key in ("id", "guild_id", "parent_id", "type")}
        event = f"{prefix}_{change.upper()}"
        self.dispatch(event, data, intent=GUILDS, guild_id=channel.guild_id)
        self.notify(f"channel_{change}", data, guild_id=channel.guild_id, channel_id=channel.id)

    def add_role(
        self,
        guild: Guild,
        name: str,
        *,
        permissions: int = 0,
        color: int = 0,
        hoist: bool = False,
        mentionable: bool = False,
        position: int = 1,
        role_id: int | None = None,
    ) -> Role:
        """Create a role at a position from the bottom (1: just above @everyone), and move higher ones up."""
        for existing_role in guild.roles.values():
            if existing_role.id != guild.id and existing_role.position >= position:
                existing_role.position += 1
        role = Role(role_id or self.new_id(), guild.id, name, int(permissions), color, position, hoist, mentionable)
        guild.roles[role.id] = role
        self._role_event("create", role)
        return role

    def update_role(self, role: Role, **changes: object) -> None:
        """Change fields of a role by name (name, permissions, color, position …)."""
        for key, value in changes.items():
            setattr(role, key, value)
        self._role_event("update", role)

    def delete_role(self, role: Role) -> None:
        """Delete a role and take it from its members."""
        guild = self.guilds[role.guild_id]
        del guild.roles[role.id]
        for member in guild.members.values():
            if role.id in member.roles:
                member.roles.remove(role.id)
        data: JSON = {"guild_id": str(guild.id), "role_id": str(role.id)}
        self.dispatch("GUILD_ROLE_DELETE", data, intent=GUILDS, guild_id=guild.id)
        self.notify("role_delete", data, guild_id=guild.id)

    def _role_event(self, change: str, role: Role) -> None:
        data: JSON = {"guild_id": str(role.guild_id), "role": role.to_json()}
        self.dispatch(f"GUILD_ROLE_{change.upper()}", data, intent=GUILDS, guild_id=role.guild_id)
        self.notify(f"role_{change}", data, guild_id=role.guild_id)

    def add_emoji(self, guild: Guild, name: str, *, animated: bool = False, emoji_id: int | None = None) -> Emoji:
        """Add a custom emoji to a guild."""
        emoji = Emoji(emoji_id or self.new_id(), name, animated)
        guild.emojis[emoji.id] = emoji
        self._emoji_event(guild)
        return emoji

    def delete_emoji(self, guild: Guild, emoji: Emoji) -> None:
        """Delete a custom emoji of a guild."""
        del guild.emojis[emoji.id]
        self._emoji_event(guild)

    def _emoji_event(self, guild: Guild) -> None:
        data: JSON = {"guild_id": str(guild.id), "emojis": [emoji.to_json() for emoji in guild.emojis.values()]}
        self.dispatch("GUILD_EMOJIS_UPDATE", data, intent=EXPRESSIONS, guild_id=guild.id)
        self.notify("emojis_update", data, guild_id=guild.id)

    def join(self, guild: Guild, user: User, *, roles: Iterable[Role] = (), nick: str | None = None) -> Member:
        """Make a user a member of a guild."""
        member = Member(user, guild.id, self.now(), [role.id for role in roles], nick)
        guild.members[user.id] = member
        data: JSON = {**member.to_json(), "guild_id": str(guild.id)}
        self.dispatch("GUILD_MEMBER_ADD", data, intent=MEMBERS, guild_id=guild.id)
        self.notify("member_join", data, guild_id=guild.id)
        return member

    def leave(self, guild: Guild, user: User) -> None:
        """Remove a user from a guild."""
        del guild.members[user.id]
        data: JSON = {"guild_id": str(guild.id), "user": user.to_json()}
        self.dispatch("GUILD_MEMBER_REMOVE", data, intent=MEMBERS, guild_id=guild.id)
        self.notify("member_leave", data, guild_id=guild.id)

    def set_roles(self, member: Member, roles: Iterable[Role]) -> None:
        """Replace a member's roles with these."""
        member.roles = [role.id for role in roles]
        self.member_changed(member)

    def member_changed(self, member: Member) -> None:
        """Tell the bot and the watchers that a member has changed."""
        data: JSON = {**member.to_json(), "guild_id": str(member.guild_id)}
        # A bot gets updates about itself even without the privileged intent.
        intent = GUILDS if member.user is self.bot_user else MEMBERS
        self.dispatch("GUILD_MEMBER_UPDATE", data, intent=intent, guild_id=member.guild_id)
        self.notify("member_update", data, guild_id=member.guild_id)
