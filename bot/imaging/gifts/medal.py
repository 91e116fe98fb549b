"""The medal for gifts that staff add: their emoji in relief, or the first letter of their name."""

from PIL import Image, ImageDraw

from bot.domain.catalogue import Tier
from bot.domain.text import clean
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import Light
from bot.imaging.drawing.paints import lit, mixed
from bot.imaging.drawing.shapes import around, ellipse, leaf
from bot.imaging.gifts.backdrops import X, Y, backdrop, glints
from bot.imaging.text.emoji import is_emoji
from bot.imaging.text.fonts import BOLD, EMBLEMS, covers, font
from bot.imaging.text.line import Style, graphemes, line

METALS = {
    Tier.SMALL: ((0xFFF7FA, 0xFFC9DC, 0xE587AC), 0x9C3A68),
    Tier.MEDIUM: ((0xF2FAFF, 0xB9DDF5, 0x5E9CCB), 0x1F5A8C),
    Tier.LARGE: ((0xFBF0FF, 0xD6B0EE, 0x8F55B5), 0x46206A),
    Tier.GRAND: ((0xFFF9DC, 0xFFD36B, 0xD98A1E), 0x7A3A08),
    Tier.LEGENDARY: ((0xFFF3B8, 0xF9C945, 0xB8741A), 0x6B2408),
}
"""The colours and the rim of the emblem in each tier."""
_EMBLEM_PX = 400


def medal(canvas: Canvas, tier: Tier, name: str, emoji: str) -> None:
    """Draw a medal in the tier's metal."""
    backdrop(canvas, tier)
    metal, rim = METALS[tier]
    for feather in around(leaf(X, Y - 29.6, 6.4, 3, 66), 30, (X, Y)):
        canvas.draw(feather, lit(*metal), Light(rim=0.35, shade=0, shine=0.4), rim=rim)
    plate = ellipse(X, Y, 28.4)
    canvas.shadow(plate)
    canvas.draw(plate, lit(*metal), Light(rim=0.9, shade=4, shine=1.5), rim=rim)
    canvas.draw(ellipse(X, Y, 25.4), lit(*reversed(metal)), Light(rim=0.4, shade=0, shine=0), rim=rim)
    field = mixed(metal[2], rim, 0.3)
    canvas.draw(ellipse(X, Y, 24.5), lit(mixed(field, metal[1], 0.35), field), Light(rim=0, shade=0, shine=0))
    canvas.stamp(_emblem(name, emoji), lit(*metal), Light(rim=1.1, shade=1.6, shine=0.8), x=X, y=Y, size=36, rim=rim)
    glints(canvas, (30, 26, 3.6), (72, 72, 3))


def _emblem(name: str, emoji: str) -> Image.Image:
    """Return the emblem of the medal as a mask without margins."""
    initial = next(iter(graphemes(clean(name, 1).upper())), "")
    for text in (emoji, initial):
        symbol = text.replace("\ufe0f", "")
        if len(graphemes(symbol)) == 1 and (mask := _mask_of(symbol)):
            return mask
    return _mask_of("★") or Image.new("L", (1, 1))


def _mask_of(text: str) -> Image.Image | None:
    mask = Image.new("L", (3 * _EMBLEM_PX, 3 * _EMBLEM_PX))
    if is_emoji(text) and covers(EMBLEMS, text):
        place = (_EMBLEM_PX // 2, 2 * _EMBLEM_PX)
        ImageDraw.Draw(mask).text(place, text, fill=255, font=font(EMBLEMS, _EMBLEM_PX, BOLD), anchor="ls")
    else:
        line(text, Style(_EMBLEM_PX, 0xFFFFFF, BOLD)).draw(mask, _EMBLEM_PX // 2, 2 * _EMBLEM_PX)
    box = mask.getbbox()
    return mask.crop(box) if box else None
