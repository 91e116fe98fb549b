"""A bot that falls behind: what piled up in front of it is refused in words, and never booked."""

import os
import signal
import time

from bot.ui.kit.shedding import IN_A_ROW, QUEUED_S
from sandbox.discord.exchange import Exchange
from sandbox.discord.model import Message
from tests import books
from tests.rig import Rig, until

KINDS = ("sqlite",)
GIFTS = 3 * IN_A_ROW


def words_of(exchange: Exchange) -> str:
    """Return what the bot says, also if that came too late for the member to see it."""
    outcome = exchange.outcome
    return f"{outcome.text if isinstance(outcome, Message) else ''} {exchange.interaction.late}"


async def test_what_piled_up_is_refused_or_dropped_and_the_next_gift_goes_through(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    pid = own_rig.bot.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    exchanges = [await town.mia.slash("gift", gift="Petal", creator=town.noor.user) for _ in range(GIFTS)]
    piled_up_at = time.monotonic()

    async def have_waited() -> bool:
        return time.monotonic() - piled_up_at > QUEUED_S + 0.3

    await until(have_waited)
    os.kill(pid, signal.SIGCONT)

    async def are_settled() -> bool:
        return all(exchange.outcome is not None or exchange.interaction.failed for exchange in exchanges)

    await until(are_settled)
    fresh = await town.give(town.mia, "Clover", town.noor)
    gift_count = len(books.gifts(own_rig.database, town.guild.id))
    refusals = [exchange for exchange in exchanges if "very busy" in words_of(exchange)]
    await own_rig.stop_bot()

    assert "Receipt #" in fresh.text
    # Until it is clear that there is a queue, gifts are taken.
    assert gift_count <= IN_A_ROW
    assert all("You haven't been charged." in words_of(exchange) for exchange in refusals)
    assert books.gift_coins(own_rig.database, town.guild.id) == gift_count - 1 + 20
