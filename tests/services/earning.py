"""Gifts that earn a creator something, payouts, and earnings that wait for staff or the operator."""

from bot.domain.earnings import Earnings
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.domain.payouts import PayoutRules
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.ledger import holders
from tests.storage.town import ALICE, GUILD, MIA, ROB, WARM_HEART, Clock, buy, gift, order, settle_in


async def open_desk(database: Database, clock: Clock) -> Services:
    """Open books in which Mia is a creator, and small payouts take one person."""
    await database.writer.perform(settle_in)
    services = build(database, [], clock)
    await services.payouts.change_rules(GUILD, PayoutRules(minimum=1, people=1), ROB)
    return services


class Show:
    """Gifts for Mia, whose share is five diamonds a piece, and her earnings."""

    def __init__(self, database: Database, desk: Services, clock: Clock) -> None:
        self.database, self.desk, self.clock = database, desk, clock
        self.gifts = 0

    async def give(self, pieces: int, provider: str = "manual") -> tuple[int, int]:
        """Buy just the coins for a gift and send it; return the rows of the order and of the gift."""
        self.gifts += 1
        self.clock.now_ms += 1
        purchase = order(order_id=600 + self.gifts, coins=10 * pieces, provider=provider)
        credit = await buy(self.database, purchase)
        command = gift(f"gift {self.gifts}", item_id=WARM_HEART, quantity=pieces)
        return credit.seq, (await self.database.writer.submit(command)).seq

    async def request(self, diamonds: int) -> int:
        """Ask for a payout; return its number."""
        self.clock.now_ms += 1
        report = await self.desk.payouts.request(GUILD, f"ask {self.clock.now_ms}", MIA, diamonds)
        return report.payout.payout_id

    async def pay(self, payout: int) -> None:
        await self.desk.payouts.approve(GUILD, payout, ROB)
        await self.desk.payouts.record(GUILD, payout, ROB, "bank 7")

    async def flag(self, seq: int) -> int:
        """Flag a gift by hand; return the number of the flag."""
        self.clock.now_ms += 1
        return (await self.desk.flags.open_manually(GUILD, seq, ROB, "odd")).flag_id

    async def sums(self) -> tuple[int, int]:
        """Return what is available to Mia, and what flags hold."""
        earnings = await self.earnings()
        return earnings.available, earnings.flagged

    async def withheld(self) -> int:
        """Return the earnings that wait only for the operator."""
        return sum((await self.earnings()).withheld_by_source().values())

    async def earnings(self) -> Earnings:
        return await self.desk.earnings.earnings(GUILD, MIA)

    async def refund(self, order_row: int, coins: int) -> Receipt:
        """Have the provider say that all coins of an order went back."""
        holder = await self.database.read(holders.holder_id, GUILD, ALICE)
        assert holder is not None
        cause = Cause.REFUND
        command = Reverse(GUILD, "refund", ALICE, ALICE, order_row, "", holder_ids=(holder,), total=coins, cause=cause)
        return await self.database.writer.submit(command)
