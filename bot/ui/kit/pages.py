"""Turning pages of a list with buttons."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from bot.ui.kit.components import Item
from bot.ui.kit.controls import Control, IdsT
from bot.ui.text.reader import Reader

T = TypeVar("T")


class PageIds(NamedTuple):
    """The page to show next, of the member's own list."""

    owner: int
    page: int


def turns(control: type[Control[IdsT]], ids: IdsT, pages: int, reader: Reader, *, row: int | None = None) -> list[Item]:
    """Return the buttons that lead to the pages before and after that of `ids`; none if there is only one page.

    `ids` have a field `page`, counted from 0.
    """
    if pages <= 1:
        return []
    current: Any = ids
    page: int = current.page
    is_first, is_last = page == 0, page == pages - 1
    # A disabled button still needs a custom_id of its own: that of the page we are on.
    before, after = (current._replace(page=page - 1 + is_first), current._replace(page=page + 1 - is_last))
    return [
        control.button(before, reader._("Back"), emoji="◀️", disabled=is_first, row=row),
        control.button(after, reader._("Next"), emoji="▶️", disabled=is_last, row=row),
    ]


def page_of(things: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """Return the things on `page`, the page's number brought into range, and how many pages there are."""
    pages = max(1, -(-len(things) // size))
    page = min(max(page, 0), pages - 1)
    return things[page * size : (page + 1) * size], page, pages


def footer(reader: Reader, page: int, pages: int) -> str:
    """Return "Page 2 of 5", or nothing if there is only one."""
    if pages <= 1:
        return ""
    return reader._("Page {page} of {pages}", page=reader.number(page + 1), pages=reader.number(pages))
