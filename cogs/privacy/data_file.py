"""The file with a member's data: JSON that people can read, and programs, too."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from bot.domain.wallets import WalletLine
from bot.services.personal_data import MemberData
from bot.ui.kit.cards import Document

NAME: Final = "my-data.json"

MOST_BYTES: Final = 8 * 1024 * 1024
"""How large a file may be in every server, whatever its boosts."""

_TIME = "_ms"


def document(member_data: MemberData, guild_id: int, member_id: int) -> Document:
    """Return the file. If the history does not fit, the file has its newest entries, and says so."""
    history = [*map(_entry, member_data.history)]
    while True:
        content = _content(member_data, history, guild_id, member_id)
        if len(content) <= MOST_BYTES or not history:
            return Document(NAME, content)
        del history[len(history) // 2 :]


def _content(member_data: MemberData, history: list[dict[str, Any]], guild_id: int, member_id: int) -> bytes:
    left_out = len(member_data.history) - len(history)
    data: dict[str, Any] = {
        "about": "All that this bot keeps about one member in one Discord server. Times are UTC. Amounts are coins, "
        "earnings diamonds, and prices the smallest unit of their currency. What belongs to other members is left out.",
        "server": str(guild_id),
        "member": str(member_id),
        "made": _time(member_data.read_ms),
        "history": history,
        "records": {table: [*map(_record, rows)] for table, rows in member_data.records.items()},
    }
    if left_out:
        data["older_history_left_out"] = left_out
    # Names of tables and columns are strings of SQLAlchemy's own kind.
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


def _entry(line: WalletLine) -> dict[str, Any]:
    receipt = line.receipt
    entry: dict[str, Any] = {
        "receipt": line.seq,
        "at": _time(line.at_ms),
        "kind": line.kind,
        "coins": line.amount,
        "earned": line.earned,
        "debt": line.debt_change,
        "test": line.is_test,
        "from": str(receipt.actor_id) if receipt.actor_id else "",
        "other": str(receipt.other_id) if receipt.other_id else "",
    }
    names = {"name", "count", "price", "anonymous", "price_minor", "currency", "provider"}
    entry |= {name: value for name, value in receipt.facts.items() if name in names}
    if receipt.note:
        entry["note"] = receipt.note
    return entry


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(_fields(row))


def _fields(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name.endswith(_TIME):
            yield name.removesuffix(_TIME), _time(value) if value else None
        elif isinstance(value, int) and abs(value) >= 2**53:
            # Ids of Discord are not exact as numbers in every program.
            yield name, str(value)
        else:
            yield name, value


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")
