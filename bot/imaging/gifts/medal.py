"""The medal for gifts that staff add: their emoji in relief, or the first letter of their name."""

import regex
from PIL import Image

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import Light
from bot.imaging.drawing.paints import lit, mixed
from bot.imaging.drawing.shapes import around, ellipse, leaf
from bot.imaging.gifts.backdrops import X, Y, backdrop, glints
from bot.imaging.text.fonts import BOLD, EMBLEMS, FACES, Face, covers, font

_METALS = {
    Tier.SMALL: ((0xFFF7FA, 0xFFC9DC, 0xE587AC), 0x9C3A68),
    Tier.MEDIUM: ((0xF2FAFF, 0xB9DDF5, 0x5E9CCB), 0x1F5A8C),
    Tier.LARGE: ((0xFBF0FF, 0xD6B0EE, 0x8F55B5), 0x46206A),
    Tier.GRAND: ((0xFFF9DC, 0xFFD36B, 0xD98A1E), 0x7A3A08),
    Tier.LEGENDARY: ((0xFFF3B8, 0xF9C945, 0xB8741A), 0x6B2408),
}
"""What the emblem is made of in each tier: its colours, and its rim."""
_EMBLEM_PX = 400


def medal(canvas: Canvas, tier: Tier, name: str, emoji: str) -> None:
    """Draw a medal in the tier's metal."""
    backdrop(canvas, tier)
    metal, rim = _METALS[tier]
    for feather in around(leaf(X, Y - 27.5, 7, 3.2, 64), 28, (X, Y)):
        canvas.draw(feather, lit(*metal), Light(rim=0.35, shade=0, shine=0.4), rim=rim)
    plate = ellipse(X, Y, 26)
    canvas.shadow(plate)
    canvas.draw(plate, lit(*metal), Light(rim=0.9, shade=4, shine=1.5), rim=rim)
    canvas.draw(ellipse(X, Y, 22.6), lit(*reversed(metal)), Light(rim=0.4, shade=0, shine=0), rim=rim)
    field = mixed(metal[2], rim, 0.3)
    canvas.draw(ellipse(X, Y, 21.6), lit(mixed(field, metal[1], 0.35), field), Light(rim=0, shade=0, shine=0))
    canvas.stamp(_emblem(name, emoji), lit(*metal), Light(rim=0.9, shade=1.6, shine=0.8), x=X, y=Y, size=30, rim=rim)
    glints(canvas, (30, 26, 3.6), (72, 72, 3))


def _emblem(name: str, emoji: str) -> Image.Image:
    """Return what is struck on the medal, as a mask without margins."""
    text, face = emoji.replace("\ufe0f", ""), EMBLEMS
    if not text or not covers(face, text):
        text = next(iter(regex.findall(r"\X", name.strip())), "?").upper()
        face = _face_of(text)
        if face is None:
            text, face = "★", _face_of("★") or EMBLEMS
    mask = Image.new("L", (_EMBLEM_PX * 3, _EMBLEM_PX * 3))
    drawn = font(face, _EMBLEM_PX, BOLD).getmask2(text, mode="L", anchor="mm")[0]
    found = Image.new("L", drawn.size)
    found.im.paste(drawn, (0, 0, *drawn.size))
    box = found.getbbox()
    return found.crop(box) if box else mask


def _face_of(text: str) -> Face | None:
    return next((face for face in FACES if covers(face, text)), None)
