"""Below a recap: thanks, the next show, and one's place on the leaderboard are one press away."""

from sandbox.discord.model import Message
from tests.rig import Rig, Town
from tests.ui.test_panels import component, pressed


async def recap_of(town: Town) -> Message:
    """Have Noor's show with a goal run, get a gift of Mia's, and end; return the recap."""
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 500)
    await (await town.noor.at(town.live).slash("live start", title="Evening songs", goal=2_000)).message()
    await town.give(town.mia.at(town.live), "Clover", town.noor)
    await town.end_live(town.noor.at(town.live))
    return await town.announced(town.live, "'s live event is over")


async def test_a_creator_thanks_everyone_from_the_recap_and_only_once(town: Town) -> None:
    recap = await recap_of(town)
    noor = town.noor.at(town.live)
    text = recap.text

    assert "Creators earn 💎 from bought coins. Promo coins earn nothing." in text
    await pressed(noor, recap, "Thank everyone")
    thank_you = await town.announced(town.live, "thanks")
    second = await pressed(noor, recap, "Thank everyone")

    assert f"<@{town.mia.user.id}>" in thank_you.text
    assert "all caught up" in second.text
    assert recap.text == text


async def test_members_cannot_thank_or_go_live_from_a_recap_and_are_told_why(town: Town) -> None:
    recap = await recap_of(town)
    mia = town.mia.at(town.live)

    refusals = [await pressed(mia, recap, button) for button in ("Thank everyone", "Go live again")]

    assert all("creators" in refusal.text for refusal in refusals)
    assert all(refusal.ephemeral_for == town.mia.user.id for refusal in refusals)


async def test_the_next_show_begins_with_title_and_goal_of_the_last(town: Town) -> None:
    recap = await recap_of(town)
    noor = town.noor.at(town.live)
    form = await (await noor.click(recap, "Go live again")).modal()
    assert [field.get("value") for field in form.fields] == ["Evening songs", "2000"]

    await (await noor.submit(form)).message()

    # Until then the last board says that it is live, too.
    await town.announced(town.live, "This live event is over.")
    assert "**0** of 🪙\xa02,000" in (await town.announced(town.live, "🔴 \u2068Evening songs")).text


async def test_a_goal_that_is_no_number_is_refused_and_none_is_fine(town: Town) -> None:
    recap = await recap_of(town)
    noor = town.noor.at(town.live)
    form = await (await noor.click(recap, "Go live again")).modal()
    goal = form.fields[1]["custom_id"]

    refusal = await (await noor.submit(form, **{goal: "many"})).message()
    again = await (await noor.click(recap, "Go live again")).modal()
    answer = await (await noor.submit(again, **{again.fields[1]["custom_id"]: ""})).message()

    assert "whole number" in refusal.text
    assert "Evening songs" in answer.text
    assert "🎯" not in answer.text


async def test_anybody_opens_a_leaderboard_of_their_own_from_board_and_recap(rig: Rig, town: Town) -> None:
    town.forbid_files()
    recap = await recap_of(town)
    await (await town.kai.at(town.live).slash("live start")).message()
    board = await town.announced(town.live, "live")

    for message in (recap, board):
        leaderboard = await pressed(town.mia.at(town.live), message, "Leaderboard")
        assert leaderboard.ephemeral_for == town.mia.user.id
        assert component(leaderboard, "board-period")
