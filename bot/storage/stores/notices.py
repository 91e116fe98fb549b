"""The store of notices: what members are told with their next reply."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, delete, select

from bot.domain.ledger.books import Books
from bot.domain.ledger.grant import Grant, ReceiverNoticed
from bot.domain.ledger.grant_many import GrantMany
from bot.domain.ledger.payout import CreatorTold
from bot.domain.ledger.perk_return import BuyerNoticed
from bot.domain.ledger.reversal import SenderTold
from bot.domain.ledger.undoing import EarningsNoticed
from bot.domain.levels import level_of
from bot.domain.notices import (
    FREED,
    ApplicationNotice,
    ClubNotice,
    CreatorNotice,
    DeclineNotice,
    FreedNotice,
    FreezeNotice,
    GrantNotice,
    LevelNotice,
    Notice,
    NoticeKind,
    PayoutNotice,
    PerkNotice,
    ShareNotice,
    StaffCreatorNotice,
    TicketNotice,
    WeekNotice,
)
from bot.domain.payouts import PayoutState
from bot.domain.perks import UnlockState
from bot.domain.receipts import Receipt
from bot.storage.folds.gifters import queries
from bot.storage.ledger import holders, journal
from bot.storage.ledger.projections import register_saves
from bot.storage.sql.rows import insert_new
from bot.storage.sql.statements import ChangeMany, delete_many
from bot.storage.sql.tables import creators
from bot.storage.sql.tables import holders as holder_table
from bot.storage.sql.tables import notices as table
from bot.storage.stores import (
    applications,
    chip_notices,
    clubs,
    earnings_notices,
    freezes,
    grant_batches,
    notice_rows,
    payouts,
    perks,
    reversals,
    shares,
)

_MEMBERS = (
    select(table.c.guild_id, holder_table.c.user_id)
    .join(
        holder_table,
        (holder_table.c.guild_id == table.c.guild_id) & (holder_table.c.holder_id == table.c.holder_id),
    )
    .distinct()
)
_KEY = (table.c.guild_id, table.c.holder_id, table.c.kind, table.c.number)
_DELETE = delete_many(_KEY)
_DELETE_OLD = ChangeMany(
    delete(table).where(table.c.since_ms < bindparam("before_ms", type_=BigInteger)), (table.c.guild_id,), ["before_ms"]
)
_DECLINE, _LEVEL, _EARNINGS = (kind.value for kind in (NoticeKind.DECLINE, NoticeKind.LEVEL, NoticeKind.EARNINGS))
_GRANT, _SHARE, _PAYOUT = (kind.value for kind in (NoticeKind.GRANT, NoticeKind.SHARE, NoticeKind.PAYOUT))
_WEEK, _CLUB, _FREEZE = NoticeKind.WEEK.value, NoticeKind.CLUB.value, NoticeKind.FREEZE.value
_PERK, _TICKET, _CHIP = NoticeKind.PERK.value, NoticeKind.TICKET.value, NoticeKind.CHIP.value

Key = tuple[int, int, str, int]
"""Guild, holder, kind and number of a notice."""


def add(c: Connection, guild_id: int, member_id: int, kind: NoticeKind, now_ms: int, *, number: int = 0) -> None:
    """Have a member be told something, which may have a number."""
    holder = holders.ensure(c, guild_id, member_id)
    values = {"guild_id": guild_id, "holder_id": holder, "kind": kind.value, "number": number, "since_ms": now_ms}
    insert_new(c, table, values)


def add_payout(c: Connection, guild_id: int, holder: int, payout_id: int, now_ms: int) -> None:
    """Have a creator told the outcome of a payout."""
    values = {"guild_id": guild_id, "holder_id": holder, "kind": _PAYOUT, "number": payout_id, "since_ms": now_ms}
    insert_new(c, table, values)


def add_ticket(c: Connection, guild_id: int, holder: int, unlock_id: int, now_ms: int) -> None:
    """Have a member be told that a shout-out which they had unlocked is done."""
    values = {"guild_id": guild_id, "holder_id": holder, "kind": _TICKET, "number": unlock_id, "since_ms": now_ms}
    insert_new(c, table, values)


def drop_ticket(c: Connection, guild_id: int, creator: int, unlock_id: int) -> None:
    """Tell a creator no more of a shout-out that they have just dealt with."""
    same = (table.c.guild_id == guild_id, table.c.holder_id == creator, table.c.kind == _TICKET)
    c.execute(delete(table).where(*same, table.c.number == unlock_id))


def members_of(c: Connection, guild_id: int) -> set[tuple[int, int]]:
    """Return the members of a guild who have something to read, (guild id, member id) each, but those who were
    erased."""
    return _members(c, _MEMBERS.where(table.c.guild_id == guild_id))


def members_since(c: Connection, since_ms: int) -> set[tuple[int, int]]:
    """Return the members of all guilds who have something to read that came at `since_ms` or later."""
    return _members(c, _MEMBERS.where(table.c.since_ms >= since_ms))


def _members(c: Connection, query: Select[Any, Any]) -> set[tuple[int, int]]:
    return {(guild_id, user_id) for guild_id, user_id in c.execute(query) if user_id}


def of_member(c: Connection, guild_id: int, member_id: int, most: int) -> list[tuple[Key, Notice | None]]:
    """Return the oldest notices of a member, at most `most`. None is one that no longer holds, and may go."""
    holder = holders.holder_id(c, guild_id, member_id)
    query = select(table.c.kind, table.c.number).where(table.c.guild_id == guild_id, table.c.holder_id == holder)
    rows = [(kind, number) for kind, number in c.execute(query.order_by(table.c.since_ms, table.c.number).limit(most))]
    numbered: dict[str, Mapping[int, Notice]] = {
        _GRANT: _grants(c, guild_id, holder or 0, [number for kind, number in rows if kind == _GRANT]),
        _DECLINE: _declines(c, guild_id, [number for kind, number in rows if kind == _DECLINE]),
        _EARNINGS: earnings_notices.moved(
            c, guild_id, holder or 0, [number for kind, number in rows if kind == _EARNINGS]
        ),
        _PAYOUT: _payouts(c, guild_id, [number for kind, number in rows if kind == _PAYOUT]),
        _SHARE: _shares(c, guild_id, [number for kind, number in rows if kind == _SHARE]),
        _CLUB: _clubs(c, guild_id, holder or 0, [number for kind, number in rows if kind == _CLUB]),
        _PERK: _perk_returns(c, guild_id, [number for kind, number in rows if kind == _PERK]),
        _CHIP: chip_notices.returned(c, guild_id, [number for kind, number in rows if kind == _CHIP]),
        _TICKET: _tickets(c, guild_id, holder or 0, [number for kind, number in rows if kind == _TICKET]),
        _LEVEL: _levels(c, guild_id, holder or 0, [number for kind, number in rows if kind == _LEVEL]),
        _FREEZE: _freezes(c, guild_id, member_id),
        _WEEK: _latest_week([number for kind, number in rows if kind == _WEEK]),
    }
    others: dict[str, Notice | None] = {
        NoticeKind.CREATOR.value: _approval(c, guild_id, member_id),
        NoticeKind.APPLICATION.value: _declined(c, guild_id, member_id),
        NoticeKind.STAFF_CREATOR.value: StaffCreatorNotice(),
    }
    return [
        ((guild_id, holder or 0, kind, number), numbered[kind].get(number) if kind in numbered else others[kind])
        for kind, number in rows
    ]


def _latest_week(weeks: Sequence[int]) -> dict[int, WeekNotice]:
    """Return the latest of the weeks: nobody needs to read that several recaps could not be sent."""
    return {max(weeks): WeekNotice(max(weeks))} if weeks else {}


def _approval(c: Connection, guild_id: int, member_id: int) -> CreatorNotice | None:
    """Return by whom a member was approved as a creator, None unless they are one."""
    approvers = select(creators.c.approved_by).where(
        creators.c.guild_id == guild_id, creators.c.member_id == member_id, creators.c.removed_ms.is_(None)
    )
    approved_by = c.execute(approvers).scalar_one_or_none()
    return None if approved_by is None else CreatorNotice(approved_by)


def _declined(c: Connection, guild_id: int, member_id: int) -> ApplicationNotice | None:
    """Return why a member's application was declined, None if it is open, or they have become a creator."""
    application = applications.of_member(c, guild_id, member_id)
    if application is None or application.is_open:
        return None
    return ApplicationNotice(application.reason, application.again_ms)


