"""What a leaderboard says while it is not complete."""

from dataclasses import replace

from bot.domain.leaderboards import Board
from bot.domain.periods import Period
from bot.ui.text.reader import reader_for
from cogs.leaderboard import render
from tests.ui import samples

READER = reader_for("en-US")


def said(**changes: int) -> str:
    page = replace(samples.board(samples.Facts(), Board.GIFTERS, Period.ALL), **changes)
    return render.board(page, page.leaderboard.standings, None, READER).parts[0].text


def test_a_board_that_is_being_counted_says_how_much_has_been():
    assert "Still being counted: 40% of all gifts so far." in said(counted_percent=40)
    assert "Still being counted" not in said()


def test_the_small_print_stands_below_a_picture_that_says_all_the_rest():
    page = replace(samples.board(samples.Facts(), Board.CREATORS, Period.ALL), since_ms=None)
    card = render.board(page, page.leaderboard.standings, None, READER, samples.PICTURE)
    (container,) = card.layout([])

    assert card.parts == ()
    assert [part["type"] for part in container["components"]] == [12, 10]
