"""The store of deadlines, and the claims on them: of several bots over the same books, one acts.

A claim is a lease. The bot that claims a deadline renews the claim while acting; if that bot dies, the claim expires
and another bot takes over. Claiming sets `at_ms` to the time of the claim, so that a deadline that is set anew
meanwhile differs, and is not mistaken for the one that was handled.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, case, delete, func, or_, select, update

from bot.domain.channel_refusals import NEVER_MS
from bot.domain.deadlines import AT_ONCE_MS, CLAIM_MS, Claim, Deadline, DeadlineKind, Outlook
from bot.storage.sql import deadline_notes, deadline_rows
from bot.storage.sql.deadline_rows import COLUMNS, KEY, row_key
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import deadlines as table

put = deadline_rows.put
put_earliest = deadline_rows.put_earliest

_LOCKED = Lookup(select(*COLUMNS), KEY, lock=True)
_CLAIM = InsertMany(COLUMNS, update=lambda new: {"at_ms": new.at_ms, "claim_ms": new.claim_ms})

_OURS = (
    *(column == bindparam(f"key_{column.name}") for column in KEY),
    table.c.claim_ms == bindparam("until_ms"),
)
_CLAIMED_MS, _NEXT_MS = (bindparam(name, type_=BigInteger) for name in ("claimed_ms", "next_ms"))
_DELETE = delete(table).where(*_OURS, table.c.at_ms == _CLAIMED_MS)
_AT_MS = case((or_(table.c.at_ms == _CLAIMED_MS, table.c.at_ms > _NEXT_MS), _NEXT_MS), else_=table.c.at_ms)
_RELEASE = update(table).where(*_OURS).values(at_ms=_AT_MS, claim_ms=0)


def replace(c: Connection, guild_id: int, kind: DeadlineKind, subject: int, deadline: Deadline | None) -> None:
    """Set a deadline, or clear the one with its key if there is none any more."""
    if deadline is None:
        clear(c, guild_id, kind, subject)
    else:
        put(c, deadline)


def clear(c: Connection, guild_id: int, kind: DeadlineKind, subject: int) -> None:
    """Delete a deadline, if there is one."""
    c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.kind == kind.value, table.c.subject == subject))


def bring_forward(c: Connection, guild_id: int, kinds: Collection[DeadlineKind]) -> None:
    """Make all deadlines of a guild that are of these kinds due at once."""
    names = [kind.value for kind in kinds]
    changed = update(table).where(table.c.guild_id == guild_id, table.c.kind.in_(names), table.c.at_ms > AT_ONCE_MS)
    if c.execute(changed.values(at_ms=AT_ONCE_MS)).rowcount:
        deadline_notes.note(c, AT_ONCE_MS)


def outlook(c: Connection, now_ms: int) -> Outlook:
    """Return what is due in all guilds, claimed or not, oldest first, and when the next deadline is."""
    rows = c.execute(select(*COLUMNS).where(table.c.at_ms <= now_ms).order_by(table.c.at_ms))
    due = [(_deadline(row), row[4]) for row in rows]
    return Outlook(due, c.execute(select(func.min(table.c.at_ms)).where(table.c.at_ms > now_ms)).scalar())


def claim(c: Connection, deadlines: Collection[Deadline], now_ms: int) -> list[Claim]:
    """Claim those of `deadlines` that are due and not claimed, and return the claims, the oldest deadline first."""
    rows = [row for row in _locked(c, deadlines).values() if row[3] <= now_ms and row[4] <= now_ms]
    until_ms = now_ms + CLAIM_MS
    _CLAIM.run(c, [(*row[:3], now_ms, until_ms) for row in rows])
    claims = [Claim(_deadline(row), now_ms, until_ms) for row in rows]
    return sorted(claims, key=lambda claim: (claim.deadline.at_ms, claim.deadline.key))


def renew(c: Connection, claims: Collection[Claim], now_ms: int) -> list[Claim]:
    """Let claims last longer. Return them as they are now, without those that have expired and are another bot's."""
    rows = _locked(c, [claim.deadline for claim in claims])
    ours = {claim: row for claim in claims if (row := rows.get(row_key(claim.deadline))) and row[4] == claim.until_ms}
    until_ms = now_ms + CLAIM_MS
    _CLAIM.run(c, [(*row[:4], until_ms) for row in ours.values()])
    return [claim._replace(until_ms=until_ms) for claim in ours]


def finish(c: Connection, outcomes: Sequence[tuple[Claim, int | None]]) -> None:
    """Give up claims. Each comes with the time at which it is due again, None if it is finished.

    What was set anew since it was claimed stays set, and what another bot has claimed since is left alone.
    """
    values = [_values(claim, at_ms) for claim, at_ms in outcomes]
    over = [value for value in values if value["next_ms"] == NEVER_MS]
    if over:
        c.execute(_DELETE, over)
    if values:
        c.execute(_RELEASE, values)


def release_all(c: Connection) -> None:
    """Give up all claims. Only for books that this process owns alone: any other process with a claim is dead."""
    c.execute(update(table).where(table.c.claim_ms > 0).values(claim_ms=0))


def _locked(c: Connection, deadlines: Collection[Deadline]) -> Mapping[tuple[int, str, int], Sequence[Any]]:
    rows = _LOCKED.rows(c, {row_key(deadline) for deadline in deadlines})
    return {(row[0], row[1], row[2]): row for row in rows}


def _deadline(row: Any) -> Deadline:  # noqa: ANN401 - a row
    return Deadline(row[0], DeadlineKind(row[1]), row[2], row[3])


def _values(claim: Claim, at_ms: int | None) -> dict[str, Any]:
    guild_id, kind, subject = row_key(claim.deadline)
    return {
        "key_guild_id": guild_id,
        "key_kind": kind,
        "key_subject": subject,
        "claimed_ms": claim.claimed_ms,
        "until_ms": claim.until_ms,
        "next_ms": NEVER_MS if at_ms is None else at_ms,
    }
