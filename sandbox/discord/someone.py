"""A member in one channel, the base of everything that people can do."""

from collections.abc import Callable
from typing import Self, TypeVar

from sandbox.discord.errors import ApiError
from sandbox.discord.filling import Refused
from sandbox.discord.model import Channel, Guild, Message, User
from sandbox.discord.permissions import Permissions
from sandbox.discord.world import World

T = TypeVar("T")


class Someone:
    """A user, a channel, and the user's permissions there."""

    def __init__(self, world: World, user: User, channel: Channel) -> None:
        self.world = world
        self.user = user
        self.channel = channel

    def at(self, channel: Channel) -> Self:
        """Return the same person in another channel."""
        return type(self)(self.world, self.user, channel)

    @property
    def guild(self) -> Guild:
        """The channel's guild; raises Refused in a direct message."""
        guild = self.world.guild_of(self.channel)
        if guild is None:
            raise Refused("this is a direct message")
        return guild

    @property
    def rights(self) -> int:
        """The person's permission bits here."""
        return self.world.rights(self.channel, self.user.id)

    def may(self, *any_of: Permissions) -> bool:
        """Return whether the person has at least one of these permissions here."""
        return any(self.rights & permission for permission in any_of)

    def sees(self, message: Message) -> None:
        """Raise Refused unless the person can see a message."""
        if message.deleted:
            raise Refused("the message is gone")
        if message.ephemeral_for not in (None, self.user.id):
            raise Refused("the message is for somebody else only")
        if not self.may(Permissions.VIEW_CHANNEL):
            raise Refused(f"{self.user.name} cannot see #{self.channel.name}")


def allowed(do: Callable[[], T]) -> T:
    """Call a function and turn an error of Discord's into Refused."""
    try:
        return do()
    except ApiError as error:
        raise Refused(error.message) from error
