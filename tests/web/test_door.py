"""The door of the web server: which connections are cut when there is no room, and which never are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from bot.web.door import PER_ADDRESS, SETTLED_PER_ADDRESS, Door, is_near
from tests.rig import until


class Echo(asyncio.Protocol):
    """Treats each line as a whole request, and echoes it. The line `stay` asks to stay, and is answered yes or no."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if data == b"stay\n":
            self._transport.write(b"yes\n" if self._door.settle(self._transport) else b"no\n")
        elif data.endswith(b"\n"):
            self._door.arrived(self._transport)
            self._transport.write(data)


class Client:
    """A connection from an address of the loopback."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def connected(cls, port: int, address: str = "127.0.0.1") -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0)))

    async def say(self, text: bytes) -> None:
        self._writer.write(text)
        await self._writer.drain()

    async def answer(self) -> bytes:
        """Return the next line, empty if the connection was cut."""
        async with asyncio.timeout(20):
            try:
                return await self._reader.readline()
            except ConnectionError:
                return b""

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


class House:
    """A server behind a door, and all its clients."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        self._server: asyncio.Server | None = None

    async def open(
        self,
        *,
        most: int,
        most_settled: int = 0,
        sending_s: float = 60.0,
        is_exempt: Callable[[str], bool] = is_near,
    ) -> None:
        door = Door(lambda: Echo(door), most=most, most_settled=most_settled, sending_s=sending_s, is_exempt=is_exempt)
        self._server = await asyncio.get_running_loop().create_server(door, "127.0.0.1", 0)

    async def come(self, count: int = 1, address: str = "127.0.0.1") -> list[Client]:
        """Open `count` connections, one after another."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        clients = [await Client.connected(port, address) for _ in range(count)]
        self.clients += clients
        return clients

    async def close(self) -> None:
        for client in self.clients:
            await client.close()
        if self._server is not None:
            self._server.close()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A server of the test's own."""
    house = House()
    yield house
    await house.close()


async def test_whoever_sends_the_longest_makes_room_for_a_newcomer(house: House):
    await house.open(most=3)
    slow = await house.come(3)

    (newcomer,) = await house.come()
    await newcomer.say(b"gift\n")
    answer = await newcomer.answer()
    first = await slow[0].answer()
    await slow[1].say(b"late\n")

    assert answer == b"gift\n"
    assert first == b""
    assert await slow[1].answer() == b"late\n"


async def test_a_request_that_has_arrived_is_not_cut_off_for_others(house: House):
    await house.open(most=2)
    served = await house.come(2)
    for client in served:
        await client.say(b"gift\n")
        await client.answer()

    (newcomer,) = await house.come()

    assert await newcomer.answer() == b""
    for client in served:
        await client.say(b"again\n")
        assert await client.answer() == b"again\n"


async def test_a_request_that_takes_too_long_is_cut_off(house: House):
    await house.open(most=3, sending_s=0.05)
    silent, half = await house.come(2)
    await half.say(b"gi")

    assert [await silent.answer(), await half.answer()] == [b"", b"gi"[:0]]


async def test_one_address_does_not_take_the_room_of_others(house: House):
    await house.open(most=1_000, is_exempt=lambda _: False)
    neighbours = await house.come(2, "127.0.0.2")
    greedy = await house.come(PER_ADDRESS + 3, "127.0.0.3")

    cut = [await client.answer() for client in greedy[:3]]
    for client in (*neighbours, *greedy[3:]):
        await client.say(b"here\n")

    assert cut == [b"", b"", b""]
    assert {await client.answer() for client in (*neighbours, *greedy[3:])} == {b"here\n"}


async def test_a_proxy_is_not_one_client(house: House):
    await house.open(most=1_000)
    clients = await house.come(PER_ADDRESS * 2)
    for client in clients:
        await client.say(b"here\n")

    assert {await client.answer() for client in clients} == {b"here\n"}


async def test_those_who_left_take_no_room(house: House):
    await house.open(most=2)
    (stays,) = await house.come()
    for _ in range(5):
        (client,) = await house.come()
        await client.say(b"gift\n")
        await client.answer()
        await client.close()

        async def is_gone(client: Client = client) -> bool:
            return await client.answer() == b""

        await until(is_gone)
    await stays.say(b"still here\n")

    assert await stays.answer() == b"still here\n"


async def stay(clients: list[Client]) -> list[bytes]:
    """Have connections ask to stay, one after another, and return the answers."""
    answers = list[bytes]()
    for client in clients:
        await client.say(b"stay\n")
        answers.append(await client.answer())
    return answers


async def test_those_who_stay_take_nobodys_place(house: House):
    await house.open(most=2, most_settled=5)
    lasting = list[Client]()
    for _ in range(5):
        lasting += await house.come()
        assert await stay(lasting[-1:]) == [b"yes\n"]

    served = await house.come(2)
    for client in [*served, *lasting]:
        await client.say(b"gift\n")

    assert {await client.answer() for client in [*served, *lasting]} == {b"gift\n"}


async def test_no_more_stay_than_may_and_the_place_of_one_who_leaves_is_free(house: House):
    await house.open(most=10, most_settled=2)
    clients = await house.come(3)
    assert await stay(clients) == [b"yes\n", b"yes\n", b"no\n"]

    await clients[0].close()

    async def may_stay() -> bool:
        return await stay(clients[2:]) == [b"yes\n"]

    await until(may_stay)
    assert await stay(await house.come()) == [b"no\n"]


async def test_whoever_may_not_stay_gives_way_as_one_that_is_sending(house: House):
    await house.open(most=1, most_settled=0)
    (visitor,) = await house.come()
    assert await stay([visitor]) == [b"no\n"]

    (newcomer,) = await house.come()
    await newcomer.say(b"gift\n")

    assert await newcomer.answer() == b"gift\n"
    assert await visitor.answer() == b""


async def test_whoever_stays_has_all_the_time(house: House):
    await house.open(most=3, most_settled=1, sending_s=0.3)
    lasting, silent = await house.come(2)
    assert await stay([lasting]) == [b"yes\n"]
    assert await silent.answer() == b""

    await lasting.say(b"still here\n")

    assert await lasting.answer() == b"still here\n"


@pytest.mark.parametrize(("near", "answer"), [(False, b"no\n"), (True, b"yes\n")])
async def test_one_address_keeps_so_many_connections_unless_it_may_be_a_proxys(house: House, near: bool, answer: bytes):
    await house.open(most=1_000, most_settled=1_000, is_exempt=lambda _: near)
    for _ in range(SETTLED_PER_ADDRESS):
        assert await stay(await house.come(1, "127.0.0.2")) == [b"yes\n"]

    assert await stay(await house.come(1, "127.0.0.2")) == [answer]
    assert await stay(await house.come(1, "127.0.0.3")) == [b"yes\n"]


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("172.17.0.1", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("", True),
        ("8.8.8.8", False),
        ("2a00::1", False),
    ],
)
def test_addresses_of_ones_own_network_are_near(address: str, near: bool):
    assert is_near(address) == near
