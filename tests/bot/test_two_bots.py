"""Two real bots on one shard: Discord sends both every event, and nobody is told anything false about a charge."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.discord.exchange import Exchange
from sandbox.supervisor import BotProcess
from tests import books
from tests.bot.picking import part
from tests.rig import Rig, Town, until

CLAIM = "haven't been charged"
TAKEN = {"message": "Interaction has already been acknowledged.", "code": 40060}
GIFTS = 30


async def rich_town(rig: Rig) -> Town:
    """Found a town with a crowd in which everybody can send gifts."""
    town = await rig.found_town(members=GIFTS)
    await town.approve(town.noor)
    for member in town.crowd:
        await town.grant(member, 100)
    return town


async def have_met(bots: Sequence[BotProcess], town: Town) -> None:
    """Send interactions until each bot has noticed that another one answers too."""

    async def is_noticed() -> bool:
        await (await town.mia.slash("balance")).message()
        return all(any("Another process also answers" in line for line in bot.lines) for bot in bots)

    await until(is_noticed)


def claims(rig: Rig, exchanges: Sequence[Exchange], booked_keys: set[str]) -> list[str]:
    """Return the keys of booked gifts about which Discord was sent a message that denies the charge."""
    tokens = {exchange.interaction.token: f"i:{exchange.interaction.id}" for exchange in exchanges}
    return [
        key
        for record in rig.world.requests
        if record.status < 300 and record.request_body is not None and CLAIM.encode() in record.request_body
        for token, key in tokens.items()
        if token in record.path and key in booked_keys
    ]


async def give_all(rig: Rig, town: Town) -> tuple[list[Exchange], set[str]]:
    """Have the whole crowd send a gift at once; return their exchanges and the booked keys."""
    exchanges = [await member.slash("gift", gift="Clover", creator=town.noor.user) for member in town.crowd]
    await asyncio.gather(*(exchange.message(timeout=20) for exchange in exchanges))

    async def are_booked() -> bool:
        return len(books.gifts(rig.database, town.guild.id)) == len(exchanges)

    await until(are_booked)
    return exchanges, {key for _, key in books.gifts(rig.database, town.guild.id)}


@pytest.mark.databases("postgresql")
async def test_bots_that_share_their_books_deny_no_charge_that_was_made(own_rig: Rig) -> None:
    await own_rig.start_bot()
    await own_rig.start_another_bot()
    town = await rich_town(own_rig)
    exchanges, booked_keys = await give_all(own_rig, town)
    poor_gifts = [await town.mia.slash("gift", gift="Clover", creator=town.noor.user) for _ in range(5)]
    refusals = [await exchange.message(timeout=20) for exchange in poor_gifts]
    receipts = [(await exchange.message()).text for exchange in exchanges]
    denials = claims(own_rig, exchanges, booked_keys)
    await own_rig.stop_bot()

    assert denials == []
    assert all("short" in message.text for message in refusals)
    assert all("Receipt #" in text for text in receipts)


@pytest.mark.databases("sqlite")
async def test_a_bot_with_books_of_its_own_denies_no_charge_that_the_other_made(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await rich_town(own_rig)
    # Its books lack the creator and the coins, as if somebody had started the bot on two machines.
    elsewhere = f"sqlite+aiosqlite:///{own_rig.folder}/other.db"
    second_bot = await own_rig.start_another_bot("run", "--new-books", DATABASE_URL=elsewhere)
    await have_met((own_rig.bot, second_bot), town)
    exchanges, booked_keys = await give_all(own_rig, town)

    async def are_all_receipts() -> bool:
        outcomes = [exchange.outcome for exchange in exchanges]
        return all(message is not None and "Receipt #" in str(getattr(message, "text", "")) for message in outcomes)

    await until(are_all_receipts)
    denials = claims(own_rig, exchanges, booked_keys)
    await second_bot.stop()
    await own_rig.stop_bot()

    assert denials == []


@pytest.mark.databases("sqlite")
async def test_a_bot_that_somebody_else_answers_for_denies_no_charge(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor, town.kai)
    await town.grant(town.leo, 2_000)
    first_refusal = await town.give(town.mia, "Petal", town.noor)
    own_rig.world.faults.answer("POST", r"/interactions/.*/callback", status=400, body=TAKEN)
    await town.mia.slash("balance")

    async def is_noticed() -> bool:
        return any("Another process also answers" in line for line in own_rig.bot.lines)

    await until(is_noticed)
    second_refusal = await town.give(town.mia, "Petal", town.noor)
    picker = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    await town.mia.press(picker, part(picker, "gift-close")).message()
    team: dict[str, Any] = {"creator": town.noor.user, "second": town.kai.user}
    question = await (await town.leo.slash("gift-team", gift="Northern Lights", **team)).message()
    await town.leo.press(question, part(question, "team-close")).message()
    await own_rig.stop_bot()

    assert CLAIM in first_refusal.text
    assert "short" in second_refusal.text
    assert "Not sent" in picker.text
    assert "Not sent" in question.text
    assert CLAIM not in second_refusal.text + picker.text + question.text


async def test_our_own_answer_is_nobody_elses(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    exchange = await town.mia.slash("balance")
    await exchange.message()
    rig.server.redeliver(exchange.interaction.id, 3)
    # The answer is created, but Discord reports 502: the library retries and collides with its first try.
    rig.world.faults.answer("POST", r"/interactions/.*/callback", status=502, after=True)
    await (await town.mia.slash("balance")).message()

    async def has_tried_again() -> bool:
        answers = [record for record in rig.world.requests if record.path.endswith("/callback")]
        return sum(record.status == 400 for record in answers) >= 4

    await until(has_tried_again)
    refusal = await town.give(town.mia, "Petal", town.noor)

    assert CLAIM in refusal.text
