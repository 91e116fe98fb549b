"""What a malicious client may type, send or forge: hostile values, and JSON that is slightly wrong."""

import copy
import csv
import io
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

from bot.ui.kit import custom_id

BUTTON, STRING_SELECT = 2, 3
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


def base36(number: int) -> str:
    """Return a number as custom_ids write it, even one that is too large for them."""
    high, low = divmod(number, 36)
    return (base36(high) if high else "") + custom_id.build("", [low])[1:]


def component(raw_id: str, kind: int) -> dict[str, Any]:
    """Return a button or menu with this custom_id."""
    item: dict[str, Any] = {"type": kind, "id": 1, "custom_id": raw_id}
    item |= {"style": 2, "label": "x"} if kind == BUTTON else {}
    return item | ({"options": [{"label": "x", "value": "1"}]} if kind == STRING_SELECT else {})


def spreadsheet(chance: random.Random, member_ids: Sequence[int]) -> bytes:
    """Return a file of members and amounts, or something close to one."""
    if chance.random() < 0.1:
        return chance.choice((b"", b"\x00" * 50, chance.randbytes(3_000), b"\xff\xfe" + b"a;b" * 9, b'"' * 4_000))
    file = io.StringIO()
    writer = csv.writer(
        file, delimiter=chance.choice(",;\t|"), quoting=chance.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))
    )
    writer.writerow(chance.choice((["user_id", "name", "cash"], ["Mitglied", "Guthaben"], ["id"], [])))
    for _ in range(chance.choice((0, 1, 3, 30))):
        member = chance.choice((*member_ids, f"<@{chance.choice(member_ids)}>", identifier(chance), "2,00E+17"))
        writer.writerow(
            (member, text(chance)[:40], chance.choice(("5", "1.234", "-3", "1e9", "=1+1", "", "½", 10**20)))
        )
    return file.getvalue().encode(chance.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252")), errors="replace")


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
