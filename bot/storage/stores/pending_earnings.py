"""The store of earnings that wait for a decision, whatever else they wait for: see `bot.domain.pending_earnings`."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from sqlalchemy import Connection, func, select

from bot.domain.accounts import AccountKind
from bot.domain.held_earnings import pieces_left
from bot.domain.holds import NEVER, Hold, day_of, starts_ms
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.payouts import PayoutState
from bot.domain.pending_earnings import WITHHELD_NOW_MS, PastPayout, PendingPiece, undated, unpaid
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


class Holds(NamedTuple):
    """A creator's earnings that wait: `pieces` for their day or the operator, soonest first, and `flags` for staff.

    A flagged piece is also among the pieces. What waits for the operator has no day, and comes last.
    """

    pieces: Sequence[Hold]
    flags: Sequence[Hold]

    def withheld(self, sources: Collection[str]) -> tuple[str, ...]:
        """Return those of `sources` that any pieces come from."""
        return tuple(sorted({hold.source for hold in self.pieces} & {*sources}))


def holds(c: Connection, guild_id: int, holder: int, today: int) -> Holds:
    """Return the earnings of a creator that wait after the day `today`.

    Of a piece that waits for a flag or for the operator, only what is left and unpaid is included.
    """
    withheld = hold_rules.withheld(c)
    pending = pieces(c, guild_id, holder)
    dated_holds = [hold for hold in queries.holds(c, guild_id, holder, today) if hold.source not in withheld]
    sums = Counter[str]()
    for piece in pending:
        if piece.hold.source in withheld:
            sums[piece.hold.source] += piece.hold.diamonds
    endless_holds = [Hold(source, NEVER, diamonds) for source, diamonds in sorted(sums.items())]
    flagged_holds = [undated(piece.hold, withheld) for piece in pending if piece.is_flagged]
    return Holds([*dated_holds, *endless_holds], flagged_holds)


def pieces(c: Connection, guild_id: int, holder: int) -> list[PendingPiece]:
    """Return the earnings of a creator that wait for a flag or for the operator, oldest first.

    A gift that several flags name appears once, and only with what is left of it and unpaid.
    """
    flagged = _flagged(c, guild_id, holder)
    pending = [*flagged, *_withheld(c, guild_id, holder, flagged)]
    return unpaid(pending, _past_payouts(c, guild_id, holder, pending)) if pending else []


def _flagged(c: Connection, guild_id: int, holder: int) -> list[PendingPiece]:
    query = select(flag_entries.c.seq, func.min(flags.c.opened_ms).label("since_ms")).select_from(_WITH_FLAGS)
    query = query.where(flag_entries.c.guild_id == guild_id, flag_entries.c.creator == holder, IS_HOLDING)
    flagged_ms = {row.seq: row.since_ms for row in c.execute(query.group_by(flag_entries.c.seq))}
    return [PendingPiece(seq, flagged_ms[seq], hold) for seq, hold in _remaining(c, guild_id, flagged_ms)]


def _withheld(c: Connection, guild_id: int, holder: int, flagged: Sequence[PendingPiece]) -> Iterator[PendingPiece]:
    """Yield what waits for the operator of what is counted, by day, without what is flagged."""
    withheld = hold_rules.withheld(c)
    lines = {
        (hold.source, hold.until_day): hold.diamonds
        for hold in queries.holds(c, guild_id, holder, today=0)
        if hold.source in withheld
    }
    flagged_seqs = {piece.seq for piece in flagged}
    # Some of a day's earnings may be from after a payout, which cannot have paid for them.
    later = [
        PendingPiece(seq, WITHHELD_NOW_MS, hold)
        for seq, hold in _earned_after_payouts(c, guild_id, holder, {day for _, day in lines})
        if hold.source in withheld and seq not in flagged_seqs
    ]
    for _, _, hold in (*flagged, *later):
        if (line := (hold.source, hold.until_day)) in lines:
            lines[line] -= hold.diamonds
    yield from later
    for (source, until_day), diamonds in lines.items():
        if diamonds > 0:
            yield PendingPiece(0, WITHHELD_NOW_MS, Hold(source, until_day, diamonds))


def of_flag(c: Connection, guild_id: int, flag_id: int) -> Mapping[int, int]:
    """Return the diamonds that wait for a flag, by the member ids of their creators, 0 for those who were erased.

    What also waits for another flag is included.
    """
    query = select(flag_entries.c.seq, flag_entries.c.creator).select_from(_WITH_FLAGS)
    query = query.where(flag_entries.c.guild_id == guild_id, flag_entries.c.flag_id == flag_id, IS_HOLDING)
    creators = {row.seq: row.creator for row in c.execute(query)}
    member_ids = holders.member_ids(c, guild_id, {*creators.values()})
    sums = Counter[int]()
    for creator in sorted({*creators.values()}):
        for piece in pieces(c, guild_id, creator):
            if piece.is_flagged and piece.seq in creators:
                sums[member_ids.get(creator, 0)] += piece.hold.diamonds
    return +sums


def _remaining(c: Connection, guild_id: int, seqs: Collection[int]) -> Iterator[tuple[int, Hold]]:
    """Yield what is left of what gifts have earned, with their rows. Rows that are not gifts have earned nothing."""
    keys = {(guild_id, seq) for seq in seqs}
    gifts = [(row, cast("GiftFacts", row.facts)) for row in rows_with(c, keys) if row.kind == SendGift.kind]
    sources, rules = sources_of(c, guild_id, [facts for _, facts in gifts]), hold_rules.rules(c, guild_id)
    parts, losses = reversals.parts_of(c, keys), earnings_losses.by_gift(c, keys)
    for row, facts in gifts:
        key = guild_id, row.seq
        for hold in pieces_left(row.seq, row.at_ms, facts, sources, rules, parts.get(key, 0), losses.get(key, ())):
            yield row.seq, hold


def _past_payouts(c: Connection, guild_id: int, holder: int, pending: Sequence[PendingPiece]) -> Iterator[PastPayout]:
    """Yield the payouts that may include waiting pieces, newest first.

    How much each left behind follows from the balance now: since then, only later gifts have come in, and only later
    payouts and losses have gone out. So nothing about it is stored, and old books need nothing more.
    """
    rows = _payouts(c, guild_id, holder)
    withheld = _withheld_then(c, guild_id, [seq for seq, *_ in rows])
    counted_seq = cursors.get(c, guild_id, EARNINGS)
    on_account = _on_account(c, guild_id, holder) if rows else 0
    all_holds = queries.holds(c, guild_id, holder, today=0) if rows else ()
    for seq, at_ms, diamonds in reversed(rows):
        payout = PastPayout(seq, at_ms, on_account, withheld.get(seq, ()))
        # A request counts everything before it. While everything is being counted again, nobody can tell what a payout
        # left behind, so all of it waits.
        if seq <= counted_seq + 1 and any(map(payout.may_include, pending)):
            later = sum(hold.diamonds for hold in all_holds if not payout.could_pay(hold))
            same_day = _earned_later_that_day(c, guild_id, holder, payout, counted_seq)
            later += sum(hold.diamonds for _, hold in same_day if payout.could_pay(hold))
            yield payout._replace(leftover=on_account - later)
        on_account += diamonds


def _payouts(c: Connection, guild_id: int, holder: int) -> list[tuple[int, int, int]]:
    """Return the row, time and diamonds of each request of a creator that was not rejected, oldest first."""
    query = select(payouts.c.payout_id, payouts.c.requested_ms, payouts.c.diamonds).where(
        payouts.c.guild_id == guild_id, payouts.c.creator == holder, payouts.c.state != PayoutState.REJECTED.value
    )
    return [(seq, at_ms, diamonds) for seq, at_ms, diamonds in c.execute(query.order_by(payouts.c.payout_id))]


def _withheld_then(c: Connection, guild_id: int, seqs: Collection[int]) -> dict[int, Collection[str]]:
    """Return the sources that requests for payouts had to leave alone, by row. Most requests left nothing alone."""
    rows = rows_with(c, {(guild_id, seq) for seq in seqs})
    return {row.seq: row.facts["withheld"] for row in rows if "withheld" in row.facts}


def _on_account(c: Connection, guild_id: int, holder: int) -> int:
    """Return the counted part of a creator's balance."""
    query = select(balances.c.amount).where(
        balances.c.guild_id == guild_id, balances.c.kind == AccountKind.EARNINGS.value, balances.c.owner == holder
    )
    balance = c.execute(query).scalar_one_or_none() or 0
    return balance - queries.counted_later(c, guild_id, holder) - queries.uncounted(c, guild_id, holder)


def _earned_after_payouts(
    c: Connection, guild_id: int, holder: int, days: Collection[int]
) -> Iterator[tuple[int, Hold]]:
    """Yield what is left of earnings that came after the first payout on one of `days`, and were released on that
    day."""
    first: dict[int, PastPayout] = {}
    for seq, at_ms, _ in _payouts(c, guild_id, holder):
        first.setdefault(day_of(at_ms), PastPayout(seq, at_ms, 0))
    counted_seq = cursors.get(c, guild_id, EARNINGS)
    for day in sorted(first.keys() & {*days}):
        yield from _earned_later_that_day(c, guild_id, holder, first[day], counted_seq)


def _earned_later_that_day(
    c: Connection, guild_id: int, holder: int, payout: PastPayout, counted_seq: int
) -> Iterator[tuple[int, Hold]]:
    """Yield what is left of earnings that came after a payout's request and were released on the same day, with their
    rows."""
    day = day_of(payout.at_ms)
    until = min(seq_before(c, guild_id, starts_ms(day + 1)), counted_seq)
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
    return ((seq, hold) for seq, hold in _remaining(c, guild_id, seqs) if hold.until_day <= day)
