"""/live and /leaderboard over the wire."""

from typing import Any

from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import pressable
from tests.rig import Rig, Town, until


async def start_event(town: Town, creator: Person, **options: Any) -> str:
    """Have a creator go live in #live, and return the text of the answer."""
    return (await (await creator.at(town.live).slash("live start", **options)).message()).text


async def test_only_one_live_event_a_creator_and_a_channel(town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await start_event(town, town.noor)
    refusal = await (await town.noor.at(town.general).slash("live start")).message()
    same_channel = await (await town.kai.at(town.live).slash("live start")).message()
    elsewhere = await (await town.kai.at(town.general).slash("live start")).message()

    assert refusal.ephemeral_for == town.noor.user.id
    assert f"<#{town.live.id}>" in refusal.text
    assert f"<@{town.noor.user.id}> is already live" in same_channel.text
    assert " is live · Ends <t:" in elsewhere.text


async def test_a_host_may_start_and_end_for_a_creator_and_another_creator_may_not(town: Town) -> None:
    await town.approve(town.noor, town.kai)
    refusal = await (await town.kai.at(town.live).slash("live start", creator=town.noor.user)).message()
    on_air = await (await town.sam.at(town.live).slash("live start", creator=town.noor.user)).message()
    not_his = await town.end_live(town.kai.at(town.live))
    recap = await town.end_live(town.sam.at(town.live))

    assert refusal.ephemeral_for == town.kai.user.id
    assert f"<@{town.noor.user.id}>" in on_air.text
    assert not_his.ephemeral_for == town.kai.user.id
    assert "over" in recap.text
    assert await town.announced(town.live, "Thank you all!")


async def test_a_creator_ends_the_own_event_from_anywhere_and_its_channel_hears_of_it(town: Town) -> None:
    await town.approve(town.noor)
    await start_event(town, town.noor)
    recap = await town.end_live(town.noor.at(town.general))

    assert f"<#{town.live.id}>" in recap.text
    assert await town.announced(town.live, "Thank you all!")


async def test_a_host_ends_only_what_runs_in_the_channel(town: Town) -> None:
    await town.approve(town.noor)
    await start_event(town, town.noor)
    elsewhere = await town.end_live(town.sam.at(town.general))
    status = await (await town.leo.at(town.live).slash("live status")).message()

    assert "Nobody is live here" in elsewhere.text
    assert "is live" in status.text


async def test_someone_who_is_no_creator_cannot_be_live(town: Town) -> None:
    answer = await (await town.sam.at(town.live).slash("live start")).message()

    assert answer.ephemeral_for == town.sam.user.id
    assert "creator" in answer.text


async def test_a_live_event_survives_a_restart_with_its_totals(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await start_event(town, town.noor, title="Late show", goal=50)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Clover", town.noor)
    await own_rig.kill_bot()
    await own_rig.start_bot()
    await town.give(town.mia, "Clover", town.noor)
    live_board = await town.announced(town.live, "**40** of")
    await own_rig.stop_bot()

    assert "Late show" in live_board.text


async def test_an_event_whose_time_came_while_the_bot_was_away_ends_with_one_recap(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await start_event(town, town.noor, title="Short", minutes=1)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Clover", town.noor)
    await own_rig.stop_bot()
    # Move the event into the past, so that its end has already come.
    books.change(
        own_rig.database, "UPDATE live_events SET started_ms = started_ms - 120000, ends_ms = ends_ms - 120000"
    )
    books.hasten(own_rig.database, "live_end", 120_000)
    await own_rig.start_bot()
    await town.announced(town.live, "Thank you all!")
    late = await town.give(town.mia, "Petal", town.noor)

    async def has_ended_on_time() -> bool:
        return books.only_value(own_rig.database, "SELECT ended_ms = ends_ms FROM live_events") == 1

    await until(has_ended_on_time)
    await own_rig.stop_bot()
    recaps = [message for message in own_rig.world.messages(town.live.id) if "Thank you all!" in message.text]

    assert len(recaps) == 1
    assert "20" in recaps[0].text
    assert "live event" not in late.text


async def test_the_leaderboard_has_every_board_and_period_and_the_own_place(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor, town.kai)
    await start_event(town, town.noor)
    for person, gift, creator in (
        (town.mia, "Cupcake", town.noor),
        (town.leo, "Clover", town.noor),
        (town.mia, "Petal", town.kai),
    ):
        await town.grant(person, 100)
        await town.give(person, gift, creator)
    texts = {
        (board, period): (await (await town.leo.slash("leaderboard", board=board, period=period)).message()).text
        for board in ("gifters", "creators", "gifts")
        for period in ("live", "today", "week", "month", "all")
    }
    fans = await (await town.leo.slash("leaderboard", creator=town.kai.user, period="all")).message()

    for (board, period), text in texts.items():
        coins = "69" if period == "live" else "70"
        assert coins in text, (board, period, text)
    ahead = texts["gifters", "all"]
    assert ahead.index(f"<@{town.mia.user.id}>") < ahead.index(f"<@{town.leo.user.id}>")
    assert f"<@{town.noor.user.id}>" in texts["creators", "week"]
    assert "Cupcake" in texts["gifts", "today"]
    assert str(town.mia.user.id) in fans.text
    assert "Clover" not in fans.text


async def test_members_who_left_are_hidden_and_come_back_with_their_place(rig: Rig, town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor)
    for person, gift in ((town.mia, "Cupcake"), (town.leo, "Clover")):
        await town.grant(person, 100)
        await town.give(person, gift, town.noor)
    rig.world.leave(town.guild, town.mia.user)
    without = await (await town.leo.slash("leaderboard", period="all")).message()

    assert str(town.mia.user.id) not in without.text
    assert str(town.leo.user.id) in without.text
    assert books.leaderboard_coins(rig.database, town.guild.id, "gifters") == 69


async def test_a_second_page_shows_the_following_places(rig: Rig) -> None:
    town = await rig.found_town(members=12)
    town.forbid_files()
    await town.approve(town.noor)
    for number, member in enumerate(town.crowd, start=1):
        await town.grant(member, 100)
        await town.give(member, "Petal", town.noor, count=number)
    board = await (await town.leo.slash("leaderboard", period="all")).message()
    first = board.text
    turn = next(c["custom_id"] for c in pressable(board) if not c.get("disabled") and c["type"] == 2)
    await (await town.leo.click(board, turn)).wait_for_answer()

    assert str(town.crowd[11].user.id) in first
    assert str(town.crowd[0].user.id) not in first
    assert str(town.crowd[0].user.id) in board.text


async def test_live_board_without_any_live_event_says_so(town: Town) -> None:
    answer = await (await town.leo.slash("leaderboard", period="live")).message()

    assert answer.ephemeral_for == town.leo.user.id


async def test_a_word_that_nobody_may_send_is_in_no_title(town: Town) -> None:
    await town.approve(town.noor)
    settings = await (await town.sam.slash("settings")).message()
    creators = await (await town.sam.click(settings, "Creators")).message()
    form = await (await town.sam.click(creators, "Change the words")).modal()
    await (await town.sam.submit(form, **{form.fields[0]["custom_id"]: "goose"})).message()

    refusal = await start_event(town, town.noor, title="Silly goose")
    show = await start_event(town, town.noor, title="Silly swan")

    assert "“\u2068goose\u2069” isn't allowed here." in refusal
    assert "Silly swan" in show
