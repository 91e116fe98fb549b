"""Discord's limits as Discord checks them: written down a second time, so that the cutter is not its own judge."""

from collections.abc import Iterator
from typing import Any

import discord
from discord import ui

from bot.ui.kit.replies import Reply


def size(text: str | None) -> int:
    return len((text or "").encode("utf-16-le")) // 2


def check(reply: Reply) -> None:
    """Assert that Discord would take `reply` in both of its forms."""
    check_layout(reply)
    reply = reply.embedded()
    (embed,) = reply.embeds()
    assert check_embed(embed) <= 6000
    for picture in reply.card.pictures[:1]:
        shows = embed.thumbnail if picture.beside else embed.image
        assert shows.url == f"attachment://{picture.filename}"
        assert 1 <= len(picture.file().description or "") <= 1024
    if reply.items:
        check_components(reply.components())


def check_layout(reply: Reply) -> None:
    """Assert that a card's layout is within the limits of components, and that each file is shown, with its text."""
    parts = [*walk(reply.components())]
    assert len(parts) <= 40
    texts = [part["content"] for part in parts if part["type"] == 10]
    assert all(size(text) >= 1 for text in texts)
    assert sum(map(size, texts)) <= 4000
    rows = [part for part in parts if part["type"] == 1]
    if rows:
        # A layout may have as many rows as it has room for.
        check_components(rows, most=40)
    media = [part for part in parts if part["type"] == 11]
    media += [item for part in parts if part["type"] == 12 for item in part["items"]]
    assert all(1 <= size(item["description"]) <= 1024 for item in media)
    files = [f"attachment://{file.filename}" for file in reply.sent().get("files", [])]
    documents = [part["file"]["url"] for part in parts if part["type"] == 13]
    assert [item["media"]["url"] for item in media] + documents == files


def walk(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield components and all that is in them."""
    for part in parts:
        yield part
        yield from walk(part.get("components", []))
        yield from walk([part["accessory"]] if "accessory" in part else [])


def check_embed(embed: discord.Embed) -> int:
    """Assert that an embed is within its limits, and return what it counts towards the message's."""
    assert size(embed.title) <= 256
    assert size(embed.description) <= 4096
    assert size(embed.footer.text) <= 2048
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= size(field.name) <= 256
        assert 1 <= size(field.value) <= 1024
    assert embed.title or embed.description or embed.fields
    fields = sum(size(field.name) + size(field.value) for field in embed.fields)
    return size(embed.title) + size(embed.description) + size(embed.footer.text) + fields


def check_components(rows: list[dict[str, Any]], *, most: int = 5) -> None:
    """Assert that a message's components are within their limits, `most` rows among them."""
    assert 1 <= len(rows) <= most
    items = [item for row in rows for item in row["components"]]
    ids = [item["custom_id"] for item in items if "custom_id" in item]
    assert len(set(ids)) == len(ids)
    assert all(1 <= size(custom_id) <= 100 for custom_id in ids)
    for row in rows:
        buttons = [item for item in row["components"] if item["type"] == 2]
        assert len(buttons) <= 5
        assert not buttons or len(buttons) == len(row["components"])
    for item in items:
        assert size(item.get("label")) <= 80
        assert size(item.get("placeholder")) <= 150
        assert size(item.get("url")) <= 512
        # A premium button has neither: Discord writes the price on it.
        assert item["type"] != 2 or item.get("label") or item.get("emoji") or item.get("sku_id")
        options = item.get("options", [])
        assert len(options) <= 25
        for option in options:
            assert 1 <= size(option["label"]) <= 100
            assert size(option.get("description")) <= 100
            assert size(option["value"]) <= 100


def check_form(form: ui.Modal) -> None:
    """Assert that a form is within its limits."""
    payload = form.to_dict()
    assert 1 <= size(payload["title"]) <= 45
    assert 1 <= len(payload["components"]) <= 5
    for part in payload["components"]:
        if part["type"] == 10:
            assert 1 <= size(part["content"]) <= 4000
            continue
        assert 1 <= size(part["label"]) <= 45
        assert size(part.get("description")) <= 100
        assert size(part["component"].get("value")) <= part["component"].get("max_length", 0)
        for option in part["component"].get("options", ()):
            assert 1 <= size(option["label"]) <= 100
            assert 1 <= size(option["value"]) <= 100
