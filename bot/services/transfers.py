"""Payouts by transfer. `bot.domain.transfers` says how it is kept that nothing is paid twice."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.domain.buying_errors import ProviderDown
from bot.domain.deadlines import Deadline, payout_requests_of, transfer_of
from bot.domain.errors import NotFound, UnknownGuild
from bot.domain.freezes import check_creator_frozen
from bot.domain.ledger.payout import RecordPayout
from bot.domain.payout_errors import PayeeNotReady, TransferChanged, TransfersOff
from bot.domain.payouts import Payout, PayoutState, check_payment
from bot.domain.staff_acts import NOBODY, ActKind, StaffAct, change
from bot.domain.transfers import (
    AGAIN_MS,
    FIRST_LOOK_MS,
    LOOK_EVERY_MS,
    LOOK_FOR_MS,
    REVERSED,
    Transfer,
    TransferState,
    TransferTerms,
    has_gone_back,
    is_back,
    sent_for,
)
from bot.payments.provider import Provider, ProviderError
from bot.payments.transfers import Payer, PayingProvider, TransferRefused
from bot.services.payouts import PayoutReport, Payouts
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import creators, deadlines, freezes, guilds, payouts, staff_acts, transfers, wallets

log = logging.getLogger(__name__)


class TransferQuestion(NamedTuple):
    """What sending a payout would do: its report, and the money in minor units."""

    report: PayoutReport
    amount_minor: int
    currency: str


class PayoutTransfers:
    """The use-cases of paying by transfer."""

    def __init__(
        self, database: Database, clock: Callable[[], int], providers: Sequence[Provider], payouts_service: Payouts
    ) -> None:
        self._database = database
        self._clock = clock
        self._payouts = payouts_service
        self._name, self._payer = _payer(providers)

    def can_offer(self, guild_id: int) -> bool:
        """Whether the guild's staff can choose to pay by transfer."""
        return self._payer is not None and self._payer.pays(guild_id)

    async def terms(self, guild_id: int) -> TransferTerms | None:
        """Return what the guild pays by transfer, None if it does not, or cannot."""
        return await self._database.read(transfers.terms, guild_id) if self.can_offer(guild_id) else None

    async def change_terms(self, guild_id: int, terms: TransferTerms | None, by: int) -> None:
        """Pay by transfer from now on, or no longer. Raise TransfersOff, InvalidAmount or InvalidCurrency."""
        self._payer_of(guild_id)
        checked = terms and terms.checked()
        await self._database.writer.perform(_change_terms, guild_id, checked, by, self._clock())

    async def onboard(self, guild_id: int, member_id: int) -> str:
        """Return where a creator sets up the account that receives transfers, "" once it does.

        Raise TransfersOff, NotFound for somebody who is no creator, or ProviderDown.
        """
        payer = self._payer_of(guild_id)
        if await self.terms(guild_id) is None:
            raise TransfersOff
        holder = await self._database.writer.perform(_holder_of_creator, guild_id, member_id)
        account, page = await self._database.read(transfers.account, guild_id, holder), ""
        try:
            if not account or not await payer.is_ready(account):
                account, page = await payer.onboard(guild_id, holder, account)
        except ProviderError as error:
            log.warning("A creator of guild %s could not set up transfers: %s", guild_id, error)
            raise ProviderDown(self._name) from error
        await self._database.writer.perform(transfers.save_account, guild_id, holder, account)
        return page

    async def last_attempt(self, guild_id: int, payout_id: int) -> Transfer | None:
        """Return the newest attempt to pay a payout, None for none."""
        return await self._database.read(transfers.last_attempt, guild_id, payout_id)

    async def question(self, guild_id: int, payout_id: int, by: int) -> TransferQuestion:
        """Return what sending a payout would do.

        Raise NotFound, CreatorFrozen, TransfersOff, PayeeNotReady, TransferTooSmall, ProviderDown, and what
        `check_payment` does.
        """
        report = await self._payouts.find(guild_id, payout_id)
        attempt = await self._database.read(_plan, guild_id, payout_id, by, self._clock())
        payer = self._payer_of(guild_id)
        try:
            if not await payer.is_ready(attempt.account):
                raise PayeeNotReady
        except ProviderError as error:
            raise ProviderDown(self._name) from error
        return TransferQuestion(report, attempt.amount_minor, attempt.currency)

    async def send(self, guild_id: int, payout_id: int, by: int, amount_minor: int) -> PayoutReport:
        """Send the money of an approved payout that `by` has confirmed, and return the payout as it is then.

        It is still approved if the provider refused, or if nobody knows yet: `last_attempt` tells. A second press does
        nothing more than ask again. Raises what `question` does, and TransferChanged.
        """
        self._payer_of(guild_id)
        attempt = await self._database.writer.perform(_start, guild_id, payout_id, by, amount_minor, self._clock())
        log.info("Member %s sends payout %s of guild %s, attempt %s", by, payout_id, guild_id, attempt.attempt)
        await self._push(attempt)
        return await self._payouts.find(guild_id, payout_id)

    async def go_on(self, deadline: Deadline) -> int | None:
        """Ask again how an attempt ended, or whether its money has gone back since.

        Return when to ask the next time, None at the end.
        """
        attempt = await self.last_attempt(deadline.guild_id, deadline.subject)
        if attempt is not None and attempt.state is TransferState.SENT:
            return await self._look_back(attempt)
        if attempt is None or attempt.state is TransferState.REFUSED:
            return None
        if self._payer is None:
            log.warning("Payout %s of guild %s waits: no provider sends transfers", deadline.subject, deadline.guild_id)
            return self._clock() + AGAIN_MS
        is_known = await self._push(attempt, has_witness=False)
        return self._clock() + (LOOK_EVERY_MS if is_known else AGAIN_MS)

    def _payer_of(self, guild_id: int) -> Payer:
        if self._payer is None or not self._payer.pays(guild_id):
            raise TransfersOff
        return self._payer

    async def _push(self, attempt: Transfer, *, has_witness: bool = True) -> bool:
        """Have the money of an open attempt sent, and record the outcome. Return whether it is known.

        Staff are told of a refusal that nobody reads on a screen.
        """
        payer = self._payer
        assert payer is not None, attempt
        guild_id, payout_id = attempt.guild_id, attempt.payout_id
        try:
            listed = await payer.listed(attempt.group)
            sent = sent_for(attempt, listed)
            if sent is None and is_back(attempt, listed):
                raise TransferRefused(REVERSED)
            external_id = sent.external_id if sent else await payer.send(attempt)
        except TransferRefused as refusal:
            log.warning("Payout %s of guild %s was not sent: %s", payout_id, guild_id, refusal)
            await self._database.writer.perform(_refuse, attempt, refusal.code, self._clock(), has_witness)
            return True
        except ProviderError as error:
            log.warning("Nobody knows yet whether payout %s of guild %s was sent: %s", payout_id, guild_id, error)
            return False
        await self._record(attempt, external_id)
        return True

    async def _look_back(self, attempt: Transfer) -> int | None:
        """Note once if the money of a recorded transfer has gone back. Return when to look again."""
        now_ms = self._clock()
        if self._payer is None or attempt.why or now_ms - attempt.ended_ms >= LOOK_FOR_MS:
            return None
        try:
            listed = await self._payer.listed(attempt.group)
        except ProviderError as error:
            log.warning("Transfers of guild %s cannot be listed: %s", attempt.guild_id, error)
            return now_ms + AGAIN_MS
        if not has_gone_back(attempt, listed):
            return now_ms + LOOK_EVERY_MS
        log.warning("The transfer of payout %s of guild %s has gone back", attempt.payout_id, attempt.guild_id)
        await self._database.writer.perform(_note_reversed, attempt, now_ms)
        return None

    async def _record(self, attempt: Transfer, external_id: str) -> None:
        """Record that the money was sent. May be repeated."""
        guild_id, payout_id = attempt.guild_id, attempt.payout_id
        report = await self._payouts.find(guild_id, payout_id)
        if report.payout.is_open:
            by = await self._database.read(_member_of, guild_id, attempt.started_by)
            creator = (report.creator_id, payout_id, external_id, (report.payout.creator,), attempt.attempt)
            await self._payouts.record_sent(RecordPayout(guild_id, f"payout:{payout_id}:paid", by, *creator))
        await self._database.writer.perform(_note_sent, attempt, external_id, self._clock())


