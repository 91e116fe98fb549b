"""Read what a creator has earned, as far as gifts are counted."""

from sqlalchemy import ColumnElement, Connection, and_, func, select

from bot.domain.accounts import AccountKind
from bot.domain.holds import Hold
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.storage.folds.earnings.lines import NAME
from bot.storage.folds.uncounted import uncounted_rows
from bot.storage.ledger import cursors
from bot.storage.sql.hold_tables import earnings_by_source as lines
from bot.storage.sql.tables import MEMBERS_OWN, entries, journal

_PAYOUTS = (RequestPayout.kind, RecordPayout.kind, RejectPayout.kind)
"""Kinds of rows that need not be counted first: they change the balance, not what waits."""

_LEFT = lines.c.earned - lines.c.taken_back


def holds(c: Connection, guild_id: int, holder: int, today: int) -> list[Hold]:
    """Return the pieces of a creator's earnings that wait after the day `today`, soonest first."""
    query = select(lines.c.source, lines.c.until_day, _LEFT).where(
        lines.c.guild_id == guild_id, lines.c.creator == holder, lines.c.until_day > today, _LEFT > 0
    )
    return [Hold(*row) for row in c.execute(query.order_by(lines.c.until_day, _LEFT.desc(), lines.c.source))]


def sums(c: Connection, guild_id: int, holder: int) -> tuple[dict[str, int], int]:
    """Return what a creator has earned by source, and what of it came from anonymous gifts."""
    query = select(lines.c.source, func.sum(_LEFT), func.sum(lines.c.anonymous)).where(
        lines.c.guild_id == guild_id, lines.c.creator == holder
    )
    rows = c.execute(query.group_by(lines.c.source)).all()
    return {source: int(earned) for source, earned, _ in rows}, sum(int(anonymous) for *_, anonymous in rows)


def counted_later(c: Connection, guild_id: int, holder: int) -> int:
    """Return how the rows that are not counted yet have changed a creator's account of earnings."""
    return _earned(c, guild_id, holder, entries.c.seq > cursors.get(c, guild_id, NAME))


def uncounted(c: Connection, guild_id: int, holder: int) -> int:
    """Return what came into a creator's account with rows that cannot be counted."""
    seqs = uncounted_rows(guild_id, NAME)
    return max(_earned(c, guild_id, holder, entries.c.seq.in_(seqs)), 0)


def earned_between(c: Connection, guild_id: int, after: int, until: int) -> dict[int, tuple[int, int]]:
    """Return what each creator, a holder, earned with the rows after `after` up to `until`, without what was taken
    back, and what test coins brought them."""
    same_row = and_(journal.c.guild_id == entries.c.guild_id, journal.c.seq == entries.c.seq)
    of_kind = entries.c.kind.in_([AccountKind.EARNINGS.value, AccountKind.TEST_EARNINGS.value])
    query = select(entries.c.owner, entries.c.kind, func.sum(entries.c.amount)).select_from(
        entries.join(journal, same_row)
    )
    query = query.where(
        entries.c.guild_id == guild_id,
        entries.c.seq > after,
        entries.c.seq <= until,
        MEMBERS_OWN,
        of_kind,
        journal.c.kind.not_in(_PAYOUTS),
    )
    sums: dict[int, tuple[int, int]] = {}
    for holder, kind, diamonds in c.execute(query.group_by(entries.c.owner, entries.c.kind)):
        real, tests = sums.get(holder, (0, 0))
        is_real = kind == AccountKind.EARNINGS.value
        sums[holder] = (real + int(diamonds), tests) if is_real else (real, tests + int(diamonds))
    return sums


def has_uncounted(c: Connection, guild_id: int) -> bool:
    """Return whether the guild has rows that cannot be counted."""
    query = uncounted_rows(guild_id, NAME)
    return c.execute(query.limit(1)).first() is not None


def _earned(c: Connection, guild_id: int, holder: int, which: ColumnElement[bool]) -> int:
    # The partial index serves only queries that repeat its condition, owner <> 0.
    same_row = and_(journal.c.guild_id == entries.c.guild_id, journal.c.seq == entries.c.seq)
    query = select(func.coalesce(func.sum(entries.c.amount), 0)).select_from(entries.join(journal, same_row))
    query = query.where(
        entries.c.guild_id == guild_id,
        entries.c.owner == holder,
        MEMBERS_OWN,
        entries.c.kind == AccountKind.EARNINGS.value,
        which,
        journal.c.kind.not_in(_PAYOUTS),
    )
    return int(c.execute(query).scalar_one())
