"""Pictures of gifts: each default item has a drawing, and items that staff add get a medal or their own picture.

The same look always gives the same bytes, as long as this code does not change.
"""

import zlib
from collections.abc import Callable
from functools import lru_cache

from PIL import Image

from bot.domain.catalogue import Tier
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.pixels import resized
from bot.imaging.encoding import png
from bot.imaging.files import PictureFiles
from bot.imaging.gifts import fair, grand, large, legendary, medium, small
from bot.imaging.gifts.medal import medal
from bot.imaging.uploads import uploads
from bot.imaging.values import GiftLook

SMALLEST, LARGEST = 16, 512
"""The side lengths that a picture may have, in pixels."""

MASTER = 340
"""The side of the master that smaller pictures are scaled from. Drawing takes a hundred times as long as scaling."""

_LEVEL = 1
"""How hard masters are compressed: loading matters more than room."""

_DRAWINGS: dict[str, Callable[[Canvas, Tier], None]] = {
    "🌸": small.petal,
    "✨": small.spark,
    "💗": small.warm_heart,
    "🍀": small.clover,
    "🧁": small.cupcake,
    "🕊": small.paper_crane,
    "🎶": medium.music_box,
    "🏮": medium.lantern,
    "🎠": fair.carousel,
    "🎈": medium.balloon_ride,
    "🎆": fair.fireworks,
    "🏵": large.rosette,
    "🌌": large.northern_lights,
    "⛵": large.tall_ship,
    "☄": grand.comet,
    "🏰": grand.sky_castle,
    "🔥": legendary.phoenix,
    "🌠": legendary.milky_way,
}


def gift(look: GiftLook, size: int) -> bytes:
    """Return the picture of a gift as a square PNG with a transparent background, `size` pixels wide."""
    return png(picture(look, size))


def picture(look: GiftLook, size: int) -> Image.Image:
    """Return the picture of a gift for use inside other pictures. It is cached, so callers must not draw on it."""
    if not SMALLEST <= size <= LARGEST:
        raise ValueError(f"{size} pixels are not between {SMALLEST} and {LARGEST}")
    return _smaller(look, size) if size < MASTER else _drawing_of(look, size) if size > MASTER else master(look)


@lru_cache(maxsize=96)
def _smaller(look: GiftLook, size: int) -> Image.Image:
    return resized(master(look), (size, size))


@lru_cache(maxsize=24)
def master(look: GiftLook) -> Image.Image:
    """Return the picture that smaller ones are scaled from. Without a file it takes some tenths of a second."""
    return masters.load(look) or masters.save(look, _drawing_of(look, MASTER))


class Masters:
    """Masters on disk. They are kept nowhere until the process that draws sets `files`."""

    def __init__(self) -> None:
        self.files: PictureFiles | None = None

    def load(self, look: GiftLook) -> Image.Image | None:
        """Return the master of a look, None if there is none."""
        content = self.files.load("master", MASTER, look) if self.files else None
        return None if content is None else Image.frombytes("RGBA", (MASTER, MASTER), zlib.decompress(content))

    def save(self, look: GiftLook, picture: Image.Image) -> Image.Image:
        """Save the master of a look, and return it."""
        if self.files is not None:
            self.files.save(zlib.compress(picture.tobytes(), _LEVEL), "master", MASTER, look)
        return picture


masters = Masters()


def _drawing_of(look: GiftLook, size: int) -> Image.Image:
    if look.uploaded is not None:
        return uploads.picture(look.uploaded, size)
    canvas = Canvas(size)
    drawing = _DRAWINGS.get(look.emoji.replace("\ufe0f", ""))
    if drawing is None:
        medal(canvas, look.tier, look.name, look.emoji)
    else:
        drawing(canvas, look.tier)
    return canvas.finished()
