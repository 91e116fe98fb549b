"""One interaction: what a member did, its token, and the bot's answers."""

import asyncio
from dataclasses import dataclass, field
from enum import IntEnum

import orjson

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model.channel import Channel
from sandbox.discord.model.guild import Guild, Member
from sandbox.discord.model.message import Message, walk
from sandbox.discord.model.user import User


class InteractionType(IntEnum):
    """Discord's interaction types."""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Reply(IntEnum):
    """Discord's interaction callback types."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9
    PREMIUM_REQUIRED = 10
    LAUNCH_ACTIVITY = 12


@dataclass(slots=True, frozen=True)
class Modal:
    """A dialog that the bot opened for one member."""

    custom_id: str
    title: str
    components: list[JSON]
    interaction: "Interaction"

    @property
    def fields(self) -> list[JSON]:
        """The inputs in order; each has a `custom_id`."""
        return [component for component in walk(self.components) if "custom_id" in component]

    def to_json(self) -> JSON:
        """Return the modal as the bot sent it."""
        return {"custom_id": self.custom_id, "title": self.title, "components": self.components}


@dataclass(slots=True, eq=False)
class Interaction:
    """An interaction. Times are seconds of the world's clock; `replied` is the type of the first answer, if any.

    `create_event` is INTERACTION_CREATE as it was sent over the gateway. `late` holds the first answers that came after
    Discord's three seconds and were refused: nobody in the guild has seen them.
    """

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    guild: Guild | None
    member: Member | None
    created: float
    data: JSON
    create_event: bytes
    metadata: JSON
    message: Message | None = None
    nonce: str | None = None
    replied: Reply | None = None
    ephemeral: bool = False
    failed: bool = False
    original: Message | None = None
    followups: list[Message] = field(default_factory=list[Message])
    late: list[JSON] = field(default_factory=list[JSON])
    edits: int = 0
    revised: bool = False
    modal: Modal | None = None
    choices: list[JSON] | None = None
    _waiters: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]], repr=False)

    @property
    def payload(self) -> JSON:
        """The data of INTERACTION_CREATE."""
        return orjson.loads(self.create_event)

    def owns(self, message_id: int) -> Message | None:
        """Return the message with this id if the interaction's token may edit it."""
        if self.original is not None and self.original.id == message_id:
            return self.original
        return next((followup for followup in self.followups if followup.id == message_id), None)

    def wake(self) -> None:
        """Wake everyone who waits in `changed`."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def changed(self) -> asyncio.Future[None]:
        """Return a future that is done at the next change."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        return waiter
