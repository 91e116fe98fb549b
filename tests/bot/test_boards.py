"""The board of a live event over the wire: one message that stays correct whatever happens to it."""

from typing import Any

from sandbox.discord.limits.components import BUTTON
from sandbox.discord.model import Message
from sandbox.discord.model.message import COMPONENTS_V2, walk
from sandbox.discord.permissions import Permissions
from tests import books
from tests.rig import Rig, Town, until

KINDS = ("sqlite",)
HOUR_MS = 3_600_000


async def on_air(town: Town, **options: Any) -> None:
    """Have Noor go live in #live, and two members come with coins."""
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start", **options)).message()
    for member in (town.mia, town.leo):
        await town.grant(member, 10_000)


def buttons(message: Message) -> list[str]:
    """Return the labels of a message's buttons."""
    return [part["label"] for part in walk(message.components) if part["type"] == BUTTON]


def link_to(message: Message) -> str:
    """Return what *Copy Message Link* copies."""
    return f"https://discord.com/channels/{message.guild_id}/{message.channel_id}/{message.id}"


def boards(rig: Rig, town: Town) -> list[Message]:
    """Return the messages in #live that have the button of a running event, oldest first."""
    return [message for message in rig.world.messages(town.live.id) if "Send a gift" in str(message.components)]


async def board(rig: Rig, town: Town, *fragments: str) -> Message:
    """Wait until the only board contains all `fragments` and is in the books, which comes later, and return it."""

    async def find_board() -> Message | None:
        messages = boards(rig, town)
        if len(messages) != 1 or not all(part in messages[0].text for part in fragments):
            return None
        query = "SELECT count(*) FROM live_boards WHERE message_id = ?"
        return messages[0] if books.only_value(rig.database, query, messages[0].id) == 1 else None

    latest = await until(find_board)
    assert latest is not None
    return latest


async def test_a_board_shows_the_show_as_it_goes(rig: Rig, town: Town) -> None:
    await on_air(town, title="Late show", goal=100)
    first = await board(rig, town, "Late show", f"<@{town.noor.user.id}>", "**0** of 🪙\xa0100")
    await town.give(town.mia, "Clover", town.noor, count=3)
    await town.give(town.leo, "Petal", town.noor, anonymous=True)
    live_board = await board(rig, town, "**61** of 🪙\xa0100", "4 gifts", "1 gifter", " × 3", "Someone")

    assert live_board is first
    assert f"🥇 <@{town.mia.user.id}>" in live_board.text
    assert str(town.leo.user.id) not in live_board.text


async def test_a_goal_is_announced_once_and_the_board_tells_its_reward(rig: Rig, town: Town) -> None:
    await on_air(town)
    answer = await (
        await town.noor.at(town.live).slash("live goal", coins=20, minutes=10, reward="An encore")
    ).message()
    await board(rig, town, "of 🪙\xa020", "An encore")
    for _ in range(2):
        await town.give(town.mia, "Clover", town.noor)
    await town.announced(town.live, "Goal reached!")
    await board(rig, town, "**40** of")
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "is over. Thank you")
    announcements = [message for message in rig.world.messages(town.live.id) if "Thanks to all of you" in message.text]

    assert answer.ephemeral_for == town.noor.user.id
    assert len(announcements) == 1
    (picture,) = announcements[0].attachments
    assert picture.description == "Moment: 🪙\xa020 · Live · Noor · 🎁 Now: An encore"
    assert announcements[0].text.count("An encore") == 1
    assert recap.text.count("Goal reached!") == 1


async def test_a_deleted_board_comes_back_once_and_staff_hear_of_the_second_time(rig: Rig, town: Town) -> None:
    town.guild.system_channel_id = town.general.id
    rig.world.set_unavailable(town.guild, True)
    rig.world.set_unavailable(town.guild, False)
    await on_air(town)
    first = await board(rig, town)
    rig.world.delete_message(first)
    await town.give(town.mia, "Petal", town.noor)
    second = await board(rig, town, "1 gift")
    rig.world.delete_message(second)
    await town.give(town.mia, "Petal", town.noor)

    async def is_closed() -> bool:
        return books.only_value(rig.database, "SELECT closed FROM live_boards WHERE guild_id = ?", town.guild.id) == 1

    await until(is_closed)
    assert await town.announced(town.general, "was deleted twice")
    assert second.id != first.id
    assert [message for message in boards(rig, town) if not message.deleted] == []


