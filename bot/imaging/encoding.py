"""The way out: pixels to PNG bytes, small enough for Discord and for a phone."""

import io

from PIL import Image

from bot.imaging.drawing.pixels import mapped

LARGEST_BYTES = 300 * 1024
"""No picture is larger than this."""

_LEVEL = 5
_BITS = (7, 6, 5)
"""Of each colour. Nobody sees the first step, which makes a file a sixth smaller; the others are for rich pictures."""
_COLOURS = 256


def png(image: Image.Image) -> bytes:
    """Return an RGBA picture as PNG. One that would be too large has its colours rounded until it is not."""
    for bits in _BITS:
        found = _encoded(mapped(image, _rounding(bits)))
        if len(found) <= LARGEST_BYTES:
            return found
    return _encoded(image.quantize(_COLOURS, Image.Quantize.FASTOCTREE))


def _rounding(bits: int) -> list[int]:
    """Return a table for the four channels that keeps so many bits of each colour, black black and white white."""
    levels = 2**bits - 1
    colour = [round(round(value * levels / 255) * 255 / levels) for value in range(256)]
    return [*colour * 3, *range(256)]


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=_LEVEL)
    return out.getvalue()
