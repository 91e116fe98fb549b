"""Earnings: what creators have, how much of it waits, and for how long guilds let it wait."""

import logging
from collections.abc import Callable, Collection, Mapping

from bot.domain.earnings import Earnings
from bot.domain.errors import UnknownGuild
from bot.domain.holds import HOLD_DAYS, HoldRules, check_hold, day_of
from bot.domain.pending_earnings import POOLED
from bot.domain.shares import planned
from bot.domain.staff_acts import ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.earnings import hold_rules, queries
from bot.storage.ledger import holders
from bot.storage.stores import guilds, payouts, pending_earnings, staff_acts, wallets

log = logging.getLogger(__name__)


class CreatorEarnings:
    """The use-cases of earnings."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def earnings(self, guild_id: int, member_id: int) -> Earnings:
        """Return what a member has earned, even one who is no longer a creator. Raise UnknownGuild."""
        return await self._database.read_folded(guild_id, overview_of, guild_id, member_id, self._clock())

    async def hold_rules(self, guild_id: int) -> HoldRules:
        """Return for how long earnings wait in a guild."""
        return await self._database.read(hold_rules.rules, guild_id)

    async def hold(self, guild_id: int, days: Mapping[str, int], changed_by: int) -> None:
        """Set for how many days earnings from each provider wait, from the next gift on. Raise InvalidAmount."""
        checked = {provider: check_hold(count) for provider, count in days.items() if provider in HOLD_DAYS}
        await self._database.writer.perform(_hold, guild_id, checked, changed_by, self._clock())

    async def withheld(self) -> frozenset[str]:
        """Return the sources whose earnings wait until the operator confirms that creators are paid from them."""
        return await self._database.read(hold_rules.withheld)

    async def confirm(self, providers: Collection[str]) -> None:
        """Confirm that creators are paid from the money of these providers, and of no others that pay the operator."""
        if await self._database.writer.perform(hold_rules.confirm, providers):
            for provider in sorted(POOLED):
                state = "can be paid out" if provider in providers else "wait until you confirm payouts"
                log.info("Creators' earnings from %s %s", provider, state)


def overview_of(connection: Connection, guild_id: int, member_id: int, now_ms: int) -> Earnings:
    """Return what a member has earned, as far as gifts are counted. Raise UnknownGuild."""
    rules = guilds.rules(connection, guild_id)
    if rules is None:
        raise UnknownGuild
    rules = rules.at(now_ms)
    # Holder 0 belongs to nobody: it stands for members whom the books do not know.
    holder = holders.holder_id(connection, guild_id, member_id) or 0
    wallet = wallets.wallet(connection, guild_id, member_id)
    holds = pending_earnings.holds(connection, guild_id, holder, day_of(now_ms))
    by_source, anonymous = queries.sums(connection, guild_id, holder)
    return Earnings(
        total=max(wallet.earnings - queries.counted_later(connection, guild_id, holder), 0),
        today=day_of(now_ms),
        holds=holds.pieces,
        by_source=by_source,
        anonymous=anonymous,
        uncounted=queries.uncounted(connection, guild_id, holder),
        test=wallet.test_earnings,
        debt=wallet.debt,
        promo_share_percent=rules.promo_share_percent,
        planned_shares=planned(rules),
        counted_percent=folding.counted_percent(connection, guild_id),
        flags=holds.flags,
        reserved=wallet.reserved,
        paid_out=payouts.paid_out(connection, guild_id, holder),
    )


def _hold(connection: Connection, guild_id: int, days: Mapping[str, int], changed_by: int, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    rules = hold_rules.rules(connection, guild_id)
    for provider, count in days.items():
        if count != rules.current_days(provider):
            hold_rules.change(connection, guild_id, provider, count, changed_by, now_ms)
    before = {name: rules.current_days(name) for name in days}
    act = change(ActKind.HOLDS, before, days, by=changed_by, at_ms=now_ms)
    staff_acts.add(connection, guild_id, act)
