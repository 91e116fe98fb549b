"""Messages made of components alone: what they may hold, what cannot be taken back, and which files they show."""

from typing import Any

import pytest

from sandbox.discord.permissions import Permissions
from tests.sandbox.robot import PNG
from tests.sandbox.wire import Place

V2 = 1 << 15
MESSAGE = 4


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def gallery(*urls: str, description: str | None = None) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": url}, "description": description} for url in urls]}


async def test_a_layout_of_forty_components_and_4000_characters_passes(place: Place) -> None:
    section = {
        "type": 9,
        "components": [text("x")],
        "accessory": {"type": 2, "style": 1, "label": "x", "custom_id": "x"},
    }
    container = {"type": 17, "accent_color": 0xFFFFFF, "components": [section, *[text("x")] * 35, text("x" * 3964)]}

    answer = await place.send(flags=V2, components=[container])
    one_more = await place.send(flags=V2, components=[container, text("x")])

    assert answer.status == 200, answer.body
    assert one_more.mistakes == {
        "components=COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        "components=COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    }


@pytest.mark.parametrize("body", [{"flags": V2}, {"flags": V2, "components": []}])
async def test_a_layout_without_components_is_empty_even_with_a_file(place: Place, body: dict[str, Any]) -> None:
    answer = await place.ask("POST", place.here, body, files={"a.png": PNG})

    assert answer.code == 50006


async def test_a_message_becomes_a_layout_once_its_text_and_embeds_are_cleared(place: Place) -> None:
    message = await place.posted(content="x", embeds=[{"title": "y"}])
    here = f"{place.here}/{message.id}"

    refusal = await place.ask("PATCH", here, {"flags": V2, "components": [text("z")]})
    answer = await place.ask("PATCH", here, {"flags": V2, "components": [text("z")], "content": None, "embeds": []})

    assert refusal.mistakes == {
        "content=MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        "embeds=MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    }
    assert (answer.status, answer.body["flags"], answer.body["content"]) == (200, V2, "")


async def test_a_layout_never_becomes_anything_else(place: Place) -> None:
    message = await place.posted(flags=V2, components=[text("x")])
    here = f"{place.here}/{message.id}"

    answers = [
        await place.ask("PATCH", here, {"flags": 0, "content": "y", "components": []}),
        await place.ask("PATCH", here, {"embeds": [{"title": "y"}]}),
        await place.ask("PATCH", here, {"components": []}),
        await place.ask("PATCH", here, {"flags": 0}),
    ]

    assert [answer.status for answer in answers] == [400, 400, 400, 200]
    assert message.flags == V2
    assert message.text == "x"


async def test_components_show_files_of_their_own_message_only(place: Place) -> None:
    body = {"flags": V2, "components": [gallery("attachment://a.png", description="x" * 1024)]}

    missing = await place.send(**body)
    posted = await place.ask("POST", place.here, body, files={"a.png": PNG})
    here = f"{place.here}/{posted.body['id']}"
    kept = await place.ask("PATCH", here, {"components": [text("x"), gallery("attachment://a.png")]})
    dropped = await place.ask("PATCH", here, {"components": body["components"], "attachments": []})

    assert missing.mistakes == {"components.0.items.0.media.url=UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"}
    assert posted.body["components"][0]["items"][0]["media"]["width"] == 64
    assert kept.status == 200
    assert dropped.status == 400


async def test_a_description_of_a_picture_has_1024_characters_at_most(place: Place) -> None:
    body = {"flags": V2, "components": [gallery("attachment://a.png", description="x" * 1025)]}

    answer = await place.ask("POST", place.here, body, files={"a.png": PNG})

    assert answer.mistakes == {"components.0.items.0.description=BASE_TYPE_MAX_LENGTH"}


async def test_a_layout_pings_whom_it_names_unless_told_otherwise(place: Place) -> None:
    components = [{"type": 17, "components": [text(f"<@{place.mia.id}> sent a gift")]}]

    loud = await place.posted(flags=V2, components=components)
    quiet = await place.posted(flags=V2, components=components, allowed_mentions={"parse": []})

    assert [user.id for user in loud.mentions] == [place.mia.id]
    assert quiet.mentions == []


async def test_a_layout_needs_no_permission_for_embeds(place: Place) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.EMBED_LINKS)
    body = {"flags": V2, "components": [text("x"), gallery("attachment://a.png")]}

    answer = await place.ask("POST", place.here, body, files={"a.png": PNG})

    assert answer.status == 200
    assert [component["type"] for component in answer.body["components"]] == [10, 12]


async def test_an_interaction_is_answered_with_a_layout(place: Place) -> None:
    interaction = place.command()

    await place.answer(interaction, MESSAGE, flags=V2, components=[text(f"<@{place.noah.id}>")])

    message = interaction.original
    assert message is not None
    assert message.flags & V2
    assert [user.id for user in message.mentions] == [place.noah.id]
