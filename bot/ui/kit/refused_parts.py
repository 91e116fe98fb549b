"""Leaves out what Discord refuses of a reply, so that one stored value never takes the whole reply from everybody.

Emoji of gift items are stored for years. Those of a server get deleted, and Discord then refuses every message that
has one on a button or an option.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import discord

from bot.ui.kit.components import Button, Item, Menu
from bot.ui.kit.replies import Reply

EMOJI_REFUSED = "emoji_refused"
"""The client's event for emoji that were left out: guild id, and the emoji as they are written in text."""

# As discord.py writes Discord's `errors`, one line each.
_EMOJI = re.compile(r"^In (?:data\.)?components\.([\w.]+)\.emoji\.(?:id|name): ", re.MULTILINE)


def refused_emoji(reply: Reply, error: discord.HTTPException) -> frozenset[str]:
    """Return the emoji of the reply's buttons and options that Discord has refused, as they are written in text."""
    rows = reply.components()
    return frozenset(_written(_at(rows, path.split("."))["emoji"]) for path in _EMOJI.findall(error.text))


def without(reply: Reply, emoji: Collection[str]) -> Reply:
    """Return `reply` without these emoji on its buttons and options."""
    return replace(reply, items=tuple(_without(item, emoji) for item in reply.items))


def _without(item: Item, emoji: Collection[str]) -> Item:
    if isinstance(item, Menu):
        options = [replace(option, emoji=None) if option.emoji in emoji else option for option in item.options]
        return replace(item, options=options)
    return replace(item, emoji=None) if isinstance(item, Button) and item.emoji in emoji else item


def _at(tree: Any, path: Collection[str]) -> Any:  # noqa: ANN401 - a place in JSON
    for step in path:
        tree = tree[int(step)] if step.isdecimal() else tree[step]
    return tree


def _written(emoji: Any) -> str:  # noqa: ANN401 - JSON
    return str(discord.PartialEmoji.from_dict(emoji))
