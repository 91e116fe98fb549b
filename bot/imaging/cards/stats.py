"""What a creator was given: figures, bars by hour and weekday, new and returning gifters, and the most sent gifts.

Two columns, so that the card is wider than it is high.
"""

from collections.abc import Sequence

from bot.imaging.cards.podium import portrait
from bot.imaging.cards.surface import EDGE, GOLD, LANDSCAPE, MARGIN, PALE, PANEL, RAISED, ROSE, VIOLET, Surface, tinted
from bot.imaging.drawing.paints import across, down
from bot.imaging.plots import GiftShare, Plot, Split, StatsCard
from bot.imaging.text.fonts import BOLD, SEMIBOLD
from bot.imaging.values import Fact

MOST_GIFTS = 5

_HEADER, _GAP, _PAD = 122, 16, 20
_INNER = LANDSCAPE - 2 * MARGIN
_WIDE = 548
"""Pixels of the wider column."""
_FACT = 156
_PLOT = 256
_ROW, _ROW_GAP, _FACE, _HEADING = 48, 5, 36, 46
_GIFTS = _HEADING + MOST_GIFTS * (_ROW + _ROW_GAP)
_LEAST_BAR = 6
"""Pixels of a bar of nothing, and the least of any other above that."""

_Columns = tuple[tuple[int, int], tuple[int, int]]


def stats(values: StatsCard) -> bytes:
    """Return the card as PNG."""
    gifts = values.gifts[:MOST_GIFTS]
    second_row = _HEADING + len(gifts) * (_ROW + _ROW_GAP) + _GAP if gifts else 0
    if values.gifters is not None:
        second_row = _GIFTS + _GAP
    card = Surface(_HEADER + _GAP + _PLOT + _GAP + second_row + 10, LANDSCAPE)
    card.header(values.title, values.subtitle, room=_INNER - len(values.facts) * _FACT - _GAP)
    _facts(card, values.facts)
    top = _HEADER + _GAP
    left, right = _columns(wide_first=True, is_split=values.weekdays is not None)
    _plot(card, values.hours, *left, top)
    if values.weekdays is not None:
        _plot(card, values.weekdays, *right, top)
    top += _PLOT + _GAP
    left, right = _columns(wide_first=False, is_split=bool(gifts) and values.gifters is not None)
    if values.gifters is not None:
        _split(card, values.gifters, *left, top)
    if gifts:
        place = right if values.gifters is not None else left
        card.text(values.gifts_title, place[0], top + 32, 32, weight=BOLD, width=place[1])
        for index, gift in enumerate(gifts):
            _gift(card, gift, *place, top + _HEADING + index * (_ROW + _ROW_GAP))
    return card.finished()


def _columns(*, wide_first: bool, is_split: bool) -> _Columns:
    """Return left edge and width of two columns. Where only one has something to show, it takes all."""
    if not is_split:
        return (MARGIN, _INNER), (MARGIN, _INNER)
    narrow = _INNER - _WIDE - _GAP
    first, second = (_WIDE, narrow) if wide_first else (narrow, _WIDE)
    return (MARGIN, first), (MARGIN + first + _GAP, second)


def _facts(card: Surface, facts: Sequence[Fact]) -> None:
    """Draw facts at the right of the header."""
    for index, fact in enumerate(reversed(facts)):
        middle = LANDSCAPE - MARGIN - (index + 0.5) * _FACT
        card.text(fact.value, middle, 62, 42, weight=BOLD, width=_FACT - 16, least=28, anchor="middle")
        card.text(fact.label, middle, 102, 32, colour=0xFFE8F0, width=_FACT - 12, least=24, anchor="middle")


def _plot(card: Surface, plot: Plot, left: int, width: int, top: int) -> None:
    card.panel(left, top, width, _PLOT)
    inside = width - 2 * _PAD
    card.text(plot.title, left + _PAD, top + 42, 32, weight=BOLD, width=inside, least=26)
    card.text(plot.caption, left + _PAD, top + 80, 32, colour=GOLD, weight=SEMIBOLD, width=inside, least=24)
    floor, ceiling = top + _PLOT - 48, top + 100
    step = inside / len(plot.bars)
    bar_width = max(round(step * 0.7), 4)
    highest = max(bar.share for bar in plot.bars)
    labels = sum(bool(bar.label) for bar in plot.bars)
    for index, bar in enumerate(plot.bars):
        middle = left + _PAD + step * (index + 0.5)
        x = round(middle - bar_width / 2)
        tall = _LEAST_BAR + round(bar.share * (floor - ceiling - _LEAST_BAR)) if bar.share else _LEAST_BAR
        is_highest = highest > 0 and bar.share == highest
        fill = down(GOLD, tinted(GOLD, 0.72)) if is_highest else down(ROSE, VIOLET)
        card.panel(x, floor - tall, bar_width, tall, fill if bar.share else RAISED, min(bar_width // 2, 8))
        if bar.label:
            # A label that is wider than its bar begins with the first bar, so that it stays inside.
            is_wider = labels < len(plot.bars)
            where = (x, "left") if is_wider and index == 0 else (middle, "middle")
            room = step * 4.2 if is_wider else step - 2
            card.text(bar.label, where[0], floor + 36, 28, colour=PALE, width=room, least=22, anchor=where[1])


def _split(card: Surface, split: Split, left: int, width: int, top: int) -> None:
    card.panel(left, top, width, _GIFTS)
    inside, half = width - 2 * _PAD, width // 2
    card.text(split.title, left + _PAD, top + 46, 32, weight=BOLD, width=inside, least=26)
    for fact, x, colour in ((split.first, left, GOLD), (split.second, left + half, ROSE)):
        middle = x + half / 2
        card.text(
            fact.value, middle, top + 146, 54, colour=colour, weight=BOLD, width=half - 24, least=28, anchor="middle"
        )
        card.text(fact.label, middle, top + 190, 32, colour=PALE, width=half - 16, least=22, anchor="middle")
    bar_top = top + 234
    card.panel(left + _PAD, bar_top, inside, 28, across(ROSE, VIOLET), 14)
    if split.share > 0:
        card.panel(left + _PAD, bar_top, max(round(inside * split.share), 28), 28, GOLD, 14)


def _gift(card: Surface, gift: GiftShare, left: int, width: int, top: int) -> None:
    card.panel(left, top, width, _ROW, PANEL, 14)
    card.panel(left, top, max(round(width * gift.share), 28), _ROW, across(0x382B45, EDGE), 14)
    portrait(card, gift.look, left + 12, top + (_ROW - _FACE) // 2, _FACE)
    right = left + width - 16
    right -= card.text(gift.amount, right, top + 35, 31, colour=GOLD, weight=BOLD, width=300, anchor="right") + 16
    card.text(gift.look.name, left + 60, top + 35, 32, width=right - left - 60)
