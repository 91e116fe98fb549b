"""Freezing members: staff keep somebody from buying, gifting and being paid while a case that names them is open."""

import logging
from collections.abc import Callable
from typing import NamedTuple

from bot.domain.errors import NotFound
from bot.domain.flags import FlagOutcome
from bot.domain.freezes import CaseRef, CaseType, Freeze, NoFreeze, check_freezing, check_unfreezing
from bot.domain.notices import NoticeKind
from bot.domain.payment_cases import Outcome
from bot.domain.staff_errors import CaseDecided, FlagDecided, OwnCase, OwnFlag
from bot.services.wallets import check_reason
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import flags, freezes, guilds, notices, orders, payment_cases, staff_acts

log = logging.getLogger(__name__)


class CaseFreezes(NamedTuple):
    """What a case has to do with freezes. `named` are the members whom it names, `frozen` those who are frozen for it.

    `is_open` says whether somebody can be frozen because of it.
    """

    case: CaseRef
    is_open: bool
    named: tuple[int, ...]
    frozen: dict[int, Freeze]


class Freezes:
    """The use-cases of freezing."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect_notice = expect_notice

    async def of_case(self, guild_id: int, case: CaseRef) -> CaseFreezes:
        """Return whom a case names, and who is frozen because of it. Raise NotFound."""
        return await self._database.read(_of_case, guild_id, case)

    async def freeze(self, guild_id: int, case: CaseRef, member_id: int, *, by: int, reason: str) -> None:
        """Freeze a member while a case is open, for a reason that they read; again, to change the reason.

        Raise InvalidText, NotFound, CaseDecided, FlagDecided, OwnFreeze, OwnCase, OwnFlag, or NotInCase.
        """
        args = (guild_id, case, member_id, by, check_reason(reason), self._clock())
        await self._database.writer.perform(_freeze, *args)
        self._expect_notice(guild_id, member_id)
        log.info("Member %s of guild %s was frozen by member %s: %s %s", member_id, guild_id, by, *case)

    async def unfreeze(self, guild_id: int, case: CaseRef, member_id: int, *, by: int, reason: str) -> None:
        """End the freeze of a member that hangs on a case.

        Raise InvalidText, NotFound, NoFreeze, OwnFreeze, OwnCase, or OwnFlag.
        """
        args = (guild_id, case, member_id, by, check_reason(reason), self._clock())
        await self._database.writer.perform(_unfreeze, *args)
        self._expect_notice(guild_id, member_id)
        log.info("Member %s of guild %s was unfrozen by member %s: %s %s", member_id, guild_id, by, *case)


def _of_case(c: Connection, guild_id: int, case: CaseRef) -> CaseFreezes:
    is_open, named = _facts(c, guild_id, case)
    frozen = freezes.of_case(c, guild_id, case)
    members = holders.member_ids(c, guild_id, frozen)
    read = freezes.as_read(c, guild_id, list(frozen.values()))
    by_member = {members.get(holder, 0): freeze for holder, freeze in zip(frozen, read, strict=True)}
    return CaseFreezes(case, is_open, named, by_member)


def _freeze(c: Connection, guild_id: int, case: CaseRef, member_id: int, by: int, reason: str, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    is_open, named = _facts(c, guild_id, case)
    check_freezing(member_id, by, named)
    _check_not_named(case, by, named)
    if not is_open:
        raise CaseDecided(case.number) if case.type is CaseType.PAYMENT else FlagDecided(case.number)
    holder = holders.ensure(c, guild_id, member_id)
    earlier = freezes.of_case(c, guild_id, case).get(holder)
    if earlier is not None and earlier.reason == reason:
        return
    freezes.add(c, guild_id, holder, Freeze(case, reason, now_ms, holders.ensure(c, guild_id, by)))
    act = freezes.act_of(case, member_id, by=by, at_ms=now_ms, was=False, now=True, reason=reason)
    staff_acts.add(c, guild_id, act)
    notices.add(c, guild_id, member_id, NoticeKind.FREEZE, now_ms)


def _unfreeze(c: Connection, guild_id: int, case: CaseRef, member_id: int, by: int, reason: str, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    _, named = _facts(c, guild_id, case)
    check_unfreezing(member_id, by)
    _check_not_named(case, by, named)
    holder = holders.holder_id(c, guild_id, member_id) or 0
    if not freezes.remove(c, guild_id, holder, case, now_ms):
        raise NoFreeze(member_id)
    act = freezes.act_of(case, member_id, by=by, at_ms=now_ms, was=True, now=False, reason=reason)
    staff_acts.add(c, guild_id, act)


def _check_not_named(case: CaseRef, by: int, named: tuple[int, ...]) -> None:
    if by in named:
        raise OwnCase if case.type is CaseType.PAYMENT else OwnFlag


def _facts(c: Connection, guild_id: int, case: CaseRef) -> tuple[bool, tuple[int, ...]]:
    """Return whether a case is open, and the members whom it names. Raise NotFound."""
    if case.type is CaseType.FLAG:
        flag = flags.flag(c, guild_id, case.number)
        if flag is None:
            raise NotFound("flag")
        return flag.outcome is FlagOutcome.NONE, tuple(filter(None, flag.members))
    payment_case = payment_cases.case(c, guild_id, case.number)
    if payment_case is None:
        raise NotFound("case")
    order = orders.order(c, guild_id, payment_case.order_id)
    return payment_case.outcome is Outcome.NONE, (order.member_id,) if order is not None else ()
