"""Who may talk to the web part, and for how long: slow and idle clients must not keep out those that have something to
say, nor take the descriptors that the bot itself needs.

When there is no room, whoever has been sending for the longest makes it: a client that means it has sent its request
within milliseconds. The share of one address is a second bound, but not for addresses of one's own network: behind a
proxy every client has the proxy's.
"""

import asyncio
import ipaddress
import resource
from collections.abc import Callable
from typing import cast

SENDING_S = 10.0
"""How long a request may take to arrive, headers and body."""
MOST = 256
"""Connections in all; fewer where the process may open few files."""
PER_ADDRESS = 32
BACKLOG = 64
"""Connections that the system accepts by itself, and that are taken over in one go."""
DESCRIPTORS = 65_536


def room() -> int:
    """Return how many connections there may be: at most a quarter of the descriptors, of which all are asked for.

    Each answer to a member takes one of the bot's own, and in a storm they are hundreds.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft < wanted and soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return MOST if soft == resource.RLIM_INFINITY else min(MOST, soft // 4)


def is_near(address: str) -> bool:
    """Whether an address is of this machine or of its own network, where proxies are."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_private
    except ValueError:
        return True


class Door:
    """Makes the protocols of a server's connections, `most` at a time, and gives each `sending_s` to send a request."""

    def __init__(
        self,
        make: Callable[[], asyncio.BaseProtocol],
        *,
        most: int,
        sending_s: float = SENDING_S,
        is_exempt: Callable[[str], bool] = is_near,
    ) -> None:
        self._make = make
        self._most = most
        self._sending_s = sending_s
        self._is_exempt = is_exempt
        self._inside: dict[asyncio.BaseTransport, str] = {}
        self._sending: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}

    def __call__(self) -> asyncio.BaseProtocol:
        """Return the protocol of one more connection."""
        return _Visit(self, cast("asyncio.Protocol", self._make()))

    def arrived(self, transport: asyncio.BaseTransport) -> None:
        """Note that a request is there as a whole: from now on it is we who take our time."""
        timer = self._sending.pop(transport, None)
        if timer is not None:
            timer.cancel()

    def enter(self, transport: asyncio.Transport) -> bool:
        """Let a connection in, for which another may have to go; return False if there is no room for it."""
        address = _address_of(transport)
        rivals = self._rivals(address)
        if rivals:
            slowest = next((other for other in self._sending if other in rivals), None)
            if slowest is None:
                return False
            self.leave(slowest)
            cast("asyncio.Transport", slowest).abort()
        self._inside[transport] = address
        loop = asyncio.get_running_loop()
        self._sending[transport] = loop.call_later(self._sending_s, transport.abort)
        return True

    def leave(self, transport: asyncio.BaseTransport) -> None:
        """Forget a connection that has ended."""
        self._inside.pop(transport, None)
        self.arrived(transport)

    def _rivals(self, address: str) -> set[asyncio.BaseTransport]:
        """Return those of whom one has to go before another connection from `address` can come in."""
        if not self._is_exempt(address):
            neighbours = {other for other, theirs in self._inside.items() if theirs == address}
            if len(neighbours) >= PER_ADDRESS:
                return neighbours
        return set(self._inside) if len(self._inside) >= self._most else set()


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
