"""What all parts of the world share: clock, ids, people, guilds, and the receivers of changes."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import orjson

from sandbox.discord.clock import WorldClock
from sandbox.discord.errors import ApiError
from sandbox.discord.faults import Faults
from sandbox.discord.files import Files
from sandbox.discord.ids import Snowflakes
from sandbox.discord.jsontypes import JSON, Wire
from sandbox.discord.limits.messages import MAX_FILE_BYTES
from sandbox.discord.model import (
    Application,
    Channel,
    Entitlement,
    Guild,
    Interaction,
    Member,
    Message,
    Sku,
    User,
    Webhook,
)
from sandbox.discord.permissions import DM_PERMISSIONS, Permissions, in_channel
from sandbox.discord.state.log import Log
from sandbox.discord.traffic import Traffic

TOKEN: Final = "sandbox.token.of-no-value"  # noqa: S105 - it opens nothing but this stand-in
FIRST_ANSWER_SECONDS: Final = 3.0
KEEP_REQUESTS: Final = 5_000
_VIEW: Final = int(Permissions.VIEW_CHANNEL)


class WorldEvent:
    """Something that people would see in Discord. `only_for` is the only user who sees it, None for everyone."""

    __slots__ = ("_payload", "channel_id", "guild_id", "name", "only_for")

    def __init__(
        self,
        name: str,
        payload: "JSON | Callable[[], JSON]",
        guild_id: int | None,
        channel_id: int | None,
        only_for: int | None,
    ) -> None:
        self.name = name
        self.guild_id = guild_id
        self.channel_id = channel_id
        self.only_for = only_for
        self._payload = payload

    @property
    def payload(self) -> JSON:
        """The event's data. It is built on first use, because in a storm nobody reads most of it."""
        if callable(self._payload):
            self._payload = self._payload()
        return self._payload


@dataclass(slots=True, frozen=True)
class RequestRecord:
    """One REST request of the bot and its response. `route` has names in place of ids; `at` is the world's clock.

    Bodies are stored as JSON text: parsed, thousands of them would burden the garbage collector.
    """

    method: str
    route: str
    path: str
    status: int
    at: float
    request_body: bytes | None
    response_body: bytes | None

    @property
    def body(self) -> Wire:
        """The request's body, None if it had none."""
        return None if self.request_body is None else orjson.loads(self.request_body)

    @property
    def response(self) -> Wire:
        """The response's body, None if it had none."""
        return None if self.response_body is None else orjson.loads(self.response_body)


class Outlet(Protocol):
    """A receiver of gateway events."""

    def dispatch(self, event: str, data: JSON | bytes, intent: int, guild_id: int | None) -> None:
        """Pass an event (or its JSON text) to the sessions with `intent` (0: all) whose shard has the guild."""
        ...

    def hears(self, intent: int, guild_id: int | None) -> bool:
        """Return whether any session would get such an event."""
        ...


