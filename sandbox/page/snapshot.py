"""Everything that a person sees at one moment. The page gets it when it connects or switches to another person."""

from collections.abc import Container
from typing import Final

from sandbox.discord.command_access import sees_command
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import KINDS, Channel, Message, User
from sandbox.discord.permissions import Permissions
from sandbox.discord.permissions import base as rights_in_guild
from sandbox.discord.world import World
from sandbox.page.scene import Scene

KEEP_MESSAGES: Final = 120
STAGE: Final = KINDS["stage"]
_VIEW: Final = int(Permissions.VIEW_CHANNEL)


def may_view(world: World, channel: Channel, viewer: User) -> bool:
    """Return whether a person sees a channel of a guild."""
    return not channel.is_dm and bool(world.rights(channel, viewer.id) & _VIEW)


def message_json(world: World, message: Message) -> JSON:
    """Return a message in the page's format."""
    return marked(message.event_json(world.bot_user.id), ephemeral=message.ephemeral_for is not None)


def marked(message: JSON, *, ephemeral: bool) -> JSON:
    """Return a message with a field that says whether it is ephemeral."""
    return {**message, "ephemeral": ephemeral}


def channels(world: World, scene: Scene, viewer: User) -> list[JSON]:
    """Return the channels and threads that a person sees, each with the person's permissions."""
    return [
        {**channel.to_json(), "rights": str(world.rights(channel, viewer.id))}
        for channel in scene.guild.channels.values()
        if may_view(world, channel, viewer)
    ]


def guild(scene: Scene, viewer: User) -> JSON:
    """Return the guild, and whether the person is a member of it."""
    guild = scene.guild
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "has_bot": guild.has_bot,
        "unavailable": guild.unavailable,
        "joined": viewer.id in guild.members,
    }


def events(world: World, scene: Scene, viewer: User) -> JSON:
    """Return the scheduled events and open stages that a person sees, and what the person may do with them."""
    guild, visible_ids = (
        scene.guild,
        {channel.id for channel in scene.guild.channels.values() if may_view(world, channel, viewer)},
    )
    places = [channel for channel in guild.channels.values() if channel.is_vocal and channel.id in visible_ids]
    return {
        "events": [
            {
                **event.to_json(),
                "user_count": len(event.subscribers),
                "interested": viewer.id in event.subscribers,
                "may_change": world.may_change_event(event, viewer.id),
            }
            for event in sorted(guild.scheduled_events.values(), key=lambda event: event.starts_at)
            if event.channel_id is None or event.channel_id in visible_ids
        ],
        "stages": [instance.to_json() for instance in guild.stages.values() if instance.channel_id in visible_ids],
        "may_create": {
            "elsewhere": world.may_create_event(guild, viewer.id, None),
            "places": [str(place.id) for place in places if world.may_create_event(guild, viewer.id, place)],
        },
        "may_open": [
            str(place.id) for place in places if place.kind == STAGE and world.moderates_stage(place, viewer.id)
        ],
    }


def commands(world: World, scene: Scene, viewer: User) -> list[JSON]:
    """Return the commands that Discord would offer a person. The others are hidden by their permissions."""
    member = scene.guild.members.get(viewer.id)
    if member is None:
        return []
    rights = rights_in_guild(scene.guild, member)
    return [
        command
        for command in world.commands_in(scene.guild.id)
        if sees_command(scene.guild, member, command, rights=rights)
    ]


def members(scene: Scene) -> JSON:
    """Return the members and roles of the guild."""
    guild = scene.guild
    return {
        "members": [member.to_json() for member in guild.members.values()],
        "roles": [role.to_json() for role in guild.roles.values()],
    }


def people(scene: Scene) -> list[JSON]:
    """Return the cast, from which the visitor chooses a person to play."""
    cast: list[JSON] = []
    for role in scene.cast:
        member = scene.guild.members.get(role.user.id)
        cast.append(
            {
                "user": role.user.to_json(),
                "guild_nick": member.nick if member else None,
                "role": role.part,
                "blurb": role.blurb,
            }
        )
    return cast


def take(world: World, scene: Scene, viewer: User, *, hidden: Container[int] = ()) -> JSON:
    """Return the whole state as one person sees it, without the `hidden` messages and the sandbox's own controls."""
    visible = [channel for channel in scene.guild.channels.values() if may_view(world, channel, viewer)]
    return {
        "t": "hello",
        "me": str(viewer.id),
        "people": people(scene),
        "guild": guild(scene, viewer),
        "channels": channels(world, scene, viewer),
        **events(world, scene, viewer),
        **members(scene),
        "commands": commands(world, scene, viewer),
        "skus": [sku.to_json() for sku in world.skus.values()],
        "messages": {
            str(channel.id): [message_json(world, message) for message in _latest(world, channel, viewer, hidden)]
            for channel in visible
        },
    }


def _latest(world: World, channel: Channel, viewer: User, hidden: Container[int]) -> list[Message]:
    return [message for message in world.messages(channel.id, viewer.id)[-KEEP_MESSAGES:] if message.id not in hidden]
