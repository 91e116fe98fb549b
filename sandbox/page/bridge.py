"""The websocket between a page and the world. A page has one visitor, who plays one person at a time."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final, cast

import orjson
from aiohttp import WSMsgType, web

from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Channel, User
from sandbox.discord.world import World, WorldEvent
from sandbox.page import snapshot
from sandbox.page.outbox import Outbox
from sandbox.page.scene import Controls, Scene
from sandbox.page.stream import Stream
from sandbox.page.tour import Tour
from sandbox.page.trouble import Trouble
from sandbox.page.visitor import Refused, Visitor
from sandbox.storm_plan import Plan

log = logging.getLogger(__name__)

MAX_FRAME_BYTES: Final = 12 * 1024 * 1024
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
HEARTBEAT_SECONDS: Final = 20.0
_DONE: Final = frozenset({"message", "deferred_message", "deferred_update", "update", "premium_required"})


def check_own_page(request: web.Request) -> None:
    """Raise HTTPForbidden unless a request comes from the sandbox's own page."""
    # The host is checked as well, against DNS rebinding: anybody can let a domain of theirs point to this machine.
    if request.url.host not in LOOPBACK or request.headers.get("Origin") != str(request.url.origin()):
        raise web.HTTPForbidden(text="Only the sandbox's own page may connect.")


