"""The store of applications: who wants to become a creator, and what staff ask them."""

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import Connection, Row, delete, select, update

from bot.domain.applications import Answer, Application, ApplicationSettings
from bot.domain.deadlines import applications_of
from bot.storage.sql.creator_tables import application_settings
from bot.storage.sql.creator_tables import creator_applications as table
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.stores import deadlines

_SELECT = select(*columns_of(table, Application))


def settings(c: Connection, guild_id: int) -> ApplicationSettings:
    """Return what a guild has chosen."""
    query = select(application_settings.c.is_open, application_settings.c.questions)
    row = c.execute(query.where(application_settings.c.guild_id == guild_id)).one_or_none()
    if row is None:
        return ApplicationSettings(guild_id)
    return ApplicationSettings(guild_id, bool(row.is_open), tuple(orjson.loads(row.questions)))


def save_settings(c: Connection, settings: ApplicationSettings) -> None:
    """Replace what a guild has chosen."""
    questions = orjson.dumps(settings.questions).decode()
    values = {"guild_id": settings.guild_id, "is_open": int(settings.is_open), "questions": questions}
    upsert(c, application_settings, values)


def of_member(c: Connection, guild_id: int, member_id: int) -> Application | None:
    """Return a member's application, open or declined, None if there is none."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.member_id == member_id)
    return next((_application(row) for row in c.execute(query)), None)


def open_in(c: Connection, guild_id: int) -> list[Application]:
    """Return the open applications of a guild, oldest first."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.declined_ms.is_(None))
    rows = c.execute(query.order_by(table.c.applied_ms, table.c.application_id))
    return [_application(row) for row in rows]


def save(c: Connection, application: Application) -> None:
    """Insert an application, in place of an earlier one of the same member. Staff are told of one that is open."""
    answers = orjson.dumps([[*answer] for answer in application.answers]).decode()
    upsert(c, table, values_of(application) | {"answers": answers, "announced": int(application.announced)})
    if application.is_open:
        deadlines.put(c, applications_of(application.guild_id))


def remove(c: Connection, guild_id: int, member_id: int) -> None:
    """Delete a member's application."""
    c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.member_id == member_id))


def mark_announced(c: Connection, guild_id: int, application_ids: Collection[int]) -> None:
    """Record that staff know of these applications."""
    same = (table.c.guild_id == guild_id, table.c.application_id.in_(application_ids))
    c.execute(update(table).where(*same).values(announced=1))


def forget(c: Connection, before_ms: int) -> None:
    """Delete the applications that were declined before `before_ms`, in all guilds."""
    c.execute(delete(table).where(table.c.declined_ms < before_ms))


def _application(row: Row[*tuple[Any, ...]]) -> Application:
    guild_id, member_id, application_id, answers, applied_ms, announced, *decision = row
    listed = tuple(Answer(*answer) for answer in orjson.loads(answers))
    return Application(guild_id, member_id, application_id, listed, applied_ms, bool(announced), *decision)
