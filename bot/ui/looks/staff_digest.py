"""The hourly summary in the staff log: what happened besides the acts of staff, with every row in a file."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.domain.receipts import Receipt
from bot.domain.staff_log import Digest
from bot.ui import theme
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.text.reader import Reader
from bot.ui.text.tables import csv_text

COLUMNS = ("receipt", "time_utc", "kind", "from", "to", "coins", "test", "what")

NAMES: Mapping[str, Callable[[int, Reader], str]] = {
    "gift": lambda n, r: "🎁 " + r.n_("{n} gift", "{n} gifts", n),
    "perk": lambda n, r: "✨ " + r.n_("{n} perk unlocked for coins", "{n} perks unlocked for coins", n),
    "perk_return": lambda n, r: "↩️ " + r.n_("coins for {n} perk returned", "coins for {n} perks returned", n),
    "chip": lambda n, r: "🫂 " + r.n_("{n} part of a chip-in", "{n} parts of chip-ins", n),
    "chip_return": lambda n, r: "🫂 " + r.n_("{n} part given back", "{n} parts given back", n),
    "order": lambda n, r: "🛒 " + r.n_("{n} purchase", "{n} purchases", n),
    "reversal": lambda n, r: (
        "↩️ " + r.n_("{n} refund, dispute or withdrawal", "{n} refunds, disputes and withdrawals", n)
    ),
    "reinstatement": lambda n, r: "⚖️ " + r.n_("{n} dispute won", "{n} disputes won", n),
    "claim": lambda n, r: "🎟️ " + r.n_("{n} offer claimed", "{n} offers claimed", n),
    "grants": lambda n, r: "🪙 " + r.n_("{n} grant to many members", "{n} grants to many members", n),
    "grants_undo": lambda n, r: (
        "↩️ " + r.n_("{n} grant to many members reversed", "{n} grants to many members reversed", n)
    ),
    "chest": lambda n, r: "🧰 " + r.n_("{n} chest opened", "{n} chests opened", n),
    "chest_share": lambda n, r: "🧰 " + r.n_("{n} share taken", "{n} shares taken", n),
    "chest_return": lambda n, r: "🧰 " + r.n_("{n} chest closed with a rest", "{n} chests closed with a rest", n),
    "payout_request": lambda n, r: "💎 " + r.n_("{n} payout requested", "{n} payouts requested", n),
    "payout": lambda n, r: "💸 " + r.n_("{n} payout sent", "{n} payouts sent", n),
    "payout_rejection": lambda n, r: (
        "💎 " + r.n_("{n} payout rejected or taken back", "{n} payouts rejected or taken back", n)
    ),
}
"""How rows of a kind are counted. Grants of staff are acts, and a migration alone has booked conversions of coins."""

_IN_DIAMONDS = {"payout_request", "payout", "payout_rejection"}
"""Kinds whose amounts are earnings."""


def digest_card(digest: Digest, reader: Reader) -> Card:
    """Return the summary of an hour. It names nobody: the file does."""
    lines = [_count(kind, digest, reader) for kind in sorted(digest.counts)]
    numbers = reader._("Receipts #{first} to #{last}", first=digest.first_seq, last=digest.last_seq)
    note = reader._("Senders of anonymous gifts aren't in the file.")
    return Card(
        theme.GREY,
        (Part("\n".join(lines)),),
        title="🧾 " + reader._("Since the last summary"),
        footer=f"{numbers} · {note}",
        documents=(Document(f"receipts-{digest.first_seq}-{digest.last_seq}.csv", digest_csv(digest)),),
    )


def digest_csv(digest: Digest) -> str:
    """Return the rows of a summary as CSV. Names of columns and kinds are the same in every language."""
    return csv_text(COLUMNS, map(_row, digest.receipts))


def _row(receipt: Receipt) -> tuple[str | int, ...]:
    time = datetime.fromtimestamp(receipt.at_ms // 1000, UTC)
    return (
        receipt.seq,
        f"{time:%Y-%m-%d %H:%M:%S}",
        receipt.kind,
        receipt.actor_id or "",
        receipt.other_id or "",
        receipt.facts.get("coins", ""),
        int(receipt.is_test),
        str(receipt.facts.get("name", "")),
    )


def _count(kind: str, digest: Digest, reader: Reader) -> str:
    count, coins = digest.counts[kind], digest.coins[kind]
    name = NAMES[kind](count, reader) if kind in NAMES else f"📒 {kind}: {reader.number(count)}"
    amount = reader.diamonds(coins) if kind in _IN_DIAMONDS else reader.coin(coins)
    return f"{name} · {amount}" if coins else name
