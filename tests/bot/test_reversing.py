"""Staff take back what was sent, after they have seen what that will do."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from tests import books
from tests.bot.test_announcement_settings import set_quiet
from tests.bot.test_managers import fill_form
from tests.rig import Rig, Town, until


async def test_a_manager_sees_what_a_reversal_will_do_confirms_and_it_is_done_once(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor, count=3)

    panel = await (await town.sam.slash("coins reverse", raw=True, receipt=2, reason="a *wrong* one")).message()
    question = panel.text
    wallet_before = await (await town.mia.slash("balance")).message()
    (confirm,) = [part["label"] for part in walk(panel.components) if part.get("label", "").startswith("Reverse")]
    clicks = [await town.sam.click(panel, confirm), await town.sam.click(panel, confirm)]
    for click in clicks:
        await click.wait_for_answer()
    wallet_after = await (await town.mia.slash("balance")).message()
    creators_wallet = await (await town.noor.slash("balance")).message()
    again = await (await town.sam.slash("coins reverse", raw=True, receipt=2, reason="again")).message()

    assert f"**+3**\xa0🪙 <@{town.mia.user.id}>" in question
    assert "97" in wallet_before.text
    assert "Receipt #2 reversed" in panel.text
    assert "100" in wallet_after.text
    assert "a \\*wrong\\* one" in wallet_after.text
    assert "already been reversed" in again.text
    kinds = "SELECT kind, count(*) FROM journal WHERE guild_id = ? GROUP BY kind ORDER BY kind"
    assert books.rows(rig.database, kinds, town.guild.id) == [("gift", 1), ("grant", 1), ("reversal", 1)]
    assert creators_wallet.text


async def reverse(town: Town, receipt: int, **options: Any) -> Message:
    """Have the moderator reverse a receipt, and return what the panel says then."""
    panel = await (await town.sam.slash("coins reverse", receipt=receipt, reason="a test", **options)).message()
    return await (await town.sam.click(panel, f"Reverse receipt #{receipt}")).message()


async def test_the_total_below_a_message_shrinks_and_then_says_that_its_gifts_were_reversed(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    message = await town.noor.say("la la la")
    link = f"https://discord.com/channels/{town.guild.id}/{town.general.id}/{message.id}"
    await town.give(town.mia, "Petal", town.noor, link=link, count=7)
    before = await town.announced(town.general, "🪙\xa07 coins")

    await reverse(town, 2, part=3)
    shrunk = await town.announced(town.general, "🪙\xa04 coins")
    await reverse(town, 2)
    emptied = await town.announced(town.general, "The gifts here were reversed.")

    assert before.id == shrunk.id == emptied.id


async def test_a_running_board_counts_what_is_left_and_a_reached_goal_stays_reached(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.noor.at(town.live).slash("live start", goal=50)).message()
    await town.give(town.mia, "Petal", town.noor, count=60)
    board = await town.announced(town.live, "**60** of 🪙\xa050")

    await reverse(town, 2, part=40)
    corrected = await town.announced(town.live, "**20** of 🪙\xa050")
    corrected_text = corrected.text
    await (await town.noor.at(town.live).slash("live goal", coins=200)).message()
    await town.announced(town.live, "Reached on the way: 🪙\xa050")
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "is over. Thank you")

    assert board.id == corrected.id
    assert "**Goal reached** <t:" in corrected_text
    assert "Reached on the way: 🪙\xa050" in recap.text
    goals = [message for message in town.rig.world.messages(town.live.id) if "Thanks to all of you" in message.text]
    assert len(goals) == 1


async def test_what_was_taken_back_in_quiet_hours_is_never_announced(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    now = datetime.now(UTC)
    await set_quiet(town, f"{now - timedelta(hours=1):%H:%M}", f"{now + timedelta(hours=2):%H:%M}")
    mia_elsewhere = town.mia.at(town.live)
    await town.give(town.mia, "Spark", town.noor, message="sleep well")
    await town.give(mia_elsewhere, "Petal", town.noor)
    await town.give(town.mia, "Clover", town.noor, message="good morning")
    await reverse(town, 2)
    await reverse(town, 3)

    async def announced_rows() -> Sequence[Any]:
        return books.rows(own_rig.database, "SELECT first_seq, shown_seq, message_id > 0 FROM announcements ORDER BY 1")

    async def are_held_back() -> bool:
        last_seq = books.only_value(own_rig.database, "SELECT coalesce(max(last_seq), 0) FROM announcements")
        return last_seq == 4

    await until(are_held_back)
    await own_rig.stop_bot()
    books.change(own_rig.database, "UPDATE announcements SET due_ms = 1")
    books.change(own_rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'quiet_end'")
    await own_rig.start_bot()
    summary = await town.announced(town.general, "While you were away")

    async def are_finished() -> bool:
        return [row[1] for row in await announced_rows()] == [4, 3]

    await until(are_finished)
    rows = await announced_rows()
    await own_rig.stop_bot()

    assert "good morning" in summary.text
    assert "sleep well" not in summary.text
    assert "Spark" not in summary.text
    assert [tuple(row) for row in rows] == [(2, 4, 1), (3, 3, 0)]
    assert not any("Petal" in message.text for message in own_rig.world.messages(town.live.id))


async def test_who_owes_coins_is_told_why_no_gift_goes_out_and_what_comes_in_settles_it(town: Town) -> None:
    await town.approve(town.noor)
    await fill_form(town, await (await town.sam.slash("settings")).message(), "💎", "50", "50")
    await town.grant(town.mia, 70)
    await town.give(town.mia, "Petal", town.noor, count=60)
    # 10 coins are left, and the server's share of the gift is 30: the other 30 are owed.
    await reverse(town, 1)

    refusal = await town.give(town.mia, "Petal", town.noor)
    in_debt = await town.balance(town.mia)
    granted = await town.grant(town.mia, 10)
    still_refused = await town.give(town.mia, "Petal", town.noor)
    granted_more = await town.grant(town.mia, 70)
    settled = await town.balance(town.mia)
    sent = await town.give(town.mia, "Petal", town.noor)

    assert "You owe 🪙\xa030 coins, so you can't spend or share coins yet" in refusal.text
    assert "reversed after its coins were spent" in refusal.text
    assert "New coins pay this off first" in refusal.text
    assert "You owe" in in_debt
    assert "**+30**\xa0🪙 owed" in in_debt
    assert "10 coins of that paid off what was owed." in granted.text
    assert "You owe 🪙\xa020 coins" in still_refused.text
    assert "20 coins of that paid off what was owed." in granted_more.text
    assert "50 coins" in settled
    assert "You owe" not in settled
    assert "**−20**\xa0🪙 owed" in settled
    assert "**−10**\xa0🪙 owed" in settled
    assert "Receipt #" in sent.text
