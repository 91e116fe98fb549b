"""The weekly recap over the wire: as a direct message once the week is over, once, and not for who wants none."""

from sandbox.discord.model import Message
from tests import books
from tests.rig import Rig, Town, until

WEEK_S = 7 * 24 * 3600


async def direct(rig: Rig, town: Town, count: int = 1) -> list[Message]:
    """Wait until Noor has so many direct messages."""
    channel = rig.world.open_dm(town.noor.user)

    def messages() -> list[Message]:
        visible = rig.world.messages(channel.id, town.noor.user.id)
        return [message for message in visible if message.ephemeral_for is None]

    async def are_there() -> bool:
        return len(messages()) == count

    await until(are_there)
    return messages()


async def is_done(rig: Rig, town: Town) -> None:
    """Wait until the guild has nothing left to send."""

    async def look() -> bool:
        due_ms = books.only_value(
            rig.database,
            "SELECT at_ms FROM deadlines WHERE guild_id = ? AND kind = 'creator_week'",
            town.guild.id,
        )
        return due_ms > rig.world.now() * 1000

    await until(look)


async def read_it_again(town: Town) -> None:
    """Have Noor read the recap from her statistics, once Mia hides."""
    await (await town.mia.slash("privacy settings", hide_me=True)).message()
    panel = await (await town.noor.slash("creator stats")).message()
    page = await (await town.noor.click(panel, "Weekly recap")).message()
    assert "Your week in" in page.text
    assert "🌟 Largest gift: Music Box" in page.text
    assert str(town.mia.user.id) not in page.text
    assert "I send you this as a direct message" in page.text


async def test_a_creator_gets_one_recap_of_the_last_week_and_can_stop_them(own_rig: Rig) -> None:
    rig = own_rig
    await rig.start_bot()
    town = await rig.found_town()
    await town.approve(town.noor, town.kai)
    for member in (town.mia, town.leo):
        await town.grant(member, 400)
    await town.give(town.mia, "Warm Heart", town.noor, count=4)
    await town.give(town.mia, "Music Box", town.noor)
    await town.give(town.leo, "Petal", town.noor, count=2, anonymous=True)
    await rig.stop_bot()
    rig.world.clock.ahead = WEEK_S
    await rig.start_bot()
    (recap,) = await direct(rig, town)
    await is_done(rig, town)
    await rig.kill_bot()
    # As if the bot had died before it noted what it sent.
    books.change(rig.database, "UPDATE creators SET recap_week = NULL")
    books.change(rig.database, "UPDATE guilds SET creator_week = creator_week - 1")
    books.change(rig.database, "UPDATE deadlines SET at_ms = 1, claim_ms = 0 WHERE kind = 'creator_week'")
    await rig.start_bot()
    await is_done(rig, town)

    assert len(await direct(rig, town)) == 1
    assert f"Your week in \u2068{town.guild.name}" in recap.text
    assert "You earned **💎\xa00**." in recap.text
    assert "There were no gifts the week before." in recap.text
    assert f"🥇 <@{town.mia.user.id}> · 🪙\xa0189" in recap.text
    assert "Anonymous gifts: 🪙\xa02 coins · 2 gifts" in recap.text
    assert str(town.leo.user.id) not in recap.text
    assert "Best day:" in recap.text
    assert f"🌟 Largest gift: Music Box by <@{town.mia.user.id}>" in recap.text
    alt_text = recap.attachments[0].description or ""
    assert "191 Coins, 7 Gifts, 1 Gifter" in alt_text
    # Kai got nothing, and reads nothing.
    assert not rig.world.messages(rig.world.open_dm(town.kai.user).id, town.kai.user.id)

    stats = await (await town.noor.click(recap, "Last 30 days")).message()
    assert "Your stats" in stats.text
    answer = await (await town.noor.click(recap, "Stop weekly recaps")).message()
    assert "I won't send you weekly recaps of this server any more." in answer.text
    refusal = await (await town.mia.click(recap, "Stop weekly recaps")).message()
    assert refusal.ephemeral_for == town.mia.user.id
    assert books.only_value(rig.database, "SELECT count(*) FROM creators WHERE recaps_off_ms IS NOT NULL") == 1
    await (await town.noor.click(answer, "Send me weekly recaps")).wait_for_answer()
    assert "You'll get a recap as a direct message" in answer.text
    await read_it_again(town)


async def test_who_takes_no_direct_messages_reads_of_the_recap_with_the_next_reply(own_rig: Rig) -> None:
    rig = own_rig
    await rig.start_bot()
    town = await rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor)
    await rig.stop_bot()
    town.noor.user.accepts_dms = False
    rig.world.clock.ahead = WEEK_S
    await rig.start_bot()
    await is_done(rig, town)
    await town.noor.slash("balance")
    news = await town.noticed(town.noor, "🗓️ Your weekly recap is ready.")
    page = await (await town.noor.click(news, "Weekly recap")).message()

    assert not rig.world.messages(rig.world.open_dm(town.noor.user).id, town.noor.user.id)
    assert "Your week in" in page.text
