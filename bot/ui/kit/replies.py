"""A reply as a value: what a cog renders, and the only thing that the surface ever sends to Discord."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import discord

from bot.discordpy_internals import Components
from bot.domain.receipts import Receipt
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card
from bot.ui.kit.components import Item, Payload, action_rows

UNREACHABLE = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Raised where Discord does not accept a reply, or where its answer is lost."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A card and what can be pressed below it.

    `receipt` is the transaction that the reply is about: a member who does not see it now sees it with a later reply. A
    reply that `is_embed` is shown in the form of messages from before there were layouts. Its `plain` text says the
    same in channels that show no embeds.

    A reply that `asks` is a step of a task that continues with a press on it. Other news for its reader is not shown
    below it, where it would push the question away.

    The replies of `more` follow as messages of their own, each created when its turn comes. If Discord does not accept
    one, the error is raised in the generator, and what that then yields is shown in place of the rest.
    """

    card: Card
    items: tuple[Item, ...] = ()
    receipt: Receipt | None = None
    is_embed: bool = False
    plain: str = ""
    asks: bool = False
    more: "AsyncGenerator[Reply] | None" = None

    def embedded(self) -> "Reply":
        """Return the reply as an embed, for messages that were posted as embeds: the two forms are never mixed."""
        if self.is_embed:
            return self
        # What stands among the words of a layout stands in rows below those of an embed.
        items = (*(item for part in self.card.parts for item in part.items), *self.items)
        return replace(self, items=items, is_embed=True)

    def embeds(self) -> list[discord.Embed]:
        """Return the embed within Discord's limits, none for a layout or a plain text."""
        return [discord_limits.fit(self.card.embed())] if self.is_embed and not self.plain else []

    def sent(self) -> dict[str, Any]:
        """Return what discord.py takes for a new message."""
        options: dict[str, Any] = {}
        if self.is_embed:
            options["embeds"] = self.embeds()
        if self.plain:
            options["content"] = self.plain
        if (view := self._view()) is not None:
            options["view"] = view
        if files := self._files():
            options["files"] = files
        return options

    def reworded(self) -> dict[str, Any]:
        """Return what discord.py takes to put the reply in place of what a message said, and keep its pictures."""
        # A layout stands alone, so what was beside it goes.
        return {"content": self.plain or None, "embeds": self.embeds(), "view": self._view()}

    def edited(self) -> dict[str, Any]:
        """Return what discord.py takes to put the reply in place of all that a message showed, its pictures too."""
        return {**self.reworded(), "attachments": self._files()}

    def components(self) -> list[Payload]:
        """Return the card's layout, or the rows of items."""
        return action_rows(self.items) if self.is_embed else self.card.layout(self.items)

    def _view(self) -> Components | None:
        components = self.components()
        return Components(components, is_layout=not self.is_embed) if components else None

    def _files(self) -> list[discord.File]:
        # An embed has room for one picture.
        pictures = self.card.pictures[:1] if self.is_embed else self.card.pictures
        return [attachment.file() for attachment in (*pictures, *self.card.documents)]


def reply(card: Card, items: Sequence[Item] = (), *, receipt: Receipt | None = None, asks: bool = False) -> Reply:
    """Return a reply with a card, and what can be pressed below it."""
    return Reply(card, tuple(items), receipt, asks=asks)
