"""A bot whose books disappear ends, and no bot starts new books without being told to."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.command import bot_command
from sandbox.sandbox import HOST, Sandbox
from sandbox.supervisor import BotProcess
from tests import forkserver, postgres
from tests.rig import PATIENCE_S, PICTURES, ROOT, Rig, until


async def wait_for_exit(rig: Rig) -> int | None:
    """Wait until the bot has ended by itself; return its exit code."""

    async def is_dead() -> bool:
        return rig.bot.state == "dead"

    await until(is_dead)
    return rig.bot.exit_code


async def start_in_vain(rig: Rig) -> subprocess.CompletedProcess[str]:
    """Start a bot that is expected to refuse."""
    return await asyncio.to_thread(
        forkserver.run, (sys.executable, "-m", "bot"), ROOT, rig.variables | {"WEB_PORT": "0"}, PATIENCE_S
    )


async def start_with_new_books(rig: Rig) -> None:
    """Start the bot with --new-books, as an operator would on purpose, and wait until it is online."""
    rig.bot = BotProcess(
        (sys.executable, "-m", "bot", "run", "--new-books"), rig.variables, folder=ROOT, spawn=rig.spawn
    )
    await rig.bot.start()

    async def is_online() -> bool:
        return any("Ready as" in line for line in rig.bot.lines)

    await until(is_online)


def delete(file: Path) -> None:
    file.unlink()


def forget(file: Path) -> None:
    """Remove a database and its side files, as if its folder had not been mounted."""
    for file_beside in file.parent.glob(f"{file.name}*"):
        file_beside.unlink()


@pytest.mark.databases("sqlite")
async def test_a_deleted_file_ends_the_bot_and_the_next_start_waits_for_a_word(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.grant(town.mia, 100)
    file = own_rig.folder / "rosette.db"

    delete(file)
    code = await wait_for_exit(own_rig)
    messages = [line for line in own_rig.bot.lines if "CRITICAL" in line]
    second = await start_in_vain(own_rig)
    await start_with_new_books(own_rig)
    balance = await town.balance(town.mia)
    await own_rig.stop_bot()

    assert code == second.returncode == 3
    assert len(messages) == 1
    assert "rosette.db was deleted" in messages[0]
    assert not any("Traceback" in line for line in own_rig.bot.lines)
    assert "The books at" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
    assert "🪙\xa00 coins" in balance


@pytest.mark.databases("sqlite")
async def test_new_books_are_refused_to_a_bot_whose_commands_discord_knows(own_rig: Rig) -> None:
    await own_rig.start_bot()
    await own_rig.stop_bot()
    await asyncio.to_thread(forget, own_rig.folder / "rosette.db")

    refusal = await start_in_vain(own_rig)
    second_refusal = await start_in_vain(own_rig)
    await start_with_new_books(own_rig)
    await own_rig.stop_bot()
    await own_rig.start_bot()

    assert refusal.returncode == second_refusal.returncode == 3
    assert "The books are new, but this bot has run before" in refusal.stderr
    assert "Traceback" not in refusal.stderr
    assert await own_rig.stop_bot() == 0


@pytest.mark.databases("postgresql")
async def test_a_dropped_database_ends_the_bot_and_an_empty_one_is_refused(
    own_rig: Rig, server: postgres.Server
) -> None:
    await own_rig.start_bot()
    name = own_rig.address.rpartition("/")[2]

    server.sql(f"DROP DATABASE {name} WITH (FORCE)")
    code = await wait_for_exit(own_rig)
    messages = [line for line in own_rig.bot.lines if "CRITICAL" in line]
    server.sql(f"CREATE DATABASE {name}")
    empty = await start_in_vain(own_rig)

    assert code == empty.returncode == 3
    assert len(messages) == 1
    assert "The database was dropped" in messages[0]
    assert "The books are new" in empty.stderr


@pytest.mark.parametrize(("keep", "state"), [(False, "online"), (True, "dead")])
async def test_a_sandbox_begins_new_books_unless_it_was_to_keep_them(tmp_path: Path, keep: bool, state: str) -> None:
    socket_ = socket.create_server((HOST, 0))
    sandbox = Sandbox(socket_, tmp_path, bot_command(keep=keep), pictures=PICTURES, on_line=lambda _: None)

    async def is_in(bot_state: str) -> bool:
        return sandbox.bot.state == bot_state

    await sandbox.start()
    await until(lambda: is_in("online"))
    delete(tmp_path / "rosette.db")
    await until(lambda: is_in("dead"))
    await sandbox.bot.restart()
    await until(lambda: is_in(state))
    lines = "\n".join(sandbox.bot.lines)
    await sandbox.stop()

    assert "rosette.db was deleted" in lines
    assert ("The books at" in lines) == keep
