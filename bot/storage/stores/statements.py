"""The store of statements: what changed earnings in past months, stored once and never changed."""

from sqlalchemy import BigInteger, Connection, cast, func, insert, select

from bot.domain.statements import Line, Month, Statement, statement, statement_of
from bot.storage.sql.statistics_tables import creator_bookings as bookings
from bot.storage.sql.statistics_tables import statements as table


def months(c: Connection, guild_id: int, creator: int) -> list[Month]:
    """Return the months in which a creator's earnings moved, oldest first."""
    query = select(bookings.c.day).distinct().where(bookings.c.guild_id == guild_id, bookings.c.creator == creator)
    return [*dict.fromkeys(Month.of_day(day) for day in c.execute(query.order_by(bookings.c.day)).scalars())]


def stored(c: Connection, guild_id: int, creator: int) -> dict[Month, Statement]:
    """Return a creator's statements by month."""
    query = select(table.c.content, table.c.number).where(table.c.guild_id == guild_id, table.c.creator == creator)
    statements = [statement_of(content, number) for content, number in c.execute(query.order_by(table.c.month))]
    return {each.month: each for each in statements}


def counted(c: Connection, guild_id: int, creator: int, month: Month) -> Statement:
    """Return the statement of a month as the fold has counted it so far, without a number."""
    t, of_creator = bookings.c, (bookings.c.guild_id == guild_id, bookings.c.creator == creator)
    before = select(cast(func.coalesce(func.sum(t.diamonds), 0), BigInteger)).where(
        *of_creator, t.day < month.first_day
    )
    query = select(t.day, t.type, t.anonymous, t.entries, t.pieces, t.coins, t.diamonds)
    rows = c.execute(query.where(*of_creator, t.day >= month.first_day, t.day < month.following.first_day))
    lines = [Line(day, kind, bool(anonymous), *sums) for day, kind, anonymous, *sums in rows]
    return statement(month, c.execute(before).scalar_one(), lines)


def close(c: Connection, guild_id: int, creator: int, month: Month, now_ms: int) -> None:
    """Store the statement of a month that is over, with the next number. The guild must be locked, and folded."""
    last = c.execute(select(func.max(table.c.number)).where(table.c.guild_id == guild_id)).scalar_one() or 0
    month_statement = counted(c, guild_id, creator, month)
    numbered = Statement(month, month_statement.opening, month_statement.lines, last + 1)
    c.execute(
        insert(table).values(
            guild_id=guild_id,
            creator=creator,
            month=month.code,
            number=numbered.number,
            content=numbered.content.decode(),
            digest=numbered.digest,
            closed_ms=now_ms,
        )
    )
