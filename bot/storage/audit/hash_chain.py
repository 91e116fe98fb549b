"""Check that the journal is whole: no row is missing, none was changed, and the entries of each sum to zero."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.domain.ledger.journal import GENESIS
from bot.domain.ledger.kinds import Leg
from bot.storage.audit.rows import MOST_FINDINGS, TICK_ROWS, Findings, Tick, rows

LAST = 2**63 - 1
"""The end of a range that reaches to the end of the journal, whatever its head says."""

_WITH_BODY = """
    SELECT seq, kind, "key", actor, at_ms, {body}, previous, hash FROM journal
    WHERE guild_id = :guild AND seq > :after AND seq <= :until ORDER BY seq
"""
# The body is read as bytes, which is what gets hashed and parsed. Decoding and encoding it again would cost as much as
# the hash.
BODY_BYTES = {"sqlite": "CAST(body AS BLOB)", "postgresql": "convert_to(body, 'UTF8')"}
_ROWS = {dialect: _WITH_BODY.format(body=body) for dialect, body in BODY_BYTES.items()}
_LEGS = """
    SELECT seq, kind, owner, amount FROM entries
    WHERE guild_id = :guild AND seq > :after AND seq <= :until ORDER BY guild_id, seq, leg
"""
_NO_LEG = (LAST + 1, "", 0, 0)
_MAY_MOVE_NOTHING = "reversal"
"""The kind of rows that need no entries: all that was paid for some pieces of a gift may have gone back before. Whether
they should have some is said by what the row says that it moves."""

RowWithLegs = tuple[int, str, int, int, bytes, list[Leg]]
"""A row of the journal: its number, kind, actor, time, body and entries."""


class _Row(NamedTuple):
    """A row of the journal as it is stored, without its entries."""

    seq: int
    kind: str
    key: str
    actor: int
    at_ms: int
    body: bytes
    previous: bytes
    hash: bytes


def check_chain(c: Connection, guild_id: int, after: int, until: int, tick: Tick) -> Findings:
    """Check the rows `after` + 1 to `until`. Any range can be checked alone, because rows chain by stored hashes."""
    findings: list[tuple[int, str]] = []
    for number, _ in enumerate(follow(c, guild_id, after, until, findings), start=1):
        if findings:
            yield from findings
            findings.clear()
        if not number % TICK_ROWS:
            tick(TICK_ROWS)
    yield from findings


def follow(
    c: Connection, guild_id: int, after: int, until: int, findings: list[tuple[int, str]]
) -> Iterator[RowWithLegs]:
    """Yield the rows `after` + 1 to `until`, and add to `findings` what is wrong with them."""
    row_range = {"guild": guild_id, "after": after, "until": until}
    legs: Iterator[Leg] = rows(c, _LEGS, **row_range)
    leg = next(legs, _NO_LEG)
    last_seq, last_hash = after, _hash_at(c, guild_id, after)
    sha256, guild = hashlib.sha256, str(guild_id)
    for row in rows(c, _ROWS[c.dialect.name], **row_range):
        seq, kind, key, actor, at_ms, body, previous, stored_hash = row
        if leg[0] < seq:
            leg = _skip_orphans(leg, legs, seq, findings)
        row_legs: list[Leg] = []
        legs_text, total = "", 0
        while leg[0] == seq:
            _, account_kind, owner, amount = leg
            legs_text += f";{account_kind},{owner},{amount}"
            total += amount
            row_legs.append(leg)
            leg = next(legs, _NO_LEG)
        # There are millions of good rows: they cost one condition, and `_complaints` says what is wrong with a bad one.
        line = f"{guild}\0{seq}\0{kind}\0{key}\0{actor}\0{at_ms}\0{legs_text[1:]}\0"
        computed_hash = sha256(previous + line.encode() + body).digest()
        lacks_legs = not row_legs and kind != _MAY_MOVE_NOTHING
        if computed_hash != stored_hash or previous != last_hash or seq != last_seq + 1 or total or lacks_legs:
            findings += _complaints(_Row(*row), last_seq, last_hash, computed_hash, len(row_legs), total)
        yield seq, kind, actor, at_ms, body, row_legs
        last_seq, last_hash = seq, stored_hash
    _skip_orphans(leg, legs, LAST + 1, findings)
    if until == LAST:
        findings += _check_head(c, guild_id, last_seq, last_hash)


def _skip_orphans(leg: Leg, legs: Iterator[Leg], seq: int, findings: list[tuple[int, str]]) -> Leg:
    """Add to `findings` the entries before `seq`, which have no row, up to `MOST_FINDINGS`. Return the next entry."""
    orphan_seq = 0
    while leg[0] < seq and len(findings) < MOST_FINDINGS:
        if leg[0] != orphan_seq:
            orphan_seq = leg[0]
            findings.append((orphan_seq, "it has entries, but no journal row"))
        leg = next(legs, _NO_LEG)
    return leg


def _hash_at(c: Connection, guild_id: int, seq: int) -> bytes:
    if not seq:
        return GENESIS
    row = next(
        rows(c, "SELECT hash FROM journal WHERE guild_id = :guild AND seq = :seq", guild=guild_id, seq=seq), None
    )
    return row[0] if row else b""


def _complaints(row: _Row, last_seq: int, last_hash: bytes, computed_hash: bytes, legs: int, total: int) -> Findings:
    if row.seq != last_seq + 1:
        yield row.seq, f"rows are missing before it: the previous one is {last_seq}"
    if row.previous != last_hash:
        yield row.seq, "it does not name the hash of the row before"
    if computed_hash != row.hash:
        yield row.seq, "its hash does not match its content"
    if total or (not legs and row.kind != _MAY_MOVE_NOTHING):
        yield row.seq, f"its {legs} entries sum to {total}, not to zero"


def _check_head(c: Connection, guild_id: int, last_seq: int, last_hash: bytes) -> Findings:
    heads: Iterator[Any] = rows(c, "SELECT seq, hash FROM heads WHERE guild_id = :guild", guild=guild_id)
    seq, digest = next(heads, (0, GENESIS))
    if (seq, digest) != (last_seq, last_hash):
        yield 0, f"the head names row {seq} with hash {digest.hex()[:8]}, but the journal ends at row {last_seq}"
