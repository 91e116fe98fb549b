"""Whoever was given coins, or made a creator, reads so below their next reply: privately, and once."""

from sandbox.discord.exchange import Exchange
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import part, pick_gift
from tests.bot.test_cases import odd_payment, opened_case
from tests.bot.test_freezing_on_screen import CLOSED, REASON, fill_in
from tests.bot.test_missed_receipts import ANSWERS, with_followup
from tests.rig import Rig, Town, until


async def waiting(rig: Rig, town: Town) -> int:
    query = "SELECT count(*) FROM notices WHERE guild_id = ?"
    return books.only_value(rig.database, query, town.guild.id)


async def until_waiting(rig: Rig, town: Town, count: int) -> None:
    """Wait until so many notices of a town are untold."""

    async def is_so() -> bool:
        return await waiting(rig, town) == count

    await until(is_so)


async def look(person: Person) -> Exchange:
    """Have somebody look at their balance."""
    exchange = await person.slash("balance")
    await exchange.message()
    return exchange


async def news_of(rig: Rig, town: Town, person: Person) -> str:
    """Return what somebody is told below their next reply, "" for nothing."""

    async def due() -> int:
        query = (
            "SELECT count(*) FROM notices AS n JOIN holders AS h ON h.guild_id = n.guild_id AND h.holder_id ="
            " n.holder_id WHERE n.guild_id = ? AND h.user_id = ?"
        )
        return books.only_value(rig.database, query, town.guild.id, person.user.id)

    async def is_told() -> bool:
        return not await due()

    had_any = await due()
    exchange = await look(person)
    if had_any:
        await until(is_told)
    return "\n".join(followup.text for followup in exchange.followups)


async def test_who_was_given_coins_is_told_with_the_next_reply_and_once(rig: Rig, town: Town) -> None:
    await (await town.sam.slash("coins grant", member=town.mia.user, amount=500, reason="won the *quiz*")).message()
    exchange = await look(town.mia)
    await until_waiting(rig, town, 0)
    (notice,) = exchange.followups

    assert f"<@{town.sam.user.id}> gave you **🪙\xa0500 coins**" in notice.text
    assert "won the \\*quiz\\*" in notice.text
    assert "Promo coins came for free and are spent first" in notice.text
    assert notice.ephemeral_for == town.mia.user.id
    assert (await look(town.mia)).followups == []


async def test_in_the_middle_of_a_task_news_wait_for_its_end(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    opening = await town.mia.user_menu("Send a gift", town.noor.user)
    panel = await pick_gift(town.mia, await opening.message(), "Petal")
    receipt = await town.mia.click(panel, part(panel, "pick-send")["custom_id"])
    notice = await with_followup(receipt)

    assert "Receipt #" in panel.text
    assert "gave you **🪙\xa0500 coins**" in notice.text
    assert opening.followups == []


async def test_the_button_below_leads_to_a_gift(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    notice = await with_followup(await look(town.mia))

    picker = await (await town.mia.click(notice, "Send a gift")).message()

    assert f"For <@{town.noor.user.id}>" in picker.text


async def test_a_new_creator_is_told_and_who_is_removed_before_is_not(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    assert "made you a creator" in await news_of(rig, town, town.noor)

    await town.approve(town.kai)
    await (await town.sam.slash("creators remove", member=town.kai.user)).message()
    assert await news_of(rig, town, town.kai) == ""


async def test_several_things_come_together_below_a_refusal_too(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.noor, 5)
    await town.grant(town.noor, 7)

    refusal = await town.noor.slash("gift", gift="Petal", creator=town.noor.user)
    await refusal.message()
    await until_waiting(rig, town, 0)

    (notice,) = refusal.followups
    assert all(part in notice.text for part in ("made you a creator", "🪙\xa05 coins", "🪙\xa07 coins"))


async def test_a_grant_that_was_reversed_before_is_not_told(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 500)
    panel = await (await town.sam.slash("coins reverse", receipt=1, reason="a slip")).message()
    await (await town.sam.click(panel, "Reverse receipt #1")).message()

    assert await news_of(rig, town, town.mia) == ""


async def test_who_gives_to_themselves_has_read_so_already(rig: Rig, town: Town) -> None:
    await town.let_staff_create()
    await town.approve(town.sam)
    question = await (await town.sam.slash("coins grant", member=town.sam.user, amount=5, reason="a test")).message()
    await (await town.olive.click(question, "Grant 🪙\xa05")).message()

    # What remains is about being a creator on the staff.
    await until_waiting(rig, town, 0)
    assert not [message for message in rig.world.messages(town.sam.channel.id) if "Promo coins came" in message.text]


async def test_staff_who_are_creators_read_once_which_rules_concern_them(rig: Rig, town: Town) -> None:
    await town.let_staff_create()
    await town.approve(town.sam)
    for _ in range(2):
        await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
        await town.noticed(town.sam, "You're a creator and on the staff.")
        await until_waiting(rig, town, 0)

    seen = rig.world.messages(town.sam.channel.id, town.sam.user.id)
    assert len([message for message in seen if "a creator and on the staff" in message.text]) == 1


async def test_whoever_is_frozen_reads_why_with_their_next_reply(rig: Rig, town: Town) -> None:
    await odd_payment(rig, town)
    await fill_in(town.sam, await opened_case(town.sam), "Freeze", REASON)
    await (await town.mia.slash("help")).message()
    notice = await town.noticed(town.mia, "🧊")

    assert CLOSED in notice.text
    assert REASON in notice.text
    await until_waiting(rig, town, 0)


async def test_a_creator_who_has_just_gone_live_is_not_told_how(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    live = await with_followup(await town.noor.at(town.live).slash("live start"))
    await until_waiting(rig, town, 1)

    assert "made you a creator. Members can send you gifts now." in live.text
    assert "/live start" not in live.text
    assert "/live start" in await news_of(rig, town, town.kai)


async def test_news_that_discord_refuses_come_with_another_reply(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 500)
    fault = rig.world.faults.answer("POST", r"^/webhooks/[^/]+/[^/]+$", status=404, code=10015, times=None)
    await look(town.mia)

    async def has_struck() -> bool:
        return fault.struck > 0

    await until(has_struck)
    rig.world.faults.end(fault)

    assert "gave you" in await news_of(rig, town, town.mia)


async def test_they_are_told_once_however_often_the_bot_is_killed(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    # The bot is killed after the commit, before the moderator has an answer.
    own_rig.world.faults.delay("POST", ANSWERS, 60, times=None)
    await town.sam.slash("coins grant", member=town.mia.user, amount=500, reason="a test")
    await until_waiting(own_rig, town, 2)
    await own_rig.kill_bot()
    own_rig.world.faults.clear()
    await own_rig.start_bot()

    mias, noors = await look(town.mia), await look(town.noor)
    await until_waiting(own_rig, town, 0)
    await own_rig.kill_bot()
    await own_rig.start_bot()
    later = [await look(town.mia), await look(town.noor)]
    await own_rig.stop_bot()

    assert ["gave you" in followup.text for followup in mias.followups] == [True]
    assert ["made you a creator" in followup.text for followup in noors.followups] == [True]
    assert [exchange.followups for exchange in later] == [[], []]
