"""What creators' earnings wait for a flag, whatever else they wait for: see `bot.domain.flag_holds`."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import cast

from sqlalchemy import Connection, func, select

from bot.domain.accounts import AccountKind
from bot.domain.flag_holds import FlaggedPiece, PastPayout, unpaid
from bot.domain.held_earnings import pieces_left
from bot.domain.holds import Hold, day_of, starts_ms
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.payouts import PayoutState
from bot.storage.folds.earnings import hold_rules, queries
from bot.storage.folds.earnings.lines import NAME as EARNINGS
from bot.storage.folds.earnings.lines import sources_of
from bot.storage.ledger import cursors, holders
from bot.storage.ledger.journal import rows_with, seq_before
from bot.storage.sql.flag_tables import flag_entries, flags
from bot.storage.sql.tables import MEMBERS_OWN, balances, entries, payouts
from bot.storage.stores import earnings_losses, reversals
from bot.storage.stores.flags import IS_HOLDING

_WITH_FLAGS = flag_entries.join(
    flags, (flags.c.guild_id == flag_entries.c.guild_id) & (flags.c.flag_id == flag_entries.c.flag_id)
)


def holds(c: Connection, guild_id: int, holder: int) -> Sequence[Hold]:
    """Return the pieces of a creator's earnings that wait for a flag, each with the day until which it waits anyway.

    A gift that several flags name is there once, and only with what is left of it and unpaid.
    """
    return [piece.hold for piece in pieces(c, guild_id, holder)]


def pieces(c: Connection, guild_id: int, holder: int) -> list[FlaggedPiece]:
    """Return the same with the gifts that they are of, oldest first."""
    query = select(flag_entries.c.seq, func.min(flags.c.opened_ms).label("since_ms")).select_from(_WITH_FLAGS)
    query = query.where(flag_entries.c.guild_id == guild_id, flag_entries.c.creator == holder, IS_HOLDING)
    flagged_ms = {row.seq: row.since_ms for row in c.execute(query.group_by(flag_entries.c.seq))}
    if not flagged_ms:
        return []
    flagged = [FlaggedPiece(seq, flagged_ms[seq], hold) for seq, hold in _left(c, guild_id, flagged_ms)]
    return unpaid(flagged, _past_payouts(c, guild_id, holder, flagged))


def of_flag(c: Connection, guild_id: int, flag_id: int) -> Mapping[int, int]:
    """Return the diamonds that wait for a flag, by the member ids of their creators, 0 for those who were erased.

    What waits for another flag as well is counted, too.
    """
    query = select(flag_entries.c.seq, flag_entries.c.creator).select_from(_WITH_FLAGS)
    query = query.where(flag_entries.c.guild_id == guild_id, flag_entries.c.flag_id == flag_id, IS_HOLDING)
    creators = {row.seq: row.creator for row in c.execute(query)}
    member_ids = holders.member_ids(c, guild_id, {*creators.values()})
    held = Counter[int]()
    for creator in sorted({*creators.values()}):
        for seq, _, hold in pieces(c, guild_id, creator):
            if seq in creators:
                held[member_ids.get(creator, 0)] += hold.diamonds
    return +held


def _left(c: Connection, guild_id: int, seqs: Collection[int]) -> Iterator[tuple[int, Hold]]:
    """Yield what is left of what gifts have earned, with their rows. Rows that are no gifts have earned nothing."""
    keys = {(guild_id, seq) for seq in seqs}
    gifts = [(row, cast("GiftFacts", row.facts)) for row in rows_with(c, keys) if row.kind == SendGift.kind]
    sources, rules = sources_of(c, guild_id, [facts for _, facts in gifts]), hold_rules.rules(c, guild_id)
    parts, losses = reversals.parts_of(c, keys), earnings_losses.by_gift(c, keys)
    for row, facts in gifts:
        key = guild_id, row.seq
        for hold in pieces_left(row.seq, row.at_ms, facts, sources, rules, parts.get(key, 0), losses.get(key, ())):
            yield row.seq, hold


def _past_payouts(c: Connection, guild_id: int, holder: int, flagged: Sequence[FlaggedPiece]) -> Iterator[PastPayout]:
    """Yield the payouts that may include flagged pieces, newest first.

    How much each has left behind follows from what is there now: nothing else has come since but later gifts, and
    nothing has gone but later payouts and what was lost. So it needs no notes of its own, also in old books.
    """
    query = select(payouts.c.payout_id, payouts.c.requested_ms, payouts.c.diamonds).where(
        payouts.c.guild_id == guild_id, payouts.c.creator == holder, payouts.c.state != PayoutState.REJECTED.value
    )
    rows = c.execute(query.order_by(payouts.c.payout_id.desc())).all()
    counted = cursors.get(c, guild_id, EARNINGS)
    on_account = _on_account(c, guild_id, holder) if rows else 0
    for seq, at_ms, diamonds in rows:
        payout = PastPayout(seq, at_ms, on_account)
        # What the fold has not counted yet, nobody can tell from what was left behind: then it all waits.
        if seq <= counted and any(map(payout.may_include, flagged)):
            later = sum(hold.diamonds for hold in queries.holds(c, guild_id, holder, day_of(at_ms)))
            later += _earned_later_that_day(c, guild_id, holder, payout, counted)
            yield payout._replace(left=on_account - later)
        on_account += diamonds


def _on_account(c: Connection, guild_id: int, holder: int) -> int:
    """Return what of a creator's account is counted."""
    query = select(balances.c.amount).where(
        balances.c.guild_id == guild_id, balances.c.kind == AccountKind.EARNINGS.value, balances.c.owner == holder
    )
    balance = c.execute(query).scalar_one_or_none() or 0
    return balance - queries.counted_later(c, guild_id, holder) - queries.uncounted(c, guild_id, holder)


def _earned_later_that_day(c: Connection, guild_id: int, holder: int, payout: PastPayout, counted: int) -> int:
    """Return what is left of what was earned after a payout's request, and released on the same day."""
    day = day_of(payout.at_ms)
    until = min(seq_before(c, guild_id, starts_ms(day + 1)), counted)
    # The partial index serves only queries that repeat its condition, owner <> 0.
    query = select(entries.c.seq).where(
        entries.c.guild_id == guild_id,
        entries.c.owner == holder,
        MEMBERS_OWN,
        entries.c.kind == AccountKind.EARNINGS.value,
        entries.c.amount > 0,
        entries.c.seq > payout.seq,
        entries.c.seq <= until,
    )
    seqs = {*c.execute(query).scalars()}
    return sum(hold.diamonds for _, hold in _left(c, guild_id, seqs) if hold.until_day <= day)
