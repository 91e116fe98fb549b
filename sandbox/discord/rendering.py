"""Turns what a bot sent into what Discord returns, with component ids, defaults, media and embed types filled in."""

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
    """Renders the components and embeds of one message, which may refer to its attachments."""

    def __init__(self, attachments: Sequence[Attachment], new_id: Callable[[], int]) -> None:
        self._by_name = {attachment.filename: attachment for attachment in attachments}
        self._new_id = new_id
        self._numbers = count(1)

    def components(self, components: list[JSON]) -> list[JSON]:
        """Return components as Discord would: each with an id and its defaults."""
        if not components:
            return []
        used_ids = {component.get("id") for component in walk(components)}
        self._numbers = (number for number in count(1) if number not in used_ids)
        return [self._component(component) for component in components]

    def _component(self, component: JSON) -> JSON:
        kind: int = component["type"]
        output: JSON = {"type": kind, "id": component.get("id") or next(self._numbers)}
        if kind in kinds.SELECTS:
            self._select(component, output)
        else:
            _RENDER[kind](self, component, output)
        return output

    def row(self, component: JSON, output: JSON) -> None:
        output["components"] = [self._component(child) for child in component["components"]]

    def button(self, component: JSON, output: JSON) -> None:
        output["style"] = component["style"]
        for key in _BUTTON_KEYS:
            if component.get(key) is not None:
                output[key] = component[key]
        if component.get("emoji"):
            output["emoji"] = _emoji(component["emoji"])
        if component.get("disabled"):
            output["disabled"] = True

    def _select(self, component: JSON, output: JSON) -> None:
        for key in _SELECT_KEYS:
            if component.get(key) is not None:
                output[key] = component[key]
        if component.get("default_values"):
            # Clients may send these ids as numbers, but Discord returns every id as text.
            output["default_values"] = [{**value, "id": str(value["id"])} for value in component["default_values"]]
        for key in ("min_values", "max_values"):
            output[key] = 1 if component.get(key) is None else component[key]
        if component["type"] == kinds.STRING_SELECT:
            output["options"] = [_option(option) for option in component["options"]]

    def section(self, component: JSON, output: JSON) -> None:
        output["components"] = [self._component(child) for child in component["components"]]
        output["accessory"] = self._component(component["accessory"])

    def text(self, component: JSON, output: JSON) -> None:
        output["content"] = component["content"]

    def thumbnail(self, component: JSON, output: JSON) -> None:
        output.update(self._item(component))

    def gallery(self, component: JSON, output: JSON) -> None:
        output["items"] = [self._item(item) for item in component["items"]]

    def file(self, component: JSON, output: JSON) -> None:
        media = self._media(component["file"]["url"])
        attachment = self._by_name.get(component["file"]["url"].removeprefix(_REFERENCE))
        output["file"] = media
        output["name"] = attachment.filename if attachment else None
        output["size"] = attachment.size if attachment else None
        output["spoiler"] = bool(component.get("spoiler"))

    def separator(self, component: JSON, output: JSON) -> None:
        output["divider"] = True if component.get("divider") is None else component["divider"]
        output["spacing"] = component.get("spacing") or 1

    def container(self, component: JSON, output: JSON) -> None:
        output["accent_color"] = component.get("accent_color")
        output["spoiler"] = bool(component.get("spoiler"))
        output["components"] = [self._component(child) for child in component["components"]]

    def _item(self, item: JSON) -> JSON:
        return {
            "media": self._media(item["media"]["url"]),
            "description": item.get("description"),
            "spoiler": bool(item.get("spoiler")),
        }

    def _media(self, url: str) -> JSON:
        attachment = self._attachment(url)
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

    def _attachment(self, url: str) -> Attachment | None:
        return self._by_name.get(url.removeprefix(_REFERENCE)) if url.startswith(_REFERENCE) else None

    def embeds(self, embeds: list[JSON]) -> list[JSON]:
        return [self._embed(embed) for embed in embeds]

    def _embed(self, embed: JSON) -> JSON:
        embed_json: JSON = {"type": "rich"}
        for key in ("url", "title", "description", "color", "timestamp"):
            if embed.get(key) is not None:
                embed_json[key] = embed[key]
        if embed.get("fields"):
            embed_json["fields"] = [
                {"name": field["name"], "value": field["value"], "inline": bool(field.get("inline"))}
                for field in embed["fields"]
            ]
        for key in ("image", "thumbnail"):
            media: JSON = embed.get(key) or {}
            if media.get("url"):
                embed_json[key] = self._embed_image(media["url"])
        for key, keep in (("footer", "text"), ("author", "name")):
            if embed.get(key):
                embed_json[key] = self._embed_line(embed[key], keep)
        return embed_json

    def _embed_image(self, url: str) -> JSON:
        attachment = self._attachment(url)
        if attachment is None:
            return {"url": url, "proxy_url": url, "width": 0, "height": 0}
        image_json: JSON = {
            "url": attachment.url,
            "proxy_url": attachment.url,
            "width": attachment.width or 0,
            "height": attachment.height or 0,
            "content_type": attachment.content_type,
        }
        if attachment.description:
            image_json["description"] = attachment.description
        return image_json

    def _embed_line(self, line: JSON, keep: str) -> JSON:
        line_json: JSON = {keep: line[keep]}
        if line.get("url"):
            line_json["url"] = line["url"]
        if line.get("icon_url"):
            attachment = self._attachment(line["icon_url"])
            url = attachment.url if attachment else line["icon_url"]
            line_json["icon_url"] = line_json["proxy_icon_url"] = url
        return line_json


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
    emoji_json: JSON = {"name": emoji.get("name") or ""}
    if emoji.get("id"):
        emoji_json["id"] = str(emoji["id"])
    if emoji.get("animated"):
        emoji_json["animated"] = True
    return emoji_json


def _option(option: JSON) -> JSON:
    option_json: JSON = {"label": option["label"], "value": option["value"]}
    if option.get("description"):
        option_json["description"] = option["description"]
    if option.get("emoji"):
        option_json["emoji"] = _emoji(option["emoji"])
    if option.get("default"):
        option_json["default"] = True
    return option_json
