"""A reply as a value: what a cog's render gives, and the only thing that is ever sent to Discord by the surface."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.ui import outbound


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
class Reply:
    """Embeds and, where there is something to press, the items of its panel."""

    embeds: tuple[discord.Embed, ...]
    items: tuple[ui.Item[Any], ...] = ()

    def fitted(self) -> list[discord.Embed]:
        """Return the embeds within Discord's limits."""
        return outbound.fit(self.embeds)

    def panel(self) -> Panel | None:
        """Return a fresh panel with the items, None without any."""
        return Panel(*self.items) if self.items else None


def reply(embed: discord.Embed, items: Sequence[ui.Item[Any]] = ()) -> Reply:
    """Return a reply with one embed."""
    return Reply((embed,), tuple(items))