async def test_a_board_is_the_same_after_a_restart_and_catches_up(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await on_air(town)
    first = await board(own_rig, town)
    await town.give(town.mia, "Petal", town.noor)
    await own_rig.kill_bot()
    await own_rig.start_bot()
    second = await board(own_rig, town, "1 gift")
    await own_rig.stop_bot()

    assert second is first


async def test_a_board_of_almost_an_hour_is_posted_anew(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await on_air(town)
    old = await board(own_rig, town)
    await own_rig.stop_bot()
    books.change(own_rig.database, f"UPDATE live_boards SET posted_ms = posted_ms - {HOUR_MS}")
    await own_rig.start_bot()

    async def is_old_deleted() -> bool:
        return old.deleted

    await until(is_old_deleted)
    new = await board(own_rig, town)
    await own_rig.stop_bot()

    assert new.id != old.id


async def test_a_board_without_its_event_says_so_and_has_no_button(rig: Rig, town: Town) -> None:
    await on_air(town)
    orphan = await board(rig, town)
    await town.end_live(town.noor.at(town.live))

    async def is_over() -> bool:
        return "This live event is over" in orphan.text and not buttons(orphan)

    await until(is_over)


async def test_several_creators_share_a_show(rig: Rig, town: Town) -> None:
    await on_air(town)
    await town.approve(town.kai)
    panel = await (await town.noor.at(town.live).slash("live status")).message()
    refusal = await (await town.noor.at(town.live).select(panel, "Who else is on stage?", town.leo.user)).message()
    await (await town.noor.at(town.live).select(panel, "Who else is on stage?", town.kai.user)).wait_for_answer()
    await board(rig, town, f"<@{town.noor.user.id}> and <@{town.kai.user.id}> are live")
    await town.give(town.mia, "Clover", town.kai)
    await board(rig, town, "20", f"→ <@{town.kai.user.id}>")
    busy = await (await town.kai.at(town.general).slash("live start")).message()
    together = await (await town.noor.at(town.live).slash("live status")).message()

    assert "isn't a creator here" in refusal.text
    assert "already live" in busy.text
    # Nobody gifts themselves, or attends their own live event.
    assert buttons(panel) == ["Overlay"]
    assert buttons(together) == ["Send a gift", "Overlay"]


async def test_live_status_leads_to_the_board_and_shows_it_where_there_is_none(rig: Rig, town: Town) -> None:
    await on_air(town, title="Late show", goal=100)
    live_board = await board(rig, town, "**0** of")
    leo = town.leo.at(town.live)
    status = await (await leo.slash("live status")).message()
    books.change(rig.database, f"UPDATE live_boards SET closed = 1 WHERE guild_id = {town.guild.id}")
    instead = await (await leo.slash("live status")).message()

    assert f"({link_to(live_board)})" in status.text
    assert "is live" in status.text
    assert "of 🪙\xa0100" not in status.text
    assert buttons(status) == ["Send a gift", "Hop on"]
    assert "**0** of 🪙\xa0100 · 0%" in instead.text


async def test_a_moment_is_told_in_words_where_files_are_not_allowed(rig: Rig, town: Town) -> None:
    town.forbid_files()
    await on_air(town)
    await (await town.noor.at(town.live).slash("live goal", coins=20, minutes=10, reward="An encore")).message()
    await town.give(town.mia, "Clover", town.noor)
    message = await town.announced(town.live, "Goal reached!")

    assert not message.attachments
    assert "🪙\xa020 coins\n🎁 Now: \u2068An encore" in message.text


async def test_a_train_leaves_when_three_members_give(rig: Rig, town: Town) -> None:
    await on_air(town, title="Late show")
    await town.grant(town.kai, 1_000)
    for member, gift in ((town.mia, "Paper Crane"), (town.leo, "Clover"), (town.kai, "Cupcake")):
        await town.give(member, gift, town.noor, count=5)
    train = await town.announced(town.live, "A gift train is leaving")

    assert [picture.description for picture in train.attachments] == ["Moment: Level 1 of 5 · Late show"]
    await board(rig, town, "Gift train · level 1 of 5")


async def test_whoever_wants_quiet_reads_of_no_train(rig: Rig, town: Town) -> None:
    await on_air(town)
    await town.grant(town.kai, 1_000)
    for member, gift in ((town.mia, "Paper Crane"), (town.leo, "Clover"), (town.kai, "Cupcake")):
        await town.give(member, gift, town.noor, count=5)
    await board(rig, town, "Gift train · level 1 of 5")
    books.change(rig.database, f"UPDATE live_boards SET closed = 1 WHERE guild_id = {town.guild.id}")
    await (await town.leo.slash("privacy settings", quiet=True)).message()
    loud, quiet = [await (await who.at(town.live).slash("live status")).message() for who in (town.mia, town.leo)]

    assert "Gift train · level 1 of 5" in loud.text
    assert "train" not in quiet.text
    assert "Cupcake" in quiet.text


async def test_the_leaderboard_shows_a_show_again_once_it_is_over(rig: Rig, town: Town) -> None:
    town.forbid_files()
    await on_air(town)
    await town.give(town.mia, "Clover", town.noor)
    await town.end_live(town.noor.at(town.live))
    await (await town.noor.at(town.general).slash("live start")).message()
    leaderboard = await (await town.leo.at(town.live).slash("leaderboard", period="live")).message()

    assert f"<@{town.mia.user.id}>" in leaderboard.text
    assert "20" in leaderboard.text


async def test_the_recap_is_shown_again_above_the_places_of_a_show_that_is_over(rig: Rig, town: Town) -> None:
    await on_air(town, title="Late show", goal=10)
    await town.give(town.mia, "Clover", town.noor, count=2)
    await town.give(town.leo, "Petal", town.noor, anonymous=True)
    live_leaderboard = await (await town.leo.at(town.live).slash("leaderboard", period="live")).message()
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "Thank you all!")
    leaderboard = await (await town.leo.at(town.live).slash("leaderboard", period="live")).message()
    creators = await (await town.leo.at(town.live).slash("leaderboard", board="creators", period="live")).message()
    town.forbid_files()
    plain = await (await town.leo.at(town.live).slash("leaderboard", period="live")).message()

    assert live_leaderboard.attachments[0].filename == "leaderboard.png"
    assert [attachment.description for attachment in leaderboard.attachments] == [
        attachment.description for attachment in recap.attachments
    ]
    assert "Thank you all!" in leaderboard.text
    assert "ended <t:" in leaderboard.text
    assert f"\n\n🥇 <@{town.mia.user.id}> · **🪙\xa040**" in leaderboard.text
    assert creators.attachments[0].filename == "leaderboard.png"
    assert "Goal reached!" in plain.text
    assert plain.text.count(f"<@{town.mia.user.id}> · **🪙\xa040**") == 1
    assert str(town.leo.user.id) not in plain.text


async def test_who_left_is_not_in_the_recap_that_is_shown_again(rig: Rig) -> None:
    town = await rig.found_town(members=11)
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    for number, member in enumerate(town.crowd, start=1):
        await town.grant(member, 100)
        await town.give(member, "Petal", town.noor, count=number)
    best, second = town.crowd[-1], town.crowd[-2]
    # Members who are drawn were looked up recently and count as present for a while. Text looks nobody up.
    town.forbid_files()
    await town.end_live(town.noor.at(town.live))
    first = await town.announced(town.live, "Thank you all!")
    rig.world.clear_permissions(town.live, rig.world.bot_user.id)
    rig.world.leave(town.guild, best.user)
    leaderboard = await (await town.leo.at(town.live).slash("leaderboard", period="live")).message()

    assert f"🥇 <@{best.user.id}>" in first.text
    assert leaderboard.attachments[0].filename == "recap.png"
    alt_text = leaderboard.attachments[0].description or ""
    assert f"1. {second.user.name} 10" in alt_text
    assert f"🥇 <@{second.user.id}>" in leaderboard.text
    assert "by a former member" in alt_text
    assert best.user.name not in alt_text
    assert str(best.user.id) not in leaderboard.text


async def test_a_show_without_gifts_has_a_recap_and_no_places(rig: Rig, town: Town) -> None:
    await on_air(town)
    await town.end_live(town.noor.at(town.live))
    leaderboard = await (await town.leo.at(town.live).slash("leaderboard", period="live")).message()

    assert "🏆" not in leaderboard.text
    assert "There were no gifts this time." in leaderboard.text
    assert not leaderboard.attachments


async def test_a_recap_is_a_picture_with_a_description_and_words_where_files_are_not_allowed(
    rig: Rig, town: Town
) -> None:
    await on_air(town, title="Late show", goal=10)
    await town.give(town.mia, "Clover", town.noor, count=2)
    await town.give(town.leo, "Music Box", town.noor)
    await town.end_live(town.noor.at(town.live))
    drawn_recap = await town.announced(town.live, "Thank you all!")
    town.forbid_files()
    await (await town.noor.at(town.live).slash("live start", title="Encore")).message()
    await town.give(town.mia, "Petal", town.noor)
    await town.end_live(town.noor.at(town.live))

    async def find_recap() -> Message | None:
        messages = [message for message in rig.world.messages(town.live.id) if "🎬 \u2068Encore" in message.text]
        return messages[0] if messages else None

    plain_recap = await until(find_recap)
    assert plain_recap is not None
    picture = drawn_recap.attachments[0]
    assert picture.filename == "recap.png"
    assert "Late show" in (picture.description or "")
    assert "Mia" in (picture.description or "")
    assert "🌟 Largest gift: Music Box by Leo" in (picture.description or "")
    assert "Largest gift" not in plain_recap.text
    assert plain_recap.attachments == []
    assert "1 gift" in plain_recap.text


async def test_a_show_needs_no_permission_for_embeds(rig: Rig, town: Town) -> None:
    rig.world.set_permissions(town.live, rig.world.bot_user, deny=int(Permissions.EMBED_LINKS))
    await on_air(town, title="Late show", goal=20)
    live_board = await board(rig, town, "**0** of 🪙\xa020 · 0%")
    await town.give(town.mia, "Clover", town.noor, count=2)
    await board(rig, town, "Late show", "**40** of 🪙\xa020 · 200%", "**Goal reached**, with 🪙\xa020 coins to spare")
    goal_message = await town.announced(town.live, "Goal reached!")
    panel = await (await town.noor.slash("creator thanks")).message()
    await (await town.noor.click(panel, "Thank Mia")).wait_for_answer()
    thank_you = await town.announced(town.live, " thanks ")
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "is over. Thank you")

    for message in (live_board, goal_message, thank_you, recap):
        assert message.flags & COMPONENTS_V2
        assert not message.embeds
        assert not message.mentions
    assert recap.attachments


async def test_staff_hear_of_a_board_that_cannot_be_shown_any_more(rig: Rig, town: Town) -> None:
    town.guild.system_channel_id = town.general.id
    rig.world.set_unavailable(town.guild, True)
    rig.world.set_unavailable(town.guild, False)
    await on_air(town)
    await board(rig, town)
    rig.world.set_permissions(town.live, rig.world.bot_user, deny=int(Permissions.VIEW_CHANNEL))
    rig.world.set_permissions(town.live, town.noor.user, allow=int(Permissions.SEND_MESSAGES))
    await (await town.noor.at(town.live).slash("live goal", coins=20)).message()
    notice = await town.announced(town.general, f"<#{town.live.id}>")

    assert "/settings" in notice.text or "permission" in notice.text.lower()
