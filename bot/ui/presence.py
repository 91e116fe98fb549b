"""Who is still in the guild: asked of Discord and remembered for a while, because the bot keeps no member list."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from weakref import WeakKeyDictionary

import aiohttp
import discord

log = logging.getLogger(__name__)

REMEMBERED_S = 600.0
MOST_REMEMBERED = 50_000
UNKNOWN_MEMBER = 10007
UNKNOWN_USER = 10013

Look = Callable[[int, int], Awaitable[bool]]


class Presence:
    """Remembers who was in which guild for ten minutes. `look` asks Discord; `clock` counts seconds."""

    def __init__(self, look: Look, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._seen: OrderedDict[tuple[int, int], tuple[bool, float]] = OrderedDict()

    async def here(self, guild_id: int, member_ids: Iterable[int]) -> set[int]:
        """Return those of `member_ids` who are members of the guild."""
        wanted = list(dict.fromkeys(member_ids))
        found = await asyncio.gather(*(self._is_here(guild_id, member_id) for member_id in wanted))
        return {member_id for member_id, here in zip(wanted, found, strict=True) if here}

    async def _is_here(self, guild_id: int, member_id: int) -> bool:
        known = self._seen.get((guild_id, member_id))
        if known is not None and self._clock() - known[1] < REMEMBERED_S:
            return known[0]
        here = await self._look(guild_id, member_id)
        self._seen[guild_id, member_id] = here, self._clock()
        self._seen.move_to_end((guild_id, member_id))
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return here


async def is_member(client: discord.Client, guild_id: int, member_id: int) -> bool:
    """Ask Discord whether somebody is in the guild. If it does not say, nobody is hidden for that."""
    guild = client.get_guild(guild_id)
    if guild is None:
        return True
    try:
        await guild.fetch_member(member_id)
    except discord.HTTPException as error:
        return error.code not in {UNKNOWN_MEMBER, UNKNOWN_USER}
    except (aiohttp.ClientError, OSError) as error:
        log.debug("Nobody could say whether %s is in guild %s: %s", member_id, guild_id, error)
    return True


_OF_CLIENT: WeakKeyDictionary[discord.Client, Presence] = WeakKeyDictionary()


def presence_of(client: discord.Client) -> Presence:
    """Return the memory that all commands of one client share."""
    known = _OF_CLIENT.get(client)
    if known is None:
        known = _OF_CLIENT[client] = Presence(partial(is_member, client))
    return known
