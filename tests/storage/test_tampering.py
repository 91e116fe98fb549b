"""Whoever changes anything that money rests on is found out, whatever it is; the database's own check finds nothing."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.audit.auditor import audit_database
from bot.storage.sql.leaderboard_tables import SPANS
from tests.storage.kept import keep_books, keep_challenges, keep_trains
from tests.thoroughness import by_thoroughness

TAMPERINGS = by_thoroughness(quick=60, full=100, long=1_000)


def of_spans(*names: str) -> list[str]:
    return [column for span in SPANS for column in (span, *(f"{span}_{name}" for name in names))]


PROTECTED = {
    "journal": ("guild_id", "seq", "kind", "key", "actor", "at_ms", "body", "previous", "hash"),
    "entries": ("guild_id", "seq", "kind", "owner", "amount"),
    "balances": ("guild_id", "owner", "kind", "amount"),
    "lots": ("guild_id", "owner", "kind", "seq", "coins"),
    "standings": ("guild_id", "ladder", "subject", "last_seq", "coins", "pieces", *of_spans("coins", "pieces")),
    "past_standings": ("guild_id", "ladder", "period", "subject", "last_seq", "coins", "pieces"),
    "leaderboard_days": ("guild_id", "day", "first_seq"),
    "ladders": (
        *("guild_id", "ladder", "board", "scope", "event", "places", "coins", "pieces"),
        *of_spans("places", "coins", "pieces"),
    ),
    "earnings_by_source": ("guild_id", "creator", "source", "until_day", "earned", "taken_back", "anonymous"),
    "creator_hours": (
        *("guild_id", "creator", "day", "hour", "event", "coins", "pieces"),
        *("anonymous_coins", "anonymous_pieces"),
    ),
    "creator_items": ("guild_id", "creator", "day", "item", "event", "coins", "pieces"),
    "creator_bookings": (
        *("guild_id", "creator", "day", "type", "anonymous"),
        *("entries", "pieces", "coins", "diamonds"),
    ),
    "gifter_totals": ("guild_id", "gifter", "coins"),
    "gifter_weeks": ("guild_id", "gifter", "week", "pieces"),
    "club_hearts": ("guild_id", "gifter", "creator", "hearts"),
    "challenge_days": ("guild_id", "challenge_id", "gifter", "creator", "day", "is_double", "coins", "pieces"),
    "challenge_scores": ("guild_id", "challenge_id", "league", "gifter", "points"),
    "live_trains": ("guild_id", "event_id", "started_seq", "started_ms", "ended_ms", "coins", "joint_coins", "levels"),
    "train_riders": ("guild_id", "event_id", "started_seq", "rider"),
    "heads": ("guild_id", "seq", "hash"),
    "orders": ("guild_id", "order_id", "coins", "price_minor", "currency", "state"),
}


def other(value: int | str | bytes | None, chance: random.Random) -> int | str | bytes:
    """Return a value of the same type that is not the same; something for nothing."""
    if value is None:
        return chance.choice([0, 1, 20260205])
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 7, 1000])
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    place = chance.randrange(len(value))
    return value[:place] + chance.choice([letter for letter in "x7" if letter != value[place]]) + value[place + 1 :]


def tamper(c: sqlite3.Connection, chance: random.Random) -> str:
    """Change one value, or remove one row; return what was done."""
    table = chance.choice(list(PROTECTED))
    key = [name for _, name, _, _, _, place in c.execute(f"PRAGMA table_info({table})") if place]
    keys = ", ".join(f'"{name}"' for name in key)
    row = chance.choice(c.execute(f"SELECT {keys} FROM {table}").fetchall())
    where = " AND ".join(f'"{name}" = ?' for name in key)
    if chance.random() < 0.1:
        c.execute(f"DELETE FROM {table} WHERE {where}", row)
        return f"removed {row} from {table}"
    column = chance.choice(PROTECTED[table])
    (value,) = c.execute(f'SELECT "{column}" FROM {table} WHERE {where}', row).fetchone()
    changed = other(value, chance)
    c.execute(f'UPDATE {table} SET "{column}" = ? WHERE {where}', (changed, *row))
    return f"{table}.{column} of {row}: {changed!r} for {value!r}"


@pytest.fixture
async def rich(tmp_path: Path) -> Path:
    """Books with something of everything in them, closed."""
    await keep_books(f"sqlite:///{tmp_path}/rich.db")
    await keep_trains(f"sqlite:///{tmp_path}/rich.db")
    await keep_challenges(f"sqlite:///{tmp_path}/rich.db")
    return tmp_path / "rich.db"


def test_every_change_to_what_money_rests_on_is_found(rich: Path, tmp_path: Path):
    assert [*audit_database(f"sqlite:///{rich}")] == []
    chance = random.Random(11)
    unnoticed: list[str] = []
    attempts = checked_by_sqlite = 0
    while attempts < TAMPERINGS:
        copy = Path(shutil.copy(rich, tmp_path / "tampered.db"))
        with closing(sqlite3.connect(copy)) as c:
            try:
                with c:
                    what = tamper(c, chance)
            # An index of the journal takes no body that is not JSON.
            except (sqlite3.IntegrityError, sqlite3.OperationalError):
                continue
            checked_by_sqlite += c.execute("PRAGMA integrity_check").fetchone() != ("ok",)
        attempts += 1
        if not any(audit_database(f"sqlite:///{copy}")):
            unnoticed.append(what)

    assert unnoticed == []
    assert checked_by_sqlite == 0