class Bridge:
    """Accepts pages. Only this server's own pages may connect: a page of another site could act for the visitor."""

    def __init__(self, world: World, scene: Scene, controls: Controls) -> None:
        self.world = world
        self.scene = scene
        self.controls = controls
        self.trouble = Trouble(world, scene)
        self.tour = Tour(world, scene)
        self.stream = Stream(world, scene)
        self.dismissed: set[int] = set()
        self.sockets: set[web.WebSocketResponse] = set()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one page until it disconnects."""
        check_own_page(request)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_FRAME_BYTES)
        await socket.prepare(request)
        self.sockets.add(socket)
        visit = Visit(self, request.query.get("as", ""))
        sender = asyncio.create_task(visit.outbox.drain(socket), name="page sender")
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await visit.receive(frame.data)
        finally:
            self.sockets.discard(socket)
            visit.end()
            sender.cancel()
        return socket

    async def close(self) -> None:
        """Close the sockets of all pages. The pages reconnect on their own."""
        for socket in tuple(self.sockets):
            await socket.close(code=1012, message=b"The sandbox is stopping")


class Visit:
    """One open page: the person whom its visitor plays at the moment, and the events that it gets."""

    def __init__(self, bridge: Bridge, user_id: str) -> None:
        self._bridge = bridge
        self._world = bridge.world
        self._scene = bridge.scene
        self._controls = bridge.controls
        self.outbox = Outbox()
        self._with_log = False
        self._viewer = self._role_of(user_id) or self._scene.cast[0].user
        self._deeds = Visitor(self._world, self._scene, self.outbox.put, bridge.trouble)
        self._handlers: dict[str, Callable[[WorldEvent], None]] = {
            "message": self._on_message,
            "interaction": self._on_interaction,
            "modal": self._on_interaction,
            "commands": self._on_commands,
            "bot": self._on_bot,
            "member": self._on_member,
            "role": self._on_role,
            "channel": self._on_place,
            "guild": self._on_role,
            "event": self._on_event,
            "stage": self._on_event,
        }
        self._requests: dict[str, Callable[[dict[str, Any]], None]] = {
            "as": self._become,
            "dismiss": self._dismiss,
            "trouble": self._make_trouble,
            "join": lambda _: bridge.trouble.join(self._viewer),
            "tour": lambda _: bridge.tour.restart(),
            "look": lambda event: bridge.tour.look(self, int(event["channel_id"])),
            "stream": lambda _: bridge.stream.open(),
            "shown": lambda _: bridge.tour.notice_stream(),
            "storm": self._storm,
            "restart_bot": lambda event: self._controls.restart_bot(kill=bool(event.get("kill"))),
            "log": self._follow_log,
        }
        self._ends: list[Callable[[], None]] = [
            self._world.watch(self._on_world),
            self._controls.listen(self._on_controls),
            bridge.tour.listen(lambda: self._tell("tour", bridge.tour.to_json)),
            lambda: bridge.tour.leave(self),
            bridge.stream.listen(lambda: self._tell("stream", bridge.stream.to_json)),
        ]
        self._greet()

    def end(self) -> None:
        """Stop listening to the world and the controls."""
        for end in self._ends:
            end()

    def _role_of(self, user_id: str) -> User | None:
        role = self._scene.role_of(int(user_id)) if user_id.isascii() and user_id.isdigit() else None
        return role.user if role else None

    def _greet(self) -> None:
        self.outbox.clear()
        self.outbox.put(
            {
                **snapshot.take(self._world, self._scene, self._viewer, hidden=self._bridge.dismissed),
                "bot": self._bot_state(),
                "storm": self._controls.storm_state(),
                "trouble": self._bridge.trouble.to_json(),
                "tour": self._bridge.tour.to_json(),
                "stream": self._bridge.stream.to_json(),
            }
        )

    def _bot_state(self) -> JSON:
        return {
            **self._controls.bot_state(),
            "online": self._world.bot_online,
            "user": self._world.bot_user.to_json(),
        }

    # From the world to the page

    def _on_world(self, event: WorldEvent) -> None:
        if event.only_for is not None and event.only_for != self._viewer.id:
            return
        if event.guild_id is not None and event.guild_id != self._scene.guild.id:
            return
        handler = self._handlers.get(event.name.partition("_")[0])
        if handler is not None:
            handler(event)

    def _on_commands(self, _: WorldEvent) -> None:
        self._tell_commands()

    def _on_bot(self, _: WorldEvent) -> None:
        self.outbox.put({"t": "bot", **self._bot_state()}, key="bot")

    def _on_member(self, event: WorldEvent) -> None:
        is_own = int(event.payload["user"]["id"]) == self._viewer.id
        if is_own and event.name in {"member_join", "member_leave"}:
            self._greet()
        else:
            self._on_role(event)

    def _on_role(self, event: WorldEvent) -> None:
        self._tell("members", lambda: snapshot.members(self._scene))
        self._on_place(event)

    def _on_place(self, _: WorldEvent) -> None:
        """Send what the person sees and may do, which depends on channels, roles and membership alike."""
        world, scene = self._world, self._scene
        self._tell(
            "channels",
            lambda: {
                "channels": snapshot.channels(world, scene, self._viewer),
                "guild": snapshot.guild(scene, self._viewer),
            },
        )
        self._tell("events", lambda: snapshot.events(world, scene, self._viewer))
        self._tell_commands()
        self._tell("trouble", self._bridge.trouble.to_json)

    def _on_event(self, _: WorldEvent) -> None:
        self._tell("events", lambda: snapshot.events(self._world, self._scene, self._viewer))

    def _tell_commands(self) -> None:
        self._tell("commands", lambda: {"commands": snapshot.commands(self._world, self._scene, self._viewer)})

    def _tell(self, kind: str, fields: Callable[[], JSON]) -> None:
        """Queue a state that is read only when it is sent, so that a hundred changes at once become one event."""
        self.outbox.put(lambda: {**fields(), "t": kind}, key=kind)

    def _on_message(self, event: WorldEvent) -> None:
        change = event.name.removeprefix("message_")
        channel = self._channel(event.channel_id)
        payload = event.payload
        if channel is None or int(payload["id"]) in self._bridge.dismissed:
            return
        if change == "delete":
            deletion: JSON = {"t": "message_delete", "id": payload["id"], "channel_id": payload["channel_id"]}
            self.outbox.put(deletion, key=("message", payload["id"]))
            return
        message = snapshot.marked(payload, ephemeral=event.only_for is not None)
        self.outbox.put({"t": "message", "message": message}, key=("message", payload["id"]))

    def _channel(self, channel_id: int | None) -> Channel | None:
        channel = self._scene.guild.channels.get(channel_id or 0)
        return channel if channel and snapshot.may_view(self._world, channel, self._viewer) else None

    def _on_interaction(self, event: WorldEvent) -> None:
        payload = event.payload
        nonce, state = payload.get("nonce"), payload["state"]
        if nonce is None:
            return
        if state == "failed":
            self.outbox.put({"t": "failed", "nonce": nonce, "text": f"{payload['text']}."})
        elif state == "modal":
            self.outbox.put({"t": "modal", "nonce": nonce, "modal": {**payload["modal"], "id": payload["id"]}})
        elif state == "choices":
            self.outbox.put({"t": "choices", "nonce": nonce, "choices": payload["choices"]})
        elif state in _DONE:
            self.outbox.put({"t": "done", "nonce": nonce})

    def _on_controls(self, event: JSON) -> None:
        if event["t"] == "log":
            if self._with_log:
                self.outbox.put(event)
        elif event["t"] == "bot":
            self.outbox.put({"t": "bot", **self._bot_state()}, key="bot")
        else:
            self.outbox.put(event, key=event["t"])

    # From the page to the world

    async def receive(self, text: str) -> None:
        """Carry out a request of the page. The page is told about every failure, even for malformed requests."""
        nonce: object = None
        try:
            event = orjson.loads(text)
            if not isinstance(event, dict):
                return
            request = cast("dict[str, Any]", event)
            nonce = request.get("nonce")
            await self._do(request)
        except Refused as error:
            self.outbox.put({"t": "failed", "nonce": nonce, "text": str(error)})
        except (KeyError, TypeError, ValueError) as error:
            log.info("ignored an unreadable message from the page: %r", error)
            self.outbox.put({"t": "failed", "nonce": nonce, "text": "The sandbox did not understand that."})

    async def _do(self, event: dict[str, Any]) -> None:
        kind = str(event["t"])
        request = self._requests.get(kind)
        if request is not None:
            request(event)
        else:
            await self._deeds.do(self._viewer, kind, event)

    def _become(self, event: dict[str, Any]) -> None:
        self._viewer = self._role_of(str(event["user_id"])) or self._viewer
        self._greet()

    def _dismiss(self, event: dict[str, Any]) -> None:
        # As in Discord's client, the message is only hidden: the bot may go on editing it.
        self._bridge.dismissed.add(int(event["message_id"]))

    def _make_trouble(self, event: dict[str, Any]) -> None:
        self._bridge.trouble.do(event)
        self._tell("trouble", self._bridge.trouble.to_json)

    def _follow_log(self, event: dict[str, Any]) -> None:
        self._with_log = bool(event["on"])
        if self._with_log:
            self.outbox.put({"t": "log", "lines": self._controls.log_lines()})

    def _storm(self, event: dict[str, Any]) -> None:
        if event.get("stop"):
            self._controls.stop_storm()
        else:
            try:
                plan = Plan(int(event["rate"]), int(event["seconds"]), event["mix"], int(event["givers"]))
            except ValueError as error:
                raise Refused(f"This storm can't start: {error}.") from error
            self._controls.start_storm(plan)
            if event.get("nonce") is not None:
                self.outbox.put({"t": "done", "nonce": event["nonce"]})
