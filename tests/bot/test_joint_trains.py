"""Two live events with a gift train each, over the wire: one train, one record, and badges for everyone who rode."""

from sandbox.discord.people import Person
from tests.bot.picking import part
from tests.bot.test_boards import board
from tests.rig import Rig, Town

KINDS = ("sqlite",)


async def test_trains_of_two_live_events_ride_together_and_leave_a_record_and_badges(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    for person in (town.mia, town.leo, town.sam):
        await town.grant(person, 5_000)
    await town.noor.at(town.live).slash("live start", title="Songs")
    await town.kai.at(town.general).slash("live start", title="Games")
    songs = await town.announced(town.live, "Be the first to send a gift!")
    await (await town.olive.click(songs, part(songs, "Hop on")["custom_id"])).message()
    for creator in (town.noor, town.kai):
        for person in (town.mia, town.leo, town.sam):
            await town.give(person, "Paper Crane", creator, count=3)
        await town.give(town.mia, "Paper Crane", creator, count=4)
    joint = await board(rig, town, "Joint gift train · level 2 of 5", "**292** of 🪙\xa0750")
    assert "rides along" in joint.text
    assert "A new record for this server!" in joint.text
    await town.announced(town.general, "Joint gift train · level 2 of 5")

    await town.end_live(town.noor.at(town.live))
    await town.end_live(town.kai.at(town.general))
    await town.noor.at(town.live).slash("live start", title="Again")
    await town.announced(town.live, "Record here: level 1 with 🪙\xa0792 coins")
    profile = await (await town.leo.slash("profile")).message()
    assert "Gift trains" in profile.text
    assert "Level 1 × **2**" in profile.text
    assert "Level 1 × **1**" in (await (await town.olive.slash("profile")).message()).text


async def test_a_board_whose_train_joins_late_shows_what_both_have_come_to_by_then(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai)
    for person in (town.mia, town.leo, town.sam):
        await town.grant(person, 5_000)
    await (await town.noor.at(town.live).slash("live start", title="Songs")).message()
    await on_the_rails(town, town.noor)
    await town.give(town.mia, "Paper Crane", town.noor, count=4)
    await town.announced(town.live, "Gift train · level 1 of 5")

    await (await town.kai.at(town.general).slash("live start", title="Games")).message()
    await town.give(town.mia, "Petal", town.kai)
    games = await town.announced(town.general, "Games")
    assert "Gift train" not in games.text
    await on_the_rails(town, town.kai)
    late = await town.announced(town.general, "Joint gift train · level 1 of 5")
    assert late.id == games.id
    assert "**396** of 🪙\xa0500" in late.text, late.text

    await town.give(town.leo, "Paper Crane", town.noor, count=3)
    await town.announced(town.general, "**193** of 🪙\xa0750")
    await town.announced(town.live, "**193** of 🪙\xa0750")


async def on_the_rails(town: Town, creator: Person) -> None:
    """Have three members start a gift train of a creator."""
    for person in (town.mia, town.leo, town.sam):
        await town.give(person, "Paper Crane", creator, count=3)
