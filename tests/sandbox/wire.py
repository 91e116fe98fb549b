"""A bot without a library: raw requests and a raw gateway connection, to see exactly how Discord responds."""

import zlib
from dataclasses import dataclass, field
from io import BytesIO
from types import TracebackType
from typing import Any

import orjson
from aiohttp import ClientSession, FormData, WSMsgType

from sandbox.discord.model import Channel, Guild, Interaction, InteractionType, Message, User
from sandbox.discord.people import Person
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World

BY_BIT = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "messages": 1 << 9,
    "dms": 1 << 12,
    "content": 1 << 15,
    "events": 1 << 16,
}


class Clock:
    """A clock that stands still until it is advanced."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Answer:
    """The response to a request."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> int:
        return self.body["code"]

    @property
    def mistakes(self) -> set[str]:
        """The locations and codes of a 50035, such as `embeds.0.title=BASE_TYPE_MAX_LENGTH`."""
        assert self.code == 50035, self.body
        return set(_flat(self.body.get("errors", {}), ""))


def _flat(tree: dict[str, Any], path: str) -> list[str]:
    mistakes = [f"{path}={error['code']}" for error in tree.get("_errors", ())]
    for key, below in tree.items():
        if key != "_errors":
            mistakes += _flat(below, f"{path}.{key}" if path else key)
    return mistakes


@dataclass
class Place:
    """A world with one guild, one channel and three people, and the server in front of it."""

    world: World
    server: DiscordServer
    http: ClientSession
    clock: Clock = field(default_factory=Clock)
    guild: Guild = field(init=False)
    channel: Channel = field(init=False)
    owner: User = field(init=False)
    mia: User = field(init=False)
    noah: User = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.owner, self.mia, self.noah = (world.add_user(name) for name in ("olga", "mia", "noah"))
        self.guild = world.add_guild("Cafe", owner=self.owner)
        self.channel = world.add_channel(self.guild, "general")
        for user in (self.mia, self.noah):
            world.join(self.guild, user)

    def person(self, user: User, channel: Channel | None = None) -> Person:
        return Person(self.world, user, channel or self.channel)

    @property
    def app(self) -> int:
        return self.world.application.id

    @property
    def here(self) -> str:
        """The path of the channel's messages."""
        return f"/channels/{self.channel.id}/messages"

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        files: dict[str, bytes] | None = None,
        token: str | None = None,
    ) -> Answer:
        headers = {"Authorization": f"Bot {token or self.world.application.token}"}
        data: Any = None
        if files is not None:
            data = FormData(quote_fields=False)
            data.add_field("payload_json", orjson.dumps(body or {}).decode())
            for index, (name, content) in enumerate(files.items()):
                data.add_field(f"files[{index}]", BytesIO(content), filename=name, content_type="image/png")
        elif body is not None:
            headers["Content-Type"] = "application/json"
            data = orjson.dumps(body)
        async with self.http.request(method, self.server.api_url + path, data=data, headers=headers) as response:
            raw = await response.read()
            return Answer(response.status, orjson.loads(raw) if raw else None, dict(response.headers))

    async def send(self, **body: Any) -> Answer:
        return await self.ask("POST", self.here, body)

    async def posted(self, **body: Any) -> Message:
        answer = await self.send(**body)
        assert answer.status == 200, answer.body
        return self.world.public_message(self.channel.id, int(answer.body["id"]))

    def command(self, user: User | None = None, name: str = "gift") -> Interaction:
        """Begin a slash command, even if no bot is connected."""
        data = {"id": "1", "name": name, "type": 1, "options": []}
        return self.world.begin(user or self.mia, self.channel, InteractionType.COMMAND, data)

    def press(self, message: Message, custom_id: str = "go", user: User | None = None) -> Interaction:
        data = {"component_type": 2, "custom_id": custom_id, "id": 1}
        kind = InteractionType.COMPONENT
        return self.world.begin(user or self.mia, self.channel, kind, data, message=message)

    def typing(self) -> Interaction:
        """Begin the autocomplete of a text option."""
        option = {"name": "item", "type": 3, "value": "ro", "focused": True}
        data = {"id": "1", "name": "gift", "type": 1, "options": [option]}
        return self.world.begin(self.mia, self.channel, InteractionType.AUTOCOMPLETE, data)

    async def answer(self, interaction: Interaction, kind: int, *, with_response: bool = True, **data: Any) -> Answer:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback" + (
            "?with_response=1" if with_response else ""
        )
        return await self.ask("POST", path, {"type": kind, "data": data} if data else {"type": kind})

    def hook(self, interaction: Interaction, path: str = "") -> str:
        return f"/webhooks/{self.app}/{interaction.token}{path}"


class Socket:
    """A gateway connection."""

    def __init__(self, place: Place, *, compress: bool = False) -> None:
        self.place = place
        self.seq: int | None = None
        self.close_code: int | None = None
        self._query = "?v=10&encoding=json" + ("&compress=zlib-stream" if compress else "")
        self._inflate = zlib.decompressobj() if compress else None

    async def __aenter__(self) -> "Socket":
        self._ws = await self.place.http.ws_connect(self.place.server.gateway_url + self._query, autoclose=True)
        hello = await self.frame()
        assert hello["op"] == 10
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._ws.close()

    async def frame(self) -> dict[str, Any]:
        """Return the next frame, or an empty one if the connection is closed."""
        message = await self._ws.receive(timeout=60)
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR):
            self.close_code = self._ws.close_code
            return {}
        raw = message.data if self._inflate is None else self._inflate.decompress(message.data)
        frame = orjson.loads(raw)
        self.seq = frame["s"] or self.seq
        return frame

    async def op(self, number: int, data: Any = None) -> None:
        await self._ws.send_str(orjson.dumps({"op": number, "d": data}).decode())

    async def say(self, text: str) -> None:
        await self._ws.send_str(text)

    async def leave(self, code: int) -> None:
        await self._ws.close(code=code)

    async def identify(self, *intents: str, token: str | None = None, **more: Any) -> dict[str, Any]:
        """Send IDENTIFY and return the data of READY; the following GUILD_CREATE events are skipped."""
        bits = sum(BY_BIT[intent] for intent in intents or ("guilds",))
        await self.op(2, {"token": token or self.place.world.application.token, "intents": bits, **more})
        ready = await self.frame()
        if not ready:
            return {}
        if bits & 1:
            for _ in ready["d"]["guilds"]:
                await self.event("GUILD_CREATE")
        return ready["d"]

    async def event(self, name: str) -> dict[str, Any]:
        """Return the data of the next frame, which must be this event."""
        frame = await self.frame()
        assert frame.get("t") == name, frame
        return frame["d"]

    async def closed(self) -> int | None:
        """Read until the connection is closed and return the close code."""
        while await self.frame():
            pass
        return self.close_code
