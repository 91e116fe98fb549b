"""The best three on a podium, for leaderboards and recaps."""

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from bot.imaging.artwork import picture
from bot.imaging.cards.surface import GOLD, INNER, MARGIN, METALS, PALE, PANEL, Surface, tinted
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import SMALL, Light
from bot.imaging.drawing.paints import ball, down, lit, mixed
from bot.imaging.drawing.shapes import curve, ellipse
from bot.imaging.text.fonts import BLACK, BOLD
from bot.imaging.values import CardStanding, GiftLook, Person

HEIGHT = 278
_GAP = 14
_STEP = (INNER - 2 * _GAP) // 3
_ORDER = (1, 0, 2)
"""The standing in each column: the best in the middle, the second on the left."""
_SIZES = (116, 96, 96)
_RISES = (0, 22, 36)
_BADGE = 42


def podium(card: Surface, standings: Sequence[CardStanding], top: int) -> None:
    """Draw up to three standings side by side in the middle, `HEIGHT` pixels high."""
    # Two would leave the column on the right empty.
    shift = (INNER - 2 * _STEP - _GAP) // 2 if len(standings) == 2 else 0
    for column, index in enumerate(_ORDER):
        if index < len(standings):
            _step(card, standings[index], MARGIN + shift + column * (_STEP + _GAP), top, index)


def portrait(card: Surface, who: Person | GiftLook, left: int, top: int, size: int, ring: int | None = None) -> None:
    """Draw a person's avatar, or a gift's picture, which needs no ring."""
    if isinstance(who, Person):
        card.face(who, left, top, size, ring)
    else:
        picture_size = round(size * 1.16)
        margin = (picture_size - size) // 2
        card.picture(picture(who, picture_size), left - margin, top - margin)


def _step(card: Surface, standing: CardStanding, left: int, top: int, index: int) -> None:
    size, metal, middle = _SIZES[index], METALS[index], left + _STEP // 2
    panel_top = top + _RISES[index] + size // 2 + 22
    fill = down(tinted(metal, 0.42), mixed(PANEL, metal, 0.08))
    card.panel(left, panel_top, _STEP, top + HEIGHT - panel_top, fill, 22)
    portrait_top = panel_top - size // 2 - 8
    portrait(card, standing.who, middle - size // 2, portrait_top, size, metal)
    if index == 0 and isinstance(standing.who, Person):
        crown = _crown()
        card.picture(crown, middle - crown.width // 2, portrait_top - 42)
    badge = lit(mixed(metal, 0xFFFFFF, 0.35), metal)
    card.panel(middle - _BADGE // 2, portrait_top + size - _BADGE + 14, _BADGE, _BADGE, badge, _BADGE // 2)
    card.text(str(standing.place), middle, portrait_top + size + 4, 27, colour=0x3A2408, weight=BLACK, anchor="middle")
    bottom, room = top + HEIGHT, _STEP - 20
    colour = GOLD if index == 0 else PALE
    card.text(standing.name, middle, bottom - 62, 31, weight=BOLD, width=room, least=26, anchor="middle")
    card.text(
        standing.amount, middle, bottom - 20, 31, colour=colour, weight=BOLD, width=room, least=26, anchor="middle"
    )


@lru_cache(maxsize=1)
def _crown() -> Image.Image:
    canvas = Canvas(64, oversample=4)
    band = curve("12 88!, 14 60, 8 32!, 30 52, 50 14!, 70 52, 92 32!, 86 60, 88 88!, 50 93")
    canvas.draw(band, lit(0xFFF3B8, 0xF9C945, 0xB8741A), Light(rim=3, shade=8, shine=3), rim=0x6B3A0A)
    for x, y in ((8, 30), (50, 13), (92, 30)):
        canvas.draw(ellipse(x, y, 7), ball(0xFFFFFF, 0xFFE08A, 0xC98A1E), Light(rim=2, shade=0, shine=0), rim=0x6B3A0A)
    canvas.draw(ellipse(50, 74, 7.5), ball(0xFFFFFF, 0xFF85AC, 0xC9205A), SMALL)
    return canvas.finished()
