"""Flags and payouts over real books: what was paid out is not held, and nothing waits in its place."""

import random

import pytest

from bot.domain.pending_earnings import POOLED
from bot.storage.database import Database
from tests.domain.earnings_account import Account
from tests.services.earning import Show, open_desk
from tests.storage.test_held_earnings_in_books import problems
from tests.storage.town import DAY, GUILD, MIA, ROB, Clock

HELD_DAYS = {"manual": 0, "stripe": 15}
"""After how many midnights earnings are released."""


@pytest.fixture
async def show(database: Database, clock: Clock) -> Show:
    return Show(database, await open_desk(database, clock), clock)


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


async def test_a_refund_takes_nothing_in_the_place_of_what_was_paid_out(show: Show) -> None:
    order_row, old = await show.give(20)
    await show.pay(await show.request(70))
    await show.flag(old)
    await show.give(8)
    await show.refund(order_row, 200)

    # The 30 that were left of it go back, and so does nothing of the 40 that came later.
    assert await show.sums() == (40, 0)
    assert (await show.desk.wallets.overview(GUILD, MIA)).wallet.earnings == 40


@pytest.mark.parametrize("seed", range(4))
async def test_any_history_of_payouts_and_flags_is_the_model_s(show: Show, clock: Clock, seed: int) -> None:
    chance, account = random.Random(seed), Account(now_ms=clock.now_ms, withheld=POOLED)
    # With no hold, something is earned and released on the day of a payout.
    held_days = HELD_DAYS | {"discord_sku": 0 if seed % 2 else 3}
    await show.desk.earnings.hold(GUILD, {"discord_sku": max(held_days["discord_sku"] - 1, 0)}, ROB)
    for _ in range(40):
        act = chance.choice(["earn", "earn", "earn", "pay", "pay", "reject", "flag", "sleep", "operator"])
        if act == "earn":
            pieces, provider = chance.randint(1, 50), chance.choice([*held_days])
            _, seq = await show.give(pieces, provider)
            account.now_ms = clock.now_ms
            account.earn(5 * pieces, held_days[provider], seq=seq, source=provider)
        elif act == "operator":
            account.withheld = frozenset() if account.withheld else POOLED
            await show.desk.earnings.confirm(POOLED - account.withheld)
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
        assert await show.withheld() == account.withheld_sum
    assert account.pieces
    assert account.flags
    assert await problems(show.database) == []
