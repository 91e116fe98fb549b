"""Pictures that guilds upload for their items: untrusted files are checked and drawn anew, so that only pixels stay."""

import io
from collections.abc import Mapping
from typing import Final

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from bot.domain.catalogue import ItemPicture
from bot.domain.staff_errors import InvalidPicture
from bot.imaging.drawing.pixels import resized
from bot.imaging.encoding import png

MOST_PIXELS: Final = 4_096 * 4_096
"""The most pixels of a file, because a tiny one can decode to an enormous picture. A phone's photos have 12 million."""

SIDE: Final = 340
"""The side of what is stored: as large as it is ever shown."""

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_ROUNDING = 0.12
"""The radius of the corners of a picture without transparency, as a part of its shorter side."""


def normalised(content: bytes) -> bytes:
    """Return an uploaded file as a square PNG, SIDE pixels wide, with transparent margins; raise InvalidPicture."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise InvalidPicture("pixels")
            if getattr(picture, "is_animated", False):
                raise InvalidPicture("animated")
            # A JPEG is decoded at a reduced size, which is faster.
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))
            pixels = ImageOps.exif_transpose(picture).convert("RGBA")
    except InvalidPicture:
        raise
    except UnidentifiedImageError:
        raise InvalidPicture("type") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidPicture("pixels") from None
    except Exception:  # noqa: BLE001 - decoders of hostile bytes raise whatever they like
        raise InvalidPicture("broken") from None
    return png(_fitted(pixels))


def _fitted(pixels: Image.Image) -> Image.Image:
    """Return a picture in the middle of a transparent square."""
    scale = SIDE / max(pixels.size)
    # A picture that is thinner than a pixel would have no size.
    width, height = (max(1, round(length * scale)) for length in pixels.size)
    scaled = resized(pixels, (width, height))
    lowest, _ = scaled.getchannel("A").getextrema()
    if lowest == 255:
        mask = Image.new("L", scaled.size)
        radius = round(min(width, height) * _ROUNDING)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width - 1, height - 1), radius, fill=255)
        scaled.putalpha(mask)
    square = Image.new("RGBA", (SIDE, SIDE))
    square.paste(scaled, ((SIDE - width) // 2, (SIDE - height) // 2))
    return square


class Uploads:
    """The uploaded pictures of what is being drawn, as PNG. The process that draws sets `pngs` for each request."""

    def __init__(self) -> None:
        self.pngs: Mapping[ItemPicture, bytes] = {}

    def picture(self, uploaded: ItemPicture, size: int) -> Image.Image:
        """Return a picture, `size` pixels wide. Raises KeyError if it is gone."""
        with Image.open(io.BytesIO(self.pngs[uploaded]), formats=("PNG",)) as picture:
            return resized(picture.convert("RGBA"), (size, size))


uploads = Uploads()
