"""Creators: who may receive gifts."""

from collections.abc import Callable

from bot.domain.applications import ApplicationGone
from bot.domain.creators import Creator
from bot.domain.errors import AlreadyACreator
from bot.domain.notices import NoticeKind
from bot.domain.staff_acts import NOBODY, ActKind, StaffAct
from bot.domain.staff_errors import BotAsCreator, NoCreatorToRemove, StaffAsCreator
from bot.services.reception import Reception, note_blocks
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import applications, chip_ins, creators, guilds, notices, overlays, staff_acts


class Creators:
    """The use-cases of creators."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._expect_notice = expect_notice
        self._clock = clock
        self._staff: set[tuple[int, int]] = set()
        self.reception = Reception(database, clock)
        """The choices that creators make about their gifts."""

    async def creators(self, guild_id: int) -> list[Creator]:
        """Return the approved creators of a guild."""
        return await self._database.read(creators.creators, guild_id)

    async def is_creator(self, guild_id: int, member_id: int) -> bool:
        """Whether the member may receive gifts."""
        return await self._database.read(creators.is_creator, guild_id, member_id)

    async def approve(self, guild_id: int, member_id: int, by: int, *, is_bot: bool, is_staff: bool = False) -> None:
        """Let a member receive gifts. Raises BotAsCreator for a bot, AlreadyACreator if nothing would change, and
        StaffAsCreator for staff where the owner has not allowed that."""
        if is_bot:
            raise BotAsCreator
        await self._database.writer.perform(_approve, guild_id, member_id, by, self._clock(), is_staff)
        self._expect_notice(guild_id, member_id)

    async def accept(self, guild_id: int, application_id: int, by: int, *, is_staff: bool = False) -> None:
        """Let an applicant receive gifts. Raises ApplicationGone, AlreadyACreator or StaffAsCreator."""
        args = (guild_id, application_id, by, self._clock(), is_staff)
        self._expect_notice(guild_id, await self._database.writer.perform(_accept, *args))

    async def note_staff(self, guild_id: int, member_id: int) -> None:
        """Have a creator who is on the staff told, once, which rules about money concern them."""
        if (guild_id, member_id) not in self._staff:
            if await self._database.writer.perform(_note_staff, guild_id, member_id, self._clock()):
                self._expect_notice(guild_id, member_id)
            self._staff.add((guild_id, member_id))

    async def remove(self, guild_id: int, member_id: int, *, by: int = NOBODY) -> None:
        """Stop a member from receiving gifts. Their earnings stay. Raises NoCreatorToRemove."""
        await self._database.writer.perform(_remove, guild_id, member_id, by, self._clock())


def _approve(
    connection: Connection, guild_id: int, member_id: int, by: int, now_ms: int, is_staff: bool = False
) -> None:
    guilds.lock(connection, guild_id)
    rules = guilds.required(connection, guild_id)
    if is_staff and rules.staff_creators_since_ms is None:
        raise StaffAsCreator(member_id)
    if creators.is_creator(connection, guild_id, member_id):
        raise AlreadyACreator(member_id)
    creators.approve(connection, guild_id, member_id, by, now_ms)
    # Other creators may have blocked the member before.
    note_blocks(connection, guild_id, member_id, now_ms)
    _keep(connection, guild_id, member_id, by, now_ms, is_creator=True)
    # A decided application is no longer needed, and neither are its answers.
    applications.remove(connection, guild_id, member_id)
    if member_id != by:
        notices.add(connection, guild_id, member_id, NoticeKind.CREATOR, now_ms)


def _note_staff(connection: Connection, guild_id: int, member_id: int, now_ms: int) -> bool:
    if not creators.note_staff(connection, guild_id, member_id, now_ms):
        return False
    notices.add(connection, guild_id, member_id, NoticeKind.STAFF_CREATOR, now_ms)
    return True


def _accept(connection: Connection, guild_id: int, application_id: int, by: int, now_ms: int, is_staff: bool) -> int:
    guilds.lock(connection, guild_id)
    waiting = applications.open_in(connection, guild_id)
    application = next((one for one in waiting if one.application_id == application_id), None)
    if application is None:
        raise ApplicationGone
    _approve(connection, guild_id, application.member_id, by, now_ms, is_staff)
    return application.member_id


def _remove(connection: Connection, guild_id: int, member_id: int, by: int, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    if not creators.is_creator(connection, guild_id, member_id):
        raise NoCreatorToRemove(member_id)
    creators.remove(connection, guild_id, member_id, now_ms)
    chip_ins.look_again(connection, guild_id, creator_id=member_id)
    if (creator := holders.holder_id(connection, guild_id, member_id)) is not None:
        overlays.revoke(connection, guild_id, creator, now_ms)
    _keep(connection, guild_id, member_id, by, now_ms, is_creator=False)


def _keep(connection: Connection, guild_id: int, member_id: int, by: int, now_ms: int, *, is_creator: bool) -> None:
    before, after = ({"approved": int(each)} for each in (not is_creator, is_creator))
    act = StaffAct(by, ActKind.CREATOR, now_ms, member_id=member_id, before=before, after=after)
    staff_acts.add(connection, guild_id, act)
