"""A shelf of the catalogue: the gifts of a tier, each with its picture, name and price."""

from bot.imaging.artwork import picture
from bot.imaging.cards.surface import GOLD, INNER, MARGIN, PALE, WIDTH, Surface, tinted
from bot.imaging.drawing.paints import across, down
from bot.imaging.text.fonts import BOLD
from bot.imaging.values import MOST_SHELF_GIFTS, Priced, Shelf

_ACROSS, _GAP, _ART = 3, 14, 168
_CELL = (INNER - (_ACROSS - 1) * _GAP) // _ACROSS


def shelf(values: Shelf) -> bytes:
    """Return the card as PNG."""
    gifts = values.gifts[:MOST_SHELF_GIFTS]
    extra = 34 if any(gift.worth for gift in gifts) else 0
    tall = _ART + 112 + extra
    lines = -(-len(gifts) // _ACROSS)
    card = Surface(122 + 22 + (lines * (tall + _GAP) or 150) + 10)
    colour = values.colour
    card.header(values.title, values.subtitle, across(tinted(colour, 0.8), tinted(colour, 0.45)))
    if not gifts:
        card.text(values.empty, WIDTH / 2, 230, 34, colour=PALE, width=INNER, anchor="middle")
    for index, gift in enumerate(gifts):
        row, column = divmod(index, _ACROSS)
        missing = _ACROSS - min(len(gifts) - row * _ACROSS, _ACROSS)
        left = MARGIN + column * (_CELL + _GAP) + missing * (_CELL + _GAP) // 2
        _cell(card, gift, left, 144 + row * (tall + _GAP), tall, colour)
    return card.finished()


def _cell(card: Surface, gift: Priced, left: int, top: int, tall: int, colour: int) -> None:
    card.panel(left, top, _CELL, tall, down(tinted(colour, 0.26), tinted(colour, 0.1)), 22)
    card.picture(picture(gift.look, _ART), left + (_CELL - _ART) // 2, top + 10)
    if gift.badge:
        card.panel(left + 8, top + 8, _CELL - 16, 38, tinted(colour, 0.1), 19)
        card.text(gift.badge, left + _CELL / 2, top + 36, 25, colour=PALE, width=_CELL - 40, least=20, anchor="middle")
    middle, width = left + _CELL / 2, _CELL - 20
    card.text(gift.name, middle, top + _ART + 46, 31, weight=BOLD, width=width, least=25, anchor="middle")
    card.text(gift.price, middle, top + _ART + 88, 31, colour=GOLD, weight=BOLD, width=width, least=26, anchor="middle")
    card.text(gift.worth, middle, top + _ART + 126, 27, colour=PALE, width=width, least=24, anchor="middle")
