"""Pictures on disk: whole or absent, whoever shares the folder and whatever happens to it."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.domain.catalogue import Tier
from bot.imaging import artwork
from bot.imaging.files import PictureFiles
from bot.imaging.values import GiftLook, GiftPicture

PIZZA = GiftPicture(GiftLook("Pizza", "🍕", Tier.SMALL), 32)
PETAL = GiftLook("Petal", "🌸", Tier.SMALL)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "new" / "pictures"


@pytest.fixture
def masters(folder):
    artwork.masters.files = PictureFiles(folder)
    artwork.master.cache_clear()
    yield artwork.masters.files
    artwork.masters.files = None
    artwork.master.cache_clear()


def only_file(folder):
    (file,) = folder.iterdir()
    return file


def test_a_saved_picture_is_loaded_by_equal_values_only(folder):
    PictureFiles(folder).save(b"picture", PIZZA)

    assert PictureFiles(folder).load(GiftPicture(GiftLook("Pizza", "🍕", Tier.SMALL), 32)) == b"picture"
    assert PictureFiles(folder).load(GiftPicture(PIZZA.look, 33)) is None
    assert PictureFiles(folder).load("master", PIZZA) is None


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda content: content[:-1], lambda content: content[:-1] + b"X", lambda content: b"X" + content],
    ids=["empty", "cut", "changed", "longer"],
)
def test_a_damaged_file_counts_as_missing_and_is_replaced(folder, damage):
    pictures = PictureFiles(folder)
    pictures.save(b"picture", PIZZA)
    file = only_file(folder)
    file.write_bytes(damage(file.read_bytes()))

    assert pictures.load(PIZZA) is None
    pictures.save(b"picture", PIZZA)
    assert pictures.load(PIZZA) == b"picture"


def test_other_code_draws_again(folder):
    PictureFiles(folder, lambda: b"this version").save(b"picture", PIZZA)

    assert PictureFiles(folder, lambda: b"the next version").load(PIZZA) is None
    assert PictureFiles(folder, lambda: b"this version").load(PIZZA) == b"picture"
    assert PictureFiles(folder).load(PIZZA) is None


def test_a_folder_that_cannot_be_made_or_written_only_keeps_nothing(tmp_path):
    (tmp_path / "file").touch()
    pictures = PictureFiles(tmp_path / "file" / "pictures")

    pictures.save(b"picture", PIZZA)
    pictures.prune()

    assert pictures.load(PIZZA) is None


def test_a_picture_that_cannot_be_put_in_its_place_leaves_nothing_behind(folder):
    pictures = PictureFiles(folder)
    pictures.save(b"picture", PIZZA)
    file = only_file(folder)
    file.unlink()
    file.mkdir()

    pictures.save(b"picture", PIZZA)

    assert [*folder.iterdir()] == [file]


def test_bots_that_share_a_folder_never_see_half_a_picture(folder):
    picture = bytes(200_000)

    def save_and_load(_):
        pictures = PictureFiles(folder)
        pictures.save(picture, PIZZA)
        return pictures.load(PIZZA)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(save_and_load, range(200))) == {picture}
    assert len([*folder.iterdir()]) == 1


def test_the_oldest_files_are_pruned(folder):
    pictures = PictureFiles(folder)
    for size in (16, 17, 18):
        pictures.save(b"picture", GiftPicture(PIZZA.look, size))
        newest = pictures._path((GiftPicture(PIZZA.look, size),))
        os.utime(newest, (size, size))

    pictures.prune(2)

    assert [pictures.load(GiftPicture(PIZZA.look, size)) for size in (16, 17, 18)] == [None, b"picture", b"picture"]


def test_a_master_from_disk_equals_the_one_that_was_drawn(masters):
    drawn = artwork.master(PETAL).copy()
    artwork.master.cache_clear()

    loaded = artwork.masters.load(PETAL)

    assert loaded is not None
    assert loaded.tobytes() == drawn.tobytes() == artwork.master(PETAL).tobytes()


def test_a_damaged_master_is_drawn_again(masters, folder):
    drawn = artwork.master(PETAL).tobytes()
    artwork.master.cache_clear()
    only_file(folder).write_bytes(b"not a picture")

    assert artwork.master(PETAL).tobytes() == drawn
    assert artwork.masters.load(PETAL) is not None
