"""Results over the wire: switched on in the settings, posted just before the week ends, and final once it is over."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.periods import Period
from bot.domain.results import PERIODS, stretch_at
from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import part, pressable
from tests.rig import Rig, Town, until


def seconds_left(rig: Rig, period: Period = Period.WEEK) -> float:
    """Return how many seconds are left of the week, or of the month."""
    now_ms = int(rig.world.now() * 1000)
    return (stretch_at(period, now_ms, ZoneInfo("UTC")).end_ms - now_ms) / 1000


async def switch_on(town: Town, period: Period = Period.WEEK) -> Message:
    """Have results of weeks posted, or of months; return the page."""
    panel = await (await town.sam.slash("settings")).message()
    page = await (await town.sam.click(panel, part(panel, "Results")["custom_id"])).message()
    switches = [each["custom_id"] for each in pressable(page) if each.get("label") == "Switch on"]
    return await (await town.sam.click(page, switches[PERIODS.index(period)])).message()


async def is_noted(rig: Rig, town: Town, post: Message, period: Period = Period.WEEK) -> None:
    """Wait until the bot has noted the post."""

    async def look() -> bool:
        query = "SELECT message_id FROM results WHERE guild_id = ? AND period = ?"
        return books.only_value(rig.database, query, town.guild.id, period.value) == post.id

    await until(look)


async def wait_for_final_places(rig: Rig, post: Message) -> None:
    """Restart the bot after the end of the week or month, and wait until the post has the final places."""
    await rig.stop_bot()
    rig.world.clock.ahead += 210
    await rig.start_bot()

    async def is_final() -> bool:
        return "final places" in post.text

    await until(is_final)


async def test_results_are_posted_before_the_week_ends_and_edited_when_it_is_over(own_rig: Rig) -> None:
    rig = own_rig
    # Two days after a week has begun, so that no test runs where one ends.
    rig.world.clock.ahead = seconds_left(rig) + 2 * 24 * 3600
    await rig.start_bot()
    town = await rig.found_town()
    await town.announce_in(town.gifts)
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
    await town.give(town.mia, "Warm Heart", town.noor, count=4)
    await town.give(town.leo, "Petal", town.noor, anonymous=True)
    page = await switch_on(town)
    await rig.stop_bot()
    rig.world.clock.ahead += seconds_left(rig) - 200
    await rig.start_bot()
    post = await town.announced(town.gifts, "Results of the week")
    before, alt_texts = post.text, [file.description or "" for file in post.attachments]
    await is_noted(rig, town, post)
    await rig.kill_bot()
    # As if the bot had died before it noted the post.
    books.change(rig.database, "UPDATE results SET number = number - 1, message_id = 0, is_final = 1")
    books.change(rig.database, "UPDATE deadlines SET at_ms = 1, claim_ms = 0 WHERE kind = 'results'")
    await rig.start_bot()
    await is_noted(rig, town, post)
    await town.give(town.leo, "Warm Heart", town.noor, count=5)
    rig.world.leave(town.guild, town.mia.user)
    await wait_for_final_places(rig, post)
    posts = [each for each in rig.world.messages(town.gifts.id) if "Results of the week" in each.text]

    assert f"They're posted in <#{town.gifts.id}>." in page.text
    assert "Posted five minutes before the end" in page.text
    assert "These are the places so far." in before
    assert [text.split(":")[0] for text in alt_texts] == ["Leaderboard", "Leaderboard"]
    assert "1. Mia 🪙\xa040" in alt_texts[0]
    assert "1. Noor 🪙\xa041" in alt_texts[1]
    assert "Leo" not in alt_texts[0]
    # Mia has left, and Leo gave in the last minutes.
    final = post.attachments[0].description or ""
    assert "1. Leo 🪙\xa050" in final
    assert "Mia" not in final
    assert len(posts) == 1
    assert datetime.fromtimestamp(rig.world.now(), UTC).weekday() == 0


async def test_results_of_a_month_come_before_its_end_and_never_name_whoever_hides(own_rig: Rig) -> None:
    rig = own_rig
    # Ten days after a month has begun, so that no test runs where one ends.
    rig.world.clock.ahead = seconds_left(rig, Period.MONTH) + 10 * 24 * 3600
    await rig.start_bot()
    town = await rig.found_town()
    await town.announce_in(town.gifts)
    await town.approve(town.noor, town.kai)
    for member, count in ((town.mia, 5), (town.leo, 4), (town.sam, 3)):
        await town.grant(member, 100)
        await town.give(member, "Warm Heart", town.noor, count=count)
    await town.give(town.sam, "Petal", town.kai)
    for member in (town.mia, town.kai):
        await (await member.slash("privacy settings", hide_me=True)).message()
    page = await switch_on(town, Period.MONTH)
    month = datetime.fromtimestamp(rig.world.now(), UTC)
    await rig.stop_bot()
    # The last day of a month may also be that of a week, of which nothing is to be posted.
    rig.world.clock.ahead += seconds_left(rig, Period.MONTH) - 200
    await rig.start_bot()
    post = await town.announced(town.gifts, "Results of the month")
    before, alt_texts = post.text, [file.description or "" for file in post.attachments]
    await is_noted(rig, town, post, Period.MONTH)
    await (await town.sam.slash("privacy settings", hide_me=True)).message()
    await wait_for_final_places(rig, post)
    posts = [each for each in rig.world.messages(town.gifts.id) if "Results of" in each.text]
    gifters, creators = (file.description or "" for file in post.attachments)

    assert page.text.count("Posted five minutes before the end") == 1
    assert month.strftime("%B %Y") in before
    assert "These are the places so far." in before
    assert "1. Leo 🪙\xa040, 2. Sam 🪙\xa031" in alt_texts[0]
    assert "1. Noor 🪙\xa0120" in alt_texts[1]
    assert "1. Leo 🪙\xa040" in gifters
    assert "1. Noor 🪙\xa0120" in creators
    assert not [text for text in (*alt_texts, gifters, creators) if "Mia" in text or "Kai" in text]
    assert "Sam" not in gifters
    assert not [number for number in (town.mia.user.id, town.kai.user.id) if str(number) in before + post.text]
    assert posts == [post]
    assert datetime.fromtimestamp(rig.world.now(), UTC).day == 1


async def test_members_see_who_is_around_them(rig: Rig) -> None:
    town = await rig.found_town(members=12)
    town.forbid_files()
    await town.approve(town.noor)
    for number, fan in enumerate(town.crowd, start=1):
        await town.grant(fan, 100)
        await town.give(fan, "Petal", town.noor, count=20 - number)
    board = await (await town.leo.slash("leaderboard", period="week")).message()
    nobody = await (await town.leo.click(board, "Around me")).message()
    own = await (await town.crowd[10].click(board, "Around me")).message()
    places = [line for line in own.text.splitlines() if "<@" in line]
    await (await town.crowd[10].click(own, "To the top")).wait_for_answer()

    assert "You have no place on this leaderboard yet." in nobody.text
    assert own.ephemeral_for == town.crowd[10].user.id
    assert places[0].startswith("🥉")
    assert f"**11.** <@{town.crowd[10].user.id}>" in places[-2]
    assert "🥇" in own.text
