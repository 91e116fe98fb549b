"""Finds out which of many people are members: asks over the gateway, for a hundred ids or one name at a time."""

from collections.abc import Iterable, Mapping, Sequence

import discord

from bot.domain.errors import Busy

MOST_IDS = 100
"""Ids that Discord answers for at a time."""


async def members_among(guild: discord.Guild, user_ids: Iterable[int]) -> dict[int, bool]:
    """Return which of `user_ids` are members of the guild, with whether they are bots. Raise Busy if Discord is."""
    unique = [*dict.fromkeys(user_ids)]
    members: dict[int, bool] = {}
    for start in range(0, len(unique), MOST_IDS):
        members |= _bots(await _query(guild, user_ids=unique[start : start + MOST_IDS]))
    return members


async def members_named(
    guild: discord.Guild, names: Iterable[str]
) -> tuple[dict[int, bool], Mapping[str, Sequence[int]]]:
    """Return the members with these names, with whether they are bots, and their ids by each name. A user name counts
    before a name that is only shown. Raise Busy if Discord is."""
    members: dict[int, bool] = {}
    ids: dict[str, Sequence[int]] = {}
    for name in names:
        candidates = await _query(guild, query=name)
        members |= _bots(candidates)
        exact = [member.id for member in candidates if name in {member.name.casefold(), str(member).casefold()}]
        ids[name] = exact or [member.id for member in candidates if name == member.display_name.casefold()]
    return members, ids


def _bots(members: Iterable[discord.Member]) -> dict[int, bool]:
    return {member.id: member.bot for member in members}


async def _query(
    guild: discord.Guild, *, query: str | None = None, user_ids: list[int] | None = None
) -> list[discord.Member]:
    try:
        return await guild.query_members(query, limit=MOST_IDS, user_ids=user_ids, cache=False)
    except TimeoutError as error:
        raise Busy from error
