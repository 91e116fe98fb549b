"""A checkpoint: where each journal ended at some time, sealed with a key that is not kept with the books.

The chain of hashes reveals a changed row. It cannot reveal rows that are missing at the end: a journal that was cut
off, or an older copy of all the books, is consistent in itself. A checkpoint shows the difference.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

import orjson

Heads = tuple[tuple[int, int, bytes], ...]
"""The last row of each journal as (guild id, row, hash)."""

_PURPOSE: Final = b"rosette checkpoint 1\n"
"""Goes into each seal, so that one made for something else does not fit."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where all journals ended at `at_ms`, in milliseconds since the epoch, UTC."""

    at_ms: int
    heads: Heads


class BrokenSeal(Exception):  # noqa: N818 - a state of affairs
    """These are not the words that were sealed, or not with this key."""


def sealed(checkpoint: Checkpoint, key: str) -> bytes:
    """Return the checkpoint as two lines: what it says as JSON, and an HMAC-SHA256 of that."""
    heads = [(guild_id, seq, digest.hex()) for guild_id, seq, digest in checkpoint.heads]
    words = orjson.dumps((checkpoint.at_ms, heads))
    return words + b"\n" + _seal(words, key) + b"\n"


def opened(content: bytes, key: str) -> Checkpoint:
    """Return what was sealed; raise BrokenSeal."""
    words, _, seal = content.partition(b"\n")
    if not hmac.compare_digest(_seal(words, key), seal.removesuffix(b"\n")):
        raise BrokenSeal
    # Nobody else could have sealed it, so it has the form that it was given above.
    at_ms, heads = orjson.loads(words)
    return Checkpoint(at_ms, tuple((guild_id, seq, bytes.fromhex(digest)) for guild_id, seq, digest in heads))


def _seal(words: bytes, key: str) -> bytes:
    return hmac.new(key.encode(), _PURPOSE + words, hashlib.sha256).hexdigest().encode()
