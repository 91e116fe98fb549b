"""The roles that members get from the bot: which level brings which, and what is to be given and taken now."""

from collections.abc import Callable, Collection
from typing import Final

from bot.domain.deadlines import member_roles_of
from bot.domain.levels import LEVEL_COINS
from bot.domain.member_roles import RoleTask, Trouble, pause_ms
from bot.domain.staff_acts import ActKind, change
from bot.services.shared_reads import SharedReads
from bot.services.standing import check_counted
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import (
    challenge_awards,
    clubs,
    deadlines,
    guilds,
    level_roles,
    member_roles,
    perk_roles,
    perks,
    role_sources,
    staff_acts,
)

MEMBERS: Final = 10
"""Members whose roles are looked at in one turn."""


class MemberRoles:
    """The use-cases of members' roles."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._glances: SharedReads[int, bool] = SharedReads(self._have_any)

    async def has_any(self, guild_id: int) -> bool:
        """Whether members may have roles from us here, or may get some. Many guilds share a read."""
        return bool(await self._glances.get(guild_id))

    async def of_levels(self, guild_id: int) -> dict[int, int]:
        """Return the role of each level that has one, the lowest level first."""
        return await self._database.read(level_roles.roles, guild_id)

    async def earned(self, guild_id: int) -> set[int]:
        """Return all roles that members can get here."""
        return await self._database.read(_earned, guild_id)

    async def choose(self, guild_id: int, level: int, role_id: int, by: int) -> None:
        """Give members a role from a level on, 0 for none. Those who have the level get or lose it soon."""
        await self._database.writer.perform(_choose, guild_id, level, role_id, by, self._clock())

    async def due(self, guild_id: int) -> list[RoleTask]:
        """Return the members whose roles are to be looked at now. Raises BooksClosed while all is counted again."""
        await self._database.catch_up(guild_id)
        return await self._database.read(_due, guild_id, self._clock())

    async def note_given(self, guild_id: int, holder: int, role_ids: Collection[int]) -> None:
        """Note that a member is about to get roles."""
        await self._database.writer.perform(member_roles.note_given, guild_id, holder, role_ids)

    async def forget(self, guild_id: int, holder: int, role_ids: Collection[int]) -> None:
        """Forget roles that a member no longer has."""
        await self._database.writer.perform(member_roles.forget, guild_id, holder, role_ids)

    async def leave(self, guild_id: int, holder: int) -> None:
        """Forget the roles of a member who left. If they come back, they get them again."""
        await self._database.writer.perform(member_roles.leave, guild_id, holder)

    async def settle(self, guild_id: int, task: RoleTask) -> None:
        """Note that a member has the right roles."""
        await self._database.writer.perform(member_roles.settle, guild_id, task, self._clock())

    async def postpone(self, guild_id: int, task: RoleTask) -> None:
        """Look at a member again later, because a role could not be given or taken."""
        due_ms = self._clock() + pause_ms(task.failures + 1)
        await self._database.writer.perform(member_roles.postpone, guild_id, task, due_ms)

    async def note_delivered(self, guild_id: int, holder: int, role_ids: Collection[int]) -> None:
        """Note that a member has got roles that they had unlocked."""
        if role_ids:
            await self._database.writer.perform(perks.note_delivered, guild_id, holder, role_ids, self._clock())

    async def offered(self, guild_id: int) -> set[int]:
        """Return the roles that members can unlock now. Staff are to hear of those that cannot be given."""
        return await self._database.read(perk_roles.offered_roles, guild_id)

    async def look_soon(self, guild_id: int) -> None:
        """Have a guild's roles looked at, also where no member waits for one."""
        await self._database.writer.perform(_look_soon, guild_id, self._clock())

    async def next_ms(self, guild_id: int) -> int | None:
        """Return when the next member is to be looked at, None for never."""
        return await self._database.read(member_roles.next_ms, guild_id)

    async def check_again(self, guild_id: int) -> None:
        """Have everybody looked at who has or awaits a role."""
        await self._database.writer.perform(member_roles.check_again, guild_id, self._clock())

    async def look(self, guild_id: int, member_id: int, role_ids: Collection[int]) -> None:
        """Have a member looked at who lacks a role that they should have: they may have left and come back."""
        if await self._database.read(_lacks_any, guild_id, member_id, role_ids):
            await self._database.writer.perform(_check, guild_id, member_id, self._clock())

    async def troubles(self, guild_id: int) -> dict[int, Trouble]:
        """Return the roles that cannot be given or taken at present, and why."""
        return await self._database.read(member_roles.troubles, guild_id)

    async def note_troubles(self, guild_id: int, current: dict[int, Trouble]) -> None:
        """Keep which roles cannot be given or taken at present, and why."""
        await self._database.writer.perform(member_roles.note_troubles, guild_id, current, self._clock())

    async def _have_any(self, guild_ids: Collection[int]) -> dict[int, bool]:
        return dict.fromkeys(await self._database.read(member_roles.guilds_with_any, guild_ids), True)


def _look_soon(c: Connection, guild_id: int, now_ms: int) -> None:
    deadlines.put_earliest(c, [member_roles_of(guild_id, now_ms)])


def _earned(c: Connection, guild_id: int) -> set[int]:
    of_levels, of_clubs = level_roles.roles(c, guild_id), clubs.roles(c, guild_id)
    earned = {*of_levels.values(), *of_clubs.values(), *challenge_awards.roles(c, guild_id)}
    return earned | perk_roles.given_roles(c, guild_id)


def _choose(c: Connection, guild_id: int, level: int, role_id: int, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    before = level_roles.roles(c, guild_id)
    level_roles.choose(c, guild_id, level, role_id)
    after = level_roles.roles(c, guild_id)
    member_roles.check_gifters(c, guild_id, LEVEL_COINS[level - 1], now_ms)
    member_roles.forget_troubles(c, guild_id, {*before.values()} - _earned(c, guild_id))
    old, new = ({str(each): roles.get(each) for each in {*before, *after}} for roles in (before, after))
    staff_acts.add(c, guild_id, change(ActKind.LEVEL_ROLES, old, new, by=by, at_ms=now_ms))


def _due(c: Connection, guild_id: int, now_ms: int) -> list[RoleTask]:
    check_counted(c, guild_id)
    return member_roles.due(c, guild_id, now_ms, MEMBERS)


def _lacks_any(c: Connection, guild_id: int, member_id: int, role_ids: Collection[int]) -> bool:
    holder = holders.holder_id(c, guild_id, member_id)
    return holder is not None and not role_sources.target(c, guild_id, holder) <= {*role_ids}


def _check(c: Connection, guild_id: int, member_id: int, now_ms: int) -> None:
    member_roles.check(c, guild_id, [holders.ensure(c, guild_id, member_id)], now_ms)
