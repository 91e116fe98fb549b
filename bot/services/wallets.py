"""Wallets: what a member has, and where their coins came from and went."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain import text
from bot.domain.errors import InvalidText, UnknownGuild
from bot.domain.freezes import Freeze
from bot.domain.ledger.books import Decision
from bot.domain.ledger.grant import Grant
from bot.domain.levels import NO_LEVEL, LevelProgress, progress_of
from bot.domain.money import amount
from bot.domain.periods import Period, period_key_of
from bot.domain.receipts import Receipt
from bot.domain.wallets import Wallet, WalletLine
from bot.services.budgets import NO_STANDING, Standing, standing_of
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds.gifters import queries as gifters
from bot.storage.folds.leaderboards import queries
from bot.storage.ledger import holders
from bot.storage.ledger.batch import dry_run
from bot.storage.stores import chests, freezes, guilds, perk_spending, wallets

REASON_LENGTH = 200
"""The longest reason of a grant, in graphemes."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A member's wallet at a glance. `spent_this_month` is in coins, by the guild's calendar.

    Creators earn `share_percent` of the bought coins of a gift, and `promo_share_percent` of the promo coins.
    `freezes` say why the member is frozen. `budget` is what they let themselves spend.
    Promo coins that they share out are `in_chest`, and no part of the wallet.
    """

    wallet: Wallet
    spent_this_month: int
    lines: list[WalletLine]
    share_percent: int
    promo_share_percent: int
    progress: LevelProgress = NO_LEVEL
    freezes: tuple[Freeze, ...] = ()
    budget: Standing = NO_STANDING
    in_chest: int = 0


class Wallets:
    """The use-cases of wallets."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._expect_notice = expect_notice
        self._clock = clock

    async def overview(self, guild_id: int, member_id: int, *, lines: int = 5) -> Overview:
        """Return the wallet with its newest `lines` journal lines; raise UnknownGuild."""
        return await self._database.read_folded(guild_id, _overview, guild_id, member_id, lines, self._clock())

    async def grant(self, command: Grant) -> Receipt:
        """Give promo coins once per key. Raise InvalidText without a reason, and every refusal of grants."""
        receipt = await self._database.writer.submit(_cleaned(command))
        self._expect_notice(command.guild_id, command.member_id)
        return receipt

    async def preview_grant(self, command: Grant) -> Decision:
        """Return what a grant would do now; raise every refusal of grants."""
        return await self._database.read(dry_run, _cleaned(command), self._clock())


def check_reason(reason: str) -> str:
    """Return a reason as it is stored; raise InvalidText if nothing of it is left."""
    clean_reason = text.clean(reason, REASON_LENGTH)
    if not clean_reason:
        raise InvalidText("reason", REASON_LENGTH)
    return clean_reason


def _cleaned(command: Grant) -> Grant:
    return command._replace(amount=amount(command.amount), reason=check_reason(command.reason))


def _overview(connection: Connection, guild_id: int, member_id: int, lines: int, now_ms: int) -> Overview:
    rules = guilds.rules(connection, guild_id)
    if rules is None:
        raise UnknownGuild
    rules = rules.at(now_ms)
    holder = holders.holder_id(connection, guild_id, member_id) or 0
    zone = ZoneInfo(rules.time_zone)
    month = period_key_of(Period.MONTH, now_ms, zone)
    on_perks = perk_spending.by_month(connection, guild_id, holder, zone)[month]
    return Overview(
        wallet=wallets.wallet(connection, guild_id, member_id),
        spent_this_month=queries.spent(connection, guild_id, member_id, Period.MONTH, month) + on_perks,
        lines=wallets.lines(connection, guild_id, member_id, limit=lines),
        share_percent=rules.share_percent,
        promo_share_percent=rules.promo_share_percent,
        progress=progress_of(gifters.coins(connection, guild_id, holder)),
        freezes=freezes.of_member(connection, guild_id, member_id),
        budget=standing_of(connection, guild_id, member_id, now_ms),
        in_chest=chest.reserved if (chest := chests.open_of(connection, guild_id, holder)) is not None else 0,
    )
