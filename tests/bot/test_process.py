"""The bot as a process: how it starts, stops, is killed, and never charges twice."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.discord import intents
from sandbox.supervisor import BotProcess, spawn
from tests import books, forkserver
from tests.rig import PATIENCE_S, ROOT, Rig, running_bot, until


def run_bot(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a bot that is expected to end by itself."""
    return forkserver.run((sys.executable, "-m", "bot"), ROOT, {"PATH": os.environ["PATH"]} | env, PATIENCE_S)


def only_child_of(pid: int) -> int:
    """Return the process that `pid` started."""
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return int(child)


@pytest.mark.databases("sqlite")
async def test_a_second_process_on_the_same_database_refuses_to_start_and_says_why(own_rig: Rig) -> None:
    async with running_bot(own_rig):
        second = await asyncio.to_thread(run_bot, own_rig.variables | {"WEB_PORT": "0"})

    assert second.returncode == 3
    assert "in use" in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_in_the_middle_of_gifts_ends_with_0_and_loses_nothing(
    own_rig: Rig, number: signal.Signals
) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 10_000)
    exchanges = [await town.mia.slash("gift", gift="Petal", creator=town.noor.user) for _ in range(40)]
    answers = asyncio.gather(*(exchange.message() for exchange in exchanges), return_exceptions=True)
    await exchanges[0].message()
    assert own_rig.bot.pid is not None
    os.kill(own_rig.bot.pid, number)

    async def has_stopped() -> bool:
        return own_rig.bot.exit_code is not None

    await until(has_stopped, 5)
    messages = [answer for answer in await answers if not isinstance(answer, BaseException)]
    receipts = [answer for answer in messages if "Receipt #" in answer.text]

    assert own_rig.bot.exit_code == 0
    assert "Traceback" not in "\n".join(own_rig.bot.lines)
    assert len(books.gifts(own_rig.database, town.guild.id)) >= len(receipts) > 0


