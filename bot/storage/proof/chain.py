"""The journal is whole: no row is missing, none was changed, and each moves coins from somewhere to somewhere."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.domain.journal import GENESIS
from bot.storage.proof.reading import EVERY, MOST, Seen, Tick, rows

LAST = 2**63 - 1
"""Where a range ends that goes on to the end of the journal, whatever its head says."""

_WITH_BODY = """
    SELECT seq, kind, "key", actor, at_ms, {body}, previous, hash FROM journal
    WHERE guild_id = :guild AND seq > :after AND seq <= :until ORDER BY seq
"""
# The body as bytes, which is what is hashed and read: making text of it and bytes again would cost as much as the hash.
_ROWS = {
    "sqlite": _WITH_BODY.format(body="CAST(body AS BLOB)"),
    "postgresql": _WITH_BODY.format(body="convert_to(body, 'UTF8')"),
}
_LEGS = """
    SELECT seq, kind, owner, amount FROM entries
    WHERE guild_id = :guild AND seq > :after AND seq <= :until ORDER BY guild_id, seq, leg
"""
_NO_LEG = (LAST + 1, "", 0, 0)

Leg = tuple[int, str, int, int]
"""An entry: its row, the kind and the owner of its account, and its amount."""

Followed = tuple[int, str, int, int, bytes, list[Leg]]
"""A row that was read: its number, kind, actor, time, body and entries."""


class _Row(NamedTuple):
    """A row of the journal, as it is stored."""

    seq: int
    kind: str
    key: str
    actor: int
    at_ms: int
    body: bytes
    previous: bytes
    hash: bytes


def check_chain(c: Connection, guild_id: int, after: int, until: int, tick: Tick) -> Seen:
    """Check the rows from `after` + 1 to `until`; any range can be checked alone, for rows chain by stored hashes."""
    seen: list[tuple[int, str]] = []
    for number, _ in enumerate(follow(c, guild_id, after, until, seen), start=1):
        if seen:
            yield from seen
            seen.clear()
        if not number % EVERY:
            tick(EVERY)
    yield from seen


def follow(c: Connection, guild_id: int, after: int, until: int, seen: list[tuple[int, str]]) -> Iterator[Followed]:
    """Yield the rows from `after` + 1 to `until`, and add to `seen` what is wrong with them."""
    part = {"guild": guild_id, "after": after, "until": until}
    legs: Iterator[Leg] = rows(c, _LEGS, **part)
    leg = next(legs, _NO_LEG)
    last_seq, last_hash = after, _hash_at(c, guild_id, after)
    sha256, guild = hashlib.sha256, str(guild_id)
    for row in rows(c, _ROWS[c.dialect.name], **part):
        seq, kind, key, actor, at_ms, body, previous, digest = row
        if leg[0] < seq:
            leg = _pass_over(leg, legs, seq, seen)
        mine: list[Leg] = []
        said, total = "", 0
        while leg[0] == seq:
            said = f"{said};{leg[1]},{leg[2]},{leg[3]}" if mine else f"{leg[1]},{leg[2]},{leg[3]}"
            total += leg[3]
            mine.append(leg)
            leg = next(legs, _NO_LEG)
        # One condition for good rows, of which there are millions; what is wrong with a bad one is said elsewhere.
        line = f"{guild}\0{seq}\0{kind}\0{key}\0{actor}\0{at_ms}\0{said}\0"
        made = sha256(previous + line.encode() + body).digest()
        if made != digest or previous != last_hash or seq != last_seq + 1 or total or not mine:
            seen += _complaints(_Row(*row), last_seq, last_hash, made, len(mine), total)
        yield seq, kind, actor, at_ms, body, mine
        last_seq, last_hash = seq, digest
    _pass_over(leg, legs, LAST + 1, seen)
    if until == LAST:
        seen += _check_head(c, guild_id, last_seq, last_hash)


def _pass_over(leg: Leg, legs: Iterator[Leg], seq: int, seen: list[tuple[int, str]]) -> Leg:
    """Add to `seen` the entries before `seq`, which have no row, but no more than anybody reads; return the next."""
    passed = 0
    while leg[0] < seq and len(seen) < MOST:
        if leg[0] != passed:
            passed = leg[0]
            seen.append((passed, "entries of a row that does not exist"))
        leg = next(legs, _NO_LEG)
    return leg


def _hash_at(c: Connection, guild_id: int, seq: int) -> bytes:
    if not seq:
        return GENESIS
    found = next(
        rows(c, "SELECT hash FROM journal WHERE guild_id = :guild AND seq = :seq", guild=guild_id, seq=seq), None
    )
    return found[0] if found else b""


def _complaints(row: _Row, last_seq: int, last_hash: bytes, made: bytes, legs: int, total: int) -> Seen:
    if row.seq != last_seq + 1:
        yield row.seq, f"rows are missing: the one before it is {last_seq}"
    if row.previous != last_hash:
        yield row.seq, "its hash does not follow from the row before"
    if made != row.hash:
        yield row.seq, "it does not say what its hash was made of"
    if total or not legs:
        yield row.seq, f"its {legs} entries sum to {total}"


def _check_head(c: Connection, guild_id: int, last_seq: int, last_hash: bytes) -> Seen:
    heads: Iterator[Any] = rows(c, "SELECT seq, hash FROM heads WHERE guild_id = :guild", guild=guild_id)
    seq, digest = next(heads, (0, GENESIS))
    if (seq, digest) != (last_seq, last_hash):
        yield 0, f"the head is row {seq} with hash {digest.hex()[:8]}, the journal ends at row {last_seq}"
