"""`resolved`: the objects that the ids in an interaction's data refer to."""

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Attachment, Channel, Guild, Member, Message, Role, User
from sandbox.discord.permissions import in_channel
from sandbox.discord.world import World


class Resolved:
    """Collects the objects that an interaction refers to. Members come with their permissions in the channel."""

    def __init__(self, world: World, channel: Channel) -> None:
        self._world = world
        self._channel = channel
        self._guild: Guild | None = world.guild_of(channel)
        self._objects: dict[str, JSON] = {}

    def to_json(self) -> JSON:
        return self._objects

    def _put(self, kind: str, key: int, value: JSON) -> str:
        self._objects.setdefault(kind, {})[str(key)] = value
        return str(key)

    def user(self, user: User | Member) -> str:
        """Add a user, and the member if they are one; return the id as text."""
        user = user.user if isinstance(user, Member) else user
        member = self._guild.members.get(user.id) if self._guild else None
        if member is not None and self._guild is not None:
            rights = in_channel(self._guild, self._channel, member)
            self._put("members", user.id, {**member.partial_json(), "permissions": str(rights)})
        return self._put("users", user.id, user.to_json())

    def role(self, role: Role) -> str:
        """Add a role and return its id as text."""
        return self._put("roles", role.id, role.to_json())

    def channel(self, channel: Channel) -> str:
        """Add a channel with the subset of fields that Discord sends, and return its id as text."""
        whole = channel.to_json()
        keep = ("id", "name", "type", "parent_id", "thread_metadata", "topic", "position", "nsfw", "flags")
        part = {key: whole[key] for key in keep if key in whole}
        part["permissions"] = str(self._world.rights(channel, self._world.bot_user.id))
        return self._put("channels", channel.id, part)

    def message(self, message: Message) -> str:
        """Add a message and return its id as text."""
        return self._put("messages", message.id, message.to_json(self._world.bot_user.id))

    def attachment(self, attachment: Attachment) -> str:
        """Add an uploaded file and return its id as text."""
        return self._put("attachments", attachment.id, attachment.to_json())

    def add(self, value: User | Member | Role | Channel | Attachment) -> str:
        """Add an object of any of these kinds and return its id as text."""
        if isinstance(value, Attachment):
            return self.attachment(value)
        if isinstance(value, Role):
            return self.role(value)
        return self.channel(value) if isinstance(value, Channel) else self.user(value)
