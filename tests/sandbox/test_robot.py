"""An unmodified discord.py bot on the local Discord, as people use it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import discord
import pytest
from aiohttp import ClientSession

from sandbox.discord.people import Person, Refused
from sandbox.discord.server import DiscordServer
from sandbox.discord.world import World
from tests.openapi import OpenApi
from tests.sandbox.robot import Robot, running
from tests.sandbox.wire import Place


@pytest.fixture(scope="session")
async def stand(http: ClientSession, openapi_if_any: OpenApi | None) -> AsyncIterator[tuple[Place, Robot]]:
    """One robot for all tests here. At the end all requests and responses are checked against the API description."""
    world = World()
    server = DiscordServer(world)
    await server.start()
    place = Place(world, server, http)
    world.update_role(next(role for role in place.guild.roles.values() if role.managed_by), permissions=8)
    async with running(server) as robot:
        yield place, robot
    await server.stop()
    if openapi_if_any is not None:
        assert openapi_if_any.check_all(world) == []
    assert {record.status for record in world.requests if record.status >= 400} <= {404, 429}


@pytest.fixture
def bot(stand: tuple[Place, Robot]) -> Robot:
    return stand[1]


@pytest.fixture
def venue(stand: tuple[Place, Robot]) -> Place:
    """The place, with a separate channel for each test."""
    place = stand[0]
    place.channel = place.world.add_channel(place.guild, "general")
    return place


@pytest.fixture
def mia(venue: Place) -> Person:
    return venue.person(venue.mia)


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds, at most a minute."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for happens inside discord.py
            await asyncio.sleep(0.005)


async def test_a_slash_command_is_answered_privately(venue: Place, mia: Person) -> None:
    message = await (await mia.slash("hello", to=venue.noah, times=3)).message()

    assert (message.text, message.ephemeral_for) == ("hello noah ×3", venue.mia.id)


async def test_a_deferred_command_ends_with_its_edit_and_follow_up(mia: Person) -> None:
    exchange = await mia.slash("later", item="rose")

    message = await exchange.message()
    await until(lambda: exchange.followups)

    assert message.text == "sent rose"
    assert exchange.followups[0].text == "and announced"


async def test_an_option_completes_while_it_is_typed(mia: Person) -> None:
    assert await mia.autocomplete("later", "item", item="roc") == [{"name": "Rocket", "value": "rocket"}]


async def test_a_subcommand_hides_from_those_without_the_right(venue: Place, mia: Person) -> None:
    message = await (await venue.person(venue.owner).slash("live start", title="Show")).message()

    with pytest.raises(Refused):
        await mia.slash("live start", title="Show")
    assert message.text == "live: Show"


async def test_menus_reach_messages_and_users(venue: Place, mia: Person) -> None:
    message = await venue.person(venue.noah).say("What a show!")

    on_message = await (await mia.message_menu("Gift this message", message)).message()
    on_user = await (await mia.user_menu("Send a gift", venue.noah)).message()

    assert (on_message.text, on_user.text) == ("gift for 'What a show!'", "gift for noah")


async def test_a_button_opens_a_modal_that_changes_the_message(mia: Person) -> None:
    panel = await (await mia.slash("panel")).message()
    modal = await (await mia.click(panel, "Note")).modal()

    message = await (await mia.submit(modal, Words="thank you", Item="Rose")).message()

    assert (modal.title, message) == ("A note", panel)
    assert panel.content == "noted thank you ['Rose']"


async def test_every_kind_of_select_reaches_the_bot(venue: Place, mia: Person) -> None:
    panel = await (await mia.slash("panel")).message()
    role = venue.world.add_role(venue.guild, "fans")

    gift = await (await mia.select(panel, "Gift", "Rose")).message()
    texts = [gift.text]
    for name, value in (("User", venue.noah), ("Role", role), ("Channel", venue.channel)):
        texts.append((await (await mia.select(panel, name, value)).message()).content)

    assert texts == ["gift Rose", "user noah", "role fans", "channel general"]
    assert gift.ephemeral_for == venue.mia.id


async def test_pictures_arrive_in_embeds_and_layouts(mia: Person) -> None:
    embed = await (await mia.slash("show", kind="Embed")).message()
    layout = await (await mia.slash("show", kind="Layout")).message()

    assert (embed.embeds[0]["image"]["width"], embed.embeds[0]["image"]["height"]) == (64, 32)
    assert layout.text == "# Show\n37 gifts\nThe top three\nPay"
    assert layout.attachments[0].description == "A picture"


async def test_a_panel_that_changes_by_itself_can_be_watched(mia: Person) -> None:
    exchange = await mia.slash("count")

    message = await exchange.updated(lambda message: message.content == "3")

    assert message.ephemeral_for == mia.user.id


async def test_messages_are_sent_edited_pinned_and_reacted_to(venue: Place, bot: Robot) -> None:
    await until(lambda: bot.get_channel(venue.channel.id))
    channel = bot.get_channel(venue.channel.id)
    assert isinstance(channel, discord.TextChannel)

    message = await channel.send("board", nonce="board-1")
    await message.edit(content="board 2", embed=discord.Embed(title="Top three"))
    await message.pin()
    await message.add_reaction("🌹")
    reply = await message.reply("and on")
    copy = await channel.fetch_message(message.id)
    pins = [pin.id async for pin in channel.pins()]
    history = [entry.id async for entry in channel.history(limit=5)]
    await message.unpin()
    await message.remove_reaction("🌹", bot.user or message.author)
    await reply.delete()

    assert (copy.content, copy.reactions[0].count, pins) == ("board 2", 1, [message.id])
    assert (history[0], history[-1]) == (reply.id, message.id)
    assert [entry.text for entry in venue.world.messages(venue.channel.id)] == ["board 2\nTop three", ""]


async def test_members_roles_and_direct_messages_work(venue: Place, bot: Robot) -> None:
    role = venue.world.add_role(venue.guild, "fans")
    await until(lambda: (guild := bot.get_guild(venue.guild.id)) and guild.get_role(role.id))
    guild = bot.get_guild(venue.guild.id)
    assert guild is not None

    member = await guild.fetch_member(venue.mia.id)
    await member.add_roles(discord.Object(role.id), reason="fan club")
    role_ids = list(venue.guild.members[venue.mia.id].roles)
    await member.remove_roles(discord.Object(role.id))
    dm = await member.send("a receipt")
    top_fan = await guild.create_role(name="Top fan", colour=discord.Colour.red())
    await top_fan.edit(name="Best fan")
    await top_fan.delete()

    assert role_ids == [role.id]
    assert [entry.text for entry in venue.world.messages(dm.channel.id)] == ["a receipt"]
    with pytest.raises(discord.NotFound, match="10007"):
        await guild.fetch_member(venue.world.add_user("stranger").id)


async def test_scheduled_events_and_stages_work(venue: Place, bot: Robot) -> None:
    channel = venue.world.add_channel(venue.guild, "show", kind="stage")
    await until(lambda: bot.get_channel(channel.id))
    guild, stage = bot.get_guild(venue.guild.id), bot.get_channel(channel.id)
    assert guild is not None
    assert isinstance(stage, discord.StageChannel)

    event = await guild.create_scheduled_event(
        name="Show",
        start_time=discord.utils.utcnow() + timedelta(hours=1),
        channel=stage,
        privacy_level=discord.PrivacyLevel.guild_only,
    )
    running_event = await event.start()
    instance = await stage.fetch_instance()
    await instance.edit(topic="Good evening")
    finished_event = await running_event.end()
    rehearsal = await stage.create_instance(topic="Rehearsal")
    await rehearsal.delete()

    assert (running_event.status, finished_event.status) == (discord.EventStatus.active, discord.EventStatus.completed)
    assert (instance.scheduled_event_id, rehearsal.scheduled_event_id) == (event.id, None)
    assert {"GUILD_SCHEDULED_EVENT_CREATE", "STAGE_INSTANCE_CREATE", "STAGE_INSTANCE_DELETE"} <= set(bot.event_names)


async def test_purchases_are_heard_listed_and_consumed(venue: Place, bot: Robot) -> None:
    sku = venue.world.add_sku("Coins", price_minor=99)
    purchase = venue.world.buy(venue.mia, sku)
    await until(lambda: "ENTITLEMENT_CREATE" in bot.event_names)

    skus = [product.id for product in await bot.fetch_skus()]
    listed = [entitlement async for entitlement in bot.entitlements(user=discord.Object(venue.mia.id))]
    await listed[0].consume()

    assert (skus, [entitlement.id for entitlement in listed]) == ([sku.id], [purchase.id])
    assert purchase.consumed


async def test_a_rate_limited_bot_waits_and_gets_through(venue: Place, bot: Robot) -> None:
    await until(lambda: bot.get_channel(venue.channel.id))
    channel = bot.get_channel(venue.channel.id)
    assert isinstance(channel, discord.TextChannel)
    venue.world.faults.rate_limit("POST", rf"/channels/{venue.channel.id}/messages", retry_after=0.05)

    await channel.send("after all")

    assert [message.text for message in venue.world.messages(venue.channel.id)] == ["after all"]


async def test_a_bot_resumes_after_a_cut_and_misses_nothing(venue: Place, mia: Person) -> None:
    gateway = venue.server.gateway
    resumes = gateway.resumes
    await venue.server.drop_gateway(code=4000)
    await until(lambda: not gateway.connections)

    exchange = await mia.slash("hello", to=venue.noah)

    assert (await exchange.message(timeout=10)).text == "hello noah ×1"
    assert gateway.resumes == resumes + 1


async def test_a_bot_comes_back_when_it_is_asked_to(venue: Place, mia: Person) -> None:
    resumes = venue.server.gateway.resumes

    await venue.server.ask_reconnect()
    await until(lambda: venue.server.gateway.resumes > resumes)

    assert (await (await mia.slash("hello", to=venue.noah)).message()).text == "hello noah ×1"
