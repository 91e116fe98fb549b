"""The process that draws: it comes when needed, is replaced when it dies, and never outlives the bot."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from bot.domain.catalogue import ItemPicture, Tier, default_items
from bot.domain.errors import BooksClosed
from bot.domain.staff_errors import InvalidPicture
from bot.imaging.artwork import gift
from bot.imaging.files import PictureFiles
from bot.imaging.values import GiftLook, GiftPicture, LeaderboardCard, UploadedFile, look_of
from bot.services.drawing import LIMIT_S, DrawingError, DrawingProcess, no_uploads
from bot.services.pictures import GIFT_SIZE, Pictures, PictureSources
from tests.rig import ROOT, until

PIZZA = GiftPicture(GiftLook("Pizza", "🍕", Tier.SMALL), 32)
TOO_SMALL = GiftPicture(PIZZA.look, 1)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def process():
    process = DrawingProcess(None)
    yield process
    await process.close()


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def ended(pid):
    async def is_gone():
        return not is_alive(pid)

    return await until(is_gone)


async def test_it_starts_with_the_first_picture_and_draws_what_this_process_would(process):
    assert process.pid is None
    assert await process.draw(PIZZA) == gift(PIZZA.look, PIZZA.size)
    first_pid = process.pid
    assert (await process.draw(LeaderboardCard("Top", "", (), empty="Nobody"))).startswith(PNG)
    assert process.pid == first_pid


async def test_many_callers_get_the_picture_that_they_asked_for(process):
    sizes = range(16, 36)
    pictures = await asyncio.gather(*(process.draw(GiftPicture(PIZZA.look, size)) for size in sizes))

    assert pictures == [gift(PIZZA.look, size) for size in sizes]


async def test_a_drawing_that_fails_says_why_and_leaves_the_process_alive(process):
    await process.draw(PIZZA)
    pid = process.pid

    with pytest.raises(DrawingError, match="1 pixels are not between"):
        await process.draw(TOO_SMALL)
    assert await process.draw(PIZZA)
    assert process.pid == pid


async def test_no_picture_is_missing_because_the_process_was_killed(process):
    for _ in range(3):
        await process.draw(PIZZA)
        os.kill(process.pid, signal.SIGKILL)

        assert (await process.draw(PIZZA)).startswith(PNG)


async def test_no_picture_is_missing_because_the_process_is_killed_while_it_draws(process):
    await process.draw(PIZZA)
    drawing = asyncio.create_task(process.draw(GiftPicture(GiftLook("Comet", "☄", Tier.GRAND), 512)))
    await asyncio.sleep(0)
    os.kill(process.pid, signal.SIGKILL)

    assert (await drawing).startswith(PNG)


async def test_what_kills_every_process_fails():
    process = DrawingProcess(None, command=(sys.executable, "-c", "pass"))

    with pytest.raises(DrawingError, match="twice"):
        await process.draw(PIZZA)
    await process.close()


async def test_a_program_that_cannot_be_started_fails():
    process = DrawingProcess(None, command=("/nowhere/python",))

    with pytest.raises(DrawingError, match="twice"):
        await process.draw(PIZZA)
    await process.close()


async def test_a_process_that_hangs_is_killed_after_the_limit():
    timeouts = []

    def timeout(seconds):
        assert seconds == LIMIT_S
        timeouts.append(asyncio.timeout(None))
        return timeouts[0]

    process = DrawingProcess(None, timeout=timeout, command=(sys.executable, "-c", "input(); input()"))
    drawing = asyncio.create_task(process.draw(PIZZA))

    async def pid():
        return process.pid

    started_pid = await until(pid)
    timeouts[0].reschedule(0)
    with pytest.raises(DrawingError, match="longer"):
        await drawing
    assert not is_alive(started_pid)
    await process.close()


async def test_a_caller_who_gives_up_leaves_no_answer_to_the_next(process):
    await process.draw(PIZZA)
    drawing = asyncio.create_task(process.draw(GiftPicture(GiftLook("Comet", "☄", Tier.GRAND), 512)))
    await asyncio.sleep(0)
    drawing.cancel()
    await asyncio.gather(drawing, return_exceptions=True)

    assert await process.draw(PIZZA) == gift(PIZZA.look, PIZZA.size)


async def test_it_ends_when_nobody_wants_pictures_and_comes_back():
    process = DrawingProcess(None, idle_s=0.1)
    await process.draw(PIZZA)
    assert await ended(process.pid)

    assert await process.draw(PIZZA)
    await process.close()


async def test_it_ends_with_a_stop_after_which_there_are_no_pictures(process):
    await process.draw(PIZZA)
    pid = process.pid
    drawing = asyncio.create_task(process.draw(GiftPicture(PIZZA.look, 40)))
    await asyncio.sleep(0)
    await process.close()

    assert (await drawing).startswith(PNG)
    assert not is_alive(pid)
    with pytest.raises(DrawingError, match="stops"):
        await process.draw(PIZZA)


async def test_signals_for_the_group_do_not_end_it(process):
    await process.draw(PIZZA)
    pid = process.pid
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)

    assert await process.draw(PIZZA)
    assert process.pid == pid
    assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)


PARENT = """
import asyncio
from bot.domain.catalogue import Tier
from bot.imaging.values import GiftLook, GiftPicture
from bot.services.drawing import DrawingProcess

