"""What the writer's projections tell: wallets, their lines, leaderboards and receipts."""

from typing import Any

from sqlalchemy import update

from bot.domain.leaderboards import Board, Leaderboard, Standing
from bot.domain.live import EventTotals
from bot.domain.periods import ALL_TIME, Period
from bot.domain.wallets import Wallet
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries
from bot.storage.ledger import journal
from bot.storage.sql.tables import holders, notes
from bot.storage.stores import guilds, live, wallets
from tests.storage.town import (
    ALICE,
    BOB,
    DAY,
    GUILD,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    OTHER_GUILD,
    PAPER_CRANE,
    PETAL,
    ROB,
    WARM_HEART,
    Clock,
    buy,
    event,
    gift,
    grant,
    order,
)


async def board(books: Database, which: Board = Board.GIFTERS, **options: Any) -> Leaderboard:
    """Return the board of all time as Alice sees it."""
    options = {"viewer_id": ALICE, "period": Period.ALL, "bucket": ALL_TIME} | options
    period, bucket = options.pop("period"), options.pop("bucket")
    return await books.read_folded(GUILD, queries.leaderboard, GUILD, which, period, bucket, **options)


def erase(c: Connection, member_id: int) -> None:
    """Do to the books what an erasure does."""
    c.execute(update(holders).where(holders.c.user_id == member_id).values(user_id=None))
    c.execute(notes.delete())


async def test_a_stranger_has_an_empty_wallet(books: Database):
    assert await books.read(wallets.wallet, GUILD, ALICE) == Wallet()
    assert await books.read(wallets.lines, GUILD, ALICE, limit=5) == []


async def test_a_wallet_tells_paid_promo_and_earned_coins_apart(books: Database):
    await buy(books, order())
    await books.writer.submit(grant("g", amount=5))
    await books.writer.submit(gift("a"))

    assert await books.read(wallets.wallet, GUILD, ALICE) == Wallet(paid=345, promo=0)
    assert await books.read(wallets.wallet, GUILD, MIA) == Wallet(earnings=2)
    assert (await books.read(wallets.wallet, GUILD, ALICE)).total == 345
    assert await books.read(wallets.wallet, OTHER_GUILD, ALICE) == Wallet()


async def test_lines_come_newest_first_and_page_backwards(books: Database):
    await buy(books, order())
    await books.writer.submit(grant("g", amount=5))
    await books.writer.submit(gift("a", note="for you"))

    newest = await books.read(wallets.lines, GUILD, ALICE, limit=2)
    older = await books.read(wallets.lines, GUILD, ALICE, limit=2, before_seq=newest[-1].seq)

    assert [(line.seq, line.kind, line.amount, line.earned) for line in newest] == [
        (3, "gift", -10, 0),
        (2, "grant", 5, 0),
    ]
    assert [(line.seq, line.kind, line.amount) for line in older] == [(1, "order", 350)]
    assert newest[0].receipt == await books.read(journal.receipt, GUILD, 3)


async def test_a_creators_line_tells_what_was_earned(books: Database):
    await buy(books, order())
    await books.writer.submit(gift("a", quantity=3))

    (line,) = await books.read(wallets.lines, GUILD, MIA, limit=5)

    assert (line.kind, line.amount, line.earned) == ("gift", 0, 15)
    assert (line.receipt.actor_id, line.receipt.other_id) == (ALICE, MIA)


async def test_receipts_read_later_say_what_was_said_at_first(books: Database):
    receipts = [await buy(books, order())]
    receipts.append(await books.writer.submit(grant("g")))
    receipts.append(await books.writer.submit(gift("a", note="for you", anonymous=True)))

    assert await books.read(journal.after, GUILD, 0, 10) == receipts
    assert await books.read(journal.after, GUILD, 1, 1) == receipts[1:2]
    assert await books.read(journal.find, GUILD, "a") == receipts[2]
    assert await books.read(journal.receipt, GUILD, 2) == receipts[1]
    assert await books.read(journal.find, GUILD, "b") is None
    assert await books.read(journal.receipt, GUILD, 4) is None


async def test_an_erased_member_is_nobody_and_every_sum_stays(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a", note="for you"))

    await books.writer.perform(erase, ALICE)

    receipt = await books.read(journal.find, GUILD, "a")
    assert receipt is not None
    assert (receipt.actor_id, receipt.other_id, receipt.note) == (0, MIA, "")
    assert (await board(books)).standings == (Standing(1, 0, 10, 1),)
    assert await books.read(wallets.wallet, GUILD, ALICE) == Wallet()


async def test_a_member_who_comes_back_after_erasure_starts_anew(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.perform(erase, ALICE)

    receipt = await books.writer.submit(grant("again", amount=7))

    assert receipt.balance == 7


async def test_gifts_rank_gifters_creators_and_items(books: Database):
    await books.writer.submit(grant("g1", amount=500))
    await books.writer.submit(grant("g2", amount=500, member_id=BOB))
    await books.writer.submit(gift("a", quantity=3))
    await books.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH, item_id=PAPER_CRANE))

    assert await board(books) == Leaderboard(
        Board.GIFTERS,
        Period.ALL,
        (Standing(1, BOB, 99, 1), Standing(2, ALICE, 30, 3)),
        own=Standing(2, ALICE, 30, 3),
        places=2,
        coins=129,
    )
    assert (await board(books, Board.CREATORS)).standings == (Standing(1, NOAH, 99, 1), Standing(2, MIA, 30, 3))
    items = await board(books, Board.GIFTS)
    assert items.standings == (Standing(1, PAPER_CRANE, 99, 1), Standing(2, WARM_HEART, 30, 3))
    assert items.own is None


