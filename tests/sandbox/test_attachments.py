"""Attachments: served, described, shown in embeds, and kept or replaced by edits."""

import pytest

from sandbox.discord.people import Refused
from tests.sandbox.robot import PNG
from tests.sandbox.wire import Place

SHOW = {
    "name": "show",
    "description": "Show a picture",
    "options": [{"type": 11, "name": "picture", "description": "Picture to show"}],
}


async def test_a_file_is_served_where_its_message_says(place: Place) -> None:
    body = {"attachments": [{"id": 0, "filename": "top three.png", "description": "The top three"}]}

    answer = await place.ask("POST", place.here, body, files={"top three.png": b"picture"})

    attachment = answer.body["attachments"][0]
    async with place.http.get(attachment["url"]) as response:
        assert await response.read() == b"picture"
    assert (attachment["filename"], attachment["description"]) == ("top_three.png", "The top three")


async def test_an_embed_shows_an_attachment_instead_of_the_list(place: Place) -> None:
    body = {"embeds": [{"image": {"url": "attachment://a.png"}}]}

    answer = await place.ask("POST", place.here, body, files={"a.png": b"picture"})

    assert answer.body["attachments"] == []
    assert "/cdn/attachments/" in answer.body["embeds"][0]["image"]["url"]


async def test_an_attachment_is_listed_again_when_its_embed_goes(place: Place) -> None:
    creation = await place.ask(
        "POST", place.here, {"embeds": [{"image": {"url": "attachment://a.png"}}]}, files={"a.png": b"picture"}
    )

    answer = await place.ask("PATCH", f"{place.here}/{creation.body['id']}", {"embeds": []})

    assert [attachment["filename"] for attachment in answer.body["attachments"]] == ["a.png"]


async def test_an_edit_keeps_the_files_it_lists(place: Place) -> None:
    creation = await place.ask("POST", place.here, {"content": "x"}, files={"a.png": b"1", "b.png": b"2"})
    keep = {"id": creation.body["attachments"][1]["id"]}

    answer = await place.ask("PATCH", f"{place.here}/{creation.body['id']}", {"attachments": [keep]})

    assert [attachment["filename"] for attachment in answer.body["attachments"]] == ["b.png"]


async def test_a_picture_in_an_embed_has_its_size_and_its_words(place: Place) -> None:
    body = {
        "embeds": [{"image": {"url": "attachment://recap.png"}, "thumbnail": {"url": "attachment://top.png"}}],
        "attachments": [{"id": 0, "filename": "recap.png", "description": "Noor received 120 gifts"}],
    }

    answer = await place.ask("POST", place.here, body, files={"recap.png": PNG, "top.png": PNG})

    embed = answer.body["embeds"][0]
    assert (embed["image"]["width"], embed["image"]["height"]) == (64, 32)
    assert embed["image"]["description"] == "Noor received 120 gifts"
    assert "description" not in embed["thumbnail"]


async def test_an_edit_replaces_the_picture_of_an_embed(place: Place) -> None:
    embeds = [{"image": {"url": "attachment://board.png"}}]
    creation = await place.ask("POST", place.here, {"embeds": embeds}, files={"board.png": b"old"})
    body = {"embeds": embeds, "attachments": [{"id": 0, "filename": "board.png"}]}

    answer = await place.ask("PATCH", f"{place.here}/{creation.body['id']}", body, files={"board.png": b"new"})

    async with place.http.get(answer.body["embeds"][0]["image"]["url"]) as response:
        assert await response.read() == b"new"
    assert answer.body["attachments"] == []
    assert len(place.world.public_message(place.channel.id, int(creation.body["id"])).attachments) == 1


async def test_an_edit_shows_a_kept_picture_in_its_embed(place: Place) -> None:
    creation = await place.ask("POST", place.here, {"content": "x"}, files={"board.png": PNG})
    keep = {"id": creation.body["attachments"][0]["id"], "description": "The board"}
    body = {"embeds": [{"image": {"url": "attachment://board.png"}}], "attachments": [keep]}

    answer = await place.ask("PATCH", f"{place.here}/{creation.body['id']}", body)

    assert answer.body["embeds"][0]["image"]["url"] == creation.body["attachments"][0]["url"]
    assert answer.body["embeds"][0]["image"]["description"] == "The board"


async def test_an_edit_adds_files_to_those_there_are(place: Place) -> None:
    creation = await place.ask("POST", place.here, {"content": "x"}, files={"a.png": b"1"})

    answer = await place.ask("PATCH", f"{place.here}/{creation.body['id']}", {}, files={"b.png": b"2"})

    assert [attachment["filename"] for attachment in answer.body["attachments"]] == ["a.png", "b.png"]


@pytest.mark.parametrize("verb", ["POST", "PATCH"])
async def test_words_for_a_picture_are_at_most_1024(place: Place, verb: str) -> None:
    creation = await place.ask("POST", place.here, {"content": "x"}, files={"a.png": b"1"})
    words = "x" * 1025
    path = place.here if verb == "POST" else f"{place.here}/{creation.body['id']}"
    number = 0 if verb == "POST" else creation.body["attachments"][0]["id"]
    files = {"a.png": b"1"} if verb == "POST" else None

    answer = await place.ask(verb, path, {"attachments": [{"id": number, "description": words}]}, files=files)

    assert answer.mistakes == {"attachments.0.description=BASE_TYPE_MAX_LENGTH"}


async def test_a_file_for_an_option_is_uploaded_first_and_served_by_the_same_path_as_on_discords_cdn(
    place: Place,
) -> None:
    await place.ask("PUT", f"/applications/{place.app}/commands", [SHOW])
    file = place.person(place.mia).upload("top three.png", b"picture")

    exchange = await place.person(place.mia).slash("show", picture=file)

    (option,) = exchange.interaction.data["options"]
    resolved = exchange.interaction.data["resolved"]["attachments"][option["value"]]
    path = resolved["url"].removeprefix("https://cdn.discordapp.com")
    assert (resolved["filename"], resolved["size"]) == ("top_three.png", 7)
    async with place.http.get(place.server.base_url + f"/cdn{path}") as response:
        assert await response.read() == b"picture"


async def test_an_option_for_a_file_takes_nothing_else(place: Place) -> None:
    await place.ask("PUT", f"/applications/{place.app}/commands", [SHOW])

    with pytest.raises(Refused):
        await place.person(place.mia).slash("show", picture="picture.png")
    with pytest.raises(Refused):
        place.person(place.mia).upload("large.png", bytes(10 * 1024 * 1024 + 1))
