"""Over the wire: boards and balances that say what they count, and an end that is asked for once."""

from typing import Any

from sandbox.discord.people import Person
from tests.rig import Town


async def board(person: Person, **options: Any) -> str:
    """Return what a leaderboard says."""
    return (await (await person.slash("leaderboard", **options)).message()).text


async def test_the_board_of_a_creator_is_of_all_time_whoever_is_live(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.kai)
    await (await town.noor.slash("live start")).message()

    kais = await board(town.mia, creator=town.kai.user)
    noors = await board(town.mia, creator=town.noor.user)
    stranger = await (await town.mia.slash("leaderboard", creator=town.leo.user)).message()

    assert "All time" in kais
    assert f"<@{town.mia.user.id}>" in kais
    assert f"No gifts for <@{town.noor.user.id}> yet" in noors
    assert "isn't a creator here, so they have no leaderboard" in stranger.text
    assert stranger.ephemeral_for == town.mia.user.id


async def test_most_sent_gifts_are_ranked_by_how_many_were_sent(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    await town.give(town.mia, "Petal", town.noor, count=3)
    await town.give(town.mia, "Spark", town.noor)

    text = await board(town.mia, board="gifts")

    assert text.index("Petal") < text.index("Spark")
    assert "× 3" in text


async def test_a_total_without_anonymous_gifts_says_so(town: Town) -> None:
    town.forbid_files()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor)

    assert "in total, without anonymous gifts" in await board(town.mia)
    assert "without anonymous" not in await board(town.mia, board="creators")


async def test_the_balance_tells_promo_from_bought_and_what_earns(town: Town) -> None:
    await town.grant(town.mia, 100)

    assert "Promo coins came for free and are spent first. They earn creators nothing." in await town.balance(town.mia)


async def test_the_end_of_a_live_event_is_asked_for_once_with_what_it_ends(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    noor = town.noor.at(town.live)
    await (await noor.slash("live start")).message()
    await town.give(town.mia, "Petal", town.noor)

    question = await (await noor.slash("live end")).message()
    sentence = question.text
    running = await (await town.leo.at(town.live).slash("live status")).message()
    answer = await (await noor.click(question, "End the live event")).message()

    assert "End this live event?" in sentence
    assert "1 gift" in sentence
    assert "is live" in running.text
    assert "over" in answer.text
    assert await town.announced(town.live, "Thank you all!")
