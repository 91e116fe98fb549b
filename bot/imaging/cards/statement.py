"""A statement of earnings: what was there before and after, and what moved it."""

from bot.imaging.cards.parts import TILE, tiles
from bot.imaging.cards.surface import GOLD, INNER, MARGIN, PALE, PANEL, WIDTH, Surface
from bot.imaging.plots import StatementCard, StatementRow
from bot.imaging.text.fonts import BOLD, SEMIBOLD

MOST_ROWS = 16
"""Four types in four quarters."""

_HEADER, _GAP, _ROW, _LOW_ROW, _ROW_GAP, _NOTE = 122, 18, 78, 56, 8, 44


def statement(values: StatementCard) -> bytes:
    """Return the card as PNG."""
    rows = values.rows[:MOST_ROWS]
    tall_rows = sum(_height(row) + _ROW_GAP for row in rows)
    card = Surface(_HEADER + _GAP + 4 + TILE + _GAP + tall_rows + (_NOTE if values.note else 0) + 16)
    card.header(values.title, values.subtitle)
    top = _HEADER + _GAP + 4
    tiles(card, values.facts, top)
    top += TILE + _GAP
    for row in rows:
        _row(card, row, top)
        top += _height(row) + _ROW_GAP
    if values.note:
        card.text(values.note, WIDTH / 2, top + 30, 26, colour=PALE, width=INNER, least=22, anchor="middle")
    return card.finished()


def _height(row: StatementRow) -> int:
    return _ROW if row.detail else _LOW_ROW


def _row(card: Surface, row: StatementRow, top: int) -> None:
    height = _height(row)
    card.panel(MARGIN, top, INNER, height, PANEL, 16)
    left, right, middle = MARGIN + 20, WIDTH - MARGIN - 20, top + height // 2 + 11
    right -= card.text(row.amount, right, middle, 33, colour=GOLD, weight=BOLD, width=320, anchor="right") + 20
    baseline = top + 36 if row.detail else middle
    card.text(row.label, left, baseline, 31, weight=SEMIBOLD, width=right - left, least=26)
    card.text(row.detail, left, top + 66, 26, colour=PALE, width=right - left)
