"""What people can do with messages and threads, within their permissions."""

from sandbox.discord.filling import Refused
from sandbox.discord.mentions import fill_mentions
from sandbox.discord.model import Channel, Message
from sandbox.discord.model.channel import FORUM, MESSAGEABLE
from sandbox.discord.model.message import REPLY
from sandbox.discord.permissions import Permissions
from sandbox.discord.someone import Someone, allowed


class Writer(Someone):
    """A person who reads and writes. Actions that Discord's client would not allow raise Refused."""

    @property
    def messages(self) -> list[Message]:
        """The messages that the person sees here, oldest first."""
        return self.world.messages(self.channel.id, self.user.id)

    @property
    def pinned(self) -> list[Message]:
        """The pins of the channel, latest first; none without the permission to read the history."""
        return self.world.pinned(self.channel.id) if self.may(Permissions.READ_MESSAGE_HISTORY) else []

    async def say(self, content: str, *, reply_to: Message | None = None) -> Message:
        """Send a message, perhaps as a reply."""
        self._may_send(self.channel)
        if reply_to is not None:
            self.sees(reply_to)
            if reply_to.is_notice or not self.may(Permissions.READ_MESSAGE_HISTORY):
                raise Refused("this message cannot be replied to")
        self._wait_for_slow_mode()
        message = self.world.new_message(self.channel, self.user, content)
        if reply_to is not None:
            message.refer_to(reply_to, REPLY)
        fill_mentions(self.world, self.channel, message, from_interaction=False)
        self.world.post(self.channel, message)
        return message

    def _may_send(self, channel: Channel) -> None:
        if channel.kind not in MESSAGEABLE:
            raise Refused(f"#{channel.name} takes no messages")
        if not self.world.rights(channel, self.user.id) & channel.right_to_send:
            raise Refused(f"{self.user.name} may not write in #{channel.name}")
        if channel.locked and not self.may(Permissions.MANAGE_THREADS):
            raise Refused(f"the thread {channel.name!r} is locked")

    def _wait_for_slow_mode(self) -> None:
        now, spoke = self.world.now(), self.channel.spoke_at.get(self.user.id)
        remaining = 0.0 if spoke is None else spoke + self.channel.slowmode - now
        if remaining > 0 and not self.may(Permissions.BYPASS_SLOWMODE):
            raise Refused(f"slow mode: {self.user.name} has to wait {remaining:.0f} s")
        self.channel.spoke_at[self.user.id] = now

    async def react(self, message: Message, emoji: str) -> None:
        """React to a message with an emoji."""
        self._check_active(message)
        self.world.react(message, self.user, emoji)

    def delete(self, message: Message) -> None:
        """Delete one's own message, or anyone's with Manage Messages."""
        self.sees(message)
        if message.author is not self.user and not self.may(Permissions.MANAGE_MESSAGES):
            raise Refused(f"{self.user.name} may not delete this message")
        self.world.delete_message(message)

    def pin(self, message: Message, pinned: bool = True) -> None:
        self._check_active(message)
        if not self.may(Permissions.PIN_MESSAGES):
            raise Refused(f"{self.user.name} may not pin messages in #{self.channel.name}")
        if pinned:
            allowed(lambda: self.world.pin(self.channel, message, self.user))
        else:
            self.world.unpin(self.channel, message)

    def _check_active(self, message: Message) -> None:
        self.sees(message)
        if self.channel.archived:
            raise Refused(f"the thread {self.channel.name!r} is archived")

    def start_thread(self, name: str, *, message: Message | None = None) -> Channel:
        """Start a thread here, perhaps from a message."""
        self._check_name(name)
        if self.channel.kind != 0 or not self.may(Permissions.CREATE_PUBLIC_THREADS):
            raise Refused(f"{self.user.name} may not start threads in #{self.channel.name}")
        if message is not None:
            self.sees(message)
        return allowed(lambda: self.world.start_thread(self.channel, name, self.user, message=message))

    def start_post(self, name: str, content: str) -> Channel:
        """Start a post in this forum."""
        self._check_name(name)
        if self.channel.kind != FORUM or not self.may(Permissions.SEND_MESSAGES):
            raise Refused(f"{self.user.name} may not post in #{self.channel.name}")
        return self.world.start_post(self.channel, name, self.user, content)

    def _check_name(self, name: str) -> None:
        if not 1 <= len(name) <= 100:
            raise Refused("a thread's name has 1 to 100 characters")

    def archive(self, archived: bool = True) -> None:
        """Archive or unarchive this thread. Its owner may do so, but only moderators if it is locked."""
        own = self.channel.owner_id == self.user.id and not self.channel.locked
        if not self.channel.is_thread or not (own or self.may(Permissions.MANAGE_THREADS)):
            raise Refused(f"{self.user.name} may not archive {self.channel.name!r}")
        self.world.update_channel(self.channel, archived=archived)

    def lock(self, locked: bool = True) -> None:
        if not self.channel.is_thread or not self.may(Permissions.MANAGE_THREADS):
            raise Refused(f"{self.user.name} may not lock {self.channel.name!r}")
        self.world.update_channel(self.channel, locked=locked)

    def slow_down(self, seconds: int) -> None:
        """Set the slow mode of this channel in seconds; 0 ends it."""
        if not self.may(Permissions.MANAGE_CHANNELS):
            raise Refused(f"{self.user.name} may not change #{self.channel.name}")
        if not 0 <= seconds <= 21_600:
            raise Refused("slow mode lasts 0 to 21,600 seconds")
        self.world.update_channel(self.channel, slowmode=seconds)

    def restrict_by_age(self, restricted: bool = True) -> None:
        """Mark this channel as one for adults, or open it to everybody again."""
        if self.channel.is_thread or not self.may(Permissions.MANAGE_CHANNELS):
            raise Refused(f"{self.user.name} may not change #{self.channel.name}")
        self.world.update_channel(self.channel, nsfw=restricted)
