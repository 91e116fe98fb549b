"""Leaves out what Discord refuses of a reply, so that one stored value never takes the whole reply from everybody.

Emoji of gift items are stored for years. Those of a server get deleted, and Discord then refuses every message that
has one on a button or an option.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import discord

from bot.ui.kit.cards import Part
from bot.ui.kit.components import Button, Item, Menu
from bot.ui.kit.replies import Reply

EMOJI_REFUSED = "emoji_refused"
"""The client's event for emoji that were left out: guild id, and the emoji as they are written in text."""

# As discord.py writes Discord's `errors`, one line each.
_EMOJI = re.compile(r"^In (?:data\.)?components\.([\w.]+)\.emoji\.(?:id|name): ", re.MULTILINE)


def refused_emoji(reply: Reply, error: discord.HTTPException) -> frozenset[str]:
    """Return the emoji of the reply's buttons and options that Discord has refused, in their text form."""
    rows = reply.components()
    return frozenset(_written(_at(rows, path.split("."))["emoji"]) for path in _EMOJI.findall(error.text))


def without(reply: Reply, emoji: Collection[str]) -> Reply:
    """Return `reply` without these emoji on its buttons and options."""
    parts = tuple(_part(part, emoji) for part in reply.card.parts)
    items = tuple(_item(item, emoji) for item in reply.items)
    return replace(reply, card=replace(reply.card, parts=parts), items=items)


def _part(part: Part, emoji: Collection[str]) -> Part:
    button = _button(part.button, emoji) if part.button is not None else None
    menu = _menu(part.menu, emoji) if part.menu is not None else None
    return replace(part, button=button, menu=menu, row=tuple(_item(each, emoji) for each in part.row))


def _item(item: Item, emoji: Collection[str]) -> Item:
    if isinstance(item, Menu):
        return _menu(item, emoji)
    return _button(item, emoji) if isinstance(item, Button) else item


def _button(button: Button, emoji: Collection[str]) -> Button:
    return replace(button, emoji=None) if button.emoji in emoji else button


def _menu(menu: Menu, emoji: Collection[str]) -> Menu:
    options = [replace(option, emoji=None) if option.emoji in emoji else option for option in menu.options]
    return replace(menu, options=options)


def _at(tree: Any, path: Collection[str]) -> Any:  # noqa: ANN401 - a place in JSON
    for step in path:
        tree = tree[int(step)] if step.isdecimal() else tree[step]
    return tree


def _written(emoji: Any) -> str:  # noqa: ANN401 - JSON
    return str(discord.PartialEmoji.from_dict(emoji))
