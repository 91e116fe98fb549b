"""Test coins in the books: on accounts of their own, and on no board of a guild that sells for real money."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.accounts import REAL_COINS, TEST_COINS, TEST_KINDS
from bot.domain.leaderboards import Board
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.domain.periods import ALL_TIME, Period
from bot.domain.wallets import Wallet
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries
from bot.storage.ledger import holders
from bot.storage.sql.tables import balances
from bot.storage.stores import guilds, live, live_displays, lots, thanks, wallets
from tests.storage.conftest import findings
from tests.storage.town import ALICE, GUILD, MIA, NOON, Clock, buy, event, gift, grant, order


def worth_of_tests(c: Connection) -> int:
    """Return what all accounts of test coins add up to."""
    total = select(func.coalesce(func.sum(balances.c.amount), 0)).where(balances.c.kind.in_([*TEST_KINDS]))
    return int(c.execute(total).scalar_one())


async def buy_test_coins(books: Database) -> None:
    await buy(books, order(order_id=501, coins=100, test=True))


async def boards(books: Database) -> list[int]:
    """Return the coins of each board: of gifters, creators and gifts."""
    places = [
        await books.read_folded(GUILD, queries.leaderboard, GUILD, board, Period.ALL, ALL_TIME, viewer_id=ALICE)
        for board in (Board.GIFTERS, Board.CREATORS, Board.GIFTS)
    ]
    return [place.coins for place in places]


def sell_for_money(c: Connection) -> None:
    guilds.note_money(c, GUILD, NOON)


async def test_a_wallet_tells_test_coins_apart(books: Database, address: str):
    await buy(books, order(coins=20))
    await buy_test_coins(books)
    await books.writer.submit(grant("g", amount=5))
    await books.writer.submit(gift("a"))

    alice, mia = [await books.read(wallets.wallet, GUILD, member) for member in (ALICE, MIA)]
    lines = await books.read(wallets.lines, GUILD, ALICE, limit=3)
    worth = await books.read(worth_of_tests)
    await books.close()

    # The gift took 5 promo coins and 5 test coins.
    assert alice == Wallet(paid=20, test=95)
    assert mia == Wallet(test_earnings=2)
    assert [(line.amount, line.is_test) for line in lines] == [(-10, True), (5, False), (100, True)]
    # Only promo coins have come from outside.
    assert worth == 5
    assert findings(address) == []


@pytest.mark.parametrize("sells", [False, True], ids=["only tests", "real money"])
async def test_gifts_of_test_coins_count_only_where_nobody_can_pay_with_real_money(
    books: Database, address: str, sells: bool
):
    await buy(books, order(coins=20))
    await buy_test_coins(books)
    await books.writer.perform(live.insert, event(start_seq=2))
    if sells:
        await books.writer.perform(sell_for_money)
    trial = await books.writer.submit(gift("a", quantity=9, note="a test"))
    real_gift = await books.writer.submit(gift("b", quantity=2, note="for you"))
    if sells:
        # What was frozen on the gift counts, whatever the guild does later.
        await books.writer.perform(guilds.note_money, GUILD, None)

    before = await boards(books)
    page = await books.read(live_displays.gifts_after, event(), 0, 100)
    totals = await books.read_folded(GUILD, queries.event_totals, GUILD, 900)
    entries = await books.read(thanks.unthanked, GUILD, MIA)
    (fan,) = await books.read(thanks.with_notes, GUILD, MIA, entries)
    people = await books.read(holders.holder_ids, [(GUILD, ALICE), (GUILD, MIA)])
    await books.writer.submit(
        Reverse(GUILD, "undo", MIA, ALICE, trial.seq, "oh", holder_ids=(*people.values(),), item_id=trial.facts["item"])
    )
    after = await boards(books)
    await books.close()

    coins = 20 if sells else 110
    assert (trial.facts["test"], "test" in real_gift.facts) == (True, False)
    assert before == [coins] * 3
    assert [entry.seq for entry in page.gifts] == ([real_gift.seq] if sells else [trial.seq, real_gift.seq])
    assert totals.coins == coins
    assert fan.notes == (("for you",) if sells else ("for you", "a test"))
    assert after == [20] * 3
    assert findings(address) == []


async def test_a_refund_of_a_test_takes_no_other_coins(books: Database, address: str):
    await buy(books, order(coins=20))
    sale = await buy(books, order(order_id=501, coins=100, test=True))
    await books.writer.submit(gift("a", quantity=8))
    people = await books.read(holders.holder_ids, [(GUILD, ALICE)])
    holder = people[GUILD, ALICE]
    reversal = Reverse(GUILD, "refund", ALICE, ALICE, sale.seq, "", holder_ids=(holder,), total=100, cause=Cause.REFUND)

    receipt = await books.writer.submit(reversal)

    wallet = await books.read(wallets.wallet, GUILD, ALICE)
    await books.close()
    # 20 were unspent, and 40 are the house's share.
    assert (receipt.facts["paid"], receipt.facts["house"], receipt.facts["debt"]) == (20, 40, 40)
    assert wallet == Wallet(paid=20, test_debt=40)
    assert findings(address) == []


async def test_test_coins_are_in_lots_of_their_own(books: Database):
    real = await buy(books, order(coins=20))
    await buy_test_coins(books)
    await books.writer.submit(gift("a", quantity=2))

    people = await books.read(holders.holder_ids, [(GUILD, ALICE)])
    accounts = [(GUILD, coinage.wallet_of(people[GUILD, ALICE])) for coinage in (REAL_COINS, TEST_COINS)]
    held = await books.read(lots.lots_of, accounts)

    assert [held[account] for account in accounts] == [((real.seq, 20),), ((real.seq + 1, 80),)]


async def test_what_a_guild_sells_for_stays_when_its_settings_change(books: Database, clock: Clock):
    await books.writer.perform(sell_for_money)
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None

    await books.writer.perform(guilds.save, rules.changed(share_percent=70))
    clock.now_ms += 1_000
    await books.writer.perform(guilds.note_money, GUILD, clock.now_ms)

    assert await books.read(guilds.rules, GUILD) == replace(rules, share_percent=70)
