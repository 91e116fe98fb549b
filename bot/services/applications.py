"""Applications: members ask to become creators, and staff approve or decline."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain import text
from bot.domain.applications import (
    KEPT_MS,
    REASON_LENGTH,
    Application,
    ApplicationGone,
    ApplicationsClosed,
    ApplicationSettings,
    CreatorAlready,
    answers_of,
    clean_questions,
)
from bot.domain.errors import UnknownGuild
from bot.domain.notices import NoticeKind
from bot.domain.staff_acts import ActKind, StaffAct, change
from bot.domain.staff_errors import StaffAsCreator
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import applications, creators, guilds, notices, staff_acts

log = logging.getLogger(__name__)


class Applications:
    """The use-cases of applications."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect_notice = expect_notice

    async def settings(self, guild_id: int) -> ApplicationSettings:
        """Return whether a guild takes applications, and what it asks."""
        return await self._database.read(applications.settings, guild_id)

    async def ask(self, guild_id: int, questions: Iterable[str], *, by: int) -> None:
        """Ask these questions from now on; without any, ours."""
        asked = clean_questions(questions)
        await self._database.writer.perform(_change, guild_id, {"questions": asked}, by, self._clock())

    async def take(self, guild_id: int, *, is_open: bool, by: int) -> None:
        """Take applications from now on, or no longer. Those that are open stay."""
        await self._database.writer.perform(_change, guild_id, {"is_open": is_open}, by, self._clock())

    async def own(self, guild_id: int, member_id: int) -> Application | None:
        """Return a member's open application, None if there is none."""
        application = await self._database.read(applications.of_member, guild_id, member_id)
        return application if application is not None and application.is_open else None

    async def questions(self, guild_id: int, member_id: int, *, is_staff: bool = False) -> tuple[str, ...]:
        """Return what a member who applies is asked, "" for our own question.

        Raises CreatorAlready, ApplicationsClosed, ApplicationOpen, ApplyLater, and StaffAsCreator for staff where the
        owner has not allowed that.
        """
        return await self._database.read(_questions, guild_id, member_id, self._clock(), is_staff)

    async def apply(
        self, guild_id: int, member_id: int, application_id: int, questions: Sequence[str], texts: Sequence[str]
    ) -> Application:
        """Apply with answers to `questions`. Raises AnswerMissing, and what `questions` raises."""
        answers = answers_of(questions, texts)
        application = Application(guild_id, member_id, application_id, answers, self._clock())
        await self._database.writer.perform(_apply, application)
        return application

    async def withdraw(self, guild_id: int, member_id: int) -> None:
        """Delete a member's open application. Raises ApplicationGone."""
        await self._database.writer.perform(_withdraw, guild_id, member_id)

    async def waiting(self, guild_id: int) -> list[Application]:
        """Return the open applications, oldest first."""
        return await self._database.read(applications.open_in, guild_id)

    async def find(self, guild_id: int, application_id: int) -> Application:
        """Return an open application; raise ApplicationGone."""
        return await self._database.read(_open_one, guild_id, application_id)

    async def decline(self, guild_id: int, application_id: int, by: int, reason: str) -> int:
        """Decline an application; return the member who applied, who is told with their next reply. Raises
        ApplicationGone."""
        reason = text.clean(reason, REASON_LENGTH)
        args = (guild_id, application_id, by, reason, self._clock())
        member_id = await self._database.writer.perform(_decline, *args)
        log.info("Application %s in guild %s was declined by member %s", application_id, guild_id, by)
        self._expect_notice(guild_id, member_id)
        return member_id

    async def mark_announced(self, guild_id: int, waiting: Collection[Application]) -> None:
        """Note that staff know of these."""
        if ids := [application.application_id for application in waiting if not application.announced]:
            await self._database.writer.perform(applications.mark_announced, guild_id, ids)

    async def forget(self) -> None:
        """Delete what was declined long ago."""
        await self._database.writer.perform(applications.forget, self._clock() - KEPT_MS)


def _change(c: Connection, guild_id: int, changes: Mapping[str, Any], by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    before = applications.settings(c, guild_id)
    after = replace(before, **changes)
    applications.save_settings(c, after)
    old, new = ({"is_open": each.is_open, "questions": "\n".join(each.questions)} for each in (before, after))
    staff_acts.add(c, guild_id, change(ActKind.APPLYING, old, new, by=by, at_ms=now_ms))


def _questions(c: Connection, guild_id: int, member_id: int, now_ms: int, is_staff: bool) -> tuple[str, ...]:
    _check(c, guild_id, member_id, now_ms)
    if is_staff and guilds.required(c, guild_id).staff_creators_since_ms is None:
        raise StaffAsCreator(member_id)
    return applications.settings(c, guild_id).asked


def _check(c: Connection, guild_id: int, member_id: int, now_ms: int) -> None:
    if guilds.rules(c, guild_id) is None:
        raise UnknownGuild
    if creators.is_creator(c, guild_id, member_id):
        raise CreatorAlready
    if (earlier := applications.of_member(c, guild_id, member_id)) is not None:
        earlier.check_next(now_ms)
    if not applications.settings(c, guild_id).is_open:
        raise ApplicationsClosed


def _apply(c: Connection, application: Application) -> None:
    guilds.lock(c, application.guild_id)
    _check(c, application.guild_id, application.member_id, application.applied_ms)
    applications.save(c, application)


def _withdraw(c: Connection, guild_id: int, member_id: int) -> None:
    guilds.lock(c, guild_id)
    application = applications.of_member(c, guild_id, member_id)
    if application is None or not application.is_open:
        raise ApplicationGone
    applications.remove(c, guild_id, member_id)


def _open_one(c: Connection, guild_id: int, application_id: int) -> Application:
    waiting = applications.open_in(c, guild_id)
    application = next((one for one in waiting if one.application_id == application_id), None)
    if application is None:
        raise ApplicationGone
    return application


def _decline(c: Connection, guild_id: int, application_id: int, by: int, reason: str, now_ms: int) -> int:
    guilds.lock(c, guild_id)
    application = _open_one(c, guild_id, application_id)
    declined = replace(application, answers=(), declined_ms=now_ms, declined_by=by, reason=reason)
    applications.save(c, declined)
    notices.add(c, guild_id, application.member_id, NoticeKind.APPLICATION, now_ms)
    # Without the reason, which is erased after 30 days like the rest of the application.
    act = StaffAct(
        by, ActKind.APPLICATION, now_ms, member_id=application.member_id, before={"open": 1}, after={"open": 0}
    )
    staff_acts.add(c, guild_id, act)
    return application.member_id
