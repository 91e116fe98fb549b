"""Who is still in the guild, and how they are shown: asked of Discord and remembered, as the bot keeps no members."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

import aiohttp
import discord

from bot.ui.shared_requests import Shared

log = logging.getLogger(__name__)

REMEMBERED_S = 600.0
JUST_NOW_S = 2.0
"""So long the answer about one member serves all who ask: in a storm of large gifts that is everybody at once."""
PATIENCE_S = 5.0
"""So long somebody waits for Discord's word; then what it said last has to do."""
SHORT_S = 0.5
MOST_REMEMBERED = 50_000
AVATAR = 128
"""Pixels of an avatar, each side."""
UNKNOWN_MEMBER = 10007
UNKNOWN_USER = 10013


@dataclass(frozen=True, slots=True)
class Seen:
    """What Discord says of somebody: the name is empty, and `avatar` (an address) None, where it does not say."""

    here: bool
    name: str = ""
    avatar: str | None = None


Look = Callable[[int, int], Awaitable[Seen]]


class Presence:
    """Remembers for ten minutes who was seen in which guild. `look` asks Discord; `clock` counts seconds."""

    def __init__(self, look: Look, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._seen: OrderedDict[tuple[int, int], tuple[Seen, float]] = OrderedDict()
        self._now: Shared[tuple[int, int], Seen] = Shared(self._look_now, JUST_NOW_S, clock)

    async def is_here(self, guild_id: int, member_id: int, *, patience_s: float = PATIENCE_S) -> bool:
        """Return whether somebody is in the guild, as Discord says now or said just now.

        If it does not say so within `patience_s`, nobody is refused for that who was here last.
        """
        try:
            return (await asyncio.wait_for(self._now.get((guild_id, member_id)), patience_s)).here
        except TimeoutError:
            known = self._seen.get((guild_id, member_id))
            return known is None or known[0].here

    async def was_here(self, guild_id: int, member_id: int) -> bool:
        """Return whether somebody is in the guild, as far as it is remembered: for what many open, and few send.

        Of whom nothing is remembered Discord is asked, and nobody waits for it for long.
        """
        try:
            return (await asyncio.wait_for(self._seen_as(guild_id, member_id), SHORT_S)).here
        except TimeoutError:
            return True

    async def _look_now(self, key: tuple[int, int]) -> Seen:
        seen = await self._look(*key)
        if not seen.here or seen.name:
            self._remember(key, seen)
        # Otherwise Discord did not say: it is asked again.
        return seen

    def _remember(self, key: tuple[int, int], seen: Seen) -> None:
        self._seen[key] = seen, self._clock()
        self._seen.move_to_end(key)
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)

    async def here(self, guild_id: int, member_ids: Iterable[int]) -> set[int]:
        """Return those of `member_ids` who are members of the guild."""
        return {member_id for member_id, seen in (await self.seen(guild_id, member_ids)).items() if seen.here}

    async def seen(self, guild_id: int, member_ids: Iterable[int]) -> dict[int, Seen]:
        """Return what is known of each of `member_ids`."""
        wanted = list(dict.fromkeys(member_ids))
        found = await asyncio.gather(*(self._seen_as(guild_id, member_id) for member_id in wanted))
        return dict(zip(wanted, found, strict=True))

    async def _seen_as(self, guild_id: int, member_id: int) -> Seen:
        known = self._seen.get((guild_id, member_id))
        if known is not None and self._clock() - known[1] < REMEMBERED_S:
            return known[0]
        return await self._now.get((guild_id, member_id))


async def look_for(client: discord.Client, guild_id: int, member_id: int) -> Seen:
    """Ask Discord for a member. If it does not say, nobody is hidden for that."""
    guild = client.get_guild(guild_id)
    if guild is None:
        return Seen(here=True)
    try:
        member = await guild.fetch_member(member_id)
    except discord.HTTPException as error:
        return Seen(here=error.code not in {UNKNOWN_MEMBER, UNKNOWN_USER})
    except (aiohttp.ClientError, OSError) as error:
        log.debug("Could not find out whether member %s is in guild %s: %s", member_id, guild_id, error)
        return Seen(here=True)
    return Seen(True, member.display_name, member.display_avatar.replace(size=AVATAR, format="png").url)


_OF_CLIENT: WeakKeyDictionary[discord.Client, Presence] = WeakKeyDictionary()


def presence_of(client: discord.Client) -> Presence:
    """Return the memory that all commands of one client share."""
    known = _OF_CLIENT.get(client)
    if known is None:
        known = _OF_CLIENT[client] = Presence(partial(look_for, client))
    return known
