"""Pictures for cogs and announcements: avatars are fetched here, and cards are drawn in a process of their own."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bot.domain.catalogue import default_items
from bot.domain.staff_errors import InvalidPicture
from bot.imaging.files import PictureFiles, code_version
from bot.imaging.packages import SYSTEM_FONTS
from bot.imaging.plots import StatementCard, StatsCard
from bot.imaging.values import (
    EMBLEMS,
    GiftLook,
    GiftPicture,
    GoalBar,
    LeaderboardCard,
    MomentCard,
    ProfileCard,
    ProofCard,
    RecapCard,
    Shelf,
    UploadedFile,
    look_of,
    medal_look,
)
from bot.services.avatars import CDN, MOST_UPLOADED, Avatars
from bot.services.drawing import DrawingError, DrawingProcess, Uploads, no_uploads
from bot.services.studio import Studio

log = logging.getLogger(__name__)

GIFT_SIZE: Final = 320
"""The width of a gift's picture in pixels."""
ART_SIZE: Final = 512
"""The width of a gift's picture on an overlay."""
FILL_AFTER_S = 5.0
"""How long a bot that has just started is left alone before gifts are drawn in the background."""


@dataclass(frozen=True, slots=True)
class PictureSources:
    """Where pictures come from."""

    cdn: str = CDN
    """Discord's CDN, for avatars."""
    folder: Path | None = None
    """Where pictures of gifts are kept. It is made when the first one is saved. None keeps them nowhere."""
    fonts: Path = SYSTEM_FONTS
    """Where the system has fonts, in case our packages are missing."""


class Pictures:
    """The use-cases of pictures. Any of them may fail, so callers also say in words what the picture shows.

    `uploads` fetches the pictures that guilds uploaded.
    """

    def __init__(
        self, clock: Callable[[], int], sources: PictureSources | None = None, uploads: Uploads = no_uploads
    ) -> None:
        sources = sources or PictureSources()
        version = partial(code_version, sources.fonts)
        self._files = PictureFiles(sources.folder, version) if sources.folder else None
        self._process = DrawingProcess(sources.folder, fonts=sources.fonts, uploads=uploads)
        self._studio = Studio(self._process.draw, self._files)
        self._avatars = Avatars(clock, cdn=sources.cdn)
        self._filling: asyncio.Task[None] | None = None
        self.outcomes = self._studio.outcomes

    async def avatars(self, urls: Sequence[str | None]) -> list[bytes | None]:
        """Return avatar files in the order of their addresses, None where unavailable."""
        return await self._avatars.fetch_all(urls)

    async def checked(self, url: str, size: int) -> bytes:
        """Return an uploaded file of `size` bytes as the PNG that an item can have; raise InvalidPicture."""
        if size > MOST_UPLOADED:
            raise InvalidPicture("bytes")
        content = await self._avatars.upload(url)
        if content is None:
            raise InvalidPicture("unchecked")
        try:
            return await self._process.draw(UploadedFile(content))
        except DrawingError as error:
            log.warning("An uploaded picture could not be checked: %s", error)
            raise InvalidPicture("unchecked") from error

    async def uploaded(self, url: str) -> bytes | None:
        """Return a file that somebody has uploaded to Discord, None if it is too large or cannot be fetched now."""
        return await self._avatars.upload(url)

    async def recap(self, values: RecapCard) -> bytes | None:
        """Return the recap of a live event as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def gift(self, look: GiftLook) -> bytes | None:
        """Return a gift as PNG, `GIFT_SIZE` pixels wide, None if it cannot be drawn now."""
        return await self._studio.draw(GiftPicture(look, GIFT_SIZE))

    async def art(self, look: GiftLook) -> bytes | None:
        """Return a gift as PNG, `ART_SIZE` pixels wide, None if it cannot be drawn now."""
        return await self._studio.draw(GiftPicture(look, ART_SIZE))

    async def goal_bar(self, values: GoalBar) -> bytes | None:
        """Return the goal of a live event as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def leaderboard(self, values: LeaderboardCard) -> bytes | None:
        """Return a page of a leaderboard as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def profile(self, values: ProfileCard) -> bytes | None:
        """Return a member's profile as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def moment(self, values: MomentCard) -> bytes | None:
        """Return a moment of a live event as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def proof(self, values: ProofCard) -> bytes | None:
        """Return a monthly proof as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def shelf(self, values: Shelf) -> bytes | None:
        """Return a shelf of the catalogue as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def stats(self, values: StatsCard) -> bytes | None:
        """Return what a creator was given as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    async def statement(self, values: StatementCard) -> bytes | None:
        """Return a statement of earnings as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(values)

    def start_filling(self) -> None:
        """Soon draw the default gifts and the medals that are not in the folder, in the background."""
        self._filling = asyncio.create_task(self._fill_later(), name="drawing gifts")

    async def fill(self) -> None:
        """Draw what is not in the folder, one picture after the other, so that others come between.

        If nothing is missing, no process starts.
        """
        files = self._files
        if files is None:
            return
        await asyncio.to_thread(files.prune)
        for look in (*map(look_of, default_items(1)), *map(medal_look, EMBLEMS)):
            values = GiftPicture(look, GIFT_SIZE)
            if await asyncio.to_thread(files.load, values) is None:
                await self._process.draw(values)

    async def close(self) -> None:
        """Finish the picture that is being drawn, and stop fetching."""
        if self._filling is not None:
            self._filling.cancel()
            await asyncio.gather(self._filling, return_exceptions=True)
        await self._avatars.close()
        await self._process.close()
        await self._studio.close()

    async def _fill_later(self) -> None:
        await asyncio.sleep(FILL_AFTER_S)
        with contextlib.suppress(DrawingError):
            await self.fill()
