"""Files that guilds upload as pictures of gifts: whatever they are, only harmless pixels or a refusal come out."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.catalogue import ItemPicture, Tier
from bot.domain.staff_errors import InvalidPicture
from bot.imaging.artwork import gift
from bot.imaging.encoding import LARGEST_BYTES
from bot.imaging.uploads import SIDE, normalised, uploads
from bot.imaging.values import GiftLook
from tests.thoroughness import by_thoroughness

RED = (200, 20, 40, 255)


def file_of(size: tuple[int, int] = (60, 40), kind: str = "PNG", *, frames: int = 1, mode: str = "RGBA") -> bytes:
    """Return a file of one colour, with different `frames`."""
    pictures = [Image.new("RGBA", size, (200, 20 + 90 * number, 40, 255)).convert(mode) for number in range(frames)]
    file = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(file, kind, **more)
    return file.getvalue()


def claimed(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be of another size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def reason(content: bytes) -> str:
    with pytest.raises(InvalidPicture) as refusal:
        normalised(content)
    return refusal.value.why


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGBA"), ("GIF", "P")],
)
def test_a_picture_becomes_a_small_square_that_shows_all_of_it(kind: str, mode: str):
    png = normalised(file_of(kind=kind, mode=mode))
    picture = Image.open(io.BytesIO(png))

    assert (picture.format, picture.size) == ("PNG", (SIDE, SIDE))
    assert len(png) <= LARGEST_BYTES
    pixels: Any = picture.convert("RGBA")
    # As wide as the square, and a strip of nothing above and below.
    assert pixels.getpixel((SIDE // 2, 5))[3] == 0
    assert pixels.getpixel((2, SIDE // 2))[3] == 255
    if mode in ("RGBA", "RGB", "P"):
        red, green, blue, _ = pixels.getpixel((SIDE // 2, SIDE // 2))
        assert red > 180
        assert green < 60
        assert blue < 80


def test_nothing_but_pixels_stays_of_a_file():
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    file = io.BytesIO()
    Image.new("RGB", (50, 50)).save(file, "JPEG", exif=exif, comment=b"secret")

    png = normalised(file.getvalue() + b"trailing secret")

    assert b"secret" not in png
    assert b"where I live" not in png


def test_a_photo_that_was_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    Image.new("RGB", (80, 40), RED[:3]).save(file, "JPEG", exif=exif)

    pixels: Any = Image.open(io.BytesIO(normalised(file.getvalue()))).convert("RGBA")

    assert pixels.getpixel((SIDE // 2, 3))[3] == 255
    assert pixels.getpixel((3, SIDE // 2))[3] == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 4_000), (4_000, 1), (4_096, 4_096)])
def test_a_picture_of_any_shape_fits(size: tuple[int, int]):
    assert Image.open(io.BytesIO(normalised(file_of(size, mode="L")))).size == (SIDE, SIDE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04" + bytes(50),
        file_of(kind="BMP"),
        file_of(kind="TIFF"),
    ],
)
def test_what_is_no_picture_of_the_web_is_refused(content: bytes):
    assert reason(content) == "type"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animations_are_refused(kind: str):
    assert reason(file_of(kind=kind, frames=3)) == "animated"


@pytest.mark.parametrize("size", [(4_097, 4_096), (30_000, 30_000), (2**31 - 1, 2**31 - 1), (100_000_000, 2)])
def test_a_file_that_would_fill_the_memory_is_refused_before_it_is_decoded(size: tuple[int, int]):
    assert reason(claimed(*size)) == "pixels"


@settings(max_examples=by_thoroughness(quick=20, full=60, long=600), deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.data())
def test_a_damaged_file_is_refused_or_drawn_and_nothing_else(kind: str, data: st.DataObject):
    content = bytearray(file_of(kind=kind, mode="RGB" if kind == "JPEG" else "RGBA"))
    length = data.draw(st.integers(0, len(content)))
    for _ in range(data.draw(st.integers(0, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        png = normalised(bytes(content[:length]))
    except InvalidPicture as refusal:
        assert refusal.why in {"type", "broken", "animated", "pixels"}  # noqa: PT017 - either is fine
    else:
        assert Image.open(io.BytesIO(png)).size == (SIDE, SIDE)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_truncated_file_is_refused(kind: str):
    content = file_of((300, 300), kind, mode="RGB" if kind == "JPEG" else "RGBA")

    assert reason(content[: len(content) // 2]) in {"broken", "type"}


def test_a_gift_with_an_uploaded_picture_shows_it_in_every_size():
    uploaded = ItemPicture(1, "digest")
    look = GiftLook("Ribbon", "🎀", Tier.SMALL, uploaded)
    uploads.pngs = {uploaded: normalised(file_of((50, 50)))}
    try:
        for size in (64, SIDE, 400):
            pixels: Any = Image.open(io.BytesIO(gift(look, size))).convert("RGBA")
            assert pixels.size == (size, size)
            assert pixels.getpixel((size // 2, size // 2))[0] > 180
    finally:
        uploads.pngs = {}


def test_a_picture_that_is_gone_is_an_error_and_no_drawing():
    with pytest.raises(KeyError):
        gift(GiftLook("Ribbon", "🎀", Tier.SMALL, ItemPicture(1, "gone")), 64)
