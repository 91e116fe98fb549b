"""Messages that an earlier version posted as embeds go on as embeds, and new ones are layouts."""

from sandbox.discord.limits.components import ROW
from sandbox.discord.model import Message
from sandbox.discord.model.message import COMPONENTS_V2, walk
from tests import books
from tests.bot.test_boards import board, on_air
from tests.rig import Rig, Town, until


def make_embed(message: Message) -> None:
    """Make a layout what it would have been before there were layouts."""
    message.flags &= ~COMPONENTS_V2
    message.components, message.embeds = [], [{"type": "rich", "description": "as it was"}]


async def give_on(town: Town, message: Message, gift: str) -> None:
    """Have Mia send a gift on a message."""
    link = f"https://discord.com/channels/{town.guild.id}/{town.general.id}/{message.id}"
    await town.give(town.mia, gift, town.noor, link=link)


async def test_the_card_of_a_match_is_edited_in_the_form_in_which_it_was_posted(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await on_air(town)
    await town.approve(town.kai)
    await town.allow_matches()
    await (await town.noor.at(town.live).slash("live match", opponent=town.kai.user)).message()
    card = await town.announced(town.live, "invites")
    assert card.flags & COMPONENTS_V2
    buttons = [part for part in walk(card.components) if part["type"] == ROW]
    make_embed(card)
    card.components = buttons
    books.change(own_rig.database, "UPDATE match_invitations SET is_layout = 0")
    await (await town.kai.at(town.live).click(card, "Accept the invitation")).wait_for_answer()
    running = card.embeds[0]["description"]
    await town.end_live(town.noor.at(town.live))

    async def is_over() -> bool:
        return "was called off" in card.text

    await until(is_over)
    await own_rig.stop_bot()

    assert "** vs. **" in running
    assert not card.flags & COMPONENTS_V2
    assert card.components == []


async def test_a_message_is_edited_in_the_form_in_which_it_was_posted(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await on_air(town, goal=100)
    live_board = await board(own_rig, town)
    song = await town.noor.at(town.general).say("a song")
    await give_on(town, song, "Petal")
    totals = await town.announced(town.general, "From")
    await own_rig.stop_bot()
    for message in (live_board, totals):
        assert message.flags & COMPONENTS_V2
        make_embed(message)
    for table in ("live_boards", "announcements"):
        books.change(own_rig.database, f"UPDATE {table} SET is_layout = 0")
    await own_rig.start_bot()
    await give_on(town, song, "Clover")

    async def are_both_edited() -> bool:
        return "**21** of" in live_board.text and "🍀 **\u2068Clover\u2069**" in totals.text

    await until(are_both_edited)
    await own_rig.stop_bot()

    for message in (live_board, totals):
        assert not message.flags & COMPONENTS_V2
    assert (
        totals.embeds[0]["description"]
        == f"🍀 **\u2068Clover\u2069** · 🌸 **\u2068Petal\u2069**\nFrom <@{town.mia.user.id}>"
    )
    assert "**21** of 🪙\xa0100 · 21%" in live_board.embeds[0]["description"]
    assert live_board.embeds[0]["image"]["description"] == "Goal: 21%"


async def test_a_question_that_was_posted_as_an_embed_keeps_its_form_and_the_reason_that_stands_in_it(
    town: Town,
) -> None:
    await town.grant(town.mia, 100)
    panel = await (await town.sam.slash("coins reverse", receipt=1, reason="a test")).message()
    assert panel.flags & COMPONENTS_V2
    buttons = [part for part in walk(panel.components) if part["type"] == ROW]
    make_embed(panel)
    panel.components = buttons
    panel.embeds[0]["fields"] = [{"name": "Reason", "value": "> sent \\*twice\\*"}]
    receipt = await (await town.sam.click(panel, "Reverse receipt #1")).message()

    assert not receipt.flags & COMPONENTS_V2
    assert r"sent \*twice\*" in receipt.embeds[0]["fields"][-1]["value"]