async def test_as_process_1_the_bot_still_ends_on_sigterm(own_rig: Rig) -> None:
    inside = ["unshare", "--pid", "--fork", "--kill-child", sys.executable, "-m", "bot"]
    process = await asyncio.create_subprocess_exec(
        *inside,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | own_rig.variables,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    while b"Ready as" not in await process.stderr.readline():
        pass
    os.kill(only_child_of(process.pid), signal.SIGTERM)
    async with asyncio.timeout(5):
        code = await process.wait()
        await process.stderr.read()

    assert code == 0


async def test_sigterm_ends_a_login_that_discord_keeps_waiting(own_rig: Rig) -> None:
    fault = own_rig.world.faults.delay("GET", "/users/@me", 30)
    own_rig.bot = BotProcess((sys.executable, "-m", "bot"), own_rig.variables, folder=ROOT)
    await own_rig.bot.start()

    async def is_logging_in() -> bool:
        return fault.struck > 0

    await until(is_logging_in)
    code = await own_rig.stop_bot()

    assert code == 0
    assert "Traceback" not in "\n".join(own_rig.bot.lines)


async def test_the_same_interaction_delivered_three_times_across_a_restart_charges_once(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    exchange = await town.mia.slash("gift", gift="Clover", creator=town.noor.user)
    await exchange.message()
    own_rig.server.redeliver(exchange.interaction.id)
    await town.balance(town.mia)
    assert await own_rig.stop_bot() == 0
    await own_rig.start_bot()
    own_rig.server.redeliver(exchange.interaction.id)
    balance = await town.balance(town.mia)

    assert len(books.gifts(own_rig.database, town.guild.id)) == 1
    assert "80 coins" in balance


async def test_fifty_gifts_at_once_from_a_wallet_for_one_end_with_exactly_one(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await (await town.sam.slash("catalogue add", name="Hundred", emoji="💯", price=100)).message()
    await town.grant(town.mia, 100)
    exchanges = [await town.mia.slash("gift", gift="Hundred", creator=town.noor.user) for _ in range(50)]
    answers = await asyncio.gather(*(exchange.message(timeout=20) for exchange in exchanges))
    balance = await town.balance(town.mia)
    await own_rig.stop_bot()

    assert sum("Receipt #" in answer.text for answer in answers) == 1
    assert len(books.gifts(own_rig.database, town.guild.id)) == 1
    assert "🪙\xa00 coins" in balance


async def test_a_wrong_token_is_one_clear_line_and_its_own_exit_code(own_rig: Rig) -> None:
    process = await asyncio.to_thread(run_bot, own_rig.variables | {"DISCORD_TOKEN": "not.a.token"})

    assert process.returncode == 4
    assert "DISCORD_TOKEN" in process.stderr.splitlines()[-2] + process.stderr.splitlines()[-1]
    assert "Traceback" not in process.stderr


async def test_a_start_that_discord_refuses_is_one_clear_line(own_rig: Rig) -> None:
    own_rig.world.faults.answer("GET", "/users/@me", status=403, body={"message": "403: Forbidden", "code": 0})
    process = await asyncio.to_thread(run_bot, own_rig.variables)

    assert process.returncode == 1
    assert "The start failed: 403" in process.stderr
    assert "Traceback" not in process.stderr


async def test_the_commands_are_registered_once_and_left_alone_after_that(own_rig: Rig) -> None:
    async with running_bot(own_rig):
        pass
    async with running_bot(own_rig):
        pass
    registrations = [record for record in own_rig.world.requests if record.method == "PUT"]

    assert len(registrations) == 1


async def test_a_reconnect_in_the_middle_of_gifts_loses_none(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    early_gifts = [await town.mia.slash("gift", gift="Petal", creator=town.noor.user) for _ in range(10)]
    await own_rig.server.ask_reconnect()
    late_gifts = [await town.mia.slash("gift", gift="Petal", creator=town.noor.user) for _ in range(10)]
    answers = await asyncio.gather(*(exchange.message(timeout=15) for exchange in (*early_gifts, *late_gifts)))
    await own_rig.stop_bot()

    assert all("Receipt #" in answer.text for answer in answers)
    assert len(books.gifts(own_rig.database, town.guild.id)) == 20


async def test_an_outage_of_the_guild_is_not_a_removal(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.grant(town.mia, 50)
    own_rig.world.set_unavailable(town.guild, True)
    own_rig.world.set_unavailable(town.guild, False)
    balance = await town.balance(town.mia)
    own_rig.world.remove_bot(town.guild)
    own_rig.world.add_bot(town.guild)
    balance_after_invitation = await town.balance(town.mia)
    await own_rig.stop_bot()

    assert "50 coins" in balance
    assert "50 coins" in balance_after_invitation


INTENTS = {
    intents.GUILDS: "its servers with their channels and roles, and who is on a Stage",
    intents.EXPRESSIONS: "a server's own emoji, with which its gifts are shown",
    intents.SCHEDULED_EVENTS: "Discord events, with which live events start and end",
}
"""The gateway's intents that the bot asks for, and why. None is privileged: Discord would have to grant it."""


async def test_no_intent_is_asked_for_but_those_that_are_written_down(rig: Rig) -> None:
    asked_for = {session.intents for session in rig.server.gateway.sessions.values()}

    assert asked_for == {sum(INTENTS)}
    assert not sum(INTENTS) & intents.PRIVILEGED


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("zone", [":/etc/timezone", "XXX-24:30", "XXX-25:37:11"])
async def test_a_time_zone_of_the_machine_that_makes_no_sense_decides_nothing(own_rig: Rig, zone: str) -> None:
    # What looks for the zone does so when it is imported, and a forked bot imports nothing again.
    own_rig.spawn = spawn
    async with running_bot(own_rig, TZ=zone):
        pass

    assert own_rig.bot.exit_code == 0
    assert "Traceback" not in "\n".join(own_rig.bot.lines)
