"""Who is still in the guild, and how they look: asked of Discord and remembered, as the bot keeps no member list."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import aiohttp
import discord

from bot.ui.kit.shared_requests import Shared

log = logging.getLogger(__name__)

REMEMBERED_S = 600.0
JUST_NOW_S = 2.0
"""How long an answer about one member serves all who ask: in a storm of large gifts that is everybody at once."""
PATIENCE_S = 5.0
"""How long a sender waits for Discord before its last known answer has to do."""
SHORT_S = 0.5
"""How long a panel that is only looked at waits for Discord."""
MOST_REMEMBERED = 50_000
AVATAR = 128
"""Pixels of an avatar, each side."""
UNKNOWN_MEMBER = 10007
UNKNOWN_USER = 10013


@dataclass(frozen=True, slots=True)
class Profile:
    """What Discord says of somebody. `name` is empty and `avatar`, an address, is None if it does not say."""

    is_member: bool
    name: str = ""
    avatar: str | None = None


LookUp = Callable[[int, int], Awaitable[Profile]]


class Membership:
    """Remembers profiles for ten minutes. `look_up` asks Discord, by guild and member; `clock` counts seconds.

    Beyond `most` profiles, the oldest are forgotten.
    """

    def __init__(
        self, look_up: LookUp, clock: Callable[[], float] = time.monotonic, most: int = MOST_REMEMBERED
    ) -> None:
        self._look_up = look_up
        self._clock = clock
        self._most = most
        self._profiles: OrderedDict[tuple[int, int], tuple[Profile, float]] = OrderedDict()
        self._requests: Shared[tuple[int, int], Profile] = Shared(self._request, JUST_NOW_S, clock)

    async def is_member(self, guild_id: int, member_id: int, *, patience_s: float = PATIENCE_S) -> bool:
        """Return whether somebody is in the guild, as Discord says now or said just now.

        If Discord does not answer within `patience_s`, nobody is refused who was a member last time.
        """
        try:
            return (await asyncio.wait_for(self._requests.get((guild_id, member_id)), patience_s)).is_member
        except TimeoutError:
            memory = self._profiles.get((guild_id, member_id))
            return memory is None or memory[0].is_member

    async def was_member(self, guild_id: int, member_id: int) -> bool:
        """Return whether somebody was in the guild in the last ten minutes: for panels that many open and few use.

        Discord is asked about those of whom nothing is remembered, but not waited for longer than SHORT_S.
        """
        try:
            return (await asyncio.wait_for(self._profile(guild_id, member_id), SHORT_S)).is_member
        except TimeoutError:
            return True

    async def members_among(self, guild_id: int, user_ids: Iterable[int]) -> set[int]:
        """Return those of `user_ids` who are members of the guild."""
        profiles = await self.profiles(guild_id, user_ids)
        return {user_id for user_id, profile in profiles.items() if profile.is_member}

    async def profiles(self, guild_id: int, user_ids: Iterable[int]) -> dict[int, Profile]:
        """Return a profile for each of `user_ids`."""
        unique = list(dict.fromkeys(user_ids))
        profiles = await asyncio.gather(*(self._profile(guild_id, user_id) for user_id in unique))
        return dict(zip(unique, profiles, strict=True))

    async def _profile(self, guild_id: int, user_id: int) -> Profile:
        memory = self._profiles.get((guild_id, user_id))
        if memory is not None and self._clock() - memory[1] < REMEMBERED_S:
            return memory[0]
        return await self._requests.get((guild_id, user_id))

    async def _request(self, key: tuple[int, int]) -> Profile:
        profile = await self._look_up(*key)
        # A member without a name is Discord saying nothing, so the next one asks again.
        if not profile.is_member or profile.name:
            self._remember(key, profile)
        return profile

    def _remember(self, key: tuple[int, int], profile: Profile) -> None:
        self._profiles[key] = profile, self._clock()
        self._profiles.move_to_end(key)
        while len(self._profiles) > self._most:
            self._profiles.popitem(last=False)


async def look_up(client: discord.Client, guild_id: int, user_id: int) -> Profile:
    """Ask Discord for a member. If it does not answer, the user counts as one: nobody is hidden because of an
    outage."""
    guild = client.get_guild(guild_id)
    if guild is None:
        return Profile(is_member=True)
    try:
        member = await guild.fetch_member(user_id)
    except discord.HTTPException as error:
        return Profile(is_member=error.code not in {UNKNOWN_MEMBER, UNKNOWN_USER})
    except (aiohttp.ClientError, OSError) as error:
        log.debug("Could not find out whether member %s is in guild %s: %s", user_id, guild_id, error)
        return Profile(is_member=True)
    return profile_of(member)


def profile_of(member: discord.Member) -> Profile:
    """Return what Discord says of a member of a guild."""
    return Profile(True, member.display_name, member.display_avatar.replace(size=AVATAR, format="png").url)
