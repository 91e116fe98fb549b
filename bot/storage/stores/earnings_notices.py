"""The store of notices about held earnings that went back with a payment, or returned with it."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.domain.notices import EarningsNotice, NoticedGift
from bot.storage.ledger import journal


def moved(c: Connection, guild_id: int, holder: int, seqs: Sequence[int]) -> dict[int, EarningsNotice]:
    """Return what the rows `seqs` took of a holder's held earnings, or returned."""
    notices: dict[int, EarningsNotice] = {}
    for row in journal.rows_with(c, [(guild_id, seq) for seq in seqs]):
        moves = row.facts.get("from_gifts") or row.facts.get("to_gifts", ())
        own = {gift: diamonds for gift, creator, diamonds, *_ in moves if creator == holder}
        gifts = journal.rows_with(c, [(guild_id, seq) for seq in own])
        named = () if any(gift.facts["anonymous"] for gift in gifts) else sorted(gifts, key=lambda gift: gift.seq)
        gift_news = tuple(NoticedGift(gift.facts["name"], gift.facts["emoji"], gift.at_ms) for gift in named)
        notices[row.seq] = EarningsNotice(sum(own.values()), "to_gifts" in row.facts, gift_news)
    return notices
