"""Pictures on replies over the wire: they arrive with descriptions, follow their panel, and give way to text."""

from typing import Any

from sandbox.discord.exchange import wait_for
from sandbox.discord.model import Attachment, Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.bot.picking import pressable
from tests.rig import Rig, Town, until

PNG = b"\x89PNG\r\n\x1a\n"


def picture(message: Message) -> Attachment:
    """Return the only picture of a message, after checking that its only gallery shows it."""
    (attachment,) = message.attachments
    assert attachment.data.startswith(PNG)
    (item,) = [item for part in walk(message.components) for item in part.get("items", [])]
    assert (item["media"]["url"], item["description"]) == (attachment.url, attachment.description)
    return attachment


def alt(message: Message) -> str:
    """Return the description of a message's picture."""
    return picture(message).description or ""


def words(message: Message) -> str:
    """Return what a message says beside its picture."""
    return "\n".join(part["content"] for part in walk(message.components) if "content" in part)


def menu(message: Message) -> dict[str, Any]:
    """Return the menu of a panel."""
    return next(item for item in walk(message.components) if "options" in item)


def tiers(message: Message) -> dict[str, str]:
    """Return the tiers that the menu offers, each with its description."""
    return {option["label"]: option["description"] for option in menu(message)["options"]}


def is_drawn(message: Message, fragment: str) -> bool:
    """Whether the description of a message's picture contains `fragment`."""
    return any(fragment in (attachment.description or "") for attachment in message.attachments)


async def shelf(person: Person) -> Message:
    """Open the catalogue until it comes as a picture.

    A picture that is not drawn in time is replaced by text, and is ready for the next request.
    """

    async def open_drawn() -> Message | None:
        panel = await (await person.slash("gifts")).message()
        return panel if panel.attachments else None

    panel = await until(open_drawn)
    assert panel is not None
    return panel


async def choose_tier(person: Person, message: Message, label: str) -> str:
    """Choose a tier, wait until its shelf is shown as a picture, and return the picture's description."""

    async def is_shelf_drawn() -> bool:
        await (await person.select(message, menu(message)["custom_id"], label)).wait_for_answer()
        await wait_for(message, lambda: label in message.text or is_drawn(message, label))
        return is_drawn(message, label)

    await until(is_shelf_drawn)
    return alt(message)


async def press_button(person: Person, message: Message, label: str, fragment: str) -> str:
    """Press a button, wait until the picture's description contains `fragment`, and return the description."""
    await (await person.click(message, label)).wait_for_answer()
    await wait_for(message, lambda: is_drawn(message, fragment))
    return alt(message)


async def fill_boards(town: Town) -> None:
    """Have Mia give Noor more than Leo does."""
    await town.approve(town.noor)
    for person, gift in ((town.mia, "Cupcake"), (town.leo, "Clover")):
        await town.grant(person, 100)
        await town.give(person, gift, town.noor)


async def test_a_leaderboard_is_a_picture_and_its_title_and_places_are_not_said_twice(town: Town) -> None:
    await fill_boards(town)
    board = await (await town.leo.slash("leaderboard", creator=town.noor.user, period="all")).message()

    assert alt(board) == "Leaderboard: 🏆 Top gifters · All time · Fans of Noor: 1. Mia 🪙\xa049, 2. Leo 🪙\xa020"
    assert picture(board).filename == "leaderboard.png"
    assert "## " not in board.text
    assert str(town.mia.user.id) not in board.text


async def test_a_leaderboard_of_gifts_names_them(town: Town) -> None:
    await fill_boards(town)
    board = await (await town.leo.slash("leaderboard", board="gifts", period="today")).message()

    assert "1. Cupcake × 1, 2. Clover × 1" in alt(board)


async def test_who_left_is_on_no_picture(rig: Rig, town: Town) -> None:
    await fill_boards(town)
    rig.world.leave(town.guild, town.mia.user)
    board = await (await town.leo.slash("leaderboard", period="all")).message()

    assert alt(board).endswith(": 1. Leo 🪙\xa020")


async def test_the_own_place_stands_on_the_picture_of_every_page(rig: Rig) -> None:
    town = await rig.found_town(members=11)
    await town.approve(town.noor)
    for number, member in enumerate(town.crowd, start=1):
        await town.grant(member, number)
        await town.give(member, "Petal", town.noor, count=number)
    last = town.crowd[0]
    board = await (await last.slash("leaderboard", period="all")).message()
    first = alt(board)
    second = await press_button(last, board, "Next", ": 11.")

    assert first.endswith(f", 11. {last.user.name} 🪙\xa01")
    assert second.endswith(f": 11. {last.user.name} 🪙\xa01")


async def test_an_empty_leaderboard_needs_no_picture(town: Town) -> None:
    board = await (await town.leo.slash("leaderboard", period="all")).message()

    assert board.attachments == []
    assert "No gifts yet" in board.text


