"""Overlays: the links with which creators show their gifts on stream, and the controls of what is shown."""

import secrets
from collections.abc import Callable

from bot.domain.errors import NotACreator, NotYourLive
from bot.domain.overlays import (
    SECRET_BYTES,
    OverlayAction,
    OverlayControl,
    OverlayLink,
    OverlayQueue,
    OverlayScope,
    digest_of,
)
from bot.domain.policy import Actor
from bot.domain.staff_acts import NOBODY, ActKind, StaffAct, Value
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import holders
from bot.storage.stores import creators, guilds, overlays, staff_acts


class Overlays:
    """The use-cases of overlays. `clock` gives milliseconds UTC, and `new_secret` the secret of a link.

    `public_url` is where pages are reached from outside, empty where the operator has not said so. `count_sources` says
    how many pages are open in this process, by guild, creator and scope: the web part sets it.
    """

    def __init__(
        self,
        database: OpenBooks,
        clock: Callable[[], int],
        public_url: str = "",
        new_secret: Callable[[], str] = lambda: secrets.token_urlsafe(SECRET_BYTES),
    ) -> None:
        self._database = database
        self._clock = clock
        self.public_url = public_url
        self._new_secret = new_secret
        self.count_sources: Callable[[int, int, OverlayScope], int] = lambda _guild_id, _creator_id, _scope: 0

    async def link(self, guild_id: int, creator_id: int, scope: OverlayScope) -> OverlayLink | None:
        """Return what is known of a creator's link, None if there is none that opens anything. It has no secret."""
        link = await self._database.read(_link, guild_id, creator_id, scope)
        return link and link._replace(sources=self.count_sources(guild_id, creator_id, scope))

    async def new_link(self, actor: Actor, guild_id: int, creator_id: int, scope: OverlayScope) -> str:
        """Return the secret of a new link, which nobody can be told again. The link before it opens nothing any more.

        Only creators make links, each their own. Raises NotYourLive or NotACreator.
        """
        if actor.user_id != creator_id:
            raise NotYourLive(creator_id)
        secret = self._new_secret()
        args = (guild_id, creator_id, scope, digest_of(secret), self._clock())
        await self._database.writer.perform(_new_link, *args)
        return secret

    def address(self, secret: str, scope: OverlayScope) -> str:
        """Return the address that a secret is part of. It stands behind the #, which no browser sends to anybody."""
        page = "overlay/control" if scope is OverlayScope.CONTROL else "overlay"
        return f"{self.public_url}/{page}#{secret}"

    async def queue(self, guild_id: int, creator_id: int) -> OverlayQueue:
        """Return how a creator's overlay stands."""
        return await self._database.read(_queue, guild_id, creator_id)

    async def revoke(self, guild_id: int, creator_id: int, *, by: int = NOBODY) -> bool:
        """Withdraw a creator's links; pages that are open with them close. Return whether there were any.

        `by` is who does it, here and in `control`: what staff do with the overlay of somebody else is an act of theirs.
        """
        return await self._database.writer.perform(_revoke, guild_id, creator_id, by, self._clock())

    async def test(self, guild_id: int, creator_id: int) -> OverlayControl:
        """Have every open page of a creator show an example. Raises NotACreator."""
        return await self.control(guild_id, creator_id, OverlayAction.TEST)

    async def control(
        self, guild_id: int, creator_id: int, action: OverlayAction, seq: int | None = None, *, by: int = NOBODY
    ) -> OverlayControl:
        """Have every open page of a creator do something. `seq` is the gift that it is about. Raises NotACreator."""
        return await self._database.writer.perform(_control, guild_id, creator_id, action, seq, by, self._clock())


def _link(c: Connection, guild_id: int, creator_id: int, scope: OverlayScope) -> OverlayLink | None:
    creator = holders.holder_id(c, guild_id, creator_id)
    return overlays.link(c, guild_id, creator, scope) if creator is not None else None


def _new_link(c: Connection, guild_id: int, creator_id: int, scope: OverlayScope, digest: str, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    _check_creator(c, guild_id, creator_id)
    overlays.save_link(c, guild_id, holders.ensure(c, guild_id, creator_id), scope, digest, now_ms)


def _queue(c: Connection, guild_id: int, creator_id: int) -> OverlayQueue:
    creator = holders.holder_id(c, guild_id, creator_id)
    return overlays.queue(c, guild_id, creator) if creator is not None else OverlayQueue()


def _revoke(c: Connection, guild_id: int, creator_id: int, by: int, now_ms: int) -> bool:
    creator = holders.holder_id(c, guild_id, creator_id)
    if creator is None or not overlays.revoke(c, guild_id, creator, now_ms):
        return False
    _keep(c, guild_id, creator_id, by, now_ms, overlay_off=1)
    return True


def _control(
    c: Connection, guild_id: int, creator_id: int, action: OverlayAction, seq: int | None, by: int, now_ms: int
) -> OverlayControl:
    _check_creator(c, guild_id, creator_id)
    if action is not OverlayAction.TEST:
        _keep(c, guild_id, creator_id, by, now_ms, overlay=action.value)
    return overlays.add_control(c, guild_id, holders.ensure(c, guild_id, creator_id), action, seq, now_ms)


def _keep(c: Connection, guild_id: int, creator_id: int, by: int, now_ms: int, **after: Value) -> None:
    """Keep what a host does with another's overlay. What creators do with their own is no act of staff."""
    if by not in {NOBODY, creator_id}:
        staff_acts.add(c, guild_id, StaffAct(by, ActKind.OVERLAY, now_ms, member_id=creator_id, after=after))


def _check_creator(c: Connection, guild_id: int, creator_id: int) -> None:
    if not creators.is_creator(c, guild_id, creator_id):
        raise NotACreator(creator_id)
