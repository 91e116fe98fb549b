"""Fan clubs: their roles, and memberships that pause when somebody misses a creator's live event."""

from collections.abc import Callable

from bot.domain.clubs import is_paused, pause_due_ms
from bot.domain.deadlines import Deadline
from bot.domain.staff_acts import ActKind, StaffAct
from bot.services.standing import check_counted
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import clubs, guilds, member_roles, staff_acts


class Clubs:
    """The use-cases of fan clubs. `expect` is told who has something new to read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def roles(self, guild_id: int) -> dict[int, int]:
        """Return the roles of clubs, by the member id of their creator."""
        return await self._database.read(_roles, guild_id)

    async def choose_role(self, guild_id: int, creator_id: int, role_id: int, by: int) -> None:
        """Give members of a creator's club a role, 0 for none."""
        await self._database.writer.perform(_choose_role, guild_id, creator_id, role_id, by, self._clock())

    async def pause(self, deadline: Deadline) -> int | None:
        """Pause the memberships in a creator's club that are due. Return when to look again. Raises BooksClosed.

        The subject of the deadline is the creator, a holder. It waits while everything is counted again.
        """
        guild_id = deadline.guild_id
        await self._database.catch_up(guild_id)
        member_ids, next_ms = await self._database.writer.perform(_pause, guild_id, deadline.subject, self._clock())
        for member_id in member_ids:
            self._expect(guild_id, member_id)
        return next_ms


def _roles(c: Connection, guild_id: int) -> dict[int, int]:
    roles = clubs.roles(c, guild_id)
    members = holders.member_ids(c, guild_id, [*roles])
    return {members[creator]: role_id for creator, role_id in roles.items() if members.get(creator)}


def _choose_role(c: Connection, guild_id: int, creator_id: int, role_id: int, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    creator = holders.ensure(c, guild_id, creator_id)
    old_id = clubs.roles(c, guild_id).get(creator, 0)
    clubs.choose_role(c, guild_id, creator, role_id)
    if old_id and old_id not in clubs.roles(c, guild_id).values():
        member_roles.forget_troubles(c, guild_id, [old_id])
    member_roles.check(c, guild_id, clubs.running(c, guild_id, creator), now_ms)
    before, after = {"club_role_id": old_id}, {"club_role_id": role_id}
    act = StaffAct(by, ActKind.CLUB_ROLE, now_ms, member_id=creator_id, before=before, after=after)
    staff_acts.add(c, guild_id, act)


def _pause(c: Connection, guild_id: int, creator: int, now_ms: int) -> tuple[list[int], int | None]:
    """Return the members who are to be reminded, and when to look again."""
    check_counted(c, guild_id)
    show, breaks = clubs.last_show(c, guild_id, creator), clubs.breaks(c, guild_id, creator)
    running = clubs.running(c, guild_id, creator)
    if show is None or not running:
        return [], None
    away_until_ms = [one.until_ms for one in breaks if one.from_ms <= now_ms < one.until_ms]
    next_ms = max([pause_due_ms(show, breaks), *away_until_ms])
    if now_ms < next_ms:
        return [], next_ms
    late = [
        gifter for gifter in running if is_paused(clubs.active_ms(c, guild_id, gifter, creator), show, breaks, now_ms)
    ]
    for gifter in late:
        clubs.pause(c, guild_id, gifter, creator, now_ms)
    member_roles.check(c, guild_id, late, now_ms)
    members = holders.member_ids(c, guild_id, late)
    return [member_id for member_id in members.values() if member_id], None
