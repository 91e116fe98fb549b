"""A board stays within sight: buried by messages, it is posted anew, and the one before it goes."""

from sandbox.discord.model import Message
from tests import books
from tests.bot.test_boards import board, boards, on_air
from tests.rig import Rig, Town, until

BURIED = 10
A_WHILE_MS = 31_000


def pass_time(rig: Rig, town: Town) -> None:
    """Let the board have stood for so long that Discord may be asked about it."""
    change = f"UPDATE live_boards SET posted_ms = posted_ms - {A_WHILE_MS} WHERE guild_id = {town.guild.id}"
    books.change(rig.database, change)


async def chat(town: Town, count: int) -> None:
    """Have Leo write in #live."""
    for number in range(count):
        await town.leo.at(town.live).say(f"wow {number}")


def requests(rig: Rig, town: Town, method: str) -> list[str]:
    """Return the paths of the bot's requests with a method for messages of #live."""
    start = f"/channels/{town.live.id}/messages"
    return [record.path for record in rig.world.requests if record.method == method and record.path.startswith(start)]


async def moved(rig: Rig, town: Town, old: Message) -> Message:
    """Wait until the board has been posted anew, and return it."""

    async def is_removed() -> bool:
        return old.deleted

    await until(is_removed)
    return await board(rig, town)


async def test_a_board_that_people_have_buried_is_posted_anew_and_the_old_one_removed(rig: Rig, town: Town) -> None:
    await on_air(town)
    old = await board(rig, town)
    await chat(town, BURIED)
    pass_time(rig, town)
    rig.world.requests.clear()
    await town.give(town.mia, "Clover", town.noor)
    new = await moved(rig, town, old)

    assert new.id > old.id
    assert requests(rig, town, "GET") == [f"/channels/{town.live.id}/messages"]
    assert requests(rig, town, "DELETE") == [f"/channels/{town.live.id}/messages/{old.id}"]
    methods = [(record.method, record.path) for record in rig.world.requests]
    posted = methods.index(("POST", f"/channels/{town.live.id}/messages"))
    assert posted < methods.index(("DELETE", f"/channels/{town.live.id}/messages/{old.id}"))
    await board(rig, town, "1 gift")


async def test_a_board_with_little_below_it_stays_and_is_asked_about_once(rig: Rig, town: Town) -> None:
    await on_air(town)
    old = await board(rig, town)
    await chat(town, BURIED - 3)
    pass_time(rig, town)
    rig.world.requests.clear()
    for gift in ("Clover", "Spark"):
        await town.give(town.mia, gift, town.noor)
    await board(rig, town, "2 gifts")

    async def is_asked() -> list[str]:
        return requests(rig, town, "GET")

    assert len(await until(is_asked)) == 1
    assert boards(rig, town) == [old]
    assert requests(rig, town, "DELETE") == []


async def test_a_board_without_news_is_left_alone_whatever_people_write(rig: Rig, town: Town) -> None:
    await on_air(town)
    old = await board(rig, town)
    pass_time(rig, town)
    rig.world.requests.clear()
    await chat(town, BURIED)
    status = await (await town.mia.at(town.live).slash("live status")).message()

    assert status.ephemeral_for == town.mia.user.id
    assert requests(rig, town, "GET") == []
    assert boards(rig, town) == [old]


async def test_after_a_restart_a_buried_board_is_seen_and_one_that_was_replaced_is_removed(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await on_air(town)
    old = await board(own_rig, town)
    await own_rig.kill_bot()
    world = own_rig.world
    left_over = world.new_message(town.live, world.bot_user, "a board that could not be removed")
    world.post(town.live, left_over)
    await chat(town, BURIED)
    pass_time(own_rig, town)
    books.change(own_rig.database, f"UPDATE live_boards SET replaced_id = {left_over.id}")
    await own_rig.start_bot()
    new = await moved(own_rig, town, old)
    await own_rig.stop_bot()

    assert left_over.deleted
    assert new.id > left_over.id
    assert books.only_value(own_rig.database, "SELECT replaced_id FROM live_boards") is None
