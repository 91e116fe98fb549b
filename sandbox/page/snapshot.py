"""Everything a person sees at one moment: what the page gets when it connects or becomes someone else."""

from collections.abc import Container
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import KINDS, Channel, Message, User
from sandbox.discord.permissions import ALL, Permissions
from sandbox.discord.permissions import base as rights_in_guild
from sandbox.discord.world import World
from sandbox.page.stage import Stage

KEEP_MESSAGES: Final = 120
STAGE: Final = KINDS["stage"]
_VIEW: Final = int(Permissions.VIEW_CHANNEL)


def may_view(world: World, channel: Channel, viewer: User) -> bool:
    """Whether a person sees a channel of a guild."""
    return not channel.is_dm and bool(world.rights(channel, viewer.id) & _VIEW)


def message_json(world: World, message: Message) -> JSON:
    """Return a message as the page gets it."""
    return marked(message.event_json(world.bot_user.id), ephemeral=message.ephemeral_for is not None)


def marked(message: JSON, *, ephemeral: bool) -> JSON:
    """Return a message with its privacy spelled out."""
    return {**message, "ephemeral": ephemeral}


def channels(world: World, stage: Stage, viewer: User) -> list[JSON]:
    """Return the channels and threads that a person sees, each with their rights there."""
    return [
        {**one.to_json(), "rights": str(world.rights(one, viewer.id))}
        for one in stage.guild.channels.values()
        if may_view(world, one, viewer)
    ]


def guild(stage: Stage, viewer: User) -> JSON:
    """Return the guild, and whether the person is in it at all."""
    here = stage.guild
    return {
        "id": str(here.id),
        "name": here.name,
        "owner_id": str(here.owner_id),
        "has_bot": here.has_bot,
        "unavailable": here.unavailable,
        "joined": viewer.id in here.members,
    }


def events(world: World, stage: Stage, viewer: User) -> JSON:
    """Return the scheduled events and open stages that a person sees, and what they may do with them."""
    here, seen = stage.guild, {one.id for one in stage.guild.channels.values() if may_view(world, one, viewer)}
    places = [one for one in here.channels.values() if one.is_vocal and one.id in seen]
    return {
        "events": [
            {
                **one.to_json(),
                "user_count": len(one.subscribers),
                "interested": viewer.id in one.subscribers,
                "may_change": world.may_change_event(one, viewer.id),
            }
            for one in sorted(here.scheduled_events.values(), key=lambda one: one.starts_at)
            if one.channel_id is None or one.channel_id in seen
        ],
        "stages": [one.to_json() for one in here.stages.values() if one.channel_id in seen],
        "may_create": {
            "elsewhere": world.may_create_event(here, viewer.id, None),
            "places": [str(one.id) for one in places if world.may_create_event(here, viewer.id, one)],
        },
        "may_open": [str(one.id) for one in places if one.kind == STAGE and world.moderates_stage(one, viewer.id)],
    }


def commands(world: World, stage: Stage, viewer: User) -> list[JSON]:
    """Return the commands that Discord would offer a person: the others are hidden by permission."""
    member = stage.guild.members.get(viewer.id)
    if member is None:
        return []
    rights = rights_in_guild(stage.guild, member)
    return [one for one in world.commands_in(stage.guild.id) if _offered(one, rights)]


def _offered(command: JSON, rights: int) -> bool:
    needed = command.get("default_member_permissions")
    if needed is None or rights == ALL:
        return True
    # "0" hides a command from all but administrators.
    return int(needed) != 0 and rights & int(needed) == int(needed)


def members(stage: Stage) -> JSON:
    """Return the members and roles of the guild."""
    guild = stage.guild
    return {
        "members": [one.to_json() for one in guild.members.values()],
        "roles": [one.to_json() for one in guild.roles.values()],
    }


def people(stage: Stage) -> list[JSON]:
    """Return the cast of the people switch."""
    shown: list[JSON] = []
    for one in stage.cast:
        member = stage.guild.members.get(one.user.id)
        shown.append(
            {
                "user": one.user.to_json(),
                "guild_nick": member.nick if member else None,
                "role": one.part,
                "blurb": one.blurb,
            }
        )
    return shown


def take(world: World, stage: Stage, viewer: User, *, hidden: Container[int] = ()) -> JSON:
    """Return the whole state as one person sees it, without `hidden` messages and the sandbox's own controls."""
    seen = [one for one in stage.guild.channels.values() if may_view(world, one, viewer)]
    return {
        "t": "hello",
        "me": str(viewer.id),
        "people": people(stage),
        "guild": guild(stage, viewer),
        "channels": channels(world, stage, viewer),
        **events(world, stage, viewer),
        **members(stage),
        "commands": commands(world, stage, viewer),
        "messages": {
            str(one.id): [message_json(world, each) for each in _latest(world, one, viewer, hidden)] for one in seen
        },
    }


def _latest(world: World, channel: Channel, viewer: User, hidden: Container[int]) -> list[Message]:
    return [one for one in world.messages(channel.id, viewer.id)[-KEEP_MESSAGES:] if one.id not in hidden]
