"""Whether gifts can be booked: what /healthz answers, what is logged once, and a stop that does not wait forever."""

import os
import resource
import signal
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import books, postgres
from tests.stage import Stage, forked_from, until

BAD, GOOD = "No gift can be booked", "Gifts can be booked again"


@pytest.fixture
async def wobbly_stage(own_server: postgres.Server, tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage with a database server of the test's own."""
    stage = Stage(tmp_path, own_server.address("postgres"))
    await stage.open()
    yield stage
    await stage.close()


async def health_becomes(stage: Stage, status: int) -> None:
    """Poll /healthz until it answers with `status`."""

    async def has_status() -> bool:
        async with stage.http.get(f"http://127.0.0.1:{stage.web_port}/healthz") as answer:
            return answer.status == status

    await until(has_status, 40)


async def wait_for_exit(stage: Stage) -> int | None:
    """Wait until the bot has ended, and return its exit code."""

    async def has_ended() -> bool:
        return stage.bot.state == "dead"

    await until(has_ended, 40)
    return stage.bot.exit_code


def writer_of(stage: Stage) -> int:
    assert stage.bot.pid is not None
    return forked_from(stage.bot.pid)


def lines(stage: Stage, words: str) -> list[str]:
    return [line for line in stage.bot.lines if words in line]


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
async def test_a_writer_that_hangs_is_ill_health_and_one_that_goes_on_is_none(own_stage: Stage) -> None:
    await own_stage.start_bot()
    await health_becomes(own_stage, 200)
    with standstill(writer_of(own_stage)):
        await health_becomes(own_stage, 503)
    await health_becomes(own_stage, 200)
    await own_stage.stop_bot()

    assert len(lines(own_stage, BAD)) == len(lines(own_stage, GOOD)) == 1
    assert "the writer has not answered for 5 s" in lines(own_stage, BAD)[0]


@pytest.mark.databases("sqlite")
async def test_a_full_disk_is_ill_health_also_while_nobody_gives(own_stage: Stage) -> None:
    await own_stage.start_bot()
    await health_becomes(own_stage, 200)
    writer, (_, hard) = writer_of(own_stage), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(writer, resource.RLIMIT_FSIZE, (0, hard))
    await health_becomes(own_stage, 503)
    resource.prlimit(writer, resource.RLIMIT_FSIZE, (hard, hard))
    await health_becomes(own_stage, 200)
    code = await own_stage.stop_bot()

    assert len(lines(own_stage, BAD)) == len(lines(own_stage, GOOD)) == 1
    assert "nothing can be written" in lines(own_stage, BAD)[0]
    assert code == 0


async def test_a_server_that_is_gone_is_ill_health(wobbly_stage: Stage, own_server: postgres.Server) -> None:
    await wobbly_stage.start_bot()
    await health_becomes(wobbly_stage, 200)
    own_server.stop("immediate")
    await health_becomes(wobbly_stage, 503)
    own_server.start()
    await health_becomes(wobbly_stage, 200)
    await wobbly_stage.stop_bot()

    assert len(lines(wobbly_stage, GOOD)) == 1
    assert "nothing can be written" in lines(wobbly_stage, BAD)[0]


@pytest.mark.databases("sqlite")
async def test_a_stop_gives_up_a_writer_that_hangs_and_says_what_is_left(own_stage: Stage) -> None:
    await own_stage.start_bot()
    town = await own_stage.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    with standstill(writer_of(own_stage)):
        for _ in range(3):
            await town.mia.slash("gift", gift="Petal", creator=town.noor.user)
        await health_becomes(own_stage, 503)
        assert own_stage.bot.pid is not None
        os.kill(own_stage.bot.pid, signal.SIGTERM)
        code = await wait_for_exit(own_stage)
    messages = lines(own_stage, "commands are left")
    await own_stage.start_bot()
    balance = await town.balance(town.mia)
    await own_stage.stop_bot()

    assert code == 1
    assert len(messages) == 1
    assert books.given(own_stage.database, town.guild.id) == 0
    assert "100 coins" in balance


async def test_a_stop_ends_also_when_the_server_hangs(wobbly_stage: Stage, own_server: postgres.Server) -> None:
    await wobbly_stage.start_bot()
    town = await wobbly_stage.found_town()
    with standstill(*processes_of(own_server)):
        await town.sam.slash("coins grant", member=town.mia.user, amount=5, reason="a test")
        await health_becomes(wobbly_stage, 503)
        assert wobbly_stage.bot.pid is not None
        os.kill(wobbly_stage.bot.pid, signal.SIGTERM)
        code = await wait_for_exit(wobbly_stage)

    assert code == 1
    assert lines(wobbly_stage, "commands are left")
