"""Avatars come from strangers: whatever they are, a round face comes out."""

import struct
import zlib

import pytest

from bot.imaging import avatars
from bot.imaging.avatars import face
from bot.imaging.values import Person
from tests.imaging.pictures import colour_at, file_of

SIZE = 48


def middle(image):
    return colour_at(image, image.width // 2, image.height // 2)


def initial(person):
    return face(Person(person.name, person.member_id), SIZE)


def png_claiming(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(64))) + chunk(b"IEND", b"")
    )


WHOLE = file_of("blue", size=(200, 200))
HOSTILE = {
    "nothing": b"",
    "words": b"<html>not found</html>",
    "cut off": WHOLE[: len(WHOLE) // 2],
    "header only": WHOLE[:24],
    "a flipped byte": WHOLE[:60] + bytes([WHOLE[60] ^ 0xFF]) + WHOLE[61:],
    "50,000 x 50,000 pixels": png_claiming(50_000, 50_000),
    "4,000 x 4,000 pixels": png_claiming(4_000, 4_000),
    "no pixels": png_claiming(0, 0),
    "another format": file_of("blue", kind="BMP"),
    "too many bytes": WHOLE + bytes(avatars.MOST_BYTES),
    "a vector": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
}


@pytest.mark.parametrize(
    "data",
    [
        file_of("blue"),
        file_of("blue", kind="JPEG"),
        file_of("blue", kind="WEBP"),
        file_of("blue", kind="GIF"),
        file_of("blue", size=(300, 40)),
        file_of("blue", size=(1, 1)),
        file_of((0, 0, 255, 255), mode="RGBA"),
        file_of("blue", kind="JPEG", mode="RGB", progressive=True),
    ],
    ids=["png", "jpeg", "webp", "gif", "wide", "one pixel", "alpha", "progressive"],
)
def test_an_avatar_is_cut_round(data):
    picture = face(Person("Mia", 1, data), SIZE)

    red, green, blue, alpha = middle(picture)
    assert picture.size == (SIZE, SIZE)
    assert (red < 20, green < 20, blue > 220, alpha) == (True, True, True, 255)
    assert colour_at(picture, 0, 0)[3] == 0


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_avatar_gives_the_drawn_face(data):
    person = Person("Mia", 7, data)

    assert face(person, SIZE).tobytes() == initial(person).tobytes()


def test_a_see_through_avatar_stands_on_a_ground():
    assert middle(face(Person("Mia", 1, file_of((0, 0, 0, 0), mode="RGBA")), SIZE))[3] == 255


def test_the_drawn_face_differs_by_person_and_by_initial():
    faces = {face(Person(name, number), SIZE).tobytes() for name in ("Mia", "Noor", "محمد", "🦊") for number in (1, 2)}

    assert len(faces) == 8


@pytest.mark.parametrize("name", ["", "\u202e", "\ud800", "𒀀"])
def test_a_name_without_an_initial_has_a_face_too(name):
    assert middle(face(Person(name, 3), SIZE))[3] == 255
