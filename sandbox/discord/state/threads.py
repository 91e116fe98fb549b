"""Threads and forum posts: started, used, archived and locked."""

from sandbox.discord.errors import ApiError
from sandbox.discord.model import Channel, Message, User
from sandbox.discord.model.channel import FORUM
from sandbox.discord.model.message import HAS_THREAD, THREAD_NOTICE, THREAD_STARTER
from sandbox.discord.state.guilds import Guilds
from sandbox.discord.state.messages import Messages


class Threads(Messages, Guilds):
    """The threads and forum posts of the world."""

    def start_thread(self, channel: Channel, name: str, owner: User, *, message: Message | None = None) -> Channel:
        """Start a thread. One that starts from a message takes its id; raises 160004 if the message has one already."""
        if message is not None and message.id in self.channels:
            raise ApiError(160004)
        thread = self._thread(channel, name, owner, message.id if message else self.new_id())
        if message is None:
            notice = self.new_message(channel, owner, name, type=THREAD_NOTICE)
            notice.reference = {"type": 0, "channel_id": str(thread.id), "guild_id": str(thread.guild_id)}
            self.post(channel, notice)
        else:
            message.flags |= HAS_THREAD
            self.changed(channel, message)
            starter = self.new_message(thread, owner)
            starter.refer_to(message, THREAD_STARTER)
            self.post(thread, starter)
        return thread

    def start_post(self, forum: Channel, name: str, owner: User, content: str) -> Channel:
        """Start a thread in a forum with its first message, which has the thread's id; raises 50024."""
        if forum.kind != FORUM:
            raise ApiError(50024)
        thread = self._thread(forum, name, owner, self.new_id())
        forum.last_message_id = thread.id
        message = self.new_message(thread, owner, content)
        message.id = thread.id
        self.post(thread, message)
        return thread

    def _thread(self, parent: Channel, name: str, owner: User, thread_id: int) -> Channel:
        return self.add_channel(
            self.guilds[parent.guild_id or 0], name, kind="thread", parent=parent, owner=owner, channel_id=thread_id
        )

    def post(self, channel: Channel, message: Message) -> None:
        """Add a message to a channel. If that is an archived thread, it becomes active again."""
        if channel.archived:
            self.update_channel(channel, archived=False)
        super().post(channel, message)

    def active_threads(self, guild_id: int) -> list[Channel]:
        """Return a guild's threads that are not archived."""
        return [
            channel for channel in self.guilds[guild_id].channels.values() if channel.is_thread and not channel.archived
        ]
