"""Channels that refuse messages: they are retried and reported to staff, and every missed gift is announced later."""

from collections.abc import Generator
from contextlib import contextmanager

from bot.domain.channel_refusals import LONGEST_PAUSE_MS
from sandbox.discord.model import Channel, Message
from sandbox.discord.permissions import Permissions
from tests import books
from tests.rig import Rig, Town, until

FAR_MS = 1 << 50
"""A time that is not reached during a test."""


def bot_texts(rig: Rig, channel: Channel) -> list[str]:
    """Return the texts that the bot has posted in a channel."""
    return [message.text for message in rig.world.messages(channel.id) if message.author.bot]


def request_count(rig: Rig, channel: Channel, *methods: str) -> int:
    """Return how many requests the bot has made to a channel's messages, successful or not."""
    path = f"/channels/{channel.id}/messages"
    return sum(record.method in methods and record.path.startswith(path) for record in list(rig.world.requests))


async def wait_for_refusals(rig: Rig, channel: Channel, least: int = 1) -> None:
    """Wait until the books count at least `least` refusals of a channel."""
    query = "SELECT coalesce(max(refusals), 0) FROM broken_channels WHERE channel_id = ?"

    async def has_refused() -> bool:
        return books.only_value(rig.database, query, channel.id) >= least

    await until(has_refused)


async def wait_until_healed(rig: Rig, channel: Channel) -> None:
    """Wait until the books no longer list a channel as broken."""

    async def is_forgotten() -> bool:
        return (
            books.only_value(rig.database, "SELECT count(*) FROM broken_channels WHERE channel_id = ?", channel.id) == 0
        )

    await until(is_forgotten)


@contextmanager
def refusing(rig: Rig, channel: Channel, *, code: int = 50013, status: int = 403) -> Generator[None]:
    """Have Discord refuse the bot's posts and edits in a channel for the length of a block."""
    path = rf"^/channels/{channel.id}/messages(/\d+)?$"
    faults = [rig.world.faults.answer(verb, path, status, code=code, times=None) for verb in ("POST", "PATCH")]
    try:
        yield
    finally:
        for fault in faults:
            rig.world.faults.end(fault)


async def prepare(town: Town) -> None:
    """Set up a creator and a member with coins."""
    await town.approve(town.noor)
    await town.grant(town.mia, 10_000)


async def hear_notices_in(town: Town, channel: Channel) -> None:
    """Make a channel the system channel, to which Discord itself writes."""
    town.guild.system_channel_id = channel.id
    town.rig.world.set_unavailable(town.guild, True)
    town.rig.world.set_unavailable(town.guild, False)


async def test_a_refusal_that_passes_mutes_nobody_and_what_was_missed_is_one_message(rig: Rig, town: Town) -> None:
    await prepare(town)
    with refusing(rig, town.general):
        await town.give(town.mia, "Spark", town.noor, message="the first one")
        await wait_for_refusals(rig, town.general)
        for _ in range(2):
            await town.give(town.mia, "Clover", town.noor, message="and another")
    message = await town.announced(town.general, "3 gifts")
    await wait_until_healed(rig, town.general)

    assert bot_texts(rig, town.general) == [message.text]
    assert "45 coins" in message.text
    assert message.text.count("the first one") == 1
    assert message.text.count("and another") == 2


