"""The store of freezes: who is frozen, and because of which cases.

Most guilds have frozen nobody, and their settings say so: the rules of gifts and payouts read this table only if
somebody is.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select

from bot.domain.freezes import CaseRef, CaseType, Freeze
from bot.domain.ledger.books import Books
from bot.domain.notices import FREED, NoticeKind
from bot.domain.staff_acts import ActKind, StaffAct
from bot.storage.ledger import holders
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import insert_new, upsert
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import freezes as table
from bot.storage.sql.tables import notices
from bot.storage.stores import guilds, staff_acts

_SELECT = select(
    table.c.guild_id,
    table.c.holder,
    table.c.case_type,
    table.c.case_number,
    table.c.reason,
    table.c.since_ms,
    table.c.frozen_by,
)
_BY_HOLDER = Lookup(_SELECT, (table.c.guild_id, table.c.holder))


def of_holders(c: Connection, members: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[Freeze, ...]]:
    """Return the freezes of those of `members`, (guild id, holder) each, who are frozen."""
    frozen: dict[tuple[int, int], tuple[Freeze, ...]] = {}
    for guild_id, holder, *values in _BY_HOLDER.rows(c, members):
        frozen[guild_id, holder] = (*frozen.get((guild_id, holder), ()), _freeze(*values))
    return frozen


def of_member(c: Connection, guild_id: int, member_id: int) -> tuple[Freeze, ...]:
    """Return the freezes of a member. `by` is a holder."""
    rules, holder = guilds.rules(c, guild_id), holders.holder_id(c, guild_id, member_id)
    if rules is None or rules.frozen_since_ms is None or holder is None:
        return ()
    return of_holders(c, [(guild_id, holder)]).get((guild_id, holder), ())


def of_case(c: Connection, guild_id: int, case: CaseRef) -> dict[int, Freeze]:
    """Return who is frozen because of a case, by holder. `by` is a holder."""
    rows = c.execute(_SELECT.where(*_hangs_on(guild_id, case)).order_by(table.c.since_ms))
    return {holder: _freeze(*values) for _, holder, *values in rows}


def as_read(c: Connection, guild_id: int, freezes: Collection[Freeze]) -> list[Freeze]:
    """Return freezes with the members who did it in place of their holders."""
    members = holders.member_ids(c, guild_id, {freeze.by for freeze in freezes})
    return [freeze._replace(by=members.get(freeze.by, 0)) for freeze in freezes]


def add(c: Connection, guild_id: int, holder: int, freeze: Freeze) -> None:
    """Freeze a member because of a case, or change why. `by` is a holder. The guild must be locked."""
    values = {"reason": freeze.reason, "since_ms": freeze.since_ms, "frozen_by": freeze.by}
    case = {"case_type": freeze.case.type.value, "case_number": freeze.case.number}
    upsert(c, table, {"guild_id": guild_id, "holder": holder, **case, **values})
    guilds.note_freezes(c, guild_id, freeze.since_ms)


def remove(c: Connection, guild_id: int, holder: int, case: CaseRef, now_ms: int) -> bool:
    """End the freeze of a member that hangs on a case; return False if there is none. The guild must be locked."""
    removed = c.execute(delete(table).where(*_hangs_on(guild_id, case), table.c.holder == holder)).rowcount
    _note(c, guild_id)
    if removed:
        _tell(c, guild_id, holder, now_ms)
    return removed > 0


def end(c: Connection, guild_id: int, case: CaseRef, *, by: int, now_ms: int) -> None:
    """End every freeze that hangs on a case that is closed now, and keep who closed it: `by`, 0 for nobody.

    The guild must be locked.
    """
    ended = of_case(c, guild_id, case)
    if not ended:
        return
    c.execute(delete(table).where(*_hangs_on(guild_id, case)))
    _note(c, guild_id)
    members = holders.member_ids(c, guild_id, ended)
    for holder in ended:
        act = act_of(case, members.get(holder, 0), by=by, at_ms=now_ms, was=True, now=False)
        staff_acts.add(c, guild_id, act)
        if holder in members:
            _tell(c, guild_id, holder, now_ms)


def act_of(case: CaseRef, member_id: int, *, by: int, at_ms: int, was: bool, now: bool, reason: str = "") -> StaffAct:
    """Return the act of freezing or unfreezing a member."""
    before, after = ({"frozen": int(each)} for each in (was, now))
    subject = f"{case.type.value} {case.number}"
    return StaffAct(by, ActKind.FREEZE, at_ms, subject, member_id, before, after, reason)


def _tell(c: Connection, guild_id: int, holder: int, now_ms: int) -> None:
    """Have a member be told that they are free again, unless another case keeps them frozen."""
    if of_holders(c, [(guild_id, holder)]):
        return
    about = {"kind": NoticeKind.FREEZE.value, "number": FREED, "since_ms": now_ms}
    insert_new(c, notices, {"guild_id": guild_id, "holder_id": holder, **about})


def _note(c: Connection, guild_id: int) -> None:
    """Record whether anybody is still frozen."""
    since = select(func.min(table.c.since_ms)).where(table.c.guild_id == guild_id)
    if c.execute(since).scalar() is None:
        guilds.note_freezes(c, guild_id, None)


def _hangs_on(guild_id: int, case: CaseRef) -> tuple[ColumnElement[bool], ...]:
    return table.c.guild_id == guild_id, table.c.case_type == case.type.value, table.c.case_number == case.number


def _freeze(case_type: str, number: int, reason: str, since_ms: int, by: int) -> Freeze:
    return Freeze(CaseRef(CaseType(case_type), number), reason, since_ms, by)


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    frozen_guilds = {guild_id for guild_id, rules in books.rules.items() if rules.frozen_since_ms is not None}
    if not frozen_guilds:
        return
    members = {
        (command.guild_id, holder)
        for command in commands
        if command.guild_id in frozen_guilds
        for holder in _holders_of(command, books.holders)
    }
    books.frozen = cache.look_up(c, "frozen", members, of_holders)


def _holders_of(command: Any, holder_of: Mapping[tuple[int, int], int]) -> set[int]:  # noqa: ANN401 - any command
    return {*command.holder_ids, *(holder_of[command.guild_id, member_id] for member_id in command.member_ids)}


register("frozen", _load)
