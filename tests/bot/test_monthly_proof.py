"""The monthly proof over the wire: seen in the settings, and posted when the month is over if staff want that."""

from sandbox.discord.model.message import walk
from tests import books
from tests.bot.picking import part
from tests.rig import Rig


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
