"""What a creator was given: figures, bars by hour and weekday, new and returning gifters, and the most sent gifts."""

from bot.imaging.cards.parts import TILE, tiles
from bot.imaging.cards.podium import portrait
from bot.imaging.cards.surface import (
    EDGE,
    GOLD,
    INNER,
    MARGIN,
    PALE,
    PANEL,
    RAISED,
    ROSE,
    VIOLET,
    WIDTH,
    Surface,
    tinted,
)
from bot.imaging.drawing.paints import across, down
from bot.imaging.plots import GiftShare, Plot, Split, StatsCard
from bot.imaging.text.fonts import BOLD, SEMIBOLD

MOST_GIFTS = 5

_HEADER, _GAP, _PAD = 122, 18, 20
_PLOT, _HALF_PLOT = 256, 244
_ROW, _ROW_GAP, _FACE = 62, 6, 46
_LEAST_BAR = 6
"""Pixels of a bar of nothing, and the least of any other above that."""


def stats(values: StatsCard) -> bytes:
    """Return the card as PNG."""
    gifts = values.gifts[:MOST_GIFTS]
    halves = [part for part in (values.weekdays, values.gifters) if part is not None]
    tall_halves = _HALF_PLOT + _GAP if halves else 0
    tall_gifts = 50 + len(gifts) * (_ROW + _ROW_GAP) + 8 if gifts else 0
    card = Surface(_HEADER + _GAP + 4 + TILE + _GAP + _PLOT + _GAP + tall_halves + tall_gifts + 8)
    card.header(values.title, values.subtitle)
    top = _HEADER + _GAP + 4
    tiles(card, values.facts, top)
    top += TILE + _GAP
    _plot(card, values.hours, MARGIN, top, INNER, _PLOT)
    top += _PLOT + _GAP
    width = (INNER - (len(halves) - 1) * _GAP) // max(len(halves), 1)
    for index, part in enumerate(halves):
        left = MARGIN + index * (width + _GAP)
        if isinstance(part, Plot):
            _plot(card, part, left, top, width, _HALF_PLOT)
        else:
            _split(card, part, left, top, width)
    top += tall_halves
    if gifts:
        card.text(values.gifts_title, MARGIN, top + 34, 32, weight=BOLD, width=INNER)
        for index, gift in enumerate(gifts):
            _gift(card, gift, top + 50 + index * (_ROW + _ROW_GAP))
    return card.finished()


def _plot(card: Surface, plot: Plot, left: int, top: int, width: int, height: int) -> None:
    card.panel(left, top, width, height)
    inside = width - 2 * _PAD
    is_wide = width == INNER
    caption_top = top + 46 if is_wide else top + 80
    title_width = inside / 2 if is_wide else inside
    card.text(plot.title, left + _PAD, top + 46, 30, weight=BOLD, width=title_width, least=26)
    place = (left + width - _PAD, caption_top, 28) if is_wide else (left + _PAD, caption_top, 27)
    anchor = "right" if is_wide else "left"
    card.text(plot.caption, *place, colour=GOLD, weight=SEMIBOLD, width=inside / (2 if is_wide else 1), anchor=anchor)
    floor, ceiling = top + height - 48, caption_top + 22
    count = len(plot.bars)
    step = inside / count
    bar_width = max(round(step * 0.7), 4)
    highest = max(bar.share for bar in plot.bars)
    for index, bar in enumerate(plot.bars):
        middle = left + _PAD + step * (index + 0.5)
        x = round(middle - bar_width / 2)
        tall = _LEAST_BAR + round(bar.share * (floor - ceiling - _LEAST_BAR)) if bar.share else _LEAST_BAR
        is_highest = highest > 0 and bar.share == highest
        fill = down(GOLD, tinted(GOLD, 0.72)) if is_highest else down(ROSE, VIOLET)
        card.panel(x, floor - tall, bar_width, tall, fill if bar.share else RAISED, min(bar_width // 2, 8))
        if bar.label:
            # A label that is wider than its bar begins with the first bar, so that it stays inside.
            where = (x, "left") if is_wide and index == 0 else (middle, "middle")
            room = step * 5 if is_wide else step
            card.text(bar.label, where[0], floor + 34, 26, colour=PALE, width=room, least=22, anchor=where[1])


def _split(card: Surface, split: Split, left: int, top: int, width: int) -> None:
    card.panel(left, top, width, _HALF_PLOT)
    inside, half = width - 2 * _PAD, width // 2
    card.text(split.title, left + _PAD, top + 46, 30, weight=BOLD, width=inside, least=26)
    for fact, x, colour in ((split.first, left, GOLD), (split.second, left + half, ROSE)):
        middle = x + half / 2
        card.text(
            fact.value, middle, top + 118, 46, colour=colour, weight=BOLD, width=half - 24, least=28, anchor="middle"
        )
        card.text(fact.label, middle, top + 158, 27, colour=PALE, width=half - 16, least=22, anchor="middle")
    bar_top = top + 190
    card.panel(left + _PAD, bar_top, inside, 24, across(ROSE, VIOLET), 12)
    if split.share > 0:
        card.panel(left + _PAD, bar_top, max(round(inside * split.share), 24), 24, GOLD, 12)


def _gift(card: Surface, gift: GiftShare, top: int) -> None:
    card.panel(MARGIN, top, INNER, _ROW, PANEL, 16)
    card.panel(MARGIN, top, max(round(INNER * gift.share), 32), _ROW, across(0x382B45, EDGE), 16)
    portrait(card, gift.look, MARGIN + 14, top + (_ROW - _FACE) // 2, _FACE)
    right = WIDTH - MARGIN - 18
    right -= card.text(gift.amount, right, top + 43, 30, colour=GOLD, weight=BOLD, width=320, anchor="right") + 20
    card.text(gift.look.name, MARGIN + 76, top + 43, 32, width=right - MARGIN - 76)
