"""The rows of the journal and their hash chain, which reveals a changed or missing row."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from bot.domain.ledger.postings import Entry

GENESIS = bytes(32)
"""The previous hash of the first row in a guild's journal."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a guild's journal: the last row's sequence number, 0 if there is none, and its hash."""

    seq: int = 0
    hash: bytes = GENESIS


class JournalRow(NamedTuple):
    """One transaction. `actor` is the holder who caused it, `body` its facts as canonical JSON, `at_ms` is UTC."""

    guild_id: int
    seq: int
    kind: str
    key: str
    actor: int
    at_ms: int
    body: bytes
    previous: bytes
    hash: bytes
    entries: tuple[Entry, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """The facts in the body, parsed anew at each call."""
        return orjson.loads(self.body)

    @property
    def head(self) -> Head:
        """The head of the journal while this row is the last."""
        return Head(self.seq, self.hash)


def canonical(facts: Mapping[str, Any]) -> bytes:
    """Return `facts` as JSON for storing and hashing: keys sorted, no white space."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)


def row_after(
    head: Head,
    *,
    guild_id: int,
    kind: str,
    key: str,
    actor: int,
    at_ms: int,
    body: bytes,
    entries: tuple[Entry, ...],
) -> JournalRow:
    """Return the row after `head`. Its hash covers all its fields and the hash of the previous row."""
    assert "\0" not in kind + key, (kind, key)
    seq = head.seq + 1
    digest = row_hash(head.hash, guild_id, seq, kind, key, actor, at_ms, body, entries)
    return JournalRow(guild_id, seq, kind, key, actor, at_ms, body, head.hash, digest, entries)


def row_hash(
    previous: bytes,
    guild_id: int,
    seq: int,
    kind: str,
    key: str,
    actor: int,
    at_ms: int,
    body: bytes,
    entries: tuple[Entry, ...],
) -> bytes:
    """Return the SHA-256 of a row. NUL separates the fields, because no text field can contain it."""
    legs = ";".join([f"{account_kind},{owner},{amount}" for (account_kind, owner), amount in entries])
    line = f"{guild_id}\0{seq}\0{kind}\0{key}\0{actor}\0{at_ms}\0{legs}\0"
    return hashlib.sha256(previous + line.encode() + body).digest()
