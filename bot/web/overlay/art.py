"""The pictures of gifts on overlays. Their addresses change with what they show, so browsers keep them for good."""

import re
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from bot.domain.ids import HIGHEST
from bot.imaging.files import digest
from bot.imaging.values import GiftLook, GiftPicture, look_of
from bot.services.overlay_shows import OverlayShows
from bot.services.pictures import ART_SIZE, Pictures

ART: Final = "/overlay/art/"
REMEMBERED_S: Final = 10.0
"""How long a picture's address is used before the catalogue is asked again."""
MOST_REMEMBERED: Final = 5_000
_NAME: Final = re.compile(r"(\d{1,19})-(\d{1,18})-([0-9a-f]{16})\.png", re.ASCII)


class Art:
    """Addresses pictures of gifts, and draws them. `clock` counts seconds."""

    def __init__(self, shows: OverlayShows, pictures: Pictures, clock: Callable[[], float]) -> None:
        self._shows = shows
        self._pictures = pictures
        self._clock = clock
        self._known: OrderedDict[tuple[int, int], tuple[str | None, float]] = OrderedDict()
        self._looks: OrderedDict[str, GiftLook] = OrderedDict()

    async def path(self, guild_id: int, item_id: int) -> str | None:
        """Return where the picture of an item is, None without an item."""
        memory = self._known.get((guild_id, item_id))
        if memory is not None and self._clock() - memory[1] < REMEMBERED_S:
            return memory[0]
        name = await self._name(guild_id, item_id)
        path = ART + name if name is not None else None
        self._known[guild_id, item_id] = path, self._clock()
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return path

    async def picture(self, name: str) -> bytes | None:
        """Return the PNG with this name, None if there is none, or it cannot be drawn now.

        Another process may have given the name out, or this one before its last start.
        """
        parts = _NAME.fullmatch(name)
        if parts is None:
            return None
        if name not in self._looks and await self._name(int(parts[1]), int(parts[2])) != name:
            return None
        return await self._pictures.art(self._looks[name])

    async def _name(self, guild_id: int, item_id: int) -> str | None:
        if guild_id > HIGHEST:
            return None
        item = await self._shows.item(guild_id, item_id)
        if item is None:
            return None
        look = look_of(item)
        name = f"{guild_id}-{item_id}-{digest(GiftPicture(look, ART_SIZE)).hex()[:16]}.png"
        self._looks[name] = look
        self._looks.move_to_end(name)
        if len(self._looks) > MOST_REMEMBERED:
            self._looks.popitem(last=False)
        return name
