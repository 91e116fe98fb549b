"""The way out: pixels to PNG bytes, small enough for Discord and for a phone."""

import io

from PIL import Image

LARGEST_BYTES = 300 * 1024
"""No picture is larger than this."""

_LEVEL = 5
_COLOURS = 256


def png(image: Image.Image) -> bytes:
    """Return the picture as PNG. One that would be too large gets by with 256 colours, chosen for it."""
    found = _encoded(image)
    return found if len(found) <= LARGEST_BYTES else _encoded(image.quantize(_COLOURS, Image.Quantize.FASTOCTREE))


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=_LEVEL)
    return out.getvalue()
