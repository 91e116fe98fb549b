"""Nothing is lost and nothing plays twice, whatever happens to the connection, the page or the bot."""

import contextlib

import pytest

from tests.overlay.speaker import speaking
from tests.overlay.watching import until


async def storm(speaker, count, *, tiers=("small",)):
    """Commit gifts in frames of seven, each by another member."""
    for number in range(count):
        speaker.gift(tiers[number % len(tiers)], name=f"Member {number % 31}")
        if number % 7 == 6:
            await speaker.flush()
    await speaker.flush()


async def everything_is_shown(watched, speaker):
    await watched.until_shown(len(speaker.journal))
    assert sorted(await watched.seqs()) == [gift["seq"] for gift in speaker.journal]
    assert await watched.coins() == sum(gift["coins"] for gift in speaker.journal)


async def test_every_gift_of_a_storm_appears_once(source, speaker):
    await storm(speaker, 2_000)

    await everything_is_shown(source, speaker)


@pytest.mark.parametrize("code", [None, 1012, 1011])
async def test_a_cut_connection_is_taken_up_where_it_ended(source, speaker, code):
    for times in range(1, 4):
        await storm(speaker, 100)
        await speaker.cut(code)
        await storm(speaker, 100)
        await until(lambda: len(speaker.hellos) == 1 + times)  # noqa: B023 - awaited at once

    await everything_is_shown(source, speaker)


async def test_a_bot_that_dies_and_a_proxy_that_answers_503_lose_nothing(windows, speaker, port, opener_at):
    async with contextlib.AsyncExitStack() as bot:
        address = await bot.enter_async_context(speaking(speaker, port))
        source = await opener_at(address).open()
        await storm(speaker, 50)
        await source.until_shown(50)
        await speaker.cut()
    await storm(speaker, 50)
    speaker.is_failing = True
    async with speaking(speaker, port):
        refusals = speaker.refusals
        await until(lambda: speaker.refusals > refusals)
        speaker.is_failing = False
        await until(lambda: speaker.sources)
        await storm(speaker, 50)

        await everything_is_shown(source, speaker)


async def test_a_frame_that_went_missing_is_fetched_again(source, speaker):
    await speaker.send()
    await source.until_shown(1)
    for connected in speaker.sources:
        speaker.gift()
        connected.position += 1
    await speaker.send()

    await everything_is_shown(source, speaker)


async def test_a_reload_shows_nothing_again_and_plays_what_was_waiting(opener, speaker):
    source = await opener.open(clock=True)
    await storm(speaker, 60, tiers=("small", "small", "large"))
    await source.until_shown(40)
    await source.page.reload()
    await until(lambda: len(speaker.hellos) == 2)
    await storm(speaker, 20)

    await until(lambda: speaker.is_settled)
    await source.page.clock.run_for(60_000)
    await everything_is_shown(source, speaker)


async def test_a_source_that_is_closed_and_opened_again_goes_on_where_it_was(opener, speaker):
    first = await opener.open()
    await storm(speaker, 30)
    await first.until_shown(30)
    await until(lambda: speaker.cursors["main"] == 30)
    await first.page.close()
    await storm(speaker, 30)
    second = await opener.open(wait=False)

    await second.until_shown(30)
    assert sorted(await second.seqs()) == list(range(31, 61))


async def test_two_scenes_each_show_everything(opener, speaker):
    context = await opener.context()
    scenes = [await opener.open(f"&slot=scene{number}", context=context) for number in range(2)]
    await storm(speaker, 300)

    for scene in scenes:
        await everything_is_shown(scene, speaker)
    await until(lambda: speaker.cursors["scene0"] == speaker.cursors["scene1"] == 300)


@pytest.mark.parametrize("epoch", ["e1", "restored"])
async def test_older_books_do_not_make_the_page_wait_for_ever(source, speaker, epoch):
    await storm(speaker, 30)
    await until(lambda: speaker.cursors["main"] == 30)
    del speaker.journal[10:]
    speaker.epoch = epoch
    await speaker.cut()
    await until(lambda: len(speaker.hellos) == 2 and speaker.is_settled)
    await speaker.send()

    await source.until_shown(31)
    assert (await source.seqs())[30:] == [11]


async def test_totals_are_shown_as_they_were_sent(source, speaker):
    speaker.live = {**speaker.live, "goal": {"amount": 40_000, "sum": 26_000}}
    await speaker.send()
    await speaker.cut()
    await until(lambda: len(speaker.hellos) == 2)

    await source.page.wait_for_function("document.querySelector('.rosette-goal-sum').textContent === '26,000 / 40,000'")


async def test_a_reversed_gift_leaves_the_queue(opener, speaker):
    source = await opener.open(clock=True)
    for _ in range(3):
        speaker.gift("large")
    await speaker.flush()
    await source.until_shown(1)
    await speaker.tell({"from": 4, "to": 3, "gifts": [], "gone": [2]})
    await source.page.clock.run_for(30_000)

    assert await source.seqs() == [1, 3]