def _payer(providers: Sequence[Provider]) -> tuple[str, Payer | None]:
    for provider in providers:
        if isinstance(provider, PayingProvider) and provider.payer is not None:
            return provider.name, provider.payer
    return "", None


def _change_terms(c: Connection, guild_id: int, terms: TransferTerms | None, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    if guilds.rules(c, guild_id) is None:
        raise UnknownGuild
    before = transfers.terms(c, guild_id)
    transfers.save_terms(c, guild_id, terms)
    old, new = (each and each._asdict() for each in (before, terms))
    act = change(ActKind.PAYOUT_RULES, old, new, by=by, at_ms=now_ms, named_by=frozenset({"currency"}))
    staff_acts.add(c, guild_id, act)


def _holder_of_creator(c: Connection, guild_id: int, member_id: int) -> int:
    if not creators.is_creator(c, guild_id, member_id):
        raise NotFound("creator")
    return holders.ensure(c, guild_id, member_id)


def _member_of(c: Connection, guild_id: int, holder: int) -> int:
    return holders.member_ids(c, guild_id, [holder]).get(holder, 0)


def _payout(c: Connection, guild_id: int, payout_id: int) -> Payout:
    payout = payouts.payout(c, guild_id, payout_id)
    if payout is None:
        raise NotFound("payout")
    return payout


def _plan(c: Connection, guild_id: int, payout_id: int, by: int, now_ms: int) -> Transfer:
    """Return the next attempt to pay a payout, as it would be. Raise what keeps `by`, a member, from it."""
    payout, terms = _payout(c, guild_id, payout_id), transfers.terms(c, guild_id)
    holder = holders.holder_id(c, guild_id, by) or 0
    check_payment(payout, holder, wallets.debt_of(c, guild_id, payout.creator), payouts.rules(c, guild_id).people)
    check_creator_frozen(freezes.of_holders(c, [(guild_id, payout.creator)]).get((guild_id, payout.creator), ()))
    if terms is None:
        raise TransfersOff
    account = transfers.account(c, guild_id, payout.creator)
    if not account:
        raise PayeeNotReady
    before = transfers.last_attempt(c, guild_id, payout_id)
    number = before.attempt + 1 if before else 1
    amount_minor = terms.worth(payout.diamonds)
    return Transfer(guild_id, payout_id, number, account, amount_minor, terms.currency, holder, now_ms)


def _start(c: Connection, guild_id: int, payout_id: int, by: int, amount_minor: int, now_ms: int) -> Transfer:
    """Write the next attempt down, or return the one that is open."""
    guilds.lock(c, guild_id)
    payout = _payout(c, guild_id, payout_id)
    before = transfers.last_attempt(c, guild_id, payout_id)
    if payout.is_open and before is not None and before.state is TransferState.OPEN:
        return before
    holder = holders.ensure(c, guild_id, by)
    attempt = replace(_plan(c, guild_id, payout_id, by, now_ms), started_by=holder)
    if attempt.amount_minor != amount_minor:
        raise TransferChanged(attempt.amount_minor, attempt.currency)
    transfers.start(c, payout, attempt)
    deadlines.put(c, transfer_of(guild_id, payout_id, now_ms + FIRST_LOOK_MS))
    return attempt


def _refuse(c: Connection, attempt: Transfer, why: str, now_ms: int, has_witness: bool) -> None:
    guilds.lock(c, attempt.guild_id)
    payout = _payout(c, attempt.guild_id, attempt.payout_id)
    if payout.sending != attempt.attempt:
        return
    transfers.finish(c, attempt, now_ms, why=why)
    transfers.release(c, payout)
    people = holders.member_ids(c, attempt.guild_id, [attempt.started_by, payout.creator])
    by, creator = people[attempt.started_by], people[payout.creator]
    was, now = {"transfer": ""}, {"transfer": f"{attempt.amount_minor} {attempt.currency}: {why}"}
    act = StaffAct(by, ActKind.PAYOUT, now_ms, str(attempt.payout_id), creator, was, now)
    staff_acts.add(c, attempt.guild_id, act)
    if not has_witness:
        payouts.announce_again(c, attempt.guild_id, attempt.payout_id)
        deadlines.put(c, payout_requests_of(attempt.guild_id))


def _note_reversed(c: Connection, attempt: Transfer, now_ms: int) -> None:
    guilds.lock(c, attempt.guild_id)
    transfers.note_reversed(c, attempt)
    payout = _payout(c, attempt.guild_id, attempt.payout_id)
    creator = holders.member_ids(c, attempt.guild_id, [payout.creator])[payout.creator]
    was, now = {"transfer": attempt.external_id}, {"transfer": REVERSED}
    staff_acts.add(
        c, attempt.guild_id, StaffAct(NOBODY, ActKind.PAYOUT, now_ms, str(attempt.payout_id), creator, was, now)
    )


def _note_sent(c: Connection, attempt: Transfer, external_id: str, now_ms: int) -> None:
    guilds.lock(c, attempt.guild_id)
    payout = _payout(c, attempt.guild_id, attempt.payout_id)
    assert payout.state is PayoutState.PAID, attempt
    transfers.finish(c, attempt, now_ms, external_id=external_id)
