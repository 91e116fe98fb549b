"""Who may talk to the web part, and for how long. Slow and idle clients must not keep out real ones, nor use up the
file descriptors that the bot itself needs.

When there is no room, the connection that has been sending for longest is closed: a serious client sends its request
within milliseconds. Each address also has a limit of its own, except those of the local network, since behind a proxy
every client has the proxy's address.
"""

import asyncio
import ipaddress
import resource
from collections.abc import Callable
from typing import cast

SENDING_S = 10.0
"""How long a request may take to arrive, headers and body."""
MOST = 256
"""Connections in all; fewer where the process may open only few files."""
PER_ADDRESS = 32
MOST_SETTLED = 1_024
"""Connections that stay open, those of overlays, beside the others; fewer where the process may open only few files."""
SETTLED_PER_ADDRESS = 64
BACKLOG = 64
"""Connections that the kernel queues, and that are accepted in one go."""
DESCRIPTORS = 65_536


def room() -> int:
    """Raise the limit of file descriptors as far as allowed, and return how many connections there may be.

    That is at most a quarter of the descriptors. Each answer to a member needs one, too, and a storm has hundreds.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft < target and soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
        soft = target
    return MOST if soft == resource.RLIM_INFINITY else min(MOST, soft // 4)


def lasting_room() -> int:
    """Return how many connections there may be that stay open: at most another quarter of the descriptors."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_SETTLED if soft == resource.RLIM_INFINITY else min(MOST_SETTLED, soft // 4)


def is_near(address: str) -> bool:
    """Whether an address is of this machine or of its own network, where proxies are."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_private
    except ValueError:
        return True


class Door:
    """Creates the protocol of each connection, at most `most` at a time. Each has `sending_s` to send a request.

    Up to `most_settled` others stay open for long. They take nobody's place: until one has settled, it counts as one
    that is sending, and gives way.
    """

    def __init__(
        self,
        make: Callable[[], asyncio.BaseProtocol],
        *,
        most: int,
        most_settled: int = 0,
        sending_s: float = SENDING_S,
        is_exempt: Callable[[str], bool] = is_near,
    ) -> None:
        self._make = make
        self._most = most
        self._most_settled = most_settled
        self._sending_s = sending_s
        self._is_exempt = is_exempt
        self._address_by_transport: dict[asyncio.BaseTransport, str] = {}
        self._sending: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}
        self._settled: dict[asyncio.BaseTransport, str] = {}

    def __call__(self) -> asyncio.BaseProtocol:
        """Return the protocol of one more connection."""
        return _Visit(self, cast("asyncio.Protocol", self._make()))

    def arrived(self, transport: asyncio.BaseTransport) -> None:
        """Note that a whole request has arrived: from now on the client is waiting for us."""
        timer = self._sending.pop(transport, None)
        if timer is not None:
            timer.cancel()

    def settle(self, transport: asyncio.BaseTransport | None) -> bool:
        """Let a connection stay open from now on, and return True, unless too many do."""
        address = self._address_by_transport.get(transport) if transport is not None else None
        if transport is None or address is None or len(self._settled) >= self._most_settled:
            return False
        is_limited = not self._is_exempt(address)
        if is_limited and [*self._settled.values()].count(address) >= SETTLED_PER_ADDRESS:
            return False
        self.leave(transport)
        self._settled[transport] = address
        return True

    def enter(self, transport: asyncio.Transport) -> bool:
        """Let a connection in, closing another for it if need be; return False if there is no room for it."""
        address = _address_of(transport)
        rivals = self._rivals(address)
        if rivals:
            slowest = next((rival for rival in self._sending if rival in rivals), None)
            if slowest is None:
                return False
            self.leave(slowest)
            cast("asyncio.Transport", slowest).abort()
        self._address_by_transport[transport] = address
        loop = asyncio.get_running_loop()
        self._sending[transport] = loop.call_later(self._sending_s, transport.abort)
        return True

    def leave(self, transport: asyncio.BaseTransport) -> None:
        """Forget a connection that has ended."""
        self._settled.pop(transport, None)
        self._address_by_transport.pop(transport, None)
        self.arrived(transport)

    def _rivals(self, address: str) -> set[asyncio.BaseTransport]:
        """Return the connections one of which must be closed before `address` can have another.

        Empty if there is room.
        """
        if not self._is_exempt(address):
            neighbours = {transport for transport, peer in self._address_by_transport.items() if peer == address}
            if len(neighbours) >= PER_ADDRESS:
                return neighbours
        return set(self._address_by_transport) if len(self._address_by_transport) >= self._most else set()


class _Visit(asyncio.Protocol):
    """One connection: the server's own protocol for it, behind the door."""

    def __init__(self, door: Door, inner: asyncio.Protocol) -> None:
        self._door = door
        self._inner: asyncio.Protocol | None = None
        self._waiting = inner
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        if self._door.enter(cast("asyncio.Transport", transport)):
            self._inner = self._waiting
            self._inner.connection_made(transport)
        else:
            cast("asyncio.Transport", transport).abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._door.leave(self._transport)
        if self._inner is not None:
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner is not None:
            self._inner.resume_writing()


def _address_of(transport: asyncio.BaseTransport) -> str:
    peer: tuple[str, int] | None = transport.get_extra_info("peername")
    return peer[0] if peer else ""
