"""Menus on messages: other boards and periods, other topics, and switches in place of options to type."""

import pytest

from sandbox.discord.filling import find_command
from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.rig import Rig, Town
from tests.ui.test_panels import component, pressed


async def choose(person: Person, message: Message, menu: str, label: str) -> Message:
    return await (await person.select(message, component(message, menu)["custom_id"], label)).message()


def chosen(message: Message, menu: str) -> str:
    return next(option["label"] for option in component(message, menu)["options"] if option.get("default"))


def links(message: Message) -> dict[str, str]:
    return {part["label"]: part["url"] for part in walk(message.components) if "url" in part}


async def test_board_and_period_change_on_the_message_of_whoever_asked(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    await town.give(town.mia, "Clover", town.noor)
    board = await (await town.mia.slash("leaderboard")).message()
    assert (chosen(board, "board-board"), chosen(board, "board-period")) == ("Top gifters", "This week")

    creators = await choose(town.mia, board, "board-board", "Top creators")
    assert creators is board
    assert f"<@{town.noor.user.id}>" in board.text
    await choose(town.mia, board, "board-period", "Today")

    assert "Top creators · Today" in board.text
    assert (chosen(board, "board-board"), chosen(board, "board-period")) == ("Top creators", "Today")


async def test_others_get_a_copy_of_their_own_which_they_change_from_then_on(town: Town) -> None:
    town.forbid_files()
    board = await (await town.mia.slash("leaderboard")).message()
    text = board.text

    copy = await choose(town.leo, board, "board-period", "All time")
    second_copy = await choose(town.leo, copy, "board-board", "Most sent gifts")

    assert copy is not board
    assert copy is second_copy
    assert copy.ephemeral_for == town.leo.user.id
    assert "Most sent gifts · All time" in copy.text
    assert board.text == text


async def test_the_fans_of_a_creator_stay_while_the_period_changes_and_go_with_another_board(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor)
    board = await (await town.mia.slash("leaderboard", creator=town.noor.user, period="week")).message()

    await choose(town.mia, board, "board-period", "All time")
    assert "Fans of" in board.text
    await choose(town.mia, board, "board-board", "Top creators")

    assert "Fans of" not in board.text


async def test_another_board_of_one_creator_says_that_it_shows_their_gifters(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor)

    other = await (await town.mia.slash("leaderboard", creator=town.noor.user, board="gifts")).message()
    gifters = await (await town.mia.slash("leaderboard", creator=town.noor.user, board="gifters")).message()

    assert "I only have top gifters" in other.text
    assert "Fans of" in other.text
    assert "I only have" not in gifters.text


async def test_a_live_board_where_nobody_was_live_is_refused_and_the_board_stays(town: Town) -> None:
    board = await (await town.mia.slash("leaderboard", period="week")).message()

    refusal = await choose(town.mia, board, "board-period", "Live event")

    assert refusal is not board
    assert "live" in refusal.text
    assert chosen(board, "board-period") == "This week"


async def test_help_turns_to_another_topic_and_its_commands_can_be_pressed(rig: Rig, town: Town) -> None:
    page = await (await town.mia.slash("help")).message()
    ids = {name: find_command(rig.world, town.general, name, 1)["id"] for name in ("buy", "live")}
    assert f"</buy:{ids['buy']}>" in page.text

    await choose(town.mia, page, "help-topic", "For creators")

    assert chosen(page, "help-topic") == "For creators"
    assert f"</live start:{ids['live']}>" in page.text
    assert "who your top fans are" in page.text


async def test_help_tells_whoever_manages_the_server_where_to_begin(town: Town) -> None:
    owner, member = [await (await person.slash("help")).message() for person in (town.olive, town.mia)]

    assert "You manage this server: pick *For moderators: setting up*" in owner.text
    assert "You manage this server" not in member.text


async def test_help_is_searched_by_words_and_says_what_to_do_now(town: Town) -> None:
    topics = await town.mia.autocomplete("help", "topic", topic="")
    lines = await town.mia.autocomplete("help", "topic", topic="friend")

    page = await (await town.mia.slash("help", topic=lines[0]["value"])).message()
    typed = await (await town.mia.slash("help", topic="chargeback submarine")).message()

    assert [topic["name"] for topic in topics][:3] == ["Getting started", "Sending gifts", "Buying coins"]
    assert lines[0]["name"] == "Can I give coins to a friend? No. Coins are for gifts to creators."
    assert page.text.split("\n\n")[0].endswith("**Can I give coins to a friend?** No. Coins are for gifts to creators.")
    assert "anything about “\u2068chargeback submarine\u2069”" in typed.text
    await choose(town.mia, typed, "help-topic", "Refunds and withdrawal")
    assert "For 14 days after you paid" in typed.text


async def test_commands_can_still_be_pressed_after_a_restart_and_help_leads_to_the_operators_own_pages(
    own_rig: Rig,
) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    first_page = await (await town.mia.slash("help")).message()
    await own_rig.stop_bot()
    await own_rig.start_bot(PRIVACY_URL="https://example.org/privacy", TERMS_URL="https://example.org/terms")

    page = await (await town.mia.slash("help")).message()

    assert "</buy:" in page.text
    assert links(first_page) == {}
    assert links(page) == {"Privacy notice": "https://example.org/privacy", "Terms": "https://example.org/terms"}


@pytest.mark.parametrize(
    ("switch", "then", "back", "before"),
    [
        ("Turn pings off", "I never ping you", "Turn pings on", "I only ping you if"),
        ("Hide me", "You're hidden", "Show me", "You're shown"),
        ("Hide amounts", "Amounts are hidden", "Show amounts", "Amounts are shown"),
        ("Gift anonymously", "You gift anonymously", "Show my name", "You gift under your name"),
        ("Quiet, please", "It's quiet for you", "Join in", "You're part of the show"),
    ],
)
async def test_each_choice_of_privacy_is_a_switch(town: Town, switch: str, then: str, back: str, before: str) -> None:
    choices = await (await town.noor.slash("privacy settings")).message()
    assert before in choices.text
    await pressed(town.noor, choices, switch)
    assert then in choices.text
    assert before not in choices.text

    await pressed(town.noor, choices, back)

    assert before in choices.text
    assert then not in choices.text
