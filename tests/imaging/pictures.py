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


def contrast(one, other):
    """Return the contrast of two colours, each red, green and blue, from 1 to 21 as WCAG counts it."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def over(colour, ground):
    """Return what a colour with transparency looks like on a ground."""
    *parts, alpha = colour
    return tuple((part * alpha + below * (255 - alpha)) / 255 for part, below in zip(parts, ground, strict=True))


def _luminance(colour):
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


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
