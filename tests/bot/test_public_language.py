"""The language that a guild chooses for what everybody sees. Whoever asks for themselves is answered in their own."""

from sandbox.discord.model import Message
from sandbox.discord.people import Person
from tests import books
from tests.bot.test_menus import choose, chosen
from tests.bot.test_pictures import alt
from tests.rig import Rig, Town


async def speak(staff: Person, language: str) -> Message:
    """Choose a language in the settings."""
    return await choose(staff, await (await staff.slash("settings")).message(), "settings-language", language)


async def test_everything_public_is_in_the_chosen_language_and_answers_are_in_the_readers_own(
    rig: Rig, town: Town
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    panel = await speak(town.sam, "Deutsch")
    receipt = await town.give(town.mia, "Clover", town.noor)
    announcement = await town.announced(town.general, "Clover")
    board = await (await town.mia.slash("leaderboard")).message()
    own_board = await choose(town.leo, board, "board-period", "Insgesamt")
    await (await town.noor.at(town.live).slash("live start", title="Show", goal=100)).message()
    live_board = await town.announced(town.live, "Show")

    assert chosen(panel, "settings-language") == "Deutsch"
    assert "Language of public messages" in panel.text
    assert "You have" in receipt.text
    assert "gesendet" in announcement.text
    assert chosen(board, "board-period") == "Diese Woche"
    assert alt(board).startswith("Rangliste: 🏆")
    assert (own_board.ephemeral_for, chosen(own_board, "board-period")) == (town.leo.user.id, "All time")
    assert "🪙\xa0100" in live_board.text
    assert "Geschenk senden" in str(live_board.components)
    assert books.only_value(rig.database, "SELECT language FROM guilds WHERE guild_id = ?", town.guild.id) == "de"


async def test_the_language_of_discord_is_the_default_and_comes_back(town: Town) -> None:
    before = await (await town.sam.slash("settings")).message()
    assert chosen(before, "settings-language") == "As set in Discord"
    await speak(town.sam, "Deutsch")
    panel = await speak(town.sam, "As set in Discord")
    board = await (await town.mia.slash("leaderboard")).message()

    assert chosen(panel, "settings-language") == "As set in Discord"
    assert chosen(board, "board-period") == "This week"


async def test_a_restarted_bot_knows_the_language_before_anybody_asks(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await speak(town.sam, "Deutsch")
    await own_rig.stop_bot()
    await own_rig.start_bot()
    board = await (await town.mia.slash("leaderboard")).message()
    await own_rig.stop_bot()

    assert chosen(board, "board-period") == "Diese Woche"
