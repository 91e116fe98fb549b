"""Leaderboards are folded from the journal: how far is kept, and which day, week and month they count."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

FOLLOWER = "fold:leaderboards"
SPANS = ("day", "week", "month")
PAGE = 10_000
MONTH_MS = 33 * 24 * 3600 * 1000
"""More than a month in any time zone."""


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "leaderboard_calendars",
        _int("guild_id"),
        *(_int(f"{span}{suffix}") for span in SPANS for suffix in ("", "_seq")),
        *map(_int, ("latest_ms", "ahead_seq", "ahead_ms")),
        sa.PrimaryKeyConstraint("guild_id", name="pk_leaderboard_calendars"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_leaderboard_calendars_guild_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # Until now, leaderboards changed in the transaction of each gift: they are where their journals end.
    op.execute(
        f"INSERT INTO cursors (guild_id, follower, seq) SELECT guild_id, '{FOLLOWER}', seq FROM heads"  # noqa: S608 - a name of our own
        " WHERE true ON CONFLICT (guild_id, follower) DO UPDATE SET seq = excluded.seq"
    )
    bind = op.get_bind()
    went_back = _guilds_whose_times_went_back(bind)
    latest = "SELECT guild_id, max(seq) FROM journal WHERE kind = 'gift' GROUP BY guild_id"
    for guild_id, last_seq in bind.execute(sa.text(latest)).all():
        calendar = None if guild_id in went_back else _calendar(bind, guild_id, last_seq)
        if calendar is None:
            _count_again(bind, guild_id)
        else:
            _save(bind, guild_id, calendar)


def _guilds_whose_times_went_back(bind: sa.Connection) -> set[int]:
    """Return the guilds in which a gift was booked earlier than the one before, as by a clock that was wrong."""
    steps = """
        SELECT DISTINCT guild_id FROM (
            SELECT guild_id, at_ms, lag(at_ms) OVER (PARTITION BY guild_id ORDER BY seq) AS before_ms
            FROM journal WHERE kind = 'gift'
        ) AS gifts WHERE at_ms < before_ms
    """
    return {guild_id for (guild_id,) in bind.execute(sa.text(steps))}


def _calendar(bind: sa.Connection, guild_id: int, last_seq: int) -> dict[str, int] | None:
    """Return the current day, week and month, and their first gifts. None if the guild was in several time zones.

    Until now each leaderboard turned its days on its own, which makes a difference where a guild moves west.
    """
    last_ms, body = bind.execute(
        sa.text("SELECT at_ms, body FROM journal WHERE guild_id = :guild AND seq = :seq"),
        {"guild": guild_id, "seq": last_seq},
    ).one()
    zone = _zone(body)
    keys = _keys(last_ms, zone)
    calendar = {"latest_ms": last_ms}
    for seq, at_ms, gift_zone in _gifts_backwards(bind, guild_id, last_seq):
        if at_ms < last_ms - MONTH_MS:
            break
        if gift_zone != zone:
            return None
        for span, key, gift_key in zip(SPANS, keys, _keys(at_ms, zone), strict=True):
            if gift_key == key:
                calendar |= {span: key, f"{span}_seq": seq}
    return calendar


def _zone(body: str) -> str:
    """Return the time zone in which a gift was counted. Every released version has written it down."""
    return json.loads(body).get("zone", "UTC")


def _gifts_backwards(bind: sa.Connection, guild_id: int, last_seq: int) -> Iterator[tuple[int, int, str]]:
    """Yield the row, time and time zone of each gift, the last one first."""
    page = sa.text(
        "SELECT seq, at_ms, body FROM journal WHERE guild_id = :guild AND kind = 'gift' AND seq <= :last "
        "ORDER BY seq DESC LIMIT :page"
    )
    while gifts := bind.execute(page, {"guild": guild_id, "last": last_seq, "page": PAGE}).all():
        for seq, at_ms, body in gifts:
            yield seq, at_ms, _zone(body)
        last_seq = gifts[-1].seq - 1


def _save(bind: sa.Connection, guild_id: int, calendar: dict[str, int]) -> None:
    values = {"guild_id": guild_id, "ahead_seq": 0, "ahead_ms": 0, **calendar}
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    bind.execute(sa.text(f"INSERT INTO leaderboard_calendars ({names}) VALUES ({places})"), values)  # noqa: S608 - names of our own


def _count_again(bind: sa.Connection, guild_id: int) -> None:
    """Have everything counted again, from the first row: the bot does so when it is idle."""
    for table in ("tallies", "standings", "ladders"):
        bind.execute(sa.text(f"DELETE FROM {table} WHERE guild_id = :guild"), {"guild": guild_id})  # noqa: S608 - names of our own
    start = "UPDATE cursors SET seq = 0 WHERE guild_id = :guild AND follower = :follower"
    bind.execute(sa.text(start), {"guild": guild_id, "follower": FOLLOWER})


def _keys(at_ms: int, zone: str) -> tuple[int, int, int]:
    """Return the day, week and month that a moment is in."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    year, week, _ = local.isocalendar()
    month = local.year * 100 + local.month
    return month * 100 + local.day, year * 100 + week, month
