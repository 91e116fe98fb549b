"""Claims of the article that started the project that no single command covers: they follow from several."""

from typing import Any

from sandbox.discord.model import Message
from tests import books
from tests.bot.test_chipping_in import says
from tests.rig import Rig, Town

USER, INTEGER, SUBCOMMAND = 6, 4, (1, 2)
"""Types of options in Discord's description of a command."""


def words_of(message: Message) -> str:
    """Return the texts of a message and of its pictures."""
    return "\n".join([message.text, *(file.description or "" for file in message.attachments)])


async def test_a_creators_profile_can_be_shown_to_anybody_and_says_what_they_stand_for(rig: Rig, town: Town) -> None:
    """S35: recognition that opens doors needs a card that a partner can be shown, and that nobody can talk up."""
    await town.approve(town.noor)
    for fan in (town.mia, town.leo, town.kai):
        await town.grant(fan, 100)
    await town.give(town.mia, "Warm Heart", town.noor, count=4)
    await town.give(town.leo, "Petal", town.noor)
    await town.give(town.kai, "Petal", town.noor, anonymous=True)

    card = await (await town.olive.slash("profile", member=town.noor.user)).message()
    refusal = await (await town.olive.at(town.live).slash("creator stats", creator=town.noor.user)).message()
    own = await (await town.noor.slash("creator stats", period="All time")).message()
    file = await (await town.noor.click(own, "Download as CSV")).message()
    books_of = await (await town.sam.slash("coins reverse", receipt=5, reason="by mistake")).message()
    await (await town.sam.click(books_of, "Reverse receipt #5")).message()
    later = await (await town.olive.slash("profile", member=town.noor.user)).message()
    town.forbid_files()
    plain = await (await town.olive.slash("profile", member=town.noor.user)).message()

    assert card.ephemeral_for is None
    assert card.attachments[0].filename == "profile.png"
    assert "💗 2 Gifters" in words_of(card)
    assert "What creators earn" in card.text
    assert "💎\xa0" not in words_of(card)
    assert refusal.ephemeral_for == town.olive.user.id
    assert own.ephemeral_for == town.noor.user.id
    assert own.attachments[0].filename == "stats.png"
    assert "42 Coins, 6 Gifts, 2 Gifters" in words_of(own)
    assert str(town.kai.user.id) not in words_of(own) + file.attachments[0].data.decode()
    assert "💗 1 Gifter" in words_of(later)
    assert "💗 1 gifter" in plain.text


async def test_a_profile_leads_to_creators_and_to_gifts_that_several_members_make_together(
    rig: Rig, town: Town
) -> None:
    """S37: whoever is seen supporting somebody brings them others, and they do things together."""
    await town.approve(town.noor, town.kai)
    for member in (town.mia, town.leo):
        await town.grant(member, 800)
    await town.give(town.mia, "Warm Heart", town.noor, count=3)

    profile = await (await town.leo.slash("profile", member=town.mia.user)).message()
    before = await (await town.leo.slash("profile", member=town.noor.user)).message()
    await town.give(town.leo, "Warm Heart", town.noor)
    after = await (await town.leo.slash("profile", member=town.noor.user)).message()
    await (await town.mia.slash("chip-in", gift="Rosette", creator=town.noor.user, coins=500)).message()
    await (await town.leo.slash("gift-team", gift="Music Box", creator=town.noor.user, second=town.kai.user)).message()
    pool = await town.announced(town.general, "Let's send")
    for _ in range(2):
        await (await town.leo.click(pool, "Chip in 🪙\xa0250")).message()
    await says(pool, "Sent together")
    fans_of_noor = await (await town.mia.slash("leaderboard", creator=town.noor.user, period="All time")).message()

    assert profile.ephemeral_for is None
    assert "Favourite creators: Noor 🪙\xa030" in words_of(profile)
    assert f"<@{town.noor.user.id}> · Level" in profile.text
    assert "💗 1 Gifter" in words_of(before)
    assert "💗 2 Gifters" in words_of(after)
    assert f"<@{town.mia.user.id}>" in pool.text
    assert f"<@{town.leo.user.id}>" in pool.text
    assert "Mia" in words_of(fans_of_noor)
    assert "Leo" in words_of(fans_of_noor)


def takes_coins_and_a_member(options: list[dict[str, Any]]) -> bool:
    """Whether a command asks for a member and for a number of coins."""
    types = {(option["type"], option["name"]) for option in options}
    return any(kind == USER for kind, _ in types) and bool({(INTEGER, "coins"), (INTEGER, "amount")} & types)


def commands_of(commands: list[dict[str, Any]], parent: str = "") -> dict[str, list[dict[str, Any]]]:
    """Return the options of every command, by its full name."""
    options_by_name: dict[str, list[dict[str, Any]]] = {}
    for command in commands:
        name, options = f"{parent} {command['name']}".strip(), command.get("options", [])
        groups = [option for option in options if option["type"] in SUBCOMMAND]
        options_by_name |= commands_of(groups, name) if groups else {name: options}
    return options_by_name


async def test_no_member_can_hand_coins_to_another(rig: Rig, town: Town) -> None:
    """S46: coins cannot be transferred. The two commands that take a member and coins give none of one's own away."""
    commands = commands_of([command for command in rig.world.commands if command.get("type", 1) == 1])
    await town.grant(town.mia, 500)

    refusals = [
        await (await town.mia.slash("chip-in", gift="Rosette", creator=town.leo.user, coins=100)).message(),
        await town.give(town.mia, "Petal", town.leo),
        await town.give(town.mia, "Petal", town.mia),
        await (
            await town.mia.slash("coins grant", raw=True, member=town.leo.user, amount=100, reason="for you")
        ).message(),
        await (await town.mia.slash("chest", raw=True, amount=100, shares=2)).message(),
    ]
    help_page = await (await town.mia.slash("help")).message()

    assert {name for name, options in commands.items() if takes_coins_and_a_member(options)} == {
        "chip-in", "coins grant"
    }  # fmt: skip
    assert not {"pay", "transfer", "send-coins", "tip", "give"} & {name.split()[0] for name in commands}
    assert all(refusal.ephemeral_for == town.mia.user.id for refusal in refusals)
    assert "500" in await town.balance(town.mia)
    assert "# 🪙\xa00" in await town.balance(town.leo)
    assert books.rows(rig.database, "SELECT kind FROM journal WHERE guild_id = ?", town.guild.id) == [("grant",)]
    assert help_page.text
