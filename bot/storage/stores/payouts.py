"""The store of payouts: what creators asked for, what staff decided, and the rules that guilds chose."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, case, func, select, update
from sqlalchemy import insert as insert_into

from bot.domain.accounts import PAID_OUT, AccountKind
from bot.domain.deadlines import payout_requests_of
from bot.domain.errors import Busy
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import Head
from bot.domain.ledger.payout import PayoutClosed, PayoutRequested, RecordPayout, RejectPayout, RequestPayout
from bot.domain.payouts import OPEN, Payable, Payout, PayoutRules, PayoutState
from bot.storage.folds import folding
from bot.storage.folds.earnings import hold_rules, queries
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import fact_of
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import IS_OPEN, UNANNOUNCED_PAYOUT, balances, journal
from bot.storage.sql.tables import payout_rules as rules_table
from bot.storage.sql.tables import payouts as table
from bot.storage.stores import deadlines, pending_earnings

_SELECT = select(*columns_of(table, Payout))
_BY_ID = Lookup(_SELECT, (table.c.guild_id, table.c.payout_id))
_RULES = Lookup(select(rules_table.c.guild_id, rules_table.c.minimum, rules_table.c.people), (rules_table.c.guild_id,))


def payout(c: Connection, guild_id: int, payout_id: int) -> Payout | None:
    """Return one payout of a guild, None if there is none."""
    return payouts_of(c, [(guild_id, payout_id)]).get((guild_id, payout_id))


def payouts_of(c: Connection, ids: Collection[tuple[int, int]]) -> dict[tuple[int, int], Payout]:
    """Return those of the payouts `ids`, (guild id, number) each, that exist."""
    return {(payout.guild_id, payout.payout_id): payout for payout in map(_payout, _BY_ID.rows(c, ids))}


def open_of(c: Connection, guild_id: int, creator: int) -> Payout | None:
    """Return the payout that a creator (a holder) has open, None if there is none."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.creator == creator, IS_OPEN)
    return next((_payout(row) for row in c.execute(query)), None)


def last_of(c: Connection, guild_id: int, creator: int) -> Payout | None:
    """Return the newest payout of a creator (a holder), None if there is none."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.creator == creator)
    return next((_payout(row) for row in c.execute(query.order_by(table.c.payout_id.desc()).limit(1))), None)


def page(c: Connection, guild_id: int, *, skipped: int, most: int) -> list[Payout]:
    """Return a guild's payouts, without the first `skipped`: open ones, oldest first, then the others, newest first."""
    is_closed = case((IS_OPEN, 0), else_=1)
    order = (is_closed, case((IS_OPEN, table.c.payout_id), else_=-table.c.closed_seq))
    query = _SELECT.where(table.c.guild_id == guild_id).order_by(*order).offset(skipped).limit(most)
    return [_payout(row) for row in c.execute(query)]


def open_payouts(c: Connection, guild_id: int, most: int) -> list[Payout]:
    """Return a guild's payouts that staff have to deal with, oldest first, at most `most`."""
    query = _SELECT.where(table.c.guild_id == guild_id, IS_OPEN).order_by(table.c.payout_id).limit(most)
    return [_payout(row) for row in c.execute(query)]


def count(c: Connection, guild_id: int) -> int:
    """Return how many payouts a guild has."""
    return c.execute(select(func.count()).select_from(table).where(table.c.guild_id == guild_id)).scalar_one()


def paid_out(c: Connection, guild_id: int, creator: int) -> int:
    """Return the diamonds that a creator (a holder) has been paid."""
    query = select(func.coalesce(func.sum(table.c.diamonds), 0)).where(
        table.c.guild_id == guild_id, table.c.creator == creator, table.c.state == PayoutState.PAID.value
    )
    return int(c.execute(query).scalar_one())


def approve(c: Connection, payout: Payout, by: int, now_ms: int) -> Payout:
    """Record that the holder `by` has approved a payout, and return it. The guild must be locked."""
    approval = replace(payout, state=PayoutState.APPROVED, approved_by=by, approved_ms=now_ms)
    _update(c, approval)
    return approval


def unannounced(c: Connection, guild_id: int) -> list[int]:
    """Return the numbers of the payouts that wait for staff and that staff have not been told of."""
    query = select(table.c.payout_id).where(table.c.guild_id == guild_id, UNANNOUNCED_PAYOUT, IS_OPEN)
    return [*c.execute(query.order_by(table.c.payout_id)).scalars()]


def mark_announced(c: Connection, guild_id: int, payout_ids: Collection[int]) -> None:
    """Record that staff know of these payouts."""
    same = (table.c.guild_id == guild_id, table.c.payout_id.in_(payout_ids))
    c.execute(update(table).where(*same).values(announced=1))


def announce_again(c: Connection, guild_id: int, payout_id: int) -> None:
    """Have staff told of a payout again."""
    same = (table.c.guild_id == guild_id, table.c.payout_id == payout_id)
    c.execute(update(table).where(*same).values(announced=0))


def rules(c: Connection, guild_id: int) -> PayoutRules:
    """Return what a guild chose about payouts."""
    return _rules_of(c, [guild_id])[guild_id]


def save_rules(c: Connection, guild_id: int, rules: PayoutRules) -> None:
    """Save what a guild chose about payouts. The guild must be locked."""
    upsert(c, rules_table, {"guild_id": guild_id, **rules._asdict()})


def _rules_of(c: Connection, guild_ids: Collection[int]) -> dict[int, PayoutRules]:
    choices = {guild_id: PayoutRules(*row) for guild_id, *row in _RULES.rows(c, {(guild,) for guild in guild_ids})}
    return {guild_id: choices.get(guild_id, PayoutRules()) for guild_id in guild_ids}


