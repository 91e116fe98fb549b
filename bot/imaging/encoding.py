"""Encoding: pixels to PNG bytes, small enough for Discord and for a phone."""

import io

from PIL import Image

from bot.imaging.drawing.pixels import mapped

LARGEST_BYTES = 300 * 1024
"""The size that pictures stay below, at the price of fewer colours."""

_LEVEL = 5
_BITS = (7, 6, 5)
"""Bits of each colour, tried in order. The first is invisible and saves a sixth; the others are for rich pictures."""
_COLOURS = 256


def png(image: Image.Image) -> bytes:
    """Return an RGBA picture as PNG. Its colours are rounded further and further until the file is small enough."""
    for bits in _BITS:
        file = _encode(mapped(image, _rounding(bits)))
        if len(file) <= LARGEST_BYTES:
            return file
    return _encode(image.quantize(_COLOURS, Image.Quantize.FASTOCTREE))


def _rounding(bits: int) -> list[int]:
    """Return a table for all four channels that keeps `bits` of each colour. Black, white and alpha stay exact."""
    levels = 2**bits - 1
    rounded_levels = [round(round(level * levels / 255) * 255 / levels) for level in range(256)]
    return [*rounded_levels * 3, *range(256)]


def _encode(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=_LEVEL)
    return file.getvalue()
