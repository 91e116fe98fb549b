"""A line of a leaderboard holds its day, week and month beside all time; past ones are no longer kept."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BATCH = 10_000
FEW = 4_096
"""Places up to which a leaderboard is counted line by line, and has no tallies."""
SPANS = (("day", "today"), ("week", "week"), ("month", "month"))
"""New names of the stretches of time that begin anew, and their old ones."""


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=False)


def upgrade() -> None:
    _put_aside()
    _create()
    _number_ladders()
    _fill_standings()
    _count_again_where_zones_changed()
    _create_indexes()
    _count_tallies()


def _put_aside() -> None:
    op.execute(
        """
        CREATE TABLE lines_before AS
        SELECT s.guild_id, board, scope, CASE WHEN period = 'live' THEN bucket ELSE 0 END AS event,
               period, bucket, subject, s.coins, s.pieces, last_seq
        FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
        """
    )
    op.execute("CREATE TABLE ladders_before AS SELECT * FROM ladders")
    # Of every line the newest day, week and month: what it says of older ones is not kept.
    op.execute(
        """
        CREATE TABLE newest_before AS SELECT * FROM (
            SELECT b.*, row_number() OVER (
                PARTITION BY guild_id, board, scope, period, subject ORDER BY bucket DESC
            ) AS age FROM lines_before AS b WHERE period IN ('today', 'week', 'month')
        ) AS aged WHERE age = 1
        """
    )
    op.execute("CREATE INDEX ix_newest_before ON newest_before (guild_id, subject, board, scope, period)")
    for name in ("tallies", "standings", "ladders"):
        op.drop_table(name)


def _create() -> None:
    _table(
        "ladders",
        _int("guild_id"),
        _int("ladder"),
        _text("board"),
        _int("scope"),
        _int("event"),
        *(_int(name) for name in ("places", "coins", "pieces")),
        *(_int(span + name) for span, _ in SPANS for name in ("", "_places", "_coins", "_pieces")),
        sa.PrimaryKeyConstraint("guild_id", "ladder", name="pk_ladders"),
        sa.UniqueConstraint("guild_id", "board", "scope", "event", name="uq_ladders_guild_id_board_scope_event"),
        _check("ck_ladders_events_have_no_days", "event = 0 OR (day = 0 AND week = 0 AND month = 0)"),
    )
    _table(
        "standings",
        *(_int(name) for name in ("guild_id", "subject", "ladder", "last_seq", "coins", "pieces")),
        *(_int(span + name, null=not name) for span, _ in SPANS for name in ("", "_coins", "_pieces")),
        sa.PrimaryKeyConstraint("guild_id", "subject", "ladder", name="pk_standings"),
        _check("ck_standings_something_given", "coins > 0 AND pieces > 0"),
    )
    _table(
        "tallies",
        _int("guild_id"),
        _int("ladder"),
        _text("period"),
        _int("cell"),
        _int("places"),
        sa.PrimaryKeyConstraint("guild_id", "ladder", "period", "cell", name="pk_tallies"),
        _check("ck_tallies_places_are_counted", "places >= 0"),
    )


def _number_ladders() -> None:
    op.execute(
        """
        INSERT INTO ladders
        SELECT guild_id, row_number() OVER (PARTITION BY guild_id ORDER BY board, scope, bucket),
               board, scope, bucket, places, coins, pieces, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        FROM ladders_before WHERE period IN ('all', 'live')
        """
    )
    for span, period in SPANS:
        newest = f"""
            FROM ladders_before AS b WHERE period = '{period}' AND ladders.event = 0 AND b.guild_id = ladders.guild_id
            AND b.board = ladders.board AND b.scope = ladders.scope ORDER BY bucket DESC LIMIT 1
        """
        columns = {span: "bucket"} | {f"{span}_{name}": name for name in ("places", "coins", "pieces")}
        values = ", ".join(f"{column} = coalesce((SELECT {name} {newest}), 0)" for column, name in columns.items())
        op.execute(f"UPDATE ladders SET {values}")  # noqa: S608 - names of our own columns


def _fill_standings() -> None:
    newest = " ".join(
        f"""
        LEFT JOIN newest_before AS {span} ON {span}.period = '{period}' AND b.event = 0
        AND {span}.guild_id = b.guild_id AND {span}.board = b.board AND {span}.scope = b.scope
        AND {span}.subject = b.subject
        """
        for span, period in SPANS
    )
    values = ", ".join(f"{span}.bucket, coalesce({span}.coins, 0), coalesce({span}.pieces, 0)" for span, _ in SPANS)
    op.execute(
        f"""
        INSERT INTO standings
        SELECT b.guild_id, b.subject, l.ladder, b.last_seq, b.coins, b.pieces, {values}
        FROM lines_before AS b
        JOIN ladders AS l
        ON l.guild_id = b.guild_id AND l.board = b.board AND l.scope = b.scope AND l.event = b.event
        {newest}
        WHERE b.period IN ('all', 'live') ORDER BY b.guild_id, b.subject, l.ladder
        """  # noqa: S608 - names of our own columns
    )
    for name in ("newest_before", "lines_before", "ladders_before"):
        op.execute(f"DROP TABLE {name}")


def _count_again_where_zones_changed() -> None:
    """Count from the journal what guilds of several time zones were given: days that had begun could begin again.

    Since this revision a leaderboard never goes back to a day, week or month before the latest that it counted; what
    was given meanwhile counts for that one. The sums of old do not tell which gifts those were.
    """
    bind = op.get_bind()
    zone = "CAST(body AS json) ->> 'zone'" if bind.dialect.name == "postgresql" else "json_extract(body, '$.zone')"
    moved = bind.execute(
        sa.text(f"SELECT guild_id FROM journal WHERE kind = 'gift' GROUP BY guild_id HAVING count(DISTINCT {zone}) > 1")  # noqa: S608 - an expression of our own
    )
    guilds = [guild_id for (guild_id,) in moved]
    if not guilds:
        return
    names = ("guild_id", "seq", "ladder", "subject", "coins", "pieces", *(span for span, _ in SPANS))
    op.execute(f"CREATE TABLE given_before ({', '.join(f'{name} BIGINT' for name in names)})")
    insert = sa.text(f"INSERT INTO given_before VALUES ({', '.join(f':{name}' for name in names)})")  # noqa: S608 - names of our own columns
    for guild_id in guilds:
        for rows in _given(bind, guild_id):
            bind.execute(insert, [dict(zip(names, row, strict=True)) for row in rows])
    _reach_and_sum(guilds)
    for name in ("given_before", "reached_before", "sums_before"):
        op.execute(f"DROP TABLE {name}")


def _given(bind: sa.Connection, guild_id: int) -> Iterator[list[tuple[int, ...]]]:
    """Yield, for some gifts at a time, a row for each line that a gift counts on."""
    numbers = {
        (board, scope): ladder
        for ladder, board, scope in bind.execute(
            sa.text("SELECT ladder, board, scope FROM ladders WHERE guild_id = :guild AND event = 0"),
            {"guild": guild_id},
        )
    }
    some = sa.text(
        "SELECT seq, actor, at_ms, body FROM journal WHERE guild_id = :guild AND kind = 'gift' AND seq > :after "
        "ORDER BY seq LIMIT :batch"
    )
    after = 0
    while gifts := bind.execute(some, {"guild": guild_id, "after": after, "batch": BATCH}).all():
        rows: list[tuple[int, ...]] = []
        for seq, sender, at_ms, body in gifts:
            facts = json.loads(body)
            sums = (facts["coins"], facts["count"], *_calendar(at_ms, facts["zone"]))
            gifters = "anonymous" if facts["anonymous"] else "gifters"
            for board, scope, subject in (
                (gifters, 0, sender),
                (gifters, facts["creator"], sender),
                ("creators", 0, facts["creator"]),
                ("gifts", 0, facts["item"]),
            ):
                rows.append((guild_id, seq, numbers[board, scope], subject, *sums))
        yield rows
        after = gifts[-1].seq


def _reach_and_sum(guilds: list[int]) -> None:
    ladder, line = "PARTITION BY guild_id, ladder", "PARTITION BY guild_id, ladder, subject"
    reached = ", ".join(f"max({span}) OVER ({ladder} ORDER BY seq) AS {span}" for span, _ in SPANS)
    op.execute(
        f"CREATE TABLE reached_before AS SELECT guild_id, ladder, subject, coins, pieces, {reached} FROM given_before"  # noqa: S608 - names of our own columns
    )
    newest = ", ".join(f"max({span}) OVER ({line}) AS newest_{span}" for span, _ in SPANS)
    of_line = ", ".join(
        f"newest_{span} AS {span}, "
        + ", ".join(
            f"CAST(sum(CASE WHEN {span} = newest_{span} THEN {name} END) AS BIGINT) AS {span}_{name}"
            for name in ("coins", "pieces")
        )
        for span, _ in SPANS
    )
    op.execute(
        f"""
        CREATE TABLE sums_before AS SELECT guild_id, ladder, subject, {of_line}
        FROM (SELECT b.*, {newest} FROM reached_before AS b) AS given
        GROUP BY guild_id, ladder, subject, {", ".join(f"newest_{span}" for span, _ in SPANS)}
        """  # noqa: S608 - names of our own columns
    )
    op.execute("CREATE INDEX ix_sums_before ON sums_before (guild_id, ladder, subject)")
    where = f"guild_id IN ({', '.join(map(str, guilds))})"
    columns = ", ".join(f"{span}{name}" for span, _ in SPANS for name in ("", "_coins", "_pieces"))
    op.execute(
        f"""
        UPDATE standings SET ({columns}) = (
            SELECT {columns} FROM sums_before AS b WHERE b.guild_id = standings.guild_id
            AND b.ladder = standings.ladder AND b.subject = standings.subject
        )
        WHERE {where} AND ladder IN (
            SELECT ladder FROM ladders AS l WHERE l.guild_id = standings.guild_id AND event = 0
        )
        """  # noqa: S608 - names of our own columns
    )
    for span, _ in SPANS:
        lines = "FROM sums_before AS b WHERE b.guild_id = ladders.guild_id AND b.ladder = ladders.ladder"
        op.execute(f"UPDATE ladders SET {span} = (SELECT max({span}) {lines}) WHERE {where} AND event = 0")  # noqa: S608 - names of our own columns
        sums = f"count(*), CAST(sum({span}_coins) AS BIGINT), CAST(sum({span}_pieces) AS BIGINT)"
        op.execute(
            f"""
            UPDATE ladders SET ({span}_places, {span}_coins, {span}_pieces) = (
                SELECT {sums} {lines} AND b.{span} = ladders.{span}
            ) WHERE {where} AND event = 0
            """  # noqa: S608 - names of our own columns
        )


def _calendar(at_ms: int, zone: str) -> tuple[int, int, int]:
    """Return the day, week and month that a moment is in."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    year, week, _ = local.isocalendar()
    month = local.year * 100 + local.month
    return month * 100 + local.day, year * 100 + week, month