def _freezes(c: Connection, guild_id: int, member_id: int) -> dict[int, FreezeNotice | FreedNotice]:
    """Return the newest freeze of a member, or that they are not frozen any more."""
    newest = max(freezes.of_member(c, guild_id, member_id), key=lambda freeze: freeze.since_ms, default=None)
    return {FREED: FreedNotice()} if newest is None else {0: FreezeNotice(newest)}


def _shares(c: Connection, guild_id: int, numbers: Sequence[int]) -> dict[int, ShareNotice]:
    """Return those of the changes of shares that nothing has replaced."""
    changes = shares.with_numbers(c, guild_id, numbers) if numbers else []
    return {change.number: ShareNotice(change) for change in changes if change.stands()}


def _payouts(c: Connection, guild_id: int, payout_ids: Sequence[int]) -> dict[int, PayoutNotice]:
    """Return the outcomes of payouts, by number, without payouts that have none yet."""
    stored = payouts.payouts_of(c, [(guild_id, payout_id) for payout_id in payout_ids]).values()
    ends = journal.receipts_with(c, guild_id, [payout.closed_seq for payout in stored if payout.closed_seq])
    receipts = {receipt.seq: receipt for receipt in ends}
    return {
        payout.payout_id: PayoutNotice(payout, receipts.get(payout.closed_seq))
        for payout in stored
        if payout.state is not PayoutState.REQUESTED
    }


