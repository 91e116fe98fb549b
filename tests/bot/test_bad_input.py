"""Bad or forged input gets a sentence for the caller, charges nothing, pings nobody, and does not stop the bot."""

from typing import Any

import pytest

from bot.domain.money import MAX_BALANCE
from bot.ui.kit import custom_id
from sandbox.discord.filling import INTEGER
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import pressable
from tests.faults.fuzzing_reach import leaves
from tests.rig import Rig, Town

ZALGO = "Z̴̛̰͔̘͍͕̈́͗͛" * 400
MEAN_TEXTS = (
    "@everyone @here free coins",
    ZALGO[:4000],
    "<@1> <@&2> <#3> </gift:4> <t:1:R> <a:wave:123456789012345678>",
    "[click](https://example.org) https://example.org/@everyone discord.gg/abc",
    "```\n# heading\n> quote\n||spoiler|| **bold** `code`",
    "\u202eesrever \u2066isolated \u200b\u200d\ufeff",
    "line one\nline two\r\n\x00\x07 end",
    "👨‍👩‍👧‍👦🏳️‍🌈🇳🇴",
    "'; DROP TABLE journal; --",
)


async def refusal_of(rig: Rig, town: Town, sender: Person, **options: object) -> str:
    """Send a forged /gift that must be refused, and return the refusal."""
    count_before = books.rows(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id)
    answer = await (await sender.slash("gift", raw=True, **options)).message()
    count_after = books.rows(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id)
    assert count_after == count_before
    assert answer.ephemeral_for == sender.user.id
    assert not answer.mentions
    return answer.text


@pytest.mark.parametrize("count", [0, -1, -50, 100, 2**31, 2**53, 2**63])
async def test_a_count_out_of_bounds_charges_nothing(rig: Rig, town: Town, count: int) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)

    text = await refusal_of(rig, town, town.mia, gift="Petal", creator=town.noor.user, count=count)

    assert "from 1 to 99" in text


async def test_every_number_that_a_command_takes_has_bounds_that_the_books_can_hold(rig: Rig, town: Town) -> None:
    del town
    bounds: dict[str, tuple[Any, Any]] = {
        " ".join([command["name"], *path, option["name"]]): (option.get("min_value"), option.get("max_value"))
        for command in rig.world.commands
        for path, options in leaves(command)
        for option in options
        if option["type"] == INTEGER and not option.get("choices")
    }

    assert len(bounds) > 20
    assert [name for name, each in bounds.items() if None in each or max(map(abs, each)) > MAX_BALANCE] == []


@pytest.mark.parametrize("command", ["coins grant", "coins reverse", "perk return"])
async def test_a_receipt_number_that_no_book_can_hold_is_refused(town: Town, command: str) -> None:
    options: dict[str, Any] = {"receipt": 2**63}
    options |= {"reason": "by mistake"} if "coins" in command else {}
    options |= {"member": town.mia.user, "amount": 5} if command == "coins grant" else {}

    refusal = await (await town.olive.slash(command, raw=True, **options)).message()

    assert "Enter a whole number from 1 to" in refusal.text


@pytest.mark.parametrize(
    "gift", ["Unicorn", "999", "-1", "0", "1e3", "٣", "1574016696329437190", "9" * 19, "%", "' OR 1=1"]
)
async def test_an_unknown_item_charges_nothing(rig: Rig, town: Town, gift: str) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)

    assert "You haven't been charged" in await refusal_of(rig, town, town.mia, gift=gift, creator=town.noor.user)


async def test_an_item_of_another_guild_is_unknown_here(rig: Rig, town: Town) -> None:
    elsewhere = await rig.found_town()
    exchange = await elsewhere.sam.slash("catalogue add", name="Foreign", emoji="🛸", price=1)
    await exchange.message()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)

    text = await refusal_of(rig, town, town.mia, gift=str(exchange.interaction.id), creator=town.noor.user)

    assert "You haven't been charged" in text


async def test_oneself_a_bot_a_stranger_and_someone_who_left_get_a_sentence_each(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await town.grant(town.noor, 100)
    await town.grant(town.mia, 100)
    rig.world.leave(town.guild, town.kai.user)

    sentences = [
        await refusal_of(rig, town, town.noor, gift="Petal", creator=town.noor.user),
        await refusal_of(rig, town, town.mia, gift="Petal", creator=rig.world.bot_user),
        await refusal_of(rig, town, town.mia, gift="Petal", creator=town.leo.user),
        await refusal_of(rig, town, town.mia, gift="Petal", creator=town.kai.user),
    ]

    assert len(set(sentences)) == 4
    assert all("You haven't been charged" in sentence for sentence in sentences)


async def test_a_gift_that_the_wallet_cannot_pay_names_both_amounts(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5)

    text = await refusal_of(rig, town, town.mia, gift="Warm Heart", creator=town.noor.user)

    assert "10" in text
    assert "5" in text


@pytest.mark.parametrize("text", MEAN_TEXTS)
async def test_a_mean_message_is_cleaned_and_pings_nobody(rig: Rig, town: Town, text: str) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)

    receipt = await (
        await town.mia.slash("gift", raw=True, gift="Petal", creator=town.noor.user, message=text)
    ).message()
    announcement = await town.announced(town.general, "Petal")

    for message in (receipt, announcement):
        assert not message.mentions
        assert not message.mention_everyone
        assert "@everyone" not in message.text.replace("\\", "")
        assert "](http" not in message.text
        assert "\x00" not in message.text


@pytest.mark.parametrize("amount", [0, -5, 10**9 + 1, 2**53])
async def test_a_grant_out_of_bounds_gives_nothing(rig: Rig, town: Town, amount: int) -> None:
    answer = await (
        await town.sam.slash("coins grant", raw=True, member=town.mia.user, amount=amount, reason="x")
    ).message()

    assert "1,000,000,000" in answer.text
    assert books.rows(rig.database, "SELECT * FROM journal WHERE guild_id = ?", town.guild.id) == []


async def test_another_members_panel_is_not_mine_to_press(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)
    panel = await (await town.mia.slash("gift", gift="Phoenix", creator=town.noor.user)).message()
    button = next(c for c in pressable(panel) if "Send" in c["label"])
    refusal = await town.leo.press(panel, button).message()
    exchanges = [town.mia.press(panel, button) for _ in range(3)]
    for exchange in exchanges:
        await exchange.wait_for_answer()

    assert refusal.ephemeral_for == town.leo.user.id
    assert len(books.gifts(rig.database, town.guild.id)) == 1


async def test_a_press_with_a_forged_id_is_refused(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)
    panel = await (await town.mia.slash("gift", gift="Phoenix", creator=town.noor.user)).message()
    button = next(c for c in pressable(panel) if "Send" in c["label"])
    action, *ids = button["custom_id"].split(":")
    forged_ids = [town.leo.user.id if int(number, 36) == town.noor.user.id else int(number, 36) for number in ids]
    # The message is changed as well: a press on a control that its message lacks never reaches our code.
    button["custom_id"] = custom_id.build(action, forged_ids)
    answer = await town.mia.press(panel, button).message()

    assert "isn't a creator here" in answer.text
    assert "You haven't been charged" in answer.text
    assert books.gifts(rig.database, town.guild.id) == []
