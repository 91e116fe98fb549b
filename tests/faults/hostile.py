"""What a malicious client may type, send or forge: hostile values, and JSON that is slightly wrong."""

import copy
import random
from collections.abc import Iterator
from typing import Any, Final

TEXTS: Final = (
    "",
    " ",
    "0",
    "-1",
    "1e309",
    "NaN",
    "٣",
    "½",
    "1,000",
    "1.000",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\ufdfd" * 32,
    "Z" + "\u0300" * 300,
    "\u202eevil\u2066",
    "\u200b\u200d\ufeff",
    "👨‍👩‍👧‍👦" * 20,
    "@everyone <@1> <#2> </gift:3> <t:1:R> <:gone:123456789012345678>",
    "[free](https://example.org) discord.gg/abc",
    "'; DROP TABLE journal; --",
    "{0} {coins} {x!r} %s %(x)s",
    "```\n# heading\n> quote\n||spoiler||",
    "../../../etc/passwd",
    "2030-02-30",
    "1969-12-31",
    "9999-12-31 23:59",
    "25:00",
    "x" * 6_000,
    "🇽🇽",
    "💥" * 100,
)
NUMBERS: Final = (0, -0, 1, -1, 99, 100, 2**31, 2**53 - 1, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63), 10**30, 0.5, 1e308)
"""Values that a client may send for an integer."""


def text(chance: random.Random) -> str:
    """Return a known hostile text, or characters from all over Unicode."""
    if chance.random() < 0.7:
        return chance.choice(TEXTS)
    return "".join(chr(chance.choice((chance.randrange(128), chance.randrange(0x110000)))) for _ in range(9))


def scalar(chance: random.Random) -> Any:
    """Return a valid JSON value that nobody expects."""
    return chance.choice((None, True, False, [], {}, [[]], {"id": None}, chance.choice(NUMBERS), text(chance)))


def identifier(chance: random.Random) -> str:
    """Return digits, or something close to them, in place of an id."""
    return chance.choice(("0", "-1", "1", "x", "", str(2**63 - 1), str(2**63), str(2**64), "9" * 19, "9" * 40, "٣"))


def mutate(chance: random.Random, tree: Any, changes: int = 1) -> Any:
    """Return a copy of some JSON with this many changes: parts are removed, replaced, emptied or doubled."""
    document = {"root": copy.deepcopy(tree)}
    for _ in range(changes):
        parent, key = chance.choice(list(_places(document)))
        match chance.randrange(4):
            case 0 if parent is not document:
                del parent[key]
            case 1:
                parent[key] = {} if isinstance(parent[key], dict) else []
            case 2 if isinstance(parent, list):
                parent.append(copy.deepcopy(parent[key]))
            case _:
                parent[key] = scalar(chance)
    return document["root"]


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container in some JSON, paired with each of its keys."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from _places(tree[key])
