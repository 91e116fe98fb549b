"""The hourly summary in the staff log: what happened besides the acts of staff, with every row in a file."""

import csv
import io
from datetime import UTC, datetime

from bot.domain.receipts import Receipt
from bot.domain.staff_log import Digest
from bot.ui import theme
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.text.reader import Reader

COLUMNS = ("receipt", "time_utc", "kind", "from", "to", "coins", "test", "what")


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
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, digest.receipts))
    return file.getvalue()


def _row(receipt: Receipt) -> tuple[object, ...]:
    time = datetime.fromtimestamp(receipt.at_ms // 1000, UTC)
    return (
        receipt.seq,
        f"{time:%Y-%m-%d %H:%M:%S}",
        receipt.kind,
        receipt.actor_id or "",
        receipt.other_id or "",
        receipt.facts.get("coins", ""),
        int(receipt.is_test),
        safe_cell(str(receipt.facts.get("name", ""))),
    )


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _count(kind: str, digest: Digest, reader: Reader) -> str:
    count, coins = digest.counts[kind], reader.coin(digest.coins[kind])
    if kind == "gift":
        text = "🎁 " + reader.n_("{n} gift", "{n} gifts", count)
    elif kind == "order":
        text = "🛒 " + reader.n_("{n} purchase", "{n} purchases", count)
    elif kind == "reversal":
        text = "↩️ " + reader.n_("{n} refund, dispute or withdrawal", "{n} refunds, disputes and withdrawals", count)
    else:
        text = f"📒 {kind}: {reader.number(count)}"
    return f"{text} · {coins}" if digest.coins[kind] else text