def _payout(row: Row[*tuple[Any, ...]]) -> Payout:
    payout = Payout(*row)
    return replace(payout, state=PayoutState(payout.state))


def _update(c: Connection, payout: Payout) -> None:
    same = (table.c.guild_id == payout.guild_id, table.c.payout_id == payout.payout_id)
    c.execute(update(table).where(*same).values(values_of(payout) | {"state": payout.state.value}))


def _load_payouts(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    books.payouts = payouts_of(c, {(command.guild_id, command.payout_id) for command in commands})
    # A command that named another holder than the payout's creator would be decided on balances that are not loaded.
    for command in commands:
        entry = books.payouts.get((command.guild_id, command.payout_id))
        assert entry is None or entry.creator in command.holder_ids, command


def _load_rules(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    books.payout_rules = _rules_of(c, {command.guild_id for command in commands})


def _load_payables(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    """Bring the fold of earnings up to the end of the journal, within this batch, and read from it what waits."""
    is_counted = {guild_id: _count(c, guild_id) for guild_id in {command.guild_id for command in commands}}
    for command in commands:
        guild_id = command.guild_id
        creator = books.holders[guild_id, command.member_id]
        holds = pending_earnings.holds(c, guild_id, creator, today=0)
        open_payout = open_of(c, guild_id, creator)
        books.payables[guild_id, creator] = Payable(
            books.heads.get(guild_id, Head()).seq,
            holds.pieces if is_counted[guild_id] else None,
            open_payout.payout_id if open_payout else 0,
            holds.flags,
            holds.withheld(hold_rules.withheld(c)),
        )


def _count(c: Connection, guild_id: int) -> bool:
    """Count all gifts of a guild. Return whether all could be counted."""
    try:
        folding.fold_rest(c, guild_id)
    except Busy:
        return False
    return not queries.has_uncounted(c, guild_id)


def _save_requests(c: Connection, effects: Sequence[tuple[int, PayoutRequested]], _books: Books) -> None:
    for guild_id, effect in effects:
        payout = effect.payout
        c.execute(insert_into(table).values(values_of(payout) | {"state": payout.state.value, "announced": 0}))
        deadlines.put(c, payout_requests_of(guild_id))


def _save_closed(c: Connection, effects: Sequence[tuple[int, PayoutClosed]], _books: Books) -> None:
    for _, effect in effects:
        _update(c, effect.payout)


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check the payouts against the journal and the accounts, and every row about a payout against the payouts."""
    query = _SELECT.where(table.c.guild_id == guild_id)
    stored = {entry.payout_id: entry for entry in [_payout(row) for row in c.execute(query)]}
    requests, ends = _requests(c, guild_id), _ends(c, guild_id)
    for payout_id, entry in stored.items():
        if requests.pop(payout_id, None) != (entry.creator, entry.diamonds):
            yield payout_id, "its payout is not the one that the journal says was requested"
        end = ends.pop(payout_id, (0, entry.state.value if entry.is_open else "", entry.creator, entry.diamonds))
        if end != (entry.closed_seq, entry.state.value, entry.creator, entry.diamonds):
            yield payout_id, f"its payout is {entry.state.value}, the journal says something else"
    for payout_id in (*requests, *ends):
        yield payout_id, "its payout is missing"
    yield from _check_accounts(c, guild_id, [*stored.values()])


def _requests(c: Connection, guild_id: int) -> dict[int, tuple[int, int]]:
    """Return the creator and the diamonds of each request in the journal, by its row."""
    query = select(journal.c.seq, journal.c.actor, fact_of("coins"))
    rows = c.execute(query.where(journal.c.guild_id == guild_id, journal.c.kind == RequestPayout.kind))
    return {seq: (actor, int(coins)) for seq, actor, coins in rows}


def _ends(c: Connection, guild_id: int) -> dict[int, tuple[int, str, int, int]]:
    """Return the row of the end of each payout in the journal, its state, creator and diamonds, by its request."""
    states = {RecordPayout.kind: PayoutState.PAID.value, RejectPayout.kind: PayoutState.REJECTED.value}
    query = select(journal.c.seq, journal.c.kind, fact_of("payout"), fact_of("member"), fact_of("coins"))
    rows = c.execute(query.where(journal.c.guild_id == guild_id, journal.c.kind.in_([*states])))
    return {int(of): (seq, states[kind], int(member), int(coins)) for seq, kind, of, member, coins in rows}


def _check_accounts(c: Connection, guild_id: int, stored: Sequence[Payout]) -> Iterator[tuple[int, str]]:
    """Check that what is reserved, and what was paid out, is what the payouts say."""
    sums: dict[tuple[str, int], int] = {}
    for entry in stored:
        is_paid = entry.state is PayoutState.PAID
        account = (PAID_OUT.kind.value, PAID_OUT.owner) if is_paid else (AccountKind.RESERVED.value, entry.creator)
        if is_paid or entry.state in OPEN:
            sums[account] = sums.get(account, 0) + entry.diamonds
    kinds = balances.c.kind.in_([AccountKind.RESERVED.value, AccountKind.PAID_OUT.value])
    query = select(balances.c.kind, balances.c.owner, balances.c.amount)
    for kind, owner, amount in c.execute(query.where(balances.c.guild_id == guild_id, kinds)):
        if (total := sums.pop((kind, owner), 0)) != amount:
            yield 0, f"{kind} of {owner} holds {amount}, its payouts are of {total}"
    for (kind, owner), total in sums.items():
        yield 0, f"{kind} of {owner} holds nothing, its payouts are of {total}"


register("payout_rules", _load_rules)
register("payables", _load_payables)
register("payouts", _load_payouts, saves={PayoutRequested: _save_requests, PayoutClosed: _save_closed}, check=_check)
