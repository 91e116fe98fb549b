"""Pictures to put in, and eyes to look at what comes out."""

import io

from PIL import Image


def opened(data):
    """Return a PNG's pixels, with the transparency they have."""
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "PNG"
        return image.convert("RGBA")


def colour_at(image, x, y):
    """Return red, green, blue and alpha of one pixel."""
    return tuple(image.convert("RGBA").crop((x, y, x + 1, y + 1)).tobytes())


def file_of(colour: str | tuple[int, ...] = "red", *, size=(64, 64), kind="PNG", mode="RGB", **options):
    """Return a picture file of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def noise(seed, size=128):
    """Return a picture file that no encoder makes small: the worst that an avatar can be."""
    out = io.BytesIO()
    values = bytearray()
    state = seed + 1
    for _ in range(size * size * 3):
        state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        values.append(state >> 16 & 0xFF)
    Image.frombytes("RGB", (size, size), bytes(values)).save(out, "PNG")
    return out.getvalue()
