"""Parts that several cards share: tiles with a figure, and rows of people."""

from collections.abc import Sequence

from bot.imaging.cards.podium import portrait
from bot.imaging.cards.surface import GOLD, INNER, MARGIN, PALE, PANEL, WHITE, WIDTH, Surface
from bot.imaging.text.fonts import BOLD, REGULAR
from bot.imaging.values import Fact, Named

TILE = 118
_GAP = 14
ROW = 66


def tiles(card: Surface, facts: Sequence[Fact], top: int) -> None:
    """Draw facts side by side as tiles, `TILE` pixels high."""
    count = max(len(facts), 1)
    width = (INNER - (count - 1) * _GAP) // count
    for index, fact in enumerate(facts):
        left = MARGIN + index * (width + _GAP)
        card.panel(left, top, width, TILE)
        middle = left + width / 2
        card.text(fact.value, middle, top + 56, 42, weight=BOLD, width=width - 24, least=28, anchor="middle")
        card.text(fact.label, middle, top + 98, 27, colour=PALE, width=width - 20, least=24, anchor="middle")


def rows(card: Surface, people: Sequence[Named], top: int) -> None:
    """Draw one row for each person, `ROW` pixels high."""
    for index, person in enumerate(people):
        y = top + index * ROW
        card.panel(MARGIN, y, INNER, ROW - 6, PANEL, 16)
        portrait(card, person.who, MARGIN + 16, y + 7, 46)
        left, right = MARGIN + 78, WIDTH - MARGIN - 18
        right -= card.text(person.amount, right, y + 41, 30, colour=GOLD, weight=BOLD, width=280, anchor="right") + 20
        card.text(person.who.name, left, y + 41, 32, colour=WHITE, weight=REGULAR, width=right - left)
