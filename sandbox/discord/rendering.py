"""Turns what a bot sent into what Discord gives back: component ids, defaults, media and embed types filled in."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits import components as kinds
from sandbox.discord.model import Attachment
from sandbox.discord.model.message import walk

_REFERENCE: Final = "attachment://"
_SELECT_KEYS: Final = ("custom_id", "placeholder", "disabled", "channel_types")
_BUTTON_KEYS: Final = ("custom_id", "label", "url", "sku_id", "emoji")


class Renderer:
    """Renders one message's parts around its attachments."""

    def __init__(self, attachments: Sequence[Attachment], new_id: Callable[[], int]) -> None:
        self._by_name = {one.filename: one for one in attachments}
        self._new_id = new_id
        self._numbers = count(1)

    def components(self, components: list[JSON]) -> list[JSON]:
        """Return components as Discord would: every one with an id and its defaults."""
        if not components:
            return []
        taken = {one.get("id") for one in walk(components)}
        self._numbers = (number for number in count(1) if number not in taken)
        return [self._component(one) for one in components]

    def _component(self, one: JSON) -> JSON:
        kind: int = one["type"]
        result: JSON = {"type": kind, "id": one.get("id") or next(self._numbers)}
        if kind in kinds.SELECTS:
            self._select(one, result)
        else:
            _RENDER[kind](self, one, result)
        return result

    def row(self, one: JSON, result: JSON) -> None:
        """Render an action row."""
        result["components"] = [self._component(child) for child in one["components"]]

    def button(self, one: JSON, result: JSON) -> None:
        """Render a button."""
        result["style"] = one["style"]
        for key in _BUTTON_KEYS:
            if one.get(key) is not None:
                result[key] = one[key]
        if one.get("emoji"):
            result["emoji"] = _emoji(one["emoji"])
        if one.get("disabled"):
            result["disabled"] = True

    def _select(self, one: JSON, result: JSON) -> None:
        for key in _SELECT_KEYS:
            if one.get(key) is not None:
                result[key] = one[key]
        if one.get("default_values"):
            # Clients may send these ids as numbers; Discord gives every id back as text.
            result["default_values"] = [{**value, "id": str(value["id"])} for value in one["default_values"]]
        for key in ("min_values", "max_values"):
            result[key] = 1 if one.get(key) is None else one[key]
        if one["type"] == kinds.STRING_SELECT:
            result["options"] = [_option(option) for option in one["options"]]

    def section(self, one: JSON, result: JSON) -> None:
        """Render a section."""
        result["components"] = [self._component(child) for child in one["components"]]
        result["accessory"] = self._component(one["accessory"])

    def text(self, one: JSON, result: JSON) -> None:
        """Render a text display."""
        result["content"] = one["content"]

    def thumbnail(self, one: JSON, result: JSON) -> None:
        """Render a thumbnail."""
        result.update(self._item(one))

    def gallery(self, one: JSON, result: JSON) -> None:
        """Render a media gallery."""
        result["items"] = [self._item(item) for item in one["items"]]

    def file(self, one: JSON, result: JSON) -> None:
        """Render a file."""
        media = self._media(one["file"]["url"])
        attachment = self._by_name.get(one["file"]["url"].removeprefix(_REFERENCE))
        result["file"] = media
        result["name"] = attachment.filename if attachment else None
        result["size"] = attachment.size if attachment else None
        result["spoiler"] = bool(one.get("spoiler"))

    def separator(self, one: JSON, result: JSON) -> None:
        """Render a separator."""
        result["divider"] = True if one.get("divider") is None else one["divider"]
        result["spacing"] = one.get("spacing") or 1

    def container(self, one: JSON, result: JSON) -> None:
        """Render a container."""
        result["accent_color"] = one.get("accent_color")
        result["spoiler"] = bool(one.get("spoiler"))
        result["components"] = [self._component(child) for child in one["components"]]

    def _item(self, one: JSON) -> JSON:
        return {
            "media": self._media(one["media"]["url"]),
            "description": one.get("description"),
            "spoiler": bool(one.get("spoiler")),
        }

    def _media(self, url: str) -> JSON:
        attachment = self._attached(url)
        if attachment is None:
            return {
                "id": str(self._new_id()),
                "url": url,
                "proxy_url": url,
                "width": None,
                "height": None,
                "content_type": None,
            }
        return {
            "id": str(self._new_id()),
            "url": attachment.url,
            "proxy_url": attachment.url,
            "width": attachment.width,
            "height": attachment.height,
            "content_type": attachment.content_type,
            "attachment_id": str(attachment.id),
        }

    def _attached(self, url: str) -> Attachment | None:
        return self._by_name.get(url.removeprefix(_REFERENCE)) if url.startswith(_REFERENCE) else None

    def embeds(self, embeds: list[JSON]) -> list[JSON]:
        """Return embeds as Discord would."""
        return [self._embed(one) for one in embeds]

    def _embed(self, embed: JSON) -> JSON:
        result: JSON = {"type": "rich"}
        for key in ("url", "title", "description", "color", "timestamp"):
            if embed.get(key) is not None:
                result[key] = embed[key]
        if embed.get("fields"):
            result["fields"] = [
                {"name": one["name"], "value": one["value"], "inline": bool(one.get("inline"))}
                for one in embed["fields"]
            ]
        for key in ("image", "thumbnail"):
            media: JSON = embed.get(key) or {}
            if media.get("url"):
                result[key] = self._embed_image(media["url"])
        for key, keep in (("footer", "text"), ("author", "name")):
            if embed.get(key):
                result[key] = self._embed_line(embed[key], keep)
        return result

    def _embed_image(self, url: str) -> JSON:
        attachment = self._attached(url)
        if attachment is None:
            return {"url": url, "proxy_url": url, "width": 0, "height": 0}
        result: JSON = {
            "url": attachment.url,
            "proxy_url": attachment.url,
            "width": attachment.width or 0,
            "height": attachment.height or 0,
            "content_type": attachment.content_type,
        }
        if attachment.description:
            result["description"] = attachment.description
        return result

    def _embed_line(self, line: JSON, keep: str) -> JSON:
        result: JSON = {keep: line[keep]}
        if line.get("url"):
            result["url"] = line["url"]
        if line.get("icon_url"):
            attachment = self._attached(line["icon_url"])
            url = attachment.url if attachment else line["icon_url"]
            result["icon_url"] = result["proxy_icon_url"] = url
        return result


_RENDER: Final[dict[int, Callable[[Renderer, JSON, JSON], None]]] = {
    kinds.ROW: Renderer.row,
    kinds.BUTTON: Renderer.button,
    kinds.SECTION: Renderer.section,
    kinds.TEXT: Renderer.text,
    kinds.THUMBNAIL: Renderer.thumbnail,
    kinds.GALLERY: Renderer.gallery,
    kinds.FILE: Renderer.file,
    kinds.SEPARATOR: Renderer.separator,
    kinds.CONTAINER: Renderer.container,
}


def _emoji(emoji: JSON) -> JSON:
    result: JSON = {"name": emoji.get("name") or ""}
    if emoji.get("id"):
        result["id"] = str(emoji["id"])
    if emoji.get("animated"):
        result["animated"] = True
    return result


def _option(option: JSON) -> JSON:
    result: JSON = {"label": option["label"], "value": option["value"]}
    if option.get("description"):
        result["description"] = option["description"]
    if option.get("emoji"):
        result["emoji"] = _emoji(option["emoji"])
    if option.get("default"):
        result["default"] = True
    return result
