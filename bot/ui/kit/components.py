"""The contents of a message, as values that become Discord's JSON: buttons, menus, and the parts of a layout.

The library's items and views hold state and wait to be pressed. Here a press is answered by the `Control` whose
template matches, in this process or the next, so a message needs no more than its JSON. Only forms, which the library
does have to wait for, are built of its items.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import discord

from bot.ui.kit import discord_limits

Payload = dict[str, Any]
"""A piece of Discord's JSON. It may be shared between messages, so nobody changes it."""

_ROW_WIDTH = 5


@dataclass(frozen=True, slots=True)
class Button:
    """A button that a control answers, known by its `custom_id`, or one that opens a `url`."""

    label: str
    custom_id: str = ""
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    emoji: str | None = None
    disabled: bool = False
    url: str = ""
    row: int | None = None

    width: ClassVar[int] = 1

    def payload(self) -> Payload:
        """Return the button in Discord's JSON."""
        payload: Payload = {
            "type": _BUTTON,
            "style": self.style.value,
            "disabled": self.disabled,
            "label": discord_limits.cut(self.label, discord_limits.BUTTON_LABEL),
        }
        if self.url:
            payload |= {"style": _LINK, "url": self.url}
        else:
            payload["custom_id"] = self.custom_id
        if self.emoji:
            payload["emoji"] = _emoji(self.emoji)
        return payload


@dataclass(frozen=True, slots=True)
class SkuButton:
    """Discord's own button for buying a SKU, with the name and price it has there. Nobody hears of a press."""

    sku_id: int
    row: int | None = None

    width: ClassVar[int] = 1

    def payload(self) -> Payload:
        """Return the button in Discord's JSON."""
        return {"type": _BUTTON, "style": discord.ButtonStyle.premium.value, "sku_id": str(self.sku_id)}


@dataclass(frozen=True, slots=True)
class Option:
    """A line of a menu; `value` is the id that it stands for."""

    label: str
    value: int
    description: str = ""
    emoji: str | None = None
    default: bool = False

    def payload(self) -> Payload:
        """Return the option in Discord's JSON."""
        payload: Payload = {
            "label": discord_limits.cut(self.label, discord_limits.OPTION_TEXT),
            "value": str(self.value),
            "default": self.default,
        }
        if self.description:
            payload["description"] = discord_limits.cut(self.description, discord_limits.OPTION_TEXT)
        if self.emoji:
            payload["emoji"] = _emoji(self.emoji)
        return payload


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of `options` (the first 25), or of the guild's members, roles or channels, some of them `chosen` already.

    `kind` is Discord's type of menu. Of channels, only those of `channel_types` are offered.
    """

    custom_id: str
    placeholder: str
    kind: discord.ComponentType = discord.ComponentType.string_select
    options: Sequence[Option] = ()
    chosen: Sequence[int] = ()
    channel_types: Sequence[discord.ChannelType] = ()
    fewest: int = 1
    most: int = 1
    row: int | None = None

    width: ClassVar[int] = _ROW_WIDTH

    def payload(self) -> Payload:
        """Return the menu in Discord's JSON."""
        payload: Payload = {
            "type": self.kind.value,
            "custom_id": self.custom_id,
            "min_values": self.fewest,
            "max_values": self.most,
        }
        if self.placeholder:
            payload["placeholder"] = self.placeholder
        if self.options:
            payload["options"] = [option.payload() for option in self.options[: discord_limits.SELECT_OPTIONS]]
        if self.chosen:
            chosen_kind = _CHOSEN_KINDS[self.kind]
            payload["default_values"] = [{"id": chosen_id, "type": chosen_kind} for chosen_id in self.chosen]
        if self.channel_types:
            payload["channel_types"] = [channel_type.value for channel_type in self.channel_types]
        return payload


Item = Button | SkuButton | Menu
"""What can be pressed or used. Items that name a `row` stand in order of it; the others follow one another."""


def action_rows(items: Sequence[Item]) -> list[Payload]:
    """Return the items in rows: five buttons or one menu each, and a new row where an item asks for another one.

    If that would make more rows than a message with an embed may have, no such wish counts.
    """
    rows = _rows(items, keeps_apart=True)
    return rows if len(rows) <= _MOST_ROWS else _rows(items, keeps_apart=False)


def _rows(items: Iterable[Item], *, keeps_apart: bool) -> list[Payload]:
    rows: list[Payload] = []
    room, number = 0, None
    for item in items:
        if item.width > room or (keeps_apart and item.row != number):
            rows.append({"type": _ACTION_ROW, "components": []})
            room, number = _ROW_WIDTH, item.row
        rows[-1]["components"].append(item.payload())
        room -= item.width
    return rows


def text(content: str) -> Payload:
    """Return a text of a layout."""
    return {"type": _TEXT, "content": content}


def section(texts: Iterable[str], accessory: Payload) -> Payload:
    """Return texts with a button or a small picture beside them."""
    return {"type": _SECTION, "components": [text(content) for content in texts], "accessory": accessory}


def thumbnail(url: str, alt: str) -> Payload:
    """Return a picture that is small enough to stand beside texts."""
    return {"type": _THUMBNAIL, "media": {"url": url}, "description": alt}


def gallery(pictures: Iterable[tuple[str, str]]) -> Payload:
    """Return pictures, given as addresses with their alt texts, in full width."""
    return {"type": _GALLERY, "items": [{"media": {"url": url}, "description": alt} for url, alt in pictures]}


def file(url: str) -> Payload:
    """Return a file of the message, by its name and size, to be downloaded."""
    return {"type": _FILE, "file": {"url": url}}


def separator() -> Payload:
    """Return a line between two parts of a layout."""
    return {"type": _SEPARATOR, "divider": True, "spacing": 1}


def container(colour: int, parts: list[Payload]) -> Payload:
    """Return the frame around a layout, with its `colour` at the side."""
    return {"type": _CONTAINER, "accent_color": colour, "components": parts}


@lru_cache(maxsize=1024)
def _emoji(written: str) -> Payload:
    """Return an emoji that is written as in a text."""
    return {**discord.PartialEmoji.from_str(written).to_dict()}


_MOST_ROWS = 5
_ACTION_ROW = discord.ComponentType.action_row.value
_BUTTON = discord.ComponentType.button.value
_LINK = discord.ButtonStyle.link.value
_TEXT = discord.ComponentType.text_display.value
_SECTION = discord.ComponentType.section.value
_THUMBNAIL = discord.ComponentType.thumbnail.value
_GALLERY = discord.ComponentType.media_gallery.value
_FILE = discord.ComponentType.file.value
_SEPARATOR = discord.ComponentType.separator.value
_CONTAINER = discord.ComponentType.container.value
_CHOSEN_KINDS = {
    discord.ComponentType.user_select: "user",
    discord.ComponentType.role_select: "role",
    discord.ComponentType.channel_select: "channel",
}
