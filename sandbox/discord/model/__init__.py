"""Discord's objects: plain records that can be written as Discord's JSON."""

from sandbox.discord.model.application import Application
from sandbox.discord.model.channel import KINDS, Channel, Overwrite
from sandbox.discord.model.commerce import Entitlement, Sku
from sandbox.discord.model.event import EventStatus, EventType, ScheduledEvent, StageInstance
from sandbox.discord.model.guild import Emoji, Guild, Member, Role
from sandbox.discord.model.interaction import Interaction, InteractionType, Modal, Reply
from sandbox.discord.model.message import Attachment, Message, Reaction
from sandbox.discord.model.user import User
from sandbox.discord.model.webhook import Webhook

__all__ = [
    "KINDS",
    "Application",
    "Attachment",
    "Channel",
    "Emoji",
    "Entitlement",
    "EventStatus",
    "EventType",
    "Guild",
    "Interaction",
    "InteractionType",
    "Member",
    "Message",
    "Modal",
    "Overwrite",
    "Reaction",
    "Reply",
    "Role",
    "ScheduledEvent",
    "Sku",
    "StageInstance",
    "User",
    "Webhook",
]
