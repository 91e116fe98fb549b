"""The recap of a live event: its totals, its best gifters, and whether the goal was reached."""

from bot.imaging.cards.parts import TILE, tiles
from bot.imaging.cards.podium import HEIGHT as PODIUM
from bot.imaging.cards.podium import podium
from bot.imaging.cards.surface import GOLD, GREEN, INNER, MARGIN, PALE, PANEL, ROSE, WHITE, WIDTH, Surface
from bot.imaging.drawing.paints import across
from bot.imaging.text.fonts import BLACK, BOLD, SEMIBOLD
from bot.imaging.values import RecapCard

_HEADER, _GOAL, _HIGHLIGHT, _CROWN = 176, 108, 84, 22
_FACE, _OVERLAP = 116, 40
"""Pixels of a creator's portrait, and of how much of it the next one covers."""


def recap(values: RecapCard) -> bytes:
    """Return the card as PNG."""
    parts = [(140, _total), (TILE + 18, _facts)]
    parts += [(_GOAL + 16, _goal)] if values.goal else []
    parts += [(PODIUM + _CROWN + 18, _podium)] if values.standings else []
    parts += [(len(values.highlights) * (_HIGHLIGHT + 14), _highlights)]
    card = Surface(_HEADER + 20 + sum(height for height, _ in parts) + 10)
    _head(card, values)
    top = _HEADER + 20
    for height, draw in parts:
        draw(card, values, top)
        top += height
    return card.finished()


def _head(card: Surface, values: RecapCard) -> None:
    card.header("", "", height=_HEADER)
    step = _FACE - _OVERLAP
    # From the last to the first, so that the first creator is in front.
    for index, creator in reversed([*enumerate(values.creators)]):
        card.face(creator, MARGIN + 6 + index * step, (_HEADER - _FACE) // 2, _FACE, WHITE)
    left = MARGIN + _FACE + (len(values.creators) - 1) * step + 36
    room = WIDTH - MARGIN - left
    card.text(values.label, left, 54, 28, colour=0xFFE8F0, weight=SEMIBOLD, width=room)
    card.text(values.title, left, 104, 42, weight=BOLD, width=room, least=32)
    card.text(values.names, left, 148, 31, colour=0xFFE8F0, width=room, least=26)


def _total(card: Surface, values: RecapCard, top: int) -> None:
    card.text(
        values.total.value,
        WIDTH / 2,
        top + 76,
        78,
        colour=GOLD,
        weight=BLACK,
        width=INNER,
        least=48,
        anchor="middle",
    )
    card.text(values.total.label, WIDTH / 2, top + 118, 29, colour=PALE, width=INNER, anchor="middle")


def _facts(card: Surface, values: RecapCard, top: int) -> None:
    tiles(card, values.facts, top)


def _goal(card: Surface, values: RecapCard, top: int) -> None:
    goal = values.goal
    assert goal is not None
    card.panel(MARGIN, top, INNER, _GOAL, PANEL)
    left, right = MARGIN + 22, WIDTH - MARGIN - 22
    colour, fill = (GREEN, across(0x2F9E66, GREEN)) if goal.reached else (WHITE, across(ROSE, GOLD))
    card.bar(left, top + 66, right - left, 22, goal.share, fill)
    right -= card.text(goal.amount, right, top + 46, 29, colour=PALE, weight=SEMIBOLD, width=320, anchor="right") + 20
    card.text(goal.text, left, top + 46, 31, colour=colour, weight=BOLD, width=right - left, least=27)


def _podium(card: Surface, values: RecapCard, top: int) -> None:
    podium(card, values.standings[:3], top + _CROWN)


def _highlights(card: Surface, values: RecapCard, top: int) -> None:
    for index, text in enumerate(values.highlights):
        y = top + index * (_HIGHLIGHT + 14)
        card.panel(MARGIN, y, INNER, _HIGHLIGHT, PANEL)
        card.text(text, WIDTH / 2, y + 53, 31, weight=SEMIBOLD, width=INNER - 40, least=26, anchor="middle")
