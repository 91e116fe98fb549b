"""The monthly proof over the wire: seen in the settings, and posted when the month is over if staff want that."""

from datetime import UTC, datetime, timedelta

from bot.storage.database import Database
from sandbox.discord.model.message import walk
from tests import books
from tests.bot.picking import part
from tests.operating import operate
from tests.rig import Rig, Town
from tests.storage.town import WARM_HEART, buy, gift, order


async def test_it_is_shown_to_staff_and_posted_once_the_month_is_over(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    panel = await (await town.sam.slash("settings")).message()
    page = await (await town.sam.click(panel, part(panel, "Monthly proof")["custom_id"])).message()
    before = page.text
    select = next(item for item in walk(page.components) if item["type"] == 8)
    page = await (await town.sam.select(page, select["custom_id"], town.gifts)).message()
    after = page.text
    await own_rig.stop_bot()
    books.change(own_rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'proof'")
    await own_rig.start_bot()
    post = await town.announced(town.gifts, "Every coin is accounted for.")

    assert "It isn't posted yet. Pick a channel for it." in before
    assert f"It's posted in <#{town.gifts.id}>." in after
    assert "Our books in" in post.text
    assert "Nothing was booked yet." in post.text
    assert [file.filename for file in post.attachments] == ["proof.png"]
    query = "SELECT at_ms FROM deadlines WHERE guild_id = ? AND kind = 'proof'"
    assert books.only_value(own_rig.database, query, town.guild.id) > 1


async def trade(rig: Rig, town: Town, at_ms: int) -> None:
    """Book a purchase of Mia's and a gift to Noor at a time in the past, while no bot runs."""
    database = await Database.open(rig.address, clock=lambda: at_ms)
    mia, noor, guild = town.mia.user.id, town.noor.user.id, town.guild.id
    await buy(database, order(guild_id=guild, member_id=mia, provider="sandbox", consented_ms=at_ms))
    hearts = gift("hearts", guild_id=guild, sender_id=mia, creator_id=noor, item_id=WARM_HEART, quantity=3)
    await database.writer.submit(hearts)
    await database.writer.catch_up(guild)
    await database.close()


async def test_it_adds_up_what_was_bought_given_and_earned_and_the_terminal_says_the_same(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    panel = await (await town.sam.slash("settings")).message()
    page = await (await town.sam.click(panel, part(panel, "Monthly proof")["custom_id"])).message()
    select = next(item for item in walk(page.components) if item["type"] == 8)
    await (await town.sam.select(page, select["custom_id"], town.gifts)).message()
    await own_rig.stop_bot()
    in_last_month = datetime.now(UTC).replace(day=1) - timedelta(days=10)
    await trade(own_rig, town, int(in_last_month.timestamp() * 1_000))
    books.change(own_rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'proof'")
    await own_rig.start_bot()
    post = await town.announced(town.gifts, "Every coin is accounted for.")
    await own_rig.stop_bot()
    digest = books.only_value(
        own_rig.database, "SELECT hash FROM journal WHERE guild_id = ? AND seq = 2", town.guild.id
    )
    month = f"{in_last_month:%Y-%m}"
    report = operate(own_rig.database, "audit", "--guild", town.guild.id, "--month", month)

    assert "**🪙\xa0350 coins** came in: 350 bought and 0 granted, 0 taken back." in post.text
    assert "Gifted: **🪙\xa030 coins**. In members' balances: **🪙\xa0320 coins**." in post.text
    assert "**💎\xa015** earned: 0 paid out, 0 requested and 15 on their accounts." in post.text
    assert "1 payment, $4.99" in post.text
    assert bytes(digest).hex() in post.text
    assert bytes(digest).hex() in report.stdout
    assert report.returncode == 0
