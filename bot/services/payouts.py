"""Payouts: creators ask, treasurers approve, record the payment or reject, and the creator is told of each step.

A press may come twice, or reach two processes. Each step of a payout has one key in the journal, so that it is recorded
once, and the second press shows what was recorded.
"""

import logging
from collections.abc import Callable
from typing import NamedTuple

from bot.domain import text
from bot.domain.confirmations import clean_reference
from bot.domain.earnings import Earnings
from bot.domain.errors import InvalidText, NotFound, UnknownGuild
from bot.domain.freezes import Freeze, check_creator_frozen, check_frozen
from bot.domain.ids import HIGHEST
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.domain.payout_errors import EarningsUncounted, PayoutDecided, PayoutOpen
from bot.domain.payouts import Payout, PayoutRules, PayoutState, check_approval, check_request
from bot.domain.staff_acts import ActKind, StaffAct, change
from bot.services.earnings import overview_of
from bot.services.wallets import REASON_LENGTH
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds.earnings import queries
from bot.storage.ledger import holders, journal
from bot.storage.stores import freezes, guilds, notices, payouts, staff_acts, wallets

log = logging.getLogger(__name__)

MOST_LISTED = 25
"""The most open payouts that an option of a command offers: as many as Discord shows."""


class PayoutReport(NamedTuple):
    """A payout with the members it names, 0 for nobody or an erased member.

    `note` is the reference or the reason, and `debt` is what the creator owes now, in coins.
    """

    payout: Payout
    creator_id: int
    approved_by: int
    closed_by: int
    note: str
    debt: int


class PayoutPreview(NamedTuple):
    """What a creator would ask for, and what would then still be available, in diamonds."""

    diamonds: int
    left: int


class _Ground(NamedTuple):
    """Everything that decides whether a creator can ask for a payout."""

    overview: Earnings
    minimum: int
    open_payout: int
    is_counted: bool
    frozen: tuple[Freeze, ...]


class PayoutPage(NamedTuple):
    """A page of a guild's payouts, the number of the page (from 0), and how many pages there are."""

    reports: list[PayoutReport]
    page: int
    pages: int


