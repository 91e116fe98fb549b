"""Webhooks, which send messages without being members or bots."""

from dataclasses import dataclass, field

from sandbox.discord.model.user import User


@dataclass(slots=True, eq=False)
class Webhook:
    """A webhook of a channel. `author` is shown on its messages in place of an account."""

    id: int
    channel_id: int
    name: str
    author: User = field(init=False)

    def __post_init__(self) -> None:
        self.author = User(self.id, self.name, bot=True)