def _grants(c: Connection, guild_id: int, holder: int, seqs: Sequence[int]) -> dict[int, GrantNotice]:
    """Return those of the grants `seqs` to a holder that were not taken back as a whole."""
    reversed_parts = reversals.parts_of(c, [(guild_id, seq) for seq in seqs])

    def stands(receipt: Receipt) -> bool:
        return reversed_parts.get((guild_id, receipt.seq), 0) < receipt.facts["coins"]

    receipts = [receipt for receipt in journal.receipts_with(c, guild_id, seqs) if stands(receipt)]
    notices = {receipt.seq: GrantNotice(receipt) for receipt in receipts if receipt.kind == Grant.kind}
    for receipt in receipts:
        if receipt.kind == GrantMany.kind:
            notices[receipt.seq] = GrantNotice(_share(c, receipt, holder))
    return notices


def _share(c: Connection, receipt: Receipt, holder: int) -> Receipt:
    """Return what a grant to many means for one of them, as if it were a grant to them alone."""
    coins, payoff = grant_batches.shares_of(c, receipt.guild_id, receipt.seq, holder)[holder]
    return receipt._replace(kind=Grant.kind, facts={"member": holder, "coins": coins, "payoff": payoff})


def _clubs(c: Connection, guild_id: int, holder: int, creators: Sequence[int]) -> dict[int, ClubNotice]:
    """Return those of the clubs that a member is in, of creators who were not erased."""
    pauses = clubs.memberships(c, guild_id, holder) if creators else {}
    members = holders.member_ids(c, guild_id, creators)
    return {
        creator: ClubNotice(members[creator], is_paused=pauses[creator] is not None)
        for creator in creators
        if creator in pauses and members.get(creator)
    }


def _levels(c: Connection, guild_id: int, holder: int, levels: Sequence[int]) -> dict[int, LevelNotice]:
    """Return those of the levels that a holder still has."""
    level_now = level_of(queries.coins(c, guild_id, holder)) if levels else 0
    return {level: LevelNotice(level) for level in levels if level <= level_now}


def _perk_returns(c: Connection, guild_id: int, seqs: Sequence[int]) -> dict[int, PerkNotice]:
    """Return what was given back with the rows `seqs` for perks that were not delivered."""
    return {receipt.seq: PerkNotice(receipt) for receipt in journal.receipts_with(c, guild_id, seqs)}


def _tickets(c: Connection, guild_id: int, holder: int, unlock_ids: Sequence[int]) -> dict[int, TicketNotice]:
    """Return those of a member's shout-outs that are done, and those that wait for them as a creator."""
    unlocks = [entry for number in unlock_ids if (entry := perks.unlock(c, guild_id, number)) is not None]
    by_id = perks.perks_of(c, {(guild_id, entry.perk_id) for entry in unlocks})
    people = {perk.creator for perk in by_id.values()} | {entry.holder for entry in unlocks}
    members = holders.member_ids(c, guild_id, people)
    tickets: dict[int, TicketNotice] = {}
    for entry in unlocks:
        perk, is_own = by_id[guild_id, entry.perk_id], entry.holder == holder
        if entry.state is (UnlockState.DONE if is_own else UnlockState.OPEN):
            other_id = members.get(perk.creator if is_own else entry.holder, 0)
            tickets[entry.unlock_id] = TicketNotice(perk.name, perk.emoji, other_id, is_done=is_own)
    return tickets


def remove(c: Connection, keys: Sequence[Key], before_ms: int) -> None:
    """Remove the notices `keys`, and in their guilds those that nobody has come to read since `before_ms`."""
    _DELETE.run(c, keys)
    _DELETE_OLD.run(c, [(before_ms, guild_id) for guild_id in {guild_id for guild_id, *_ in keys}])


def _declines(c: Connection, guild_id: int, seqs: Sequence[int]) -> dict[int, DeclineNotice]:
    """Return what was given back with the rows `seqs`, which took back gifts that were declined."""
    receipts = {receipt.seq: receipt for receipt in journal.receipts_with(c, guild_id, seqs)}
    gifts = {
        gift.seq: gift for gift in journal.receipts_with(c, guild_id, [each.facts["of"] for each in receipts.values()])
    }
    return {seq: DeclineNotice(receipt, gifts[receipt.facts["of"]]) for seq, receipt in receipts.items()}


def _save_payouts(c: Connection, effects: Sequence[tuple[int, CreatorTold]], _books: Books) -> None:
    for guild_id, effect in effects:
        add_payout(c, guild_id, effect.creator, effect.payout_id, effect.at_ms)


register_saves(
    {
        ReceiverNoticed: partial(notice_rows.save, NoticeKind.GRANT),
        CreatorTold: _save_payouts,
        SenderTold: partial(notice_rows.save, NoticeKind.DECLINE),
        EarningsNoticed: partial(notice_rows.save, NoticeKind.EARNINGS),
        BuyerNoticed: partial(notice_rows.save, NoticeKind.PERK),
    }
)