async def test_fans_are_ranked_per_creator(books: Database):
    await books.writer.submit(grant("g1"))
    await books.writer.submit(grant("g2", member_id=BOB))
    await books.writer.submit(gift("a"))
    await books.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH))

    assert (await board(books, fans_of=NOAH)).standings == (Standing(1, BOB, 10, 1),)
    assert (await board(books, fans_of=NOAH)).own is None
    assert (await board(books, fans_of=ROB)).places == 0
    assert (await board(books, fans_of=99)) == Leaderboard(Board.GIFTERS, Period.ALL, (), None, 0, 0)


async def test_among_equals_whoever_was_there_first_is_ahead(books: Database):
    for member in range(100, 106):
        await books.writer.submit(grant(f"g{member}", member_id=member))
    for member in (103, 101, 105, 100, 104, 102):
        await books.writer.submit(gift(f"a{member}", sender_id=member))

    page = await board(books, viewer_id=104, offset=2, limit=3)

    assert [standing.subject_id for standing in page.standings] == [105, 100, 104]
    assert [standing.place for standing in page.standings] == [3, 4, 5]
    assert page.own == Standing(5, 104, 10, 1)
    assert (page.places, page.coins) == (6, 60)


async def test_each_period_counts_its_own_gifts(books: Database, clock: Clock):
    await books.writer.submit(grant("g"))
    sums: list[tuple[int, ...]] = []
    for number, (pause, day, week, month) in enumerate(
        ((0, 20260205, 202606, 202602), (1, 20260206, 202606, 202602), (3, 20260209, 202607, 202602),
         (20, 20260301, 202609, 202603))
    ):  # fmt: skip
        clock.now_ms += pause * DAY
        await books.writer.submit(gift(f"a{number}", quantity=number + 1))
        periods = ((Period.TODAY, day), (Period.WEEK, week), (Period.MONTH, month), (Period.ALL, ALL_TIME))
        sums.append(tuple([(await board(books, period=period, bucket=bucket)).coins for period, bucket in periods]))

    assert sums == [(10, 10, 10, 10), (20, 30, 30, 30), (30, 30, 60, 60), (40, 40, 40, 100)]
    assert await books.read_folded(GUILD, queries.spent, GUILD, ALICE, Period.MONTH, 202603) == 40
    assert await books.read_folded(GUILD, queries.spent, GUILD, BOB, Period.MONTH, 202603) == 0


async def test_buckets_follow_the_guilds_time_zone_even_when_it_changes(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a"))
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, rules.changed(time_zone="Pacific/Kiritimati"))
    await books.writer.submit(gift("b"))

    assert (await board(books, period=Period.TODAY, bucket=20260206)).coins == 10
    assert (await board(books, period=Period.WEEK, bucket=202606)).coins == 20


async def test_a_live_event_adds_up_what_was_given_in_it(books: Database, clock: Clock):
    await books.writer.submit(grant("g1", amount=500))
    await books.writer.submit(grant("g2", amount=500, member_id=BOB))
    await books.writer.submit(gift("before"))
    await books.writer.perform(live.insert, event())
    await books.writer.submit(gift("during", quantity=2))
    await books.writer.submit(gift("hidden", sender_id=BOB, anonymous=True, item_id=PAPER_CRANE))
    receipt = await books.writer.submit(gift("elsewhere", creator_id=NOAH))
    clock.now_ms = event().ends_ms
    await books.writer.submit(gift("after"))

    totals = await books.read_folded(GUILD, queries.event_totals, GUILD, 900)

    assert totals == EventTotals(119, 3, 1, (Standing(1, ALICE, 20, 2),))
    assert receipt.facts["event"] == 0
    during = await books.read(journal.find, GUILD, "during")
    assert during is not None
    assert during.facts["live_channel"] == LIVE_CHANNEL


async def test_an_anonymous_gift_is_on_no_public_board_but_counts_as_spent(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a", anonymous=True))

    assert (await board(books)).places == 0
    assert (await board(books, Board.CREATORS)).coins == 10
    assert await books.read_folded(GUILD, queries.spent, GUILD, ALICE, Period.ALL, ALL_TIME) == 10


async def test_a_gift_of_promo_coins_ranks_a_creator_who_earns_nothing(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a", item_id=PETAL))

    assert (await board(books, Board.CREATORS)).standings == (Standing(1, MIA, 1, 1),)
    assert await books.read(wallets.wallet, GUILD, MIA) == Wallet()