def _create_indexes() -> None:
    op.create_index("ix_standings_order", "standings", ["guild_id", "ladder", sa.text("coins DESC"), "last_seq"])
    for span, _ in SPANS:
        columns = ["guild_id", "ladder", span, sa.text(f"{span}_coins DESC"), "last_seq"]
        where = sa.text(f"{span} IS NOT NULL")
        op.create_index(f"ix_standings_order_{span}", "standings", columns, sqlite_where=where, postgresql_where=where)


def _count_tallies() -> None:
    connection = op.get_bind()
    tallies: dict[tuple[int, int, str, int], int] = {}
    for period, coins, current in (
        ("all", "s.coins", f"l.places > {FEW}"),
        *((span, f"s.{span}_coins", f"s.{span} = l.{span} AND l.{span}_places > {FEW}") for span, _ in SPANS),
    ):
        sums = sa.text(
            f"""
            SELECT s.guild_id, s.ladder, {coins} AS held,
                   CASE WHEN {coins} < 32 THEN last_seq >> 15 ELSE 0 END AS slice, count(*)
            FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
            WHERE {current} GROUP BY s.guild_id, s.ladder, held, slice
            """  # noqa: S608 - names of our own columns
        )
        for guild_id, ladder, held, part, places in connection.execute(sums):
            key = (guild_id, ladder, period, _cell_of(held, part))
            tallies[key] = tallies.get(key, 0) + places
    rows: list[dict[str, Any]] = [
        {"guild_id": guild_id, "ladder": ladder, "period": period, "cell": cell, "places": places}
        for (guild_id, ladder, period, cell), places in tallies.items()
    ]
    insert = sa.text("INSERT INTO tallies VALUES (:guild_id, :ladder, :period, :cell, :places)")
    for start in range(0, len(rows), BATCH):
        connection.execute(insert, rows[start : start + BATCH])


def _cell_of(coins: int, part: int) -> int:
    """Return what `bot.domain.leaderboards.cell_of` returned when this was written."""
    if coins < 32:
        return (coins + 1 << 40) - 1 - part
    shift = coins.bit_length() - 5
    return ((shift << 4) + (coins >> shift)) << 40
