"""A reply as a value: what a cog's render gives, and the only thing that is ever sent to Discord by the surface."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord import ui

from bot.domain.receipts import Receipt
from bot.ui.kit import discord_limits

UNREACHABLE = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What is raised where Discord does not take a reply, or nobody hears that it did."""


class Panel(ui.View):
    """Buttons and selects of one message.

    It is stopped before it is sent, so that discord.py never stores it: presses are handled by the `Control` whose
    template matches, in this process or the next. A stored view would leak, time out after 15 minutes, and take the
    templates of its dynamic items with it.
    """

    def __init__(self, *items: ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of a reply; `alt` says what is on it, for those who do not see it. `beside` the words it is small."""

    filename: str
    png: bytes
    alt: str
    beside: bool = False

    def file(self) -> discord.File:
        """Return the file to send; it can be read once."""
        alt = discord_limits.cut(self.alt, discord_limits.ALT_TEXT)
        return discord.File(io.BytesIO(self.png), self.filename, description=alt)


@dataclass(frozen=True, slots=True)
class Reply:
    """Embeds, the picture of the first, and the items of the panel where there is something to press.

    `plain` says what the embeds say, where they are not shown. `receipt` is the transaction that the reply is about: if
    its member does not hear of it now, then later.
    """

    embeds: tuple[discord.Embed, ...]
    items: tuple[ui.Item[Any], ...] = ()
    picture: Picture | None = None
    plain: str = ""
    receipt: Receipt | None = None

    def fitted(self) -> list[discord.Embed]:
        """Return the embeds within Discord's limits."""
        if self.plain:
            return []
        fitted = discord_limits.fit(self.embeds)
        if self.picture is not None:
            first = fitted[0] = fitted[0].copy()
            hang = first.set_thumbnail if self.picture.beside else first.set_image
            hang(url=f"attachment://{self.picture.filename}")
        return fitted

    def sent(self) -> dict[str, Any]:
        """Return what discord.py takes for a new message."""
        options: dict[str, Any] = {"embeds": self.fitted()}
        if self.plain:
            options["content"] = self.plain
        if self.items:
            options["view"] = self.panel()
        if self.picture is not None:
            options["file"] = self.picture.file()
        return options

    def reworded(self) -> dict[str, Any]:
        """Return what discord.py takes to put the reply in place of what a message said, and keep its picture."""
        return {"content": self.plain or None, "embeds": self.fitted()}

    def edited(self) -> dict[str, Any]:
        """Return what discord.py takes to put the reply in place of all that a message showed, its picture too."""
        files = [self.picture.file()] if self.picture is not None else []
        return {**self.reworded(), "view": self.panel(), "attachments": files}

    def panel(self) -> Panel | None:
        """Return a fresh panel with the items, None without any."""
        return Panel(*self.items) if self.items else None


def reply(
    embed: discord.Embed,
    items: Sequence[ui.Item[Any]] = (),
    picture: Picture | None = None,
    *,
    receipt: Receipt | None = None,
) -> Reply:
    """Return a reply with one embed."""
    return Reply((embed,), tuple(items), picture, receipt=receipt)
