"""Whether gifts can be booked: what /healthz answers, what is logged once, and a stop that does not wait forever."""

import os
import resource
import signal
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import books, postgres
from tests.rig import Rig, forked_from, until

BAD, GOOD = "Gifts cannot be booked", "Gifts can be booked again"


@pytest.fixture
async def wobbly_rig(own_server: postgres.Server, tmp_path: Path) -> AsyncIterator[Rig]:
    """A rig with a database server of the test's own."""
    rig = Rig(tmp_path, own_server.address("postgres"))
    await rig.open()
    yield rig
    await rig.close()


async def health_becomes(rig: Rig, status: int) -> None:
    """Poll /healthz until it answers with `status`."""

    async def has_status() -> bool:
        async with rig.http.get(f"http://127.0.0.1:{rig.web_port}/healthz") as answer:
            return answer.status == status

    await until(has_status, 40)


async def is_alive(rig: Rig) -> bool:
    """Return whether /livez says that the loop turns."""
    async with rig.http.get(f"http://127.0.0.1:{rig.web_port}/livez") as answer:
        return (answer.status, await answer.text()) == (200, "alive")


async def wait_for_exit(rig: Rig) -> int | None:
    """Wait until the bot has ended, and return its exit code."""

    async def has_ended() -> bool:
        return rig.bot.state == "dead"

    await until(has_ended, 40)
    return rig.bot.exit_code


def writer_of(rig: Rig) -> int:
    assert rig.bot.pid is not None
    return forked_from(rig.bot.pid)


def lines(rig: Rig, words: str) -> list[str]:
    return [line for line in rig.bot.lines if words in line]


@contextmanager
def standstill(*pids: int) -> Generator[None]:
    """Suspend processes for the length of a block, as a debugger or a hanging disk would."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                continue


def processes_of(server: postgres.Server) -> list[int]:
    """Return the process ids of a PostgreSQL server, starting with the postmaster."""
    first = int((server.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
    return [first, *map(int, children)]


@pytest.mark.databases("sqlite")
async def test_a_writer_that_hangs_is_ill_health_and_one_that_goes_on_is_none(own_rig: Rig) -> None:
    await own_rig.start_bot()
    await health_becomes(own_rig, 200)
    with standstill(writer_of(own_rig)):
        await health_becomes(own_rig, 503)
        # A restart would not help a disk that hangs, and cut off what goes on without one.
        assert await is_alive(own_rig)
    await health_becomes(own_rig, 200)
    await own_rig.stop_bot()

    assert len(lines(own_rig, BAD)) == len(lines(own_rig, GOOD)) == 1
    assert "the writer has not answered for 5 s" in lines(own_rig, BAD)[0]


@pytest.mark.databases("sqlite")
async def test_a_full_disk_is_ill_health_also_while_nobody_gives(own_rig: Rig) -> None:
    await own_rig.start_bot()
    await health_becomes(own_rig, 200)
    writer, (_, hard) = writer_of(own_rig), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(writer, resource.RLIMIT_FSIZE, (0, hard))
    await health_becomes(own_rig, 503)
    resource.prlimit(writer, resource.RLIMIT_FSIZE, (hard, hard))
    await health_becomes(own_rig, 200)
    code = await own_rig.stop_bot()

    assert len(lines(own_rig, BAD)) == len(lines(own_rig, GOOD)) == 1
    assert "the books cannot be written" in lines(own_rig, BAD)[0]
    assert code == 0


async def test_a_server_that_is_gone_is_ill_health(wobbly_rig: Rig, own_server: postgres.Server) -> None:
    await wobbly_rig.start_bot()
    await health_becomes(wobbly_rig, 200)
    own_server.stop("immediate")
    await health_becomes(wobbly_rig, 503)
    own_server.start()
    await health_becomes(wobbly_rig, 200)
    await wobbly_rig.stop_bot()

    assert len(lines(wobbly_rig, GOOD)) == 1
    assert "the books cannot be written" in lines(wobbly_rig, BAD)[0]


@pytest.mark.databases("sqlite")
async def test_a_stop_gives_up_a_writer_that_hangs_and_says_what_is_left(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    with standstill(writer_of(own_rig)):
        for _ in range(3):
            await town.mia.slash("gift", gift="Petal", creator=town.noor.user)
        await health_becomes(own_rig, 503)
        assert own_rig.bot.pid is not None
        os.kill(own_rig.bot.pid, signal.SIGTERM)
        code = await wait_for_exit(own_rig)
    messages = lines(own_rig, "commands were not finished")
    await own_rig.start_bot()
    balance = await town.balance(town.mia)
    await own_rig.stop_bot()

    assert code == 1
    assert len(messages) == 1
    assert books.gift_coins(own_rig.database, town.guild.id) == 0
    assert "100 coins" in balance


async def test_a_stop_ends_also_when_the_server_hangs(wobbly_rig: Rig, own_server: postgres.Server) -> None:
    await wobbly_rig.start_bot()
    town = await wobbly_rig.found_town()
    with standstill(*processes_of(own_server)):
        await town.sam.slash("coins grant", member=town.mia.user, amount=5, reason="a test")
        await health_becomes(wobbly_rig, 503)
        assert wobbly_rig.bot.pid is not None
        os.kill(wobbly_rig.bot.pid, signal.SIGTERM)
        code = await wait_for_exit(wobbly_rig)

    assert code == 1
    assert lines(wobbly_rig, "commands were not finished")
