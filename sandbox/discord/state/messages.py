"""Messages: stored per channel within limits, with the events that follow every change."""

from typing import Any, Final

from sandbox.discord.errors import ApiError
from sandbox.discord.ids import iso_or_none
from sandbox.discord.intents import (
    DIRECT_MESSAGES,
    DIRECT_REACTIONS,
    GUILD_MESSAGES,
    GUILD_REACTIONS,
    GUILDS,
)
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Channel, Message, Reaction, User
from sandbox.discord.model.message import PIN_NOTICE
from sandbox.discord.state.core import State
from sandbox.discord.state.log import Log

KEEP_NONCES: Final = 2_000
NONCE_SECONDS: Final = 300.0
MAX_PINS: Final = 250
MAX_REACTIONS: Final = 20


class Messages(State):
    """The messages of the world, with their pins and reactions."""

    def _log(self, channel_id: int) -> Log:
        log = self._logs.get(channel_id)
        if log is None:
            log = self._logs[channel_id] = Log()
        return log

    def messages(self, channel_id: int, viewer_id: int | None = None) -> list[Message]:
        """Return a channel's messages, oldest first, with the ephemeral ones that the viewer sees."""
        log = self._log(channel_id)
        if viewer_id is None:
            return list(log.public.values())
        own = [message for message in log.ephemeral.values() if message.ephemeral_for == viewer_id]
        return (
            sorted((*log.public.values(), *own), key=lambda message: message.id) if own else list(log.public.values())
        )

    def public_message(self, channel_id: int, message_id: int) -> Message:
        """Return a message that is not ephemeral; raises 10008."""
        message = self._log(channel_id).public.get(message_id)
        if message is None:
            raise ApiError(10008)
        return message

    def find_message(self, channel_id: int, message_id: int) -> Message | None:
        """Return a message, ephemeral or not, or None if it no longer exists."""
        log = self._log(channel_id)
        return log.public.get(message_id) or log.ephemeral.get(message_id)

    def new_message(self, channel: Channel, author: User, content: str = "", **fields: Any) -> Message:  # noqa: ANN401
        """Return a message of a user in a channel without posting it. `fields` are further fields of the message."""
        member = self.member_of(channel, author.id)
        return Message(
            self.new_id(), channel.id, channel.guild_id, author, self.now(), content, member=member, **fields
        )

    def post(self, channel: Channel, message: Message) -> None:
        """Add a message to a channel and notify everyone who sees it."""
        self._log(channel.id).add(message)
        if message.ephemeral_for is None:
            channel.last_message_id = message.id
            channel.message_count += 1
        self._tell("create", channel, message)

    def changed(self, channel: Channel, message: Message) -> None:
        """Notify everyone who sees a message that it was edited."""
        self._tell("update", channel, message)
        message.wake()

    def _tell(self, change: str, channel: Channel, message: Message) -> None:
        private = channel.is_dm or message.ephemeral_for is not None
        intent = DIRECT_MESSAGES if private else GUILD_MESSAGES
        guild_id = None if private else channel.guild_id
        if self.has_listener(intent, guild_id):
            data = message.event_json(self.bot_user.id)
            self.dispatch(f"MESSAGE_{change.upper()}", data, intent=intent, guild_id=guild_id)
        self.notify(
            f"message_{change}",
            lambda: message.event_json(self.bot_user.id),
            guild_id=channel.guild_id,
            channel_id=channel.id,
            only_for=message.ephemeral_for,
        )

    def delete_message(self, message: Message) -> None:
        """Delete a message, ephemeral or not."""
        log = self._log(message.channel_id)
        log.public.pop(message.id, None)
        log.ephemeral.pop(message.id, None)
        message.deleted = True
        message.wake()
        channel = self.channels[message.channel_id]
        data: JSON = {"id": str(message.id), "channel_id": str(channel.id)}
        private = channel.is_dm or message.ephemeral_for is not None
        if not private:
            data["guild_id"] = str(channel.guild_id)
        self.dispatch(
            "MESSAGE_DELETE",
            data,
            intent=DIRECT_MESSAGES if private else GUILD_MESSAGES,
            guild_id=None if private else channel.guild_id,
        )
        self.notify(
            "message_delete",
            data,
            guild_id=channel.guild_id,
            channel_id=channel.id,
            only_for=message.ephemeral_for,
        )

    def by_nonce(self, channel_id: int, author_id: int, nonce: str) -> Message | None:
        """Return the message that was sent with an enforced nonce in the past few minutes, if any.

        Like Discord, this raises 10008 if the message has been deleted since.
        """
        oldest = self.now() - NONCE_SECONDS
        while self._nonces and (self._nonces[0][0] < oldest or len(self._nonces) > KEEP_NONCES):
            self._by_nonce.pop(self._nonces.popleft()[1], None)
        message = self._by_nonce.get((channel_id, author_id, nonce))
        if message is not None and message.deleted:
            raise ApiError(10008)
        return message

    def remember_nonce(self, channel_id: int, author_id: int, nonce: str, message: Message) -> None:
        """Make a message available to `by_nonce` for a few minutes."""
        self._nonces.append((self.now(), (channel_id, author_id, nonce)))
        self._by_nonce[channel_id, author_id, nonce] = message

    def pinned(self, channel_id: int) -> list[Message]:
        """Return a channel's pinned messages, the most recently pinned first."""
        pins = [message for message in self._log(channel_id).public.values() if message.pinned_at is not None]
        return sorted(pins, key=lambda message: message.pinned_at or 0.0, reverse=True)

    def pin(self, channel: Channel, message: Message, by: User) -> None:
        """Pin a message and post the notice about it; raises 50021 or 30003."""
        if message.is_notice:
            raise ApiError(50021)
        if message.pinned:
            return
        if len(self.pinned(channel.id)) >= MAX_PINS:
            raise ApiError(30003)
        message.pinned_at = self.now()
        self._pins_changed(channel, message)
        self.post(channel, self.new_message(channel, by, type=PIN_NOTICE, reference=message.as_reference()))

    def unpin(self, channel: Channel, message: Message) -> None:
        if message.pinned:
            message.pinned_at = None
            self._pins_changed(channel, message)

    def _pins_changed(self, channel: Channel, message: Message) -> None:
        latest = next(iter(self.pinned(channel.id)), None)
        channel.last_pin_at = latest.pinned_at if latest else None
        data: JSON = {"channel_id": str(channel.id), "last_pin_timestamp": iso_or_none(channel.last_pin_at)}
        if channel.guild_id is not None:
            data["guild_id"] = str(channel.guild_id)
        self.dispatch("CHANNEL_PINS_UPDATE", data, intent=GUILDS, guild_id=channel.guild_id)
        self.changed(channel, message)

    def react(self, message: Message, user: User, emoji: str, *, emoji_id: int | None = None) -> None:
        """Add a user's reaction to a message; raises 30010 beyond 20 different emoji."""
        key = (emoji_id, emoji)
        reaction = next((reaction for reaction in message.reactions if (reaction.emoji_id, reaction.name) == key), None)
        if reaction is None:
            if len(message.reactions) >= MAX_REACTIONS:
                raise ApiError(30010)
            reaction = Reaction(emoji_id, emoji)
            message.reactions.append(reaction)
        if user.id not in reaction.users:
            reaction.users.append(user.id)
            self._reaction_event("MESSAGE_REACTION_ADD", message, user, reaction)

    def unreact(self, message: Message, user: User, emoji: str, *, emoji_id: int | None = None) -> None:
        """Remove a user's reaction from a message."""
        key = (emoji_id, emoji)
        reaction = next((reaction for reaction in message.reactions if (reaction.emoji_id, reaction.name) == key), None)
        if reaction is None or user.id not in reaction.users:
            return
        reaction.users.remove(user.id)
        if not reaction.users:
            message.reactions.remove(reaction)
        self._reaction_event("MESSAGE_REACTION_REMOVE", message, user, reaction)

    def _reaction_event(self, event: str, message: Message, user: User, reaction: Reaction) -> None:
        channel = self.channels[message.channel_id]
        data: JSON = {
            "user_id": str(user.id),
            "channel_id": str(channel.id),
            "message_id": str(message.id),
            "emoji": reaction.emoji_json(),
            "burst": False,
            "type": 0,
        }
        if channel.guild_id is not None:
            data["guild_id"] = str(channel.guild_id)
            member = self.member_of(channel, user.id)
            if member is not None and event.endswith("ADD"):
                data["member"] = member.to_json()
        intent = DIRECT_REACTIONS if channel.is_dm else GUILD_REACTIONS
        self.dispatch(event, data, intent=intent, guild_id=channel.guild_id)
        self.notify(
            "message_update",
            message.event_json(self.bot_user.id),
            guild_id=channel.guild_id,
            channel_id=channel.id,
        )