async def test_what_a_channel_refused_is_announced_after_a_kill(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await prepare(town)
    with refusing(own_rig, town.general):
        await town.give(town.mia, "Spark", town.noor)
        await wait_for_refusals(own_rig, town.general)
        for _ in range(2):
            await town.give(town.mia, "Clover", town.noor)
        await own_rig.kill_bot()
    await own_rig.start_bot()
    message = await town.announced(town.general, "3 gifts")
    await own_rig.stop_bot()

    assert "45 coins" in message.text
    assert bot_texts(own_rig, town.general) == [message.text]


async def test_a_refusal_is_believed_until_its_deadline_also_by_the_next_process(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await prepare(town)
    with refusing(own_rig, town.general):
        await town.give(town.mia, "Spark", town.noor)
        await wait_for_refusals(own_rig, town.general)
        await own_rig.kill_bot()
    books.change(own_rig.database, f"UPDATE broken_channels SET retry_ms = {FAR_MS}")
    books.change(own_rig.database, f"UPDATE deadlines SET at_ms = {FAR_MS} WHERE kind = 'channel_retry'")
    own_rig.world.requests.clear()
    await own_rig.start_bot()
    await town.give(town.mia, "Clover", town.noor)
    # Another channel works. By the time it gets its announcement, the bot has checked what waits for this one.
    await (await town.noor.at(town.live).slash("live start")).message()
    await town.give(town.mia, "Petal", town.noor)
    await town.announced(town.live, "Petal")
    count_before = request_count(own_rig, town.general, "POST", "PATCH")
    own_rig.world.set_permissions(town.general, own_rig.world.bot_user, allow=int(Permissions.SEND_MESSAGES))
    message = await town.announced(town.general, "2 gifts")
    await wait_until_healed(own_rig, town.general)
    await own_rig.stop_bot()

    assert count_before == 0
    assert "25 coins" in message.text


async def test_a_board_that_is_edited_heals_its_channel(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await prepare(town)
    await (await town.noor.at(town.live).slash("live start")).message()
    await town.announced(town.live, f"<@{town.noor.user.id}>")
    post = own_rig.world.faults.answer("POST", rf"^/channels/{town.live.id}/messages$", 403, code=50013, times=None)
    await town.give(town.mia, "Spark", town.noor)
    await wait_for_refusals(own_rig, town.live)
    await own_rig.kill_bot()
    own_rig.world.faults.end(post)
    books.change(own_rig.database, f"UPDATE broken_channels SET retry_ms = {FAR_MS}")
    books.change(own_rig.database, f"UPDATE deadlines SET at_ms = {FAR_MS} WHERE kind = 'channel_retry'")
    await own_rig.start_bot()
    await town.give(town.mia, "Clover", town.noor)
    message = await town.announced(town.live, "2 gifts")
    await wait_until_healed(own_rig, town.live)
    await own_rig.stop_bot()

    assert "25 coins" in message.text


async def test_a_channel_that_is_limited_for_long_gets_everything_in_the_end(rig: Rig, town: Town) -> None:
    await prepare(town)
    path = rf"^/channels/{town.general.id}/messages(/\d+)?$"
    limit = rig.world.faults.rate_limit("POST", path, retry_after=1, times=None)
    await town.give(town.mia, "Spark", town.noor)

    async def is_given_up() -> bool:
        return limit.struck >= 5

    await until(is_given_up)
    await town.give(town.mia, "Clover", town.noor)
    rig.world.faults.end(limit)
    await town.announced(town.general, "Clover")

    assert "Spark" in "".join(bot_texts(rig, town.general))
    assert books.rows(rig.database, "SELECT * FROM broken_channels WHERE channel_id = ?", town.general.id) == []


async def test_a_429_stills_the_channel_and_loses_nothing(rig: Rig, town: Town) -> None:
    await prepare(town)
    rig.world.faults.rate_limit("POST", f"/channels/{town.general.id}/messages", retry_after=1.5)
    await town.give(town.mia, "Spark", town.noor)
    await town.give(town.mia, "Clover", town.noor)
    await town.announced(town.general, "Clover")

    assert "Spark" in "".join(bot_texts(rig, town.general))
    assert request_count(rig, town.general, "POST") == 2


async def test_a_channel_that_is_closed_opens_with_its_permissions_and_tells_what_was_missed(
    rig: Rig, town: Town
) -> None:
    await prepare(town)
    rig.world.set_permissions(town.general, rig.world.bot_user, deny=int(Permissions.SEND_MESSAGES))
    receipt = await town.give(town.mia, "Spark", town.noor)
    await wait_for_refusals(rig, town.general)
    for _ in range(3):
        await town.give(town.mia, "Clover", town.noor)
    count_before = request_count(rig, town.general, "POST")
    rig.world.clear_permissions(town.general, rig.world.bot_user.id)
    message = await town.announced(town.general, "4 gifts")

    assert "Receipt #" in receipt.text
    assert count_before == 1
    assert "65 coins" in message.text


async def test_staff_hear_at_once_in_a_channel_that_works(rig: Rig, town: Town) -> None:
    await prepare(town)
    with refusing(rig, town.general):
        await town.give(town.mia, "Spark", town.noor)
        # The notice goes to the first channel that everybody sees, as this guild has no staff channel.
        notice = await town.announced(town.live, "aren't being announced")
        await town.give(town.mia, "Spark", town.noor)
        await wait_for_refusals(rig, town.general, least=2)
        await (await town.sam.slash("packages list")).message()
    await town.announced(town.general, "Spark")

    everywhere = [text for channel in (town.general, town.live, town.gifts) for text in bot_texts(rig, channel)]
    assert f"<#{town.general.id}>" in notice.text
    assert sum("aren't being announced" in text for text in everywhere) == 1
    assert not any("aren't being announced" in message.text for message in town.sam.messages if message.ephemeral_for)


async def test_what_concerns_staff_is_said_where_only_they_see_it(rig: Rig, town: Town) -> None:
    room = rig.world.add_channel(town.guild, "mods")
    everyone = town.guild.roles[town.guild.id]
    moderator = next(role for role in town.guild.roles.values() if role.name == "Moderator")
    rig.world.set_permissions(room, everyone, deny=int(Permissions.VIEW_CHANNEL))
    for target in (moderator, rig.world.bot_user):
        rig.world.set_permissions(room, target, allow=int(Permissions.VIEW_CHANNEL | Permissions.SEND_MESSAGES))
    await hear_notices_in(town, town.gifts)
    await prepare(town)
    with refusing(rig, town.general):
        await town.give(town.mia, "Spark", town.noor)
        notice = await town.announced(room, "aren't being announced")

    assert f"<#{town.general.id}>" in notice.text
    assert bot_texts(rig, town.gifts) == []


async def test_where_no_channel_works_staff_hear_with_their_next_command(rig: Rig, town: Town) -> None:
    await prepare(town)
    for channel in (town.general, town.live, town.gifts):
        rig.world.set_permissions(channel, rig.world.bot_user, deny=int(Permissions.SEND_MESSAGES))
    await town.give(town.mia, "Spark", town.noor)
    await wait_for_refusals(rig, town.general)

    async def find_notice() -> str:
        await (await town.sam.slash("packages list")).message()
        return next((text for m in town.sam.messages if "aren't being announced" in (text := m.text)), "")

    notice = await until(find_notice)
    await (await town.sam.slash("packages list")).message()

    assert f"<#{town.general.id}>" in notice
    assert sum("aren't being announced" in message.text for message in town.sam.messages) == 1


async def test_a_recap_waits_for_its_channel(rig: Rig, town: Town) -> None:
    await prepare(town)
    await (await town.noor.at(town.live).slash("live start")).message()
    await town.give(town.mia, "Clover", town.noor)
    await town.announced(town.live, "Clover")
    with refusing(rig, town.live):
        await town.end_live(town.noor.at(town.live))
        await wait_for_refusals(rig, town.live)
    await town.announced(town.live, "Thank you all!")


async def test_a_board_whose_channel_is_gone_is_given_up(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await prepare(town)
    await (await town.noor.at(town.live).slash("live start")).message()
    await town.announced(town.live, f"<@{town.noor.user.id}>")
    own_rig.world.delete_channel(town.live)
    await town.give(town.mia, "Clover", town.noor)

    async def is_closed() -> bool:
        return books.only_value(own_rig.database, "SELECT closed FROM live_boards") == 1

    await until(is_closed)
    own_rig.world.requests.clear()
    await own_rig.stop_bot()
    await own_rig.start_bot()
    # New gifts are still handled, and announced where that is possible.
    await town.give(town.mia, "Petal", town.noor)
    await (await town.sam.slash("settings")).message()
    await town.announced(town.general, "is gone")
    await own_rig.stop_bot()

    assert request_count(own_rig, town.live, "POST", "PATCH", "DELETE") == 0


async def test_a_board_in_a_channel_that_is_closed_to_us_waits_until_we_may_see_it(rig: Rig, town: Town) -> None:
    await prepare(town)
    await (await town.noor.at(town.live).slash("live start")).message()
    board: Message = await town.announced(town.live, f"<@{town.noor.user.id}>")
    rig.world.set_permissions(town.live, rig.world.bot_user, deny=int(Permissions.VIEW_CHANNEL))
    await town.give(town.mia, "Clover", town.noor)
    await wait_for_refusals(rig, town.live)
    count_before = request_count(rig, town.live, "POST", "PATCH")
    for _ in range(3):
        await town.give(town.mia, "Clover", town.noor)
    assert request_count(rig, town.live, "POST", "PATCH") == count_before
    query = "SELECT retry_ms - since_ms FROM broken_channels WHERE channel_id = ?"
    assert books.only_value(rig.database, query, town.live.id) > LONGEST_PAUSE_MS / 2
    rig.world.clear_permissions(town.live, rig.world.bot_user.id)

    async def is_up_to_date() -> bool:
        return "4 gifts" in board.text

    await until(is_up_to_date)
    await town.announced(town.live, "× 4")
