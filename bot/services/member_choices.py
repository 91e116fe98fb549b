"""What members choose for themselves, and who is shown to others because of it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from bot.domain.member_choices import Choice, MemberChoices
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import member_choices


class OwnChoices:
    """The use-cases of members' choices."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def choices(self, guild_id: int, member_id: int) -> MemberChoices:
        """Return what a member has chosen."""
        return await self._database.read(member_choices.choices, guild_id, member_id)

    async def choose(self, guild_id: int, member_id: int, switches: Mapping[Choice, bool]) -> MemberChoices:
        """Switch choices on or off, and return all of the member's."""
        return await self._database.writer.perform(_choose, guild_id, member_id, {**switches}, self._clock())

    async def hidden_among(self, guild_id: int, member_ids: Collection[int]) -> set[int]:
        """Return those of the members who do not want to be shown."""
        choices = await self._database.read(member_choices.choices_of, guild_id, member_ids)
        return {member_id for member_id, choice in choices.items() if choice.is_hidden}

    async def quiet_among(self, guild_id: int, member_ids: Collection[int]) -> set[int]:
        """Return those of the members who want no pings."""
        choices = await self._database.read(member_choices.choices_of, guild_id, member_ids)
        return {member_id for member_id, choice in choices.items() if choice.no_pings}

    async def discreet_among(self, guild_id: int, member_ids: Collection[int]) -> set[int]:
        """Return those of the members who do not want others to read how much they give."""
        choices = await self._database.read(member_choices.choices_of, guild_id, member_ids)
        return {member_id for member_id, choice in choices.items() if choice.hides_amounts}


def _choose(
    c: Connection, guild_id: int, member_id: int, switches: Mapping[Choice, bool], now_ms: int
) -> MemberChoices:
    choices = member_choices.choices(c, guild_id, member_id)
    for choice, is_on in switches.items():
        choices = choices.with_choice(choice, is_on=is_on, now_ms=now_ms)
    member_choices.save(c, guild_id, member_id, choices)
    return choices


class Members(Protocol):
    """Who is in a guild, as Discord says."""

    async def members_among(self, guild_id: int, user_ids: Iterable[int]) -> set[int]:
        """Return those of `user_ids` who are members of the guild."""
        ...


class ShownMembers:
    """Who is in a guild and wants to be shown there."""

    def __init__(self, members: Members, choices: OwnChoices) -> None:
        self._members = members
        self._choices = choices

    async def members_among(self, guild_id: int, user_ids: Iterable[int]) -> set[int]:
        """Return those of `user_ids` who are members of the guild and want to be shown."""
        present = await self._members.members_among(guild_id, user_ids)
        return present - await self._choices.hidden_among(guild_id, present)