class Payouts:
    """The use-cases of payouts."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect_notice = expect_notice

    async def rules(self, guild_id: int) -> PayoutRules:
        """Return what a guild chose about payouts."""
        return await self._database.read(payouts.rules, guild_id)

    async def change_rules(self, guild_id: int, rules: PayoutRules, by: int) -> None:
        """Set the fewest diamonds of a payout, and how many people one takes. Raise InvalidAmount."""
        await self._database.writer.perform(_change_rules, guild_id, rules.checked(), by, self._clock())

    async def preview(self, guild_id: int, member_id: int, diamonds: int | None) -> PayoutPreview:
        """Return what asking for `diamonds`, by default for everything, would do. Raise what `request` does."""
        args = (guild_id, member_id, self._clock())
        # This may run a second time once everything is counted, so it must not refuse anything before that.
        ground = await self._database.read_folded(guild_id, _ground, *args)
        if ground.open_payout:
            raise PayoutOpen(ground.open_payout)
        check_frozen(ground.frozen)
        if not ground.is_counted:
            raise EarningsUncounted
        overview = ground.overview
        available = overview.available
        # If nothing is available, ask for 1, which is refused as too little.
        wanted = max(available, 1) if diamonds is None else diamonds
        check_request(wanted, available=available, held=overview.held, debt=overview.debt, minimum=ground.minimum)
        return PayoutPreview(wanted, available - wanted)

    async def request(self, guild_id: int, key: str, member_id: int, diamonds: int) -> PayoutReport:
        """Reserve available earnings of a creator, once per key. Raise what `bot.domain.ledger.payout.request` does."""
        receipt = await self._database.writer.submit(RequestPayout(guild_id, key, member_id, diamonds))
        log.info("Member %s of guild %s asked for payout %s", member_id, guild_id, receipt.seq)
        return await self.find(guild_id, receipt.seq)

    async def find_request(self, guild_id: int, key: str) -> PayoutReport | None:
        """Return the payout that was requested under `key`, None if there is none."""
        receipt = await self._database.read(journal.find, guild_id, key)
        return None if receipt is None else await self.find(guild_id, receipt.seq)

    async def find(self, guild_id: int, payout_id: int) -> PayoutReport:
        """Return one payout. Raise NotFound."""
        # Members' clients send no such number, but others might, and no column holds it.
        if payout_id > HIGHEST:
            raise NotFound("payout")
        return await self._database.read(_report, guild_id, payout_id)

    async def last_of(self, guild_id: int, member_id: int) -> PayoutReport | None:
        """Return a creator's newest payout, None if there is none."""
        return await self._database.read(_last_of, guild_id, member_id)

    async def page(self, guild_id: int, page: int, size: int) -> PayoutPage:
        """Return a page of a guild's payouts: those that wait for staff, oldest first, then the newest of the rest."""
        return await self._database.read(_page, guild_id, page, size)

    async def waiting(self, guild_id: int) -> list[PayoutReport]:
        """Return the payouts that wait for staff, oldest first, as many as an option can offer."""
        return await self._database.read(_waiting, guild_id)

    async def approve(self, guild_id: int, payout_id: int, by: int) -> PayoutReport:
        """Approve a payout. Raise NotFound, CreatorFrozen, and what `bot.domain.payouts.check_approval` does."""
        report = await self.find(guild_id, payout_id)
        await self._database.writer.perform(_approve, guild_id, report.payout.payout_id, by, self._clock())
        log.info("Member %s approved payout %s of guild %s", by, payout_id, guild_id)
        return await self._tell(guild_id, payout_id, by)

    async def record(self, guild_id: int, payout_id: int, by: int, reference: str) -> PayoutReport:
        """Record that people have sent the money of a payout, under the reference of their payment.

        Raise NotFound, InvalidPaymentReference, CreatorFrozen, and what `bot.domain.payouts.check_payment` does.
        """
        clean = clean_reference(reference)
        report = await self.find(guild_id, payout_id)
        creator = (report.creator_id, payout_id, clean, (report.payout.creator,))
        command = RecordPayout(guild_id, f"payout:{payout_id}:paid", by, *creator)
        return await self._close(command, PayoutState.PAID)

    async def record_sent(self, command: RecordPayout) -> PayoutReport:
        """Record a payment that a provider has sent. Raise PayoutDecided if another attempt has already paid."""
        return await self._close(command, PayoutState.PAID)

    async def reject(self, guild_id: int, payout_id: int, by: int, reason: str) -> PayoutReport:
        """Give back what a payout has reserved. Raise NotFound, InvalidText, or PayoutDecided."""
        clean = text.clean(reason, REASON_LENGTH)
        if not clean:
            raise InvalidText("reason", REASON_LENGTH)
        report = await self.find(guild_id, payout_id)
        creator = (report.creator_id, payout_id, clean, (report.payout.creator,))
        command = RejectPayout(guild_id, f"payout:{payout_id}:rejected", by, *creator)
        return await self._close(command, PayoutState.REJECTED)

    async def take_back(self, guild_id: int, payout_id: int, member_id: int) -> PayoutReport:
        """End a request of the member's own. Raise NotFound, or PayoutDecided."""
        report = await self.find(guild_id, payout_id)
        if report.creator_id != member_id:
            raise NotFound("payout")
        creator = (member_id, payout_id, "", (report.payout.creator,))
        command = RejectPayout(guild_id, f"payout:{payout_id}:rejected", member_id, *creator)
        return await self._close(command, PayoutState.REJECTED)

    async def unannounced(self, guild_id: int) -> list[int]:
        """Return the numbers of the payouts that staff do not know of."""
        return await self._database.read(payouts.unannounced, guild_id)

    async def mark_announced(self, guild_id: int, payout_ids: list[int]) -> None:
        """Note that staff know of these payouts, or that no channel of theirs accepts the message."""
        await self._database.writer.perform(payouts.mark_announced, guild_id, payout_ids)

    async def _close(self, command: RecordPayout | RejectPayout, state: PayoutState) -> PayoutReport:
        try:
            receipt = await self._database.writer.submit(command)
        except NotFound:
            # The key is somebody else's: two people pressed at once.
            raise PayoutDecided(state.value) from None
        if receipt.replayed and receipt.note != _note_of(command):
            raise PayoutDecided(state.value)
        what = (command.payout_id, command.guild_id, state.value, command.actor_id)
        log.info("Payout %s of guild %s was %s by member %s", *what)
        return await self._tell(command.guild_id, command.payout_id, command.actor_id)

    async def _tell(self, guild_id: int, payout_id: int, by: int) -> PayoutReport:
        report = await self.find(guild_id, payout_id)
        if report.creator_id and report.creator_id != by:
            self._expect_notice(guild_id, report.creator_id)
        return report


