"""Finds payments that went back after a creator had been paid for the gifts that their coins bought."""

from collections import defaultdict

from sqlalchemy import Connection, or_, select

from bot.domain.flag_rules import LatePayback
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.orders import Cause
from bot.domain.payouts import PayoutState
from bot.storage.ledger.journal import rows_with
from bot.storage.sql.tables import MEMBERS_OWN, entries, journal, payouts

MOST_PAYBACKS = 200
"""Payments that are looked at, newest first."""

_WENT_BACK = or_(
    *(journal.c.body.contains(f'"cause":"{cause.value}"', autoescape=True) for cause in (Cause.REFUND, Cause.DISPUTE))
)


def late_paybacks(c: Connection, guild_id: int, start: int) -> list[LatePayback]:
    """Return what went back after row `start`, and had been paid out, by sender and creator."""
    query = select(journal.c.seq).where(
        journal.c.guild_id == guild_id, journal.c.seq > start, journal.c.kind == Reverse.kind, _WENT_BACK
    )
    seqs = [*c.execute(query.order_by(journal.c.seq.desc()).limit(MOST_PAYBACKS)).scalars()]
    paybacks: list[LatePayback] = []
    for row in rows_with(c, [(guild_id, seq) for seq in seqs]):
        facts = reversal_facts(row)
        paybacks += _of_order(c, guild_id, facts["member"], facts["of"], row.seq)
    return paybacks


def _of_order(c: Connection, guild_id: int, buyer: int, order_seq: int, payback_seq: int) -> list[LatePayback]:
    """Return the gifts that the coins of an order bought, and whose creators were paid before they went back."""
    own = (entries.c.guild_id == guild_id, entries.c.owner == buyer, MEMBERS_OWN)
    between = (entries.c.seq > order_seq, entries.c.seq < payback_seq, entries.c.amount < 0)
    seqs = {*c.execute(select(entries.c.seq).where(*own, *between)).scalars()}
    coins: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows_with(c, [(guild_id, seq) for seq in seqs]):
        if row.kind == SendGift.kind:
            facts = gift_facts(row)
            coins_of_order = sum(amount for lot, amount in facts.get("lots", ()) if lot == order_seq)
            if coins_of_order:
                coins[facts["creator"]][row.seq] = coins_of_order
    paid_seqs = _last_payouts(c, guild_id, payback_seq)
    paybacks: list[LatePayback] = []
    for creator, coins_by_seq in coins.items():
        gifts = {seq: amount for seq, amount in coins_by_seq.items() if seq < paid_seqs.get(creator, 0)}
        if gifts:
            paybacks.append(LatePayback(buyer, creator, sum(gifts.values()), tuple(gifts)))
    return paybacks


def _last_payouts(c: Connection, guild_id: int, before: int) -> dict[int, int]:
    """Return the row of each creator's last payout before row `before`."""
    query = select(payouts.c.creator, payouts.c.closed_seq).where(
        payouts.c.guild_id == guild_id, payouts.c.state == PayoutState.PAID.value, payouts.c.closed_seq < before
    )
    # Of several rows of a creator, the last one counts.
    return {row.creator: row.closed_seq for row in c.execute(query.order_by(payouts.c.closed_seq))}