async def test_gifts_are_shown_shelf_by_shelf_with_their_prices(town: Town) -> None:
    panel = await shelf(town.mia)
    small = alt(panel)
    legendary = await choose_tier(town.mia, panel, "Legendary gifts")

    assert panel.ephemeral_for == town.mia.user.id
    assert small.startswith("Gifts: 🌱 Small gifts · 6 gifts: Petal 🪙\xa01 ≈\xa0$0.01")
    assert "Paper Crane 🪙\xa099 ≈\xa0$1.40" in small  # 99 coins at 0.99 for 70
    assert "Milky Way 🪙\xa044,999" in legendary
    assert "## " not in panel.text
    assert "Milky Way" not in words(panel)
    assert tiers(panel) == {
        "Small gifts": "6 gifts · 🪙\xa01–99",
        "Medium gifts": "5 gifts · 🪙\xa0149–699",
        "Large gifts": "3 gifts · 🪙\xa01,000–4,999",
        "Grand gifts": "2 gifts · 🪙\xa09,999–14,999",
        "Legendary gifts": "2 gifts · 🪙\xa029,999–44,999",
    }


async def test_a_shelf_of_more_than_nine_gifts_has_pages(town: Town) -> None:
    for number in range(4):
        await (await town.sam.slash("catalogue add", name=f"Tea {number}", emoji="🍵", price=99)).message()
    panel = await shelf(town.mia)
    first = alt(panel)
    second = await press_button(town.mia, panel, "Next", "Page 2 of 2")
    await choose_tier(town.mia, panel, "Medium gifts")

    assert "10 gifts · Page 1 of 2" in first
    assert second.count("🪙") == 1
    assert "Petal" not in second
    # The menus of tiers and gifts, without buttons.
    assert len(pressable(panel)) == 2


async def test_what_a_picture_does_not_show_is_said_beside_it(town: Town) -> None:
    await (await town.sam.slash("catalogue edit", item="Petal", live_only=True, stock=3)).message()
    panel = await shelf(town.mia)

    assert "live only" in panel.text
    assert "3 left" in panel.text
    assert "Spark" not in words(panel)


async def test_a_tier_without_gifts_is_not_offered(town: Town) -> None:
    for name in ("Comet", "Sky Castle"):
        await (await town.sam.slash("catalogue archive", item=name)).message()
    panel = await shelf(town.mia)

    assert "Grand gifts" not in tiers(panel)


async def test_a_panel_of_gifts_is_its_openers_alone(town: Town) -> None:
    panel = await shelf(town.mia)
    refusal = await town.leo.press(panel, menu(panel), ["1"]).message()

    assert refusal.ephemeral_for == town.leo.user.id
    assert "Small gifts" in alt(panel)


async def test_where_no_files_are_allowed_everything_is_said_in_words(town: Town) -> None:
    await fill_boards(town)
    town.forbid_files()
    board = await (await town.leo.slash("leaderboard", period="all")).message()
    panel = await (await town.mia.slash("gifts")).message()

    assert board.attachments == panel.attachments == []
    assert f"🥇 <@{town.mia.user.id}>" in board.text
    assert "Paper Crane" in panel.text
    assert "≈\xa0$1.40" in panel.text


async def test_an_answer_in_words_takes_the_picture_of_the_one_before_away(town: Town) -> None:
    panel = await shelf(town.mia)
    first_picture = picture(panel)
    town.forbid_files()
    await (await town.mia.select(panel, menu(panel)["custom_id"], "Grand gifts")).wait_for_answer()

    assert first_picture not in panel.attachments
    assert panel.attachments == []
    assert "Comet" in panel.text
    assert not any("items" in part for part in walk(panel.components))


async def test_a_german_member_has_german_on_the_picture(town: Town) -> None:
    town.mia.user.locale = "de"
    panel = await shelf(town.mia)

    assert alt(panel).startswith("Geschenke: 🌱 Kleine Geschenke · 6 Geschenke")


async def test_a_name_that_cannot_be_drawn_takes_the_picture_from_nobody(rig: Rig, town: Town) -> None:
    user = rig.world.add_user(f"bismillah{town.guild.id}", display_name="\ufdfd")
    rig.world.join(town.guild, user)
    fan = Person(rig.world, user, town.general)
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    for member in (fan, town.mia):
        await town.grant(member, 100)
        await town.give(member, "Clover", town.noor)

    async def open_drawn() -> Message | None:
        board = await (await town.leo.slash("leaderboard", period="all")).message()
        return board if board.attachments else None

    board = await until(open_drawn)
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "Thank you all!")

    assert board is not None
    for message in (board, recap):
        assert "\ufdfd" in alt(message)
        assert "Mia" in alt(message)