async def main():
    process = DrawingProcess(None)
    await process.draw(GiftPicture(GiftLook("Pizza", "🍕", Tier.SMALL), 32))
    print(process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_it_does_not_outlive_a_killed_bot():
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    assert is_alive(pid)
    parent.kill()
    await parent.wait()

    assert await ended(pid)


async def test_gifts_are_drawn_once_for_all_bots_and_their_pictures_then_need_no_process(tmp_path):
    looks = [look_of(item) for item in default_items(1)]
    first_bot, second_bot = (Pictures(lambda: 0, PictureSources(folder=tmp_path)) for _ in range(2))
    await first_bot.fill()
    await first_bot.close()
    files = PictureFiles(tmp_path)
    kept_pictures = [files.load(GiftPicture(look, GIFT_SIZE)) for look in looks]

    await second_bot.fill()
    pictures = [await second_bot.gift(look) for look in looks]

    assert all(kept_pictures)
    assert pictures == kept_pictures
    # What this process draws, for some: it takes as long as in the other.
    assert pictures[::8] == [gift(look, GIFT_SIZE) for look in looks[::8]]
    assert second_bot._process.pid is None
    await second_bot.close()


async def test_a_gift_has_its_picture_where_the_folder_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    bot = Pictures(lambda: 0, PictureSources(folder=tmp_path / "file"))

    assert await bot.gift(PIZZA.look) == gift(PIZZA.look, GIFT_SIZE)
    await bot.close()


UPLOADED = ItemPicture(1, "digest")
RIBBON = GiftPicture(GiftLook("Ribbon", "🎀", Tier.SMALL, UPLOADED), 32)


async def test_an_uploaded_file_becomes_a_picture_that_is_drawn_on_its_gift(process):
    png: bytes = await process.draw(UploadedFile(gift(PIZZA.look, 64)))

    async def uploads(ids: Collection[ItemPicture]) -> dict[ItemPicture, bytes]:
        return dict.fromkeys(ids, png)

    drawing = DrawingProcess(None, uploads=uploads)
    with_picture = await drawing.draw(RIBBON)
    await drawing.close()

    assert with_picture.startswith(PNG)
    assert with_picture != await process.draw(GiftPicture(GiftLook("Ribbon", "🎀", Tier.SMALL), 32))


async def test_a_file_that_is_no_picture_is_refused_and_leaves_the_process_alive(process):
    await process.draw(PIZZA)
    pid = process.pid

    with pytest.raises(InvalidPicture) as refusal:
        await process.draw(UploadedFile(b"hello"))

    assert refusal.value.why == "type"
    assert process.pid == pid


async def closed(_ids):
    raise BooksClosed


@pytest.mark.parametrize("uploads", [no_uploads, closed])
async def test_words_take_the_place_of_an_uploaded_picture_that_cannot_be_had(uploads):
    drawing = DrawingProcess(None, uploads=uploads)
    with pytest.raises(DrawingError):
        await drawing.draw(RIBBON)
    await drawing.close()
