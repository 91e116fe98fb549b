"""Pictures of gifts that staff upload: drawn wherever the gift is drawn, and refused in words."""

import io
from typing import Any

import pytest
from PIL import Image

from sandbox.discord.model import Message
from tests import books
from tests.imaging.test_uploads import claimed, file_of
from tests.rig import Rig, Town

PURPLE = (120, 20, 220)


def picture_file() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 300), PURPLE).save(file, "PNG")
    return file.getvalue()


def purple(message: Message) -> int:
    """Return how many pixels of a message's first picture have the colour of the uploaded one."""
    pixels: Any = Image.open(io.BytesIO(message.attachments[0].data)).convert("RGB")
    return sum(
        count
        for count, (red, green, blue) in pixels.getcolors(pixels.width * pixels.height)
        if abs(red - PURPLE[0]) < 12 and abs(green - PURPLE[1]) < 12 and abs(blue - PURPLE[2]) < 12
    )


async def manage(town: Town, command: str, **options: Any) -> Message:
    return await (await town.sam.slash(command, **options)).message()


async def test_an_uploaded_picture_is_drawn_wherever_the_gift_is_and_goes_when_it_is_removed(
    rig: Rig, town: Town
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    file = town.sam.upload("ribbon.png", picture_file())
    addition = await manage(town, "catalogue add", name="Ribbon", emoji="🎀", price=1_200, tier="Large", picture=file)
    await town.give(town.mia, "Ribbon", town.noor)
    question = [message for message in town.mia.messages if "Send " in str(message.components)][-1]
    await (await town.mia.click(question, "Send for 🪙\xa01,200")).message()
    announcement = await town.announced(town.general, "Ribbon")
    shelf = await (await town.mia.slash("gifts")).message()
    elsewhere = purple(shelf)
    large = await (await town.mia.select(shelf, "Small gifts", "Large gifts")).message()
    board = await (await town.mia.slash("leaderboard", board="Gifts: which were sent the most")).message()
    removal = await manage(town, "catalogue edit", item="Ribbon", remove_picture=True)

    for message in (addition, announcement, large, board):
        assert purple(message) > 1_000, message.text
    assert elsewhere == 0
    assert purple(removal) == 0
    count = "SELECT count(*) FROM item_pictures WHERE guild_id = ?"
    assert books.only_value(rig.database, count, town.guild.id) == 0


async def test_a_new_picture_takes_the_place_of_the_old_one(rig: Rig, town: Town) -> None:
    for colour in ("red", "blue"):
        file = io.BytesIO()
        Image.new("RGB", (80, 80), colour).save(file, "JPEG")
        upload = town.sam.upload(f"{colour}.jpg", file.getvalue(), "image/jpeg")
        answer = await manage(town, "catalogue edit", item="Petal", picture=upload)
        assert "Petal" in answer.text

    digests = books.rows(rig.database, "SELECT digest FROM item_pictures WHERE guild_id = ?", town.guild.id)
    used = books.rows(
        rig.database, "SELECT picture FROM gift_items WHERE guild_id = ? AND name = 'Petal'", town.guild.id
    )
    assert digests == used
    pixels: Any = Image.open(io.BytesIO(answer.attachments[0].data)).convert("RGB")
    red, _, blue = pixels.getpixel((pixels.width // 2, pixels.height // 2))
    assert blue > 200 > red


REFUSALS = {
    "text": (b"hello", "I can only use pictures."),
    "huge": (claimed(30_000, 30_000), "up to 4,096 × 4,096 pixels"),
    "animated": (file_of(kind="GIF", frames=3), "is animated"),
    "truncated": (file_of((300, 300))[:300], "is damaged"),
    "too many bytes": (bytes(8 * 1024 * 1024 + 1), "up to 8 MB"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_file_that_cannot_be_a_picture_is_refused_and_nothing_changes(rig: Rig, town: Town, name: str) -> None:
    content, sentence = REFUSALS[name]
    file = town.sam.upload("picture.png", content)
    addition = await manage(town, "catalogue add", name="Odd", emoji="🎀", price=2, picture=file)
    edit = await manage(town, "catalogue edit", item="Petal", price=7, picture=file)

    for answer in (addition, edit):
        assert sentence in answer.text
        assert "Nothing was changed" in answer.text
    rows = books.rows(
        rig.database, "SELECT name, price, picture FROM gift_items WHERE guild_id = ? AND price < 8", town.guild.id
    )
    assert sorted(rows) == [("Petal", 1, None), ("Spark", 5, None)]


async def test_a_file_that_is_gone_from_discord_is_refused(rig: Rig, town: Town) -> None:
    file = town.sam.upload("gone.png", picture_file())
    file.filename = "renamed.png"

    assert "couldn't load that picture" in (await manage(town, "catalogue edit", item="Petal", picture=file)).text


async def test_a_file_from_anywhere_else_is_not_fetched(town: Town) -> None:
    file = town.sam.upload("near.png", picture_file())
    file.url = "http://127.0.0.1:1/secret.png"

    assert "couldn't load that picture" in (await manage(town, "catalogue edit", item="Petal", picture=file)).text
