"""The CDN: avatars at Discord's own paths, drawn the same every time."""

import io

import pytest
from PIL import Image

from sandbox.discord.faces import face, face_hash
from sandbox.discord.model import User
from tests.sandbox.wire import Place


@pytest.fixture
def rose(place: Place) -> User:
    """A user with an avatar."""
    return place.world.add_user("rose", avatar=face_hash(5), user_id=5)


async def fetched(place: Place, path: str) -> tuple[int, str, bytes]:
    async with place.http.get(place.server.cdn_url + path) as response:
        return response.status, response.content_type, await response.read()


@pytest.mark.parametrize(
    ("ending", "kind", "name"),
    [("png", "image/png", "PNG"), ("webp", "image/webp", "WEBP"), ("jpg", "image/jpeg", "JPEG")],
)
async def test_an_avatar_is_served_in_the_size_and_format_asked_for(
    place: Place, rose: User, ending: str, kind: str, name: str
) -> None:
    status, content_type, data = await fetched(place, f"/avatars/{rose.id}/{rose.avatar}.{ending}?size=64")

    picture = Image.open(io.BytesIO(data))
    assert (status, content_type, picture.format, picture.size) == (200, kind, name, (64, 64))


async def test_no_avatar_is_larger_than_it_was_uploaded(place: Place, rose: User) -> None:
    _, _, data = await fetched(place, f"/avatars/{rose.id}/{rose.avatar}.png?size=1024")

    assert Image.open(io.BytesIO(data)).size == (128, 128)
    assert len(data) < 32 * 1024


async def test_only_the_avatar_somebody_has_is_there(place: Place, rose: User) -> None:
    old = await fetched(place, f"/avatars/{rose.id}/{'0' * 32}.png")
    none = await fetched(place, f"/avatars/{place.mia.id}/{'0' * 32}.png")
    moving = await fetched(place, f"/avatars/{rose.id}/{rose.avatar}.gif")

    assert (old[0], none[0], moving[0]) == (404, 404, 415)


@pytest.mark.parametrize(("number", "status"), [(0, 200), (5, 200), (6, 404)])
async def test_who_has_no_avatar_has_one_of_discords_six(place: Place, number: int, status: int) -> None:
    assert (await fetched(place, f"/embed/avatars/{number}.png"))[0] == status


async def test_members_say_which_avatar_they_have(place: Place, rose: User) -> None:
    place.world.join(place.guild, rose)

    answer = await place.ask("GET", f"/guilds/{place.guild.id}/members/{rose.id}")

    assert answer.body["user"]["avatar"] == rose.avatar


def test_a_flower_is_the_same_every_time_and_another_for_everybody() -> None:
    flowers = {face(seed, 32) for seed in range(50)}
    again = face.__wrapped__(7, 32)

    assert len(flowers) == 50
    assert again in flowers
