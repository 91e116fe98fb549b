"""Supervision of the bot: its death is noticed, and it is restarted on request and stopped in order."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import orjson
import pytest
from playwright.async_api import expect

from sandbox.discord.people import Person
from sandbox.sandbox import Sandbox
from sandbox.supervisor import BotProcess
from tests.page.looking import last_message, looking
from tests.page.visiting import FAKE_BOT, opened

ROOT = Path(__file__).parent.parent.parent
STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


async def until(condition, seconds=60):
    deadline = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def own_page(folder, windows):
    """Run a separate sandbox for one test, with its page open."""
    async with opened(folder, FAKE_BOT) as sandbox, looking(windows, sandbox.address, width=1280, height=800) as page:
        yield sandbox, page


async def test_a_bot_that_dies_is_not_revived(tmp_path):
    bot = BotProcess(
        [sys.executable, "-c", "print('\\x1b[31mno token\\x1b[0m'); raise SystemExit(3)"], {}, folder=tmp_path
    )

    await bot.start()
    await until(lambda: bot.state == "dead")

    assert bot.pid is None
    assert bot.exit_code == 3
    assert bot.to_json()["lines"] == ["no token", "The bot ended with exit code 3."]


async def test_a_bot_that_will_not_stop_is_killed(tmp_path):
    bot = BotProcess([sys.executable, "-c", STUBBORN], {}, folder=tmp_path)
    await bot.start()
    await until(lambda: "up" in bot.lines)

    await bot.stop()

    assert (bot.state, bot.pid, bot.exit_code) == ("stopped", None, -signal.SIGKILL)


async def test_a_restart_gives_a_new_process(tmp_path):
    bot = BotProcess(
        [sys.executable, "-c", "print('up', flush=True); import time; time.sleep(60)"], {}, folder=tmp_path
    )
    await bot.start()
    first = bot.pid

    await bot.restart(kill=True)
    second = bot.pid
    await bot.stop()

    assert first
    assert second
    assert first != second


async def test_settings_of_a_real_bot_do_not_leak_into_the_sandbox(tmp_path):
    command = [sys.executable, "-c", "import os; print(os.environ.get('DISCORD_TOKEN'), os.environ.get('STRIPE_KEY'))"]
    os.environ["STRIPE_KEY"] = "real"
    bot = BotProcess(command, {"DISCORD_TOKEN": "pretend"}, folder=tmp_path)

    await bot.start()
    await until(lambda: bot.state == "dead")
    del os.environ["STRIPE_KEY"]

    assert bot.lines[0] == "pretend None"


async def test_the_page_shows_a_dead_bot_and_starts_it_again(tmp_path, windows):
    async with own_page(tmp_path, windows) as (sandbox, page):
        assert sandbox.bot.pid
        os.kill(sandbox.bot.pid, signal.SIGKILL)
        banner = page.locator("#banner")
        await expect(banner).to_contain_text("The bot has stopped (exit code -9).")
        await banner.get_by_role("button", name="Start it again").click()

        await expect(page.locator("#bot-button")).to_have_text("Bot online")
        await expect(banner).to_be_hidden()


async def test_the_page_comes_back_after_the_connection_was_lost(tmp_path, windows):
    async with own_page(tmp_path, windows) as (sandbox, page):
        await page.context.set_offline(True)
        try:
            await sandbox.bridge.close()
            await expect(page.locator("#banner")).to_contain_text("Trying again")
            sam = sandbox.garden.users["sam"]
            await Person(sandbox.world, sam, sandbox.garden.channels["general"]).say("said meanwhile")
        finally:
            await page.context.set_offline(False)

        await expect(page.locator("#banner")).to_be_hidden()
        await expect(last_message(page)).to_contain_text("said meanwhile")


async def run(*arguments, **variables):
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def test_a_taken_port_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])

        process = await run("--port", port, "--folder", str(tmp_path))
        output, _ = await process.communicate()

    assert process.returncode == 2
    assert output.decode().startswith(f"Port {port} is not available")
    assert output.count(b"\n") == 1


async def test_a_storm_can_be_sent_from_the_terminal(tmp_path):
    process = await run("--port", "0", "--folder", str(tmp_path), "--storm", "10", "--seconds", "1", "--givers", "3")
    output, _ = await process.communicate()

    report = orjson.loads(next(line for line in output.splitlines() if line.startswith(b"{")))
    assert process.returncode == 0, output
    assert (report["sent"], report["answered"]) == (10, 10)


async def test_a_storm_out_of_bounds_is_one_clear_line(tmp_path):
    process = await run("--port", "0", "--folder", str(tmp_path), "--storm", "501")
    output, _ = await process.communicate()

    assert process.returncode == 2
    assert output.decode().rstrip().endswith("error: rate must be from 1 to 500")


async def test_a_bot_that_cannot_start_is_told_in_the_terminal(tmp_path):
    sandbox = Sandbox(
        socket.create_server(("127.0.0.1", 0)),
        tmp_path,
        [*FAKE_BOT, "--crash"],
        pictures=tmp_path,
        on_line=lambda _: None,
    )

    await sandbox.start()
    await asyncio.wait_for(sandbox.settled.wait(), 60)
    state, lines = sandbox.bot.state, list(sandbox.bot.lines)
    await sandbox.stop()

    assert state == "dead"
    assert "the fake bot was told to crash" in lines


@pytest.fixture
def unusable(tmp_path):
    """A folder in which no bot can start, because a directory is in the place of the database."""
    (tmp_path / "rosette.db").mkdir()
    return tmp_path


async def test_a_storm_without_a_bot_ends_with_the_bots_last_lines(unusable):
    process = await run("--port", "0", "--folder", str(unusable), "--keep", "--storm", "5", "--seconds", "2")
    async with asyncio.timeout(60):
        output, _ = await process.communicate()
    lines = output.decode().splitlines()

    assert process.returncode == 1
    assert lines[0] == "The bot did not start. Its last lines:"
    assert any("rosette.db" in line for line in lines)
    assert any("exit code 3" in line for line in lines)
    assert "Traceback" not in output.decode()


async def test_a_page_without_a_bot_says_so_in_the_terminal_and_stays(unusable):
    process = await run("--port", "0", "--folder", str(unusable), "--keep")
    assert process.stdout
    output = ""
    async with asyncio.timeout(60):
        while "Rosette sandbox: http://127.0.0.1:" not in output:
            output += (await process.stdout.readline()).decode()
    process.send_signal(signal.SIGINT)
    await process.communicate()

    assert output.startswith("The bot did not start. Its last lines:")
    assert "exit code 3" in output


def first_child_of(pid):
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()[0])


async def test_a_storm_in_the_middle_of_which_the_bot_ends_says_so(tmp_path):
    process = await run("--port", "0", "--folder", str(tmp_path), "--storm", "5", "--seconds", "60", "--log")
    assert process.stdout
    line = ""
    async with asyncio.timeout(60):
        while "Ready as" not in line:
            line = (await process.stdout.readline()).decode()
    os.kill(first_child_of(process.pid), signal.SIGKILL)
    async with asyncio.timeout(60):
        output, _ = await process.communicate()

    assert process.returncode == 1
    assert "The bot ended in the middle of the storm. Its last lines:" in output.decode()


async def test_a_time_zone_that_makes_no_sense_keeps_no_storm_from_running(tmp_path):
    arguments = ("--folder", str(tmp_path), "--storm", "5", "--seconds", "1", "--givers", "2")
    process = await run("--port", "0", *arguments, TZ="XXX-24:30")
    async with asyncio.timeout(120):
        output, _ = await process.communicate()

    assert process.returncode == 0, output
    assert any(line.startswith(b"{") for line in output.splitlines())


async def test_ctrl_c_stops_everything_in_order(tmp_path):
    process = await run("--port", "0", "--folder", str(tmp_path / "books"))
    assert process.stdout
    output = ""
    async with asyncio.timeout(40):
        while "Rosette sandbox: http://127.0.0.1:" not in output:
            output += (await process.stdout.readline()).decode()

    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(8):
        remainder, _ = await process.communicate()

    assert process.returncode == 0
    assert "Traceback" not in output + remainder.decode()
