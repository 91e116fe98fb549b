"""Answers of several messages: they come in order, as long as Discord takes them, and end with what is missing."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import discord
import pytest

from bot.services.exports import ExportedBooks, ExportedFile
from bot.ui.kit.answers import Mode, answer
from bot.ui.kit.cards import Card
from bot.ui.kit.more_messages import LAST_S
from bot.ui.kit.replies import UNREACHABLE, Reply, reply
from bot.ui.text.reader import reader_for
from cogs.settings import export
from tests.ui.discord_side import FAILING, Interaction, refused

CAME_AT = 1_000.0


class Series:
    """Three messages, and one for what is missing. It remembers whether it has ended."""

    def __init__(self) -> None:
        self.has_ended = False

    async def messages(self) -> AsyncGenerator[Reply]:
        try:
            for number in (1, 2, 3):
                try:
                    yield reply(Card.of(f"part {number}", 0))
                except UNREACHABLE:
                    yield reply(Card.of(f"part {number} is missing", 0))
                    return
        finally:
            self.has_ended = True

    async def first(self) -> Reply:
        messages = self.messages()
        return replace(await anext(messages), more=messages)


async def ask(side: Interaction, series: Series, mode: Mode, clock: Callable[[], float]) -> None:
    await answer(cast("discord.Interaction", side), series.first, mode, clock=clock)


@pytest.mark.parametrize(("mode", "where"), [(Mode.PRIVATE, "private"), (Mode.PUBLIC, "public")])
async def test_messages_follow_in_order_where_the_first_one_is(mode: Mode, where: str) -> None:
    side, series = Interaction(), Series()

    await ask(side, series, mode, lambda: CAME_AT + 0.1)

    assert side.log == [f"{where}: part 1", f"{where} follow-up: part 2", f"{where} follow-up: part 3"]
    assert series.has_ended


async def test_a_message_that_is_refused_is_the_last_and_what_is_missing_is_said() -> None:
    side, series = Interaction(), Series()
    side.refuse_follow_up(2, refused(FAILING))

    await ask(side, series, Mode.PRIVATE, lambda: CAME_AT + 0.1)

    assert side.log == ["private: part 1", "private follow-up: part 2", "private follow-up: part 3 is missing"]
    assert series.has_ended


async def test_no_message_is_begun_when_discord_may_take_it_no_more() -> None:
    side, series = Interaction(), Series()
    times = iter([CAME_AT + 0.1, CAME_AT + LAST_S, CAME_AT + LAST_S + 1])

    await ask(side, series, Mode.PRIVATE, lambda: next(times))

    assert side.log == ["private: part 1", "private follow-up: part 2", "private follow-up: part 3 is missing"]


async def test_messages_end_when_the_first_one_is_refused() -> None:
    side, series = Interaction(code=FAILING), Series()

    with pytest.raises(discord.HTTPException):
        await ask(side, series, Mode.PRIVATE, lambda: CAME_AT + 0.1)

    assert side.log == []
    assert series.has_ended


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([9], [[9]]),
        ([4, 3, 3], [[4, 3, 3]]),
        ([4, 3, 4], [[4, 3], [4]]),
        ([1, 1, 1, 1, 9, 2], [[1, 1, 1], [1, 9], [2]]),
    ],
)
def test_a_message_has_so_many_files_and_bytes_and_no_more(sizes: list[int], expected: list[list[int]]) -> None:
    files = tuple(ExportedFile(str(number), Path(str(size)), size) for number, size in enumerate(sizes))

    cards = export.cards(ExportedBooks(files, 5, agrees=True), 1, reader_for("en-US"), most_files=3, most_bytes=10)

    assert [[int(str(document.content)) for document in card.documents] for card in cards] == expected