def _note_of(command: RecordPayout | RejectPayout) -> str:
    return command.reference if isinstance(command, RecordPayout) else command.reason


def _ground(c: Connection, guild_id: int, member_id: int, now_ms: int) -> _Ground:
    last = _last_of(c, guild_id, member_id)
    overview = overview_of(c, guild_id, member_id, now_ms)
    return _Ground(
        overview,
        payouts.rules(c, guild_id).minimum,
        last.payout.payout_id if last is not None and last.payout.is_open else 0,
        overview.counted_percent is None and not queries.has_uncounted(c, guild_id),
        freezes.of_member(c, guild_id, member_id),
    )


def _change_rules(c: Connection, guild_id: int, rules: PayoutRules, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    if guilds.rules(c, guild_id) is None:
        raise UnknownGuild
    before = payouts.rules(c, guild_id)
    payouts.save_rules(c, guild_id, rules)
    act = change(ActKind.PAYOUT_RULES, before._asdict(), rules._asdict(), by=by, at_ms=now_ms)
    staff_acts.add(c, guild_id, act)


def _approve(c: Connection, guild_id: int, payout_id: int, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    payout = payouts.payout(c, guild_id, payout_id)
    if payout is None:
        raise NotFound("payout")
    holder = holders.ensure(c, guild_id, by)
    check_approval(payout, holder, wallets.debt_of(c, guild_id, payout.creator))
    check_creator_frozen(freezes.of_holders(c, [(guild_id, payout.creator)]).get((guild_id, payout.creator), ()))
    approval = payouts.approve(c, payout, holder, now_ms)
    was, now = ({"state": state.value} for state in (payout.state, approval.state))
    creator_id = holders.member_ids(c, guild_id, [payout.creator])[payout.creator]
    act = StaffAct(by, ActKind.PAYOUT, now_ms, str(payout_id), creator_id, was, now)
    staff_acts.add(c, guild_id, act)
    notices.add_payout(c, guild_id, payout.creator, payout_id, now_ms)


def _report(c: Connection, guild_id: int, payout_id: int) -> PayoutReport:
    payout = payouts.payout(c, guild_id, payout_id)
    if payout is None:
        raise NotFound("payout")
    return _reports(c, guild_id, [payout])[0]


def _last_of(c: Connection, guild_id: int, member_id: int) -> PayoutReport | None:
    holder = holders.holder_id(c, guild_id, member_id)
    payout = None if holder is None else payouts.last_of(c, guild_id, holder)
    return None if payout is None else _reports(c, guild_id, [payout])[0]


def _page(c: Connection, guild_id: int, page: int, size: int) -> PayoutPage:
    pages = max(1, -(-payouts.count(c, guild_id) // size))
    page = min(max(page, 0), pages - 1)
    return PayoutPage(_reports(c, guild_id, payouts.page(c, guild_id, skipped=page * size, most=size)), page, pages)


def _waiting(c: Connection, guild_id: int) -> list[PayoutReport]:
    return _reports(c, guild_id, payouts.open_payouts(c, guild_id, MOST_LISTED))


def _reports(c: Connection, guild_id: int, stored: list[Payout]) -> list[PayoutReport]:
    people = {holder for payout in stored for holder in (payout.creator, payout.approved_by, payout.closed_by)} - {0}
    members = holders.member_ids(c, guild_id, people)
    ends = journal.receipts_with(c, guild_id, [payout.closed_seq for payout in stored if payout.closed_seq])
    notes = {receipt.seq: receipt.note for receipt in ends}
    return [
        PayoutReport(
            payout,
            members.get(payout.creator, 0),
            members.get(payout.approved_by, 0),
            members.get(payout.closed_by, 0),
            notes.get(payout.closed_seq, ""),
            wallets.debt_of(c, guild_id, payout.creator) if payout.is_open else 0,
        )
        for payout in stored
    ]