class State:
    """All data, the clock and the listeners. The subclasses add behaviour.

    Times are seconds of the world's own `clock`, which can be ahead of `now`.
    """

    def __init__(
        self, *, now: Callable[[], float] = time.time, application_id: int | None = None, token: str = TOKEN
    ) -> None:
        self.clock = WorldClock(now)
        self.now: Callable[[], float] = self.clock
        self.new_id = Snowflakes(self.now)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.skus: dict[int, Sku] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.entitlements: dict[int, Entitlement] = {}
        self.files = Files()
        self._logs: dict[int, Log] = {}
        self._nonces: deque[tuple[float, tuple[int, int, str]]] = deque()
        self._by_nonce: dict[tuple[int, int, str], Message] = {}
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self.first_answer_seconds = FIRST_ANSWER_SECONDS
        """How long a bot has for its first answer. Tests that are not about that give slow machines more."""
        self.attachment_size_limit = MAX_FILE_BYTES
        """Bytes that a file of a message may have. Discord takes larger ones in servers that are boosted."""
        self._waiting: deque[tuple[float, Interaction]] = deque()
        self.faults = Faults()
        self.requests: deque[RequestRecord] = deque(maxlen=KEEP_REQUESTS)
        self.traffic = Traffic()
        self.bot_online = False
        self._outlets: list[Outlet] = []
        self._watchers: list[Callable[[WorldEvent], None]] = []
        bot_id = application_id or self.new_id()
        self.bot_user = User(id=bot_id, name="Rosette", bot=True)
        owner = User(id=self.new_id(), name="developer", display_name="Developer")
        self.users.update({self.bot_user.id: self.bot_user, owner.id: owner})
        self.application = Application(id=bot_id, name=self.bot_user.name, bot=self.bot_user, owner=owner, token=token)

    def attach(self, outlet: Outlet) -> None:
        """Send gateway events to an outlet from now on."""
        self._outlets.append(outlet)

    def dispatch(self, event: str, data: JSON | bytes, *, intent: int = 0, guild_id: int | None = None) -> None:
        """Send the bot an event through the gateway. `data` may already be JSON text."""
        if guild_id is not None:
            guild = self.guilds.get(guild_id)
            if guild is not None and (not guild.has_bot or guild.unavailable):
                return
        for outlet in self._outlets:
            outlet.dispatch(event, data, intent, guild_id)

    def has_listener(self, intent: int, guild_id: int | None) -> bool:
        """Whether the bot would get an event. Hot paths ask before they build its JSON."""
        return any(outlet.hears(intent, guild_id) for outlet in self._outlets)

    def watch(self, watcher: Callable[[WorldEvent], None]) -> Callable[[], None]:
        """Call `watcher` for everything that people would see; return a function that ends this."""
        self._watchers.append(watcher)

        def unsubscribe() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unsubscribe

    def notify(
        self,
        name: str,
        payload: JSON | Callable[[], JSON],
        *,
        guild_id: int | None = None,
        channel_id: int | None = None,
        only_for: int | None = None,
    ) -> None:
        """Notify the watchers. The payload may be a function, which is called when a watcher first reads it."""
        if not self._watchers:
            return
        event = WorldEvent(name, payload, guild_id, channel_id, only_for)
        for watcher in tuple(self._watchers):
            watcher(event)

    def set_bot_online(self, online: bool) -> None:
        """Record that the bot's first session was opened or its last one ended."""
        if online != self.bot_online:
            self.bot_online = online
            self.notify("bot_online" if online else "bot_offline", {"user": self.bot_user.to_json()})

    def guild_of(self, channel: Channel) -> Guild | None:
        """Return the guild of a channel, None for a direct message."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def member_of(self, channel: Channel, user_id: int) -> Member | None:
        """Return a user's membership in a channel's guild, None for strangers and direct messages."""
        guild = self.guild_of(channel)
        return None if guild is None else guild.members.get(user_id)

    def rights(self, channel: Channel, user_id: int) -> int:
        """Return a user's permission bits in a channel; 0 for strangers."""
        guild = self.guild_of(channel)
        if guild is None:
            return DM_PERMISSIONS
        member = guild.members.get(user_id)
        return 0 if member is None else in_channel(guild, channel, member)

    def channel_for_bot(self, channel_id: int, *needs: Permissions) -> Channel:
        """Return a channel that the bot can see and in which it has all `needs`; raises 10003, 50001 or 50013."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise ApiError(10003)
        guild = self.guild_of(channel)
        if guild is not None and (not guild.has_bot or guild.unavailable):
            raise ApiError(50001)
        rights = self.rights(channel, self.bot_user.id)
        if not rights & _VIEW:
            raise ApiError(50001)
        for need in needs:
            if not rights & need:
                raise ApiError(50013)
        return channel

    def guild_for_bot(self, guild_id: int) -> Guild:
        """Return a guild that the bot is in; raises 10004 or 50001."""
        guild = self.guilds.get(guild_id)
        if guild is None:
            raise ApiError(10004)
        if not guild.has_bot or guild.unavailable:
            raise ApiError(50001)
        return guild
