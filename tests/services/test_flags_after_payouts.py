"""Flags and payouts over real books: what was paid out is not held, and nothing waits in its place."""

import random

import pytest

from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.domain.payouts import PayoutRules
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.ledger import holders
from tests.domain.earnings_account import Account
from tests.storage.town import ALICE, DAY, GUILD, MIA, ROB, WARM_HEART, Clock, buy, gift, order, settle_in

HELD_DAYS = {"manual": 0, "stripe": 15}
"""After how many midnights earnings are released."""


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Mia is a creator, and small payouts take one person."""
    await database.writer.perform(settle_in)
    services = build(database, [], clock)
    await services.payouts.change_rules(GUILD, PayoutRules(minimum=1, people=1), ROB)
    return services


class Show:
    """Gifts for Mia, whose share is five diamonds a piece, and what becomes of her earnings."""

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
        earnings = await self.desk.earnings.earnings(GUILD, MIA)
        return earnings.available, earnings.flagged


@pytest.fixture
def show(database: Database, desk: Services, clock: Clock) -> Show:
    return Show(database, desk, clock)


async def test_what_was_paid_out_before_the_flag_lets_later_earnings_go(show: Show) -> None:
    _, old = await show.give(20)
    await show.pay(await show.request(100))
    flag_id = await show.flag(old)
    await show.give(8)
    flag = await show.desk.flags.find(GUILD, flag_id)

    assert await show.sums() == (40, 0)
    assert (flag.seqs, flag.held) == ((old,), {})


async def test_what_a_payout_left_behind_waits_and_the_flag_says_how_much(show: Show) -> None:
    _, old = await show.give(20)
    await show.pay(await show.request(70))
    flag_id = await show.flag(old)
    await show.give(8)
    flag = await show.desk.flags.find(GUILD, flag_id)
    payout = await show.desk.payouts.request(GUILD, "all", MIA, 40)

    assert payout.payout.diamonds == 40
    assert await show.sums() == (0, 30)
    assert flag.held == {MIA: 30}


async def test_what_a_rejected_payout_gives_back_waits_again(show: Show) -> None:
    _, old = await show.give(20)
    payout = await show.request(100)
    await show.flag(old)
    await show.give(8)
    reserved = await show.sums()
    await show.desk.payouts.reject(GUILD, payout, ROB, "not yet")

    assert reserved == (40, 0)
    assert await show.sums() == (40, 100)


async def test_what_is_flagged_before_a_payout_waits_until_it_is_cleared(show: Show) -> None:
    _, old = await show.give(20)
    flag_id = await show.flag(old)
    await show.give(8)
    await show.pay(await show.request(40))
    during = await show.sums()
    await show.desk.flags.clear(GUILD, flag_id, ROB)

    assert during == (0, 100)
    assert await show.sums() == (100, 0)


async def test_a_refund_takes_nothing_in_the_place_of_what_was_paid_out(show: Show, database: Database) -> None:
    order_row, old = await show.give(20)
    await show.pay(await show.request(70))
    await show.flag(old)
    await show.give(8)
    holder = await database.read(holders.holder_id, GUILD, ALICE)
    assert holder is not None
    refund = Reverse(GUILD, "refund", ALICE, ALICE, order_row, "", holder_ids=(holder,), total=200, cause=Cause.REFUND)
    await database.writer.submit(refund)

    # The 30 that were left of it go back, and so does nothing of the 40 that came later.
    assert await show.sums() == (40, 0)
    assert (await show.desk.wallets.overview(GUILD, MIA)).wallet.earnings == 40


@pytest.mark.parametrize("seed", range(4))
async def test_any_history_of_payouts_and_flags_is_the_model_s(show: Show, clock: Clock, seed: int) -> None:
    chance, account = random.Random(seed), Account(now_ms=clock.now_ms)
    for _ in range(30):
        act = chance.choice(["earn", "earn", "pay", "reject", "flag", "sleep"])
        if act == "earn":
            pieces, provider = chance.randint(1, 50), chance.choice([*HELD_DAYS])
            _, seq = await show.give(pieces, provider)
            account.now_ms = clock.now_ms
            account.earn(5 * pieces, HELD_DAYS[provider], seq=seq)
        elif act in {"pay", "reject"} and account.available:
            diamonds = chance.choice([account.available, chance.randint(1, account.available)])
            payout = await show.request(diamonds)
            account.now_ms = clock.now_ms
            account.pay(diamonds, seq=payout)
            if act == "pay":
                await show.pay(payout)
            else:
                await show.desk.payouts.reject(GUILD, payout, ROB, "not yet")
                account.reject(diamonds)
        elif act == "flag" and account.pieces:
            seq = chance.choice(sorted(account.pieces))
            await show.flag(seq)
            account.now_ms = clock.now_ms
            account.flag(seq)
        elif act == "sleep":
            clock.now_ms += chance.choice([DAY // 3, DAY, 8 * DAY])
            account.now_ms = clock.now_ms
        assert await show.sums() == (account.available, sum(each.hold.diamonds for each in account.held))
    assert account.pieces
    assert account.flags
