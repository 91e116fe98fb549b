"""Turning pages of a list with buttons."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from discord import ui

from bot.ui.reader import Reader

T = TypeVar("T")


class PageIds(NamedTuple):
    """The page to show next, of the member's own list."""

    owner: int
    page: int


def turns(
    link: Callable[[int], str], reader: Reader, page: int, pages: int, *, row: int | None = None
) -> list[ui.Item[Any]]:
    """Return the buttons around `page` (from 0); none if everything fits on one. `link` gives a page's custom_id."""
    if pages <= 1:
        return []
    first, last = page == 0, page == pages - 1
    # A disabled button still needs a custom_id of its own: that of the page we are on.
    back = ui.Button[Any](
        label=reader._("Back"), emoji="◀️", custom_id=link(page if first else page - 1), disabled=first, row=row
    )
    on = ui.Button[Any](
        label=reader._("Next"), emoji="▶️", custom_id=link(page if last else page + 1), disabled=last, row=row
    )
    return [back, on]


def page_of(things: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """Return the things on `page`, the page's number brought into range, and how many pages there are."""
    pages = max(1, -(-len(things) // size))
    page = min(max(page, 0), pages - 1)
    return things[page * size : (page + 1) * size], page, pages


def footer(reader: Reader, page: int, pages: int) -> str:
    """Return "Page 2 of 5", or nothing where there is only one."""
    if pages <= 1:
        return ""
    return reader._("Page {page} of {pages}", page=reader.number(page + 1), pages=reader.number(pages))
