"""A reply as a value: what a cog renders, and the only thing that the surface ever sends to Discord."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import discord

from bot.discordpy_internals import Components
from bot.domain.receipts import Receipt
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Document, Picture
from bot.ui.kit.components import Item, Payload, action_rows

UNREACHABLE = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Raised where Discord does not accept a reply, or where its answer is lost."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A card, or embeds with the picture of the first; and the items where there is something to press.

    `document` is the file of embeds; a card has its own. `plain` says the same as text, for channels that show no
    embeds. `receipt` is the transaction that the reply is about: a member who does not see it now gets it with a later
    reply.
    """

    embeds: tuple[discord.Embed, ...] = ()
    items: tuple[Item, ...] = ()
    picture: Picture | None = None
    plain: str = ""
    receipt: Receipt | None = None
    card: Card | None = None
    document: Document | None = None

    def embedded(self) -> "Reply":
        """Return the reply without a card, for messages that were posted as embeds: these are never mixed."""
        if self.card is None:
            return self
        picture = self.card.pictures[0] if self.card.pictures else None
        document = self.card.documents[0] if self.card.documents else None
        # What stands among the words of a layout stands in rows below those of an embed.
        items = (*(item for part in self.card.parts for item in part.items), *self.items)
        return replace(self, embeds=(self.card.embed(),), items=items, picture=picture, document=document, card=None)

    def fitted(self) -> list[discord.Embed]:
        """Return the embeds within Discord's limits."""
        if self.plain or not self.embeds:
            return []
        embeds = [*self.embeds]
        if self.picture is not None:
            # Before the embeds are fitted, as one whose words are all in its picture has no others.
            first = embeds[0] = embeds[0].copy()
            hang = first.set_thumbnail if self.picture.beside else first.set_image
            hang(url=self.picture.url)
        return discord_limits.fit(embeds)

    def sent(self) -> dict[str, Any]:
        """Return what discord.py takes for a new message."""
        options: dict[str, Any] = {}
        if self.card is None:
            options["embeds"] = self.fitted()
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
        return {"content": self.plain or None, "embeds": self.fitted(), "view": self._view()}

    def edited(self) -> dict[str, Any]:
        """Return what discord.py takes to put the reply in place of all that a message showed, its pictures too."""
        return {**self.reworded(), "attachments": self._files()}

    def components(self) -> list[Payload]:
        """Return the card's layout, or the rows of items."""
        return action_rows(self.items) if self.card is None else self.card.layout(self.items)

    def _view(self) -> Components | None:
        components = self.components()
        return Components(components, is_layout=self.card is not None) if components else None

    def _files(self) -> list[discord.File]:
        if self.card is not None:
            return [attachment.file() for attachment in (*self.card.pictures, *self.card.documents)]
        attachments = (self.picture, self.document)
        return [attachment.file() for attachment in attachments if attachment is not None]


def reply(
    content: discord.Embed | Card,
    items: Sequence[Item] = (),
    picture: Picture | None = None,
    *,
    receipt: Receipt | None = None,
) -> Reply:
    """Return a reply with a card, or with one embed. The pictures of a card are its own."""
    if isinstance(content, Card):
        return Reply(items=tuple(items), receipt=receipt, card=content)
    return Reply((content,), tuple(items), picture, receipt=receipt)
