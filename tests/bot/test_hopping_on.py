"""*Hop on* over the wire: the board says how many came, the profile has the streak, and pressing again is friendly."""

from tests import books
from tests.bot.picking import part
from tests.rig import Rig, Town


async def test_whoever_hops_on_attends_and_presses_again_for_nothing(town: Town) -> None:
    await town.approve(town.noor)
    await town.noor.at(town.live).slash("live start")
    board = await town.announced(town.live, "Be the first to send a gift!")
    hop_on = part(board, "Hop on")["custom_id"]

    first = await (await town.mia.click(board, hop_on)).message()
    again = await (await town.mia.click(board, hop_on)).message()
    own = await (await town.noor.click(board, hop_on)).message()

    assert first.ephemeral_for == town.mia.user.id
    assert "You're aboard!" in first.text
    assert "10 minutes of this live event" in first.text
    assert "aboard already" in again.text
    assert "on stage" in own.text
    await town.announced(town.live, "**1** member hopped on")
    profile = await (await town.mia.slash("profile")).message()
    assert "1 Week in a row" in str(profile.components)
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "Thank you all!")
    assert "**1** member hopped on" in recap.text
    late = await (await town.leo.click(board, hop_on)).message()
    assert "Nobody is live" in late.text


async def test_staff_give_promo_coins_to_those_who_attended_once_and_can_take_them_back(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.noor.at(town.live).slash("live start", title="Friday songs")
    board = await town.announced(town.live, "Be the first to send a gift!")
    for person in (town.mia, town.leo, town.sam):
        await (await person.click(board, part(board, "Hop on")["custom_id"])).message()
    (choice,) = await town.sam.autocomplete("coins grant-many", "live", live="frid")
    nothing = await (await town.sam.slash("coins grant-many")).message()
    no_amount = await (await town.sam.slash("coins grant-many", live=choice["value"])).message()
    capped = await (await town.sam.slash("coins grant-many", live=choice["value"], amount=25, most=9)).message()
    panel = await (await town.sam.slash("coins grant-many", live=choice["value"], amount=25)).message()
    preview = panel.text
    clicks = [await town.sam.click(panel, "Grant to 2 members") for _ in range(2)]
    answers = [await click.message() for click in clicks]

    assert "Friday songs" in choice["name"]
    assert "3 members attended" in choice["name"]
    assert "pick a live event with `live`" in nothing.text
    assert "how many coins each attendee gets" in no_amount.text
    assert "With a live event, everybody gets `amount`." in capped.text
    assert "**2** attendees get promo coins." in preview
    assert "In all: **🪙\xa050 coins**" in preview
    assert "1 attendee is left out" in preview
    assert ["**2** members got promo coins." in answer.text for answer in answers] == [True, True]
    assert books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id) == 1
    (batch,) = await town.sam.autocomplete("coins undo", "batch", batch="")
    question = await (await town.sam.slash("coins undo", batch=batch["value"], reason="wrong one")).message()
    undone = await (await town.sam.click(question, f"Reverse receipt #{batch['value']}")).message()
    assert "Taken back unspent: **🪙\xa050 coins**" in undone.text
