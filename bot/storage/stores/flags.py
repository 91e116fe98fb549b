"""The store of flags: what was flagged, whom and which gifts it names, and what staff decided."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from bot.domain.deadlines import flag_notice_of
from bot.domain.flags import HOLDING, Finding, Flag, FlagKind, FlagOutcome
from bot.domain.freezes import CaseRef, CaseType
from bot.domain.staff_acts import ActKind, StaffAct, change
from bot.storage.ledger import holders
from bot.storage.sql.flag_tables import UNDECIDED_FLAGS, flag_entries, flag_members, flags
from bot.storage.sql.statements import InsertMany
from bot.storage.stores import deadlines, freezes, guilds, staff_acts

_INSERT = InsertMany(tuple(flags.c))
_INSERT_MEMBERS = InsertMany(tuple(flag_members.c))
_INSERT_ENTRIES = InsertMany(tuple(flag_entries.c))
IS_HOLDING = flags.c.outcome.in_([outcome.value for outcome in HOLDING])
"""The condition of flags whose gifts wait."""


def last_decisions(c: Connection, guild_id: int) -> dict[tuple[FlagKind, str], int | None]:
    """Return what was ever flagged, and when staff last decided about it: None if a flag is open."""
    query = select(flags.c.kind, flags.c.subject, flags.c.outcome, flags.c.decided_ms).where(
        flags.c.guild_id == guild_id
    )
    decided: dict[tuple[FlagKind, str], int | None] = {}
    for kind, subject, outcome, decided_ms in c.execute(query.order_by(flags.c.flag_id)):
        decided[FlagKind(kind), subject] = decided_ms if outcome else None
    return decided


def add(
    c: Connection,
    guild_id: int,
    finding: Finding,
    entries: Collection[tuple[int, int, int]],
    *,
    now_ms: int,
    note: str = "",
    opened_by: int = 0,
) -> int:
    """Add a flag with the gifts that it names, (number, creator, diamonds) each, and return its number.

    Staff are told, unless one of them has flagged it.
    """
    guilds.lock(c, guild_id)
    last_id = select(func.coalesce(func.max(flags.c.flag_id), 0)).where(flags.c.guild_id == guild_id)
    flag_id = c.execute(last_id).scalar_one() + 1
    facts = finding.kind.value, finding.subject, finding.coins, finding.times, now_ms, note, opened_by
    _INSERT.run(c, [(guild_id, flag_id, *facts, FlagOutcome.NONE.value, 0, 0, int(bool(opened_by)))])
    _INSERT_MEMBERS.run(c, [(guild_id, flag_id, place, holder) for place, holder in enumerate(finding.members)])
    _INSERT_ENTRIES.run(c, [(guild_id, flag_id, *entry) for entry in entries])
    if opened_by:
        act = StaffAct(opened_by, ActKind.FLAG, now_ms, str(flag_id), after={"outcome": ""}, reason=note)
        staff_acts.add(c, guild_id, act)
    else:
        deadlines.put(c, flag_notice_of(guild_id))
    return flag_id


def undecided(c: Connection, guild_id: int) -> list[Flag]:
    """Return the flags of a guild that staff have not decided about, oldest first."""
    return _flags(c, guild_id, select(flags).where(flags.c.guild_id == guild_id, UNDECIDED_FLAGS))


def flag(c: Connection, guild_id: int, flag_id: int) -> Flag | None:
    """Return one flag of a guild, None if there is none."""
    query = select(flags).where(flags.c.guild_id == guild_id, flags.c.flag_id == flag_id)
    return next(iter(_flags(c, guild_id, query)), None)


def decide(c: Connection, guild_id: int, flag_id: int, outcome: FlagOutcome, by: int, now_ms: int) -> bool:
    """Record what staff decided; return False if the flag has been settled, or there is none."""
    guilds.lock(c, guild_id)
    one = flags.c.guild_id == guild_id, flags.c.flag_id == flag_id, IS_HOLDING
    before = c.execute(select(flags.c.outcome).where(*one)).scalar_one_or_none()
    if before is None:
        return False
    values = {"outcome": outcome.value, "decided_ms": now_ms, "decided_by": by, "announced": 1}
    c.execute(update(flags).where(*one).values(values))
    old, new = {"outcome": before}, {"outcome": outcome.value}
    staff_acts.add(c, guild_id, change(ActKind.FLAG, old, new, by=by, at_ms=now_ms, subject=flag_id))
    freezes.end(c, guild_id, CaseRef(CaseType.FLAG, flag_id), by=by, now_ms=now_ms)
    return True


def unannounced(c: Connection, guild_id: int) -> list[int]:
    """Return the numbers of the flags that staff have not been told of."""
    query = select(flags.c.flag_id).where(flags.c.guild_id == guild_id, UNDECIDED_FLAGS, flags.c.announced == 0)
    return [*c.execute(query.order_by(flags.c.flag_id)).scalars()]


def mark_announced(c: Connection, guild_id: int, flag_ids: Collection[int]) -> None:
    """Record that staff know of these flags."""
    c.execute(update(flags).where(flags.c.guild_id == guild_id, flags.c.flag_id.in_(flag_ids)).values(announced=1))


def _flags(c: Connection, guild_id: int, query: Any) -> list[Flag]:  # noqa: ANN401 - a select of rows
    rows: Sequence[Row[Any]] = c.execute(query.order_by(flags.c.flag_id)).all()
    flag_ids = [row.flag_id for row in rows]
    members, entries = _members(c, guild_id, flag_ids), _entries(c, guild_id, flag_ids)
    return [_flag(row, members[row.flag_id], entries[row.flag_id]) for row in rows]


def _flag(row: Row[Any], members: Sequence[int], entries: Sequence[tuple[int, int, int]]) -> Flag:
    held_diamonds: dict[int, int] = defaultdict(int)
    for _, creator_id, diamonds in entries:
        held_diamonds[creator_id] += diamonds
    flag = Flag(
        guild_id=row.guild_id,
        flag_id=row.flag_id,
        kind=FlagKind(row.kind),
        members=tuple(members),
        coins=row.coins,
        times=row.times,
        seqs=tuple(seq for seq, *_ in entries),
        held=dict(held_diamonds),
        opened_ms=row.opened_ms,
        note=row.note,
        opened_by=row.opened_by,
    )
    return replace(flag, outcome=FlagOutcome(row.outcome), decided_ms=row.decided_ms, decided_by=row.decided_by)


def _members(c: Connection, guild_id: int, flag_ids: Collection[int]) -> Mapping[int, list[int]]:
    table = flag_members
    query = select(table.c.flag_id, table.c.holder).where(table.c.guild_id == guild_id, table.c.flag_id.in_(flag_ids))
    rows = c.execute(query.order_by(table.c.flag_id, table.c.place)).all()
    member_ids = holders.member_ids(c, guild_id, {holder for _, holder in rows})
    members: dict[int, list[int]] = defaultdict(list)
    for flag_id, holder in rows:
        members[flag_id].append(member_ids.get(holder, 0))
    return members


def _entries(c: Connection, guild_id: int, flag_ids: Collection[int]) -> Mapping[int, list[tuple[int, int, int]]]:
    """Return the entries of flags, (number, member id of the creator, diamonds) each."""
    table = flag_entries
    query = select(*table.c).where(table.c.guild_id == guild_id, table.c.flag_id.in_(flag_ids))
    rows = c.execute(query.order_by(table.c.flag_id, table.c.seq)).all()
    member_ids = holders.member_ids(c, guild_id, {row.creator for row in rows})
    entries: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for row in rows:
        entries[row.flag_id].append((row.seq, member_ids.get(row.creator, 0), row.diamonds))
    return entries
