"""The journal is whole: no row is missing, none was changed, and each moves coins from somewhere to somewhere."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.domain.journal import GENESIS
from bot.storage.proof.reading import EVERY, MOST, Seen, Tick, rows

LAST = 2**63 - 1
"""Where a range ends that goes on to the end of the journal, whatever its head says."""

_ROWS = """
    SELECT seq, kind, "key", actor, at_ms, {body}, previous, hash FROM journal
    WHERE guild_id = :guild AND seq > :after AND seq <= :until ORDER BY seq
"""
# The body as bytes, which is what is hashed and read: making text of it and bytes again would cost as much as the hash.
_WITH_BODIES = {
    "sqlite": _ROWS.format(body="CAST(body AS BLOB)"),
    "postgresql": _ROWS.format(body="convert_to(body, 'UTF8')"),
}
# The entries of a row in the words of `bot.domain.journal.row_hash`, put together where it costs least.
LEGS = {
    # Read in the order of the key, which is that of the legs; a test watches that nothing sorts them.
    "sqlite": """
        SELECT seq, group_concat(kind || ',' || owner || ',' || amount, ';'), sum(amount)
        FROM entries WHERE guild_id = :guild AND seq > :after AND seq <= :until
        GROUP BY guild_id, seq ORDER BY guild_id, seq
    """,
    "postgresql": """
        SELECT seq, string_agg(kind || ',' || owner || ',' || amount, ';' ORDER BY leg), CAST(sum(amount) AS bigint)
        FROM entries WHERE guild_id = :guild AND seq > :after AND seq <= :until GROUP BY seq ORDER BY seq
    """,
}
_NO_LEGS = (LAST + 1, "", 0)

Followed = tuple[int, str, int, int, bytes, str]
"""A row that was read: its number, kind, actor, time and body, and its entries as they are hashed."""


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
    legs = rows(c, LEGS[c.dialect.name], **part)
    leg_seq, said, total = next(legs, _NO_LEGS)
    last_seq, last_hash = after, _hash_at(c, guild_id, after)
    sha256 = hashlib.sha256
    for row in rows(c, _WITH_BODIES[c.dialect.name], **part):
        seq, kind, key, actor, at_ms, body, previous, digest = row
        while leg_seq < seq:
            seen.append((leg_seq, "entries of a row that does not exist"))
            leg_seq, said, total = next(legs, _NO_LEGS)
        if leg_seq == seq:
            mine, sum_ = said, total
            leg_seq, said, total = next(legs, _NO_LEGS)
        else:
            mine, sum_ = "", 0
        # One condition for good rows, of which there are millions; what is wrong with a bad one is said elsewhere.
        line = f"{guild_id}\0{seq}\0{kind}\0{key}\0{actor}\0{at_ms}\0{mine}\0"
        made = sha256(previous + line.encode() + body).digest()
        if made != digest or previous != last_hash or seq != last_seq + 1 or sum_ or not mine:
            seen += _complaints(_Row(*row), last_seq, last_hash, made, mine, sum_)
        yield seq, kind, actor, at_ms, body, mine
        last_seq, last_hash = seq, digest
    while leg_seq <= LAST and len(seen) < MOST:
        seen.append((leg_seq, "entries of a row that does not exist"))
        leg_seq, said, total = next(legs, _NO_LEGS)
    if until == LAST:
        seen += _check_head(c, guild_id, last_seq, last_hash)


def _hash_at(c: Connection, guild_id: int, seq: int) -> bytes:
    if not seq:
        return GENESIS
    found = next(
        rows(c, "SELECT hash FROM journal WHERE guild_id = :guild AND seq = :seq", guild=guild_id, seq=seq), None
    )
    return found[0] if found else b""


def _complaints(row: _Row, last_seq: int, last_hash: bytes, made: bytes, legs: str, total: int) -> Seen:
    if row.seq != last_seq + 1:
        yield row.seq, f"rows are missing: the one before it is {last_seq}"
    if row.previous != last_hash:
        yield row.seq, "its hash does not follow from the row before"
    if made != row.hash:
        yield row.seq, "it does not say what its hash was made of"
    if total or not legs:
        yield row.seq, f"its {legs.count(';') + bool(legs)} entries sum to {total}"


def _check_head(c: Connection, guild_id: int, last_seq: int, last_hash: bytes) -> Seen:
    heads: Iterator[Any] = rows(c, "SELECT seq, hash FROM heads WHERE guild_id = :guild", guild=guild_id)
    seq, digest = next(heads, (0, GENESIS))
    if (seq, digest) != (last_seq, last_hash):
        yield 0, f"the head is row {seq} with hash {digest.hex()[:8]}, the journal ends at row {last_seq}"
