"""The store of notices about chipped-in coins that came back without the member's doing."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection

from bot.domain.ledger.chip_returns import ChipsNoticed
from bot.domain.ledger.chips import facts_of
from bot.domain.notices import ChipNotice, NoticeKind
from bot.storage.ledger import journal
from bot.storage.ledger.projections import register_saves
from bot.storage.stores import chip_ins, notice_rows


def returned(c: Connection, guild_id: int, seqs: Sequence[int]) -> dict[int, ChipNotice]:
    """Return what a member is told about the rows `seqs`: one notice for each chip-in and kind of coins, at its first
    row."""
    receipts = sorted(journal.receipts_with(c, guild_id, seqs), key=lambda each: each.seq) if seqs else []
    coins, payoffs, first = Counter[tuple[int, bool]](), Counter[tuple[int, bool]](), dict[tuple[int, bool], int]()
    for receipt in receipts:
        facts = facts_of(receipt)
        key = facts["chip_in"], receipt.is_test
        first.setdefault(key, receipt.seq)
        coins[key] += facts["coins"]
        payoffs[key] += facts.get("payoff", 0)
    notices: dict[int, ChipNotice] = {}
    for (chip_in_id, is_test), seq in first.items():
        if (chip_in := chip_ins.chip_in(c, guild_id, chip_in_id)) is not None:
            key = chip_in_id, is_test
            notices[seq] = ChipNotice(chip_in, coins[key], payoffs[key], is_test)
    return notices


register_saves({ChipsNoticed: partial(notice_rows.save, NoticeKind.CHIP)})
