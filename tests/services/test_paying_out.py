"""Payouts over the books: what is reserved, who is told, and that nothing happens twice."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection, insert

from bot.domain.erasures import DataInUse, Obstacle
from bot.domain.errors import NotFound, Refusal
from bot.domain.ledger.reversal import Reverse
from bot.domain.notices import PayoutNotice
from bot.domain.payout_errors import (
    EarningsUncounted,
    OwnPayout,
    PayoutDecided,
    PayoutInDebt,
    PayoutNeedsAnother,
    PayoutOpen,
    PayoutTooLarge,
    PayoutTooSmall,
)
from bot.domain.payouts import PayoutRules, PayoutState
from bot.services.earnings import CreatorEarnings
from bot.services.notices import Notices
from bot.services.payouts import PayoutReport, Payouts
from bot.services.personal_data import PersonalData
from bot.storage.database import Database
from bot.storage.folds.earnings.lines import NAME
from bot.storage.ledger import holders
from bot.storage.sql.tables import deadlines, uncounted_rows
from bot.storage.stores import payouts as store
from tests.storage.town import ALICE, BOB, DAY, GUILD, MIA, NOON, ROB, Clock, buy, gift, order, settle_in


@pytest.fixture
async def books(database: Database) -> Database:
    """The books of a guild with creators, where payouts start at 10 diamonds."""
    await database.writer.perform(settle_in)
    await database.writer.perform(store.save_rules, GUILD, PayoutRules(minimum=10))
    return database


@pytest.fixture
def notices(books: Database, clock: Clock) -> Notices:
    return Notices(books, clock)


@pytest.fixture
def payouts(books: Database, clock: Clock, notices: Notices) -> Payouts:
    return Payouts(books, clock, notices.expect)


async def earn(books: Database, coins: int = 100, provider: str = "manual", order_id: int = 500) -> int:
    """Have Alice send Mia gifts for coins bought at a provider, and return the row. Half of it is Mia's."""
    await buy(books, order(order_id=order_id, coins=coins, provider=provider))
    receipt = await books.writer.submit(gift(f"gift {order_id}", quantity=coins // 10))
    return receipt.seq


async def undoing(books: Database, seq: int) -> Reverse:
    owners = tuple((await books.read(holders.holder_ids, [(GUILD, ALICE), (GUILD, MIA)])).values())
    return Reverse(GUILD, f"undo {seq}", ROB, ALICE, seq, "x", holder_ids=owners, item_id=3)


async def undo(books: Database, seq: int) -> None:
    await books.writer.submit(await undoing(books, seq))


async def sums(books: Database, clock: Clock) -> tuple[int, int, int, int, int]:
    """What Mia has available, held, reserved and paid out, and what she owes."""
    overview = await CreatorEarnings(books, clock).earnings(GUILD, MIA)
    return overview.available, overview.held, overview.reserved, overview.paid_out, overview.debt


async def news_of_mia(notices: Notices) -> list[PayoutState]:
    if not await notices.has_any(GUILD, MIA):
        return []
    async with notices.telling(GUILD, MIA) as news:
        return [notice.payout.state for notice in news if isinstance(notice, PayoutNotice)]


async def test_two_people_pay_a_creator_who_hears_of_each_step(
    books: Database, payouts: Payouts, notices: Notices, clock: Clock
):
    await earn(books)

    request = await payouts.request(GUILD, "i:1", MIA, 30)
    assert await sums(books, clock) == (20, 0, 30, 0, 0)
    assert await news_of_mia(notices) == []
    number = request.payout.payout_id
    approval = await payouts.approve(GUILD, number, ROB)
    assert await news_of_mia(notices) == [PayoutState.APPROVED]
    with pytest.raises(PayoutNeedsAnother):
        await payouts.record(GUILD, number, ROB, "TX-1")
    payment = await payouts.record(GUILD, number, BOB, " TX-1 ")

    assert (request.payout.state, approval.payout.state) == (PayoutState.REQUESTED, PayoutState.APPROVED)
    assert (payment.payout.state, payment.creator_id, payment.approved_by, payment.closed_by) == (
        PayoutState.PAID,
        MIA,
        ROB,
        BOB,
    )
    assert payment.note == "TX-1"
    assert await sums(books, clock) == (20, 0, 0, 30, 0)
    assert await news_of_mia(notices) == [PayoutState.PAID]
    assert await payouts.last_of(GUILD, MIA) == payment


async def test_a_request_counts_the_gifts_that_nobody_has_counted_yet(books: Database, payouts: Payouts, clock: Clock):
    await earn(books, 100, "stripe")
    await earn(books, 40, "manual", order_id=501)

    with pytest.raises(PayoutTooLarge) as refusal:
        await payouts.request(GUILD, "i:1", MIA, 21)
    await payouts.request(GUILD, "i:2", MIA, 20)

    assert refusal.value.available == 20
    assert await sums(books, clock) == (0, 50, 20, 0, 0)
    clock.now_ms += 15 * DAY
    assert await sums(books, clock) == (50, 0, 20, 0, 0)


async def test_the_question_counts_them_too(books: Database, payouts: Payouts):
    await earn(books, 40)
    with pytest.raises(PayoutTooLarge):
        await payouts.preview(GUILD, MIA, 21)
    await earn(books, 20, order_id=501)

    assert await payouts.preview(GUILD, MIA, None) == (30, 0)
    await earn(books, 20, order_id=502)
    assert await payouts.preview(GUILD, MIA, 35) == (35, 5)
    await payouts.request(GUILD, "i:1", MIA, 35)
    with pytest.raises(PayoutOpen):
        await payouts.preview(GUILD, MIA, None)
    with pytest.raises(PayoutTooSmall):
        await payouts.preview(GUILD, ALICE, None)


async def test_gifts_reversals_and_requests_at_once_never_pay_what_is_held(
    books: Database, payouts: Payouts, clock: Clock
):
    undo_available = await undoing(books, await earn(books, 100, "manual"))
    await buy(books, order(order_id=501, coins=100, provider="stripe"))

    # One after the other in the queue of the writer, before any of them is booked.
    await asyncio.gather(
        books.writer.submit(gift("held", quantity=10)),
        books.writer.submit(undo_available),
        *(payouts.request(GUILD, f"i:{number}", MIA, 50) for number in range(3)),
        return_exceptions=True,
    )

    assert await sums(books, clock) == (0, 50, 0, 0, 0)


async def test_of_many_requests_one_is_open_and_a_repeated_one_is_the_same(books: Database, payouts: Payouts):
    await earn(books)

    answers = await asyncio.gather(
        *(payouts.request(GUILD, f"i:{number}", MIA, 10) for number in range(4)), return_exceptions=True
    )

    open_ones = [answer for answer in answers if isinstance(answer, PayoutReport)]
    assert [type(answer) for answer in answers].count(PayoutOpen) == 3
    key = f"i:{answers.index(open_ones[0])}"
    assert await payouts.request(GUILD, key, MIA, 10) == open_ones[0] == await payouts.find_request(GUILD, key)
    assert await payouts.find_request(GUILD, "i:99") is None


async def test_nothing_is_paid_while_gifts_cannot_be_counted(books: Database, payouts: Payouts):
    seq = await earn(books)

    def skip(c: Connection) -> None:
        c.execute(insert(uncounted_rows).values(guild_id=GUILD, follower=NAME, seq=seq))

    def count_again(c: Connection) -> None:
        c.execute(uncounted_rows.delete())

    await books.writer.perform(skip)
    with pytest.raises(EarningsUncounted):
        await payouts.request(GUILD, "i:1", MIA, 10)
    await books.writer.perform(count_again)
    assert (await payouts.request(GUILD, "i:1", MIA, 10)).payout.diamonds == 10


async def test_a_gift_that_is_taken_back_after_the_payout_becomes_a_debt(
    books: Database, payouts: Payouts, clock: Clock
):
    seq = await earn(books)
    number = (await payouts.request(GUILD, "i:1", MIA, 40)).payout.payout_id
    await payouts.approve(GUILD, number, ROB)
    await payouts.record(GUILD, number, BOB, "TX-1")

    await undo(books, seq)

    assert await sums(books, clock) == (0, 0, 0, 40, 40)
    with pytest.raises(PayoutInDebt):
        await payouts.request(GUILD, "i:2", MIA, 10)


async def test_a_rejection_settles_what_is_owed_by_now(
    books: Database, payouts: Payouts, notices: Notices, clock: Clock
):
    seq = await earn(books)
    await earn(books, 40, "manual", order_id=501)
    number = (await payouts.request(GUILD, "i:1", MIA, 60)).payout.payout_id
    await undo(books, seq)
    with pytest.raises(PayoutInDebt):
        await payouts.approve(GUILD, number, ROB)
    assert (await payouts.find(GUILD, number)).debt == 40

    rejection = await payouts.reject(GUILD, number, ROB, "please ask again")

    assert (rejection.note, rejection.closed_by, rejection.debt) == ("please ask again", ROB, 0)
    assert await sums(books, clock) == (20, 0, 0, 0, 0)
    async with notices.telling(GUILD, MIA) as (news,):
        assert isinstance(news, PayoutNotice)
        assert news.end is not None
        assert (news.end.note, news.end.facts["payoff"]) == ("please ask again", 40)
    assert (await payouts.request(GUILD, "i:2", MIA, 20)).payout.state is PayoutState.REQUESTED


async def test_nobody_decides_about_their_own_but_may_take_it_back(books: Database, payouts: Payouts, notices: Notices):
    await earn(books)
    number = (await payouts.request(GUILD, "i:1", MIA, 40)).payout.payout_id

    for deed in (payouts.approve(GUILD, number, MIA), payouts.record(GUILD, number, MIA, "TX-1")):
        with pytest.raises(OwnPayout):
            await deed
    end = await payouts.reject(GUILD, number, MIA, "mistyped")

    assert end.payout.state is PayoutState.REJECTED
    assert await news_of_mia(notices) == []


@pytest.mark.parametrize("people", [1, 2])
async def test_one_person_is_enough_where_the_guild_trusts_one(books: Database, payouts: Payouts, people: int):
    await earn(books)
    await payouts.change_rules(GUILD, PayoutRules(40, people), ROB)
    with pytest.raises(PayoutTooSmall):
        await payouts.request(GUILD, "i:1", MIA, 39)
    number = (await payouts.request(GUILD, "i:2", MIA, 40)).payout.payout_id
    await payouts.approve(GUILD, number, ROB)

    if people == 1:
        assert (await payouts.record(GUILD, number, ROB, "TX-1")).payout.state is PayoutState.PAID
    else:
        with pytest.raises(PayoutNeedsAnother):
            await payouts.record(GUILD, number, ROB, "TX-1")
    assert await payouts.rules(GUILD) == PayoutRules(40, people)


async def test_presses_that_come_twice_or_from_two_change_nothing_more(books: Database, payouts: Payouts):
    await earn(books)
    number = (await payouts.request(GUILD, "i:1", MIA, 40)).payout.payout_id
    await payouts.approve(GUILD, number, ROB)
    with pytest.raises(PayoutDecided):
        await payouts.approve(GUILD, number, BOB)

    presses: list[tuple[str, Callable[[], Awaitable[PayoutReport]]]] = [
        ("TX-1", lambda: payouts.record(GUILD, number, BOB, "TX-1")),
        ("TX-1", lambda: payouts.record(GUILD, number, BOB, "TX-1")),
        ("TX-2", lambda: payouts.record(GUILD, number, BOB, "TX-2")),
        ("too late", lambda: payouts.reject(GUILD, number, ROB, "too late")),
    ]
    answers = await asyncio.gather(*(press() for _, press in presses), return_exceptions=True)

    # Each looks the payout up first, so any of them may be the first to decide.
    note = (await payouts.find(GUILD, number)).note
    assert note in {reference for reference, _ in presses}
    for (reference, _), answer in zip(presses, answers, strict=True):
        assert isinstance(answer, PayoutReport if reference == note else PayoutDecided), reference
    with pytest.raises(PayoutDecided):
        await payouts.record(GUILD, number, ALICE, note)


async def test_the_list_begins_with_what_waits(books: Database, payouts: Payouts, clock: Clock):
    await earn(books, 200)
    numbers: list[int] = []
    for key in range(3):
        numbers.append((await payouts.request(GUILD, f"i:{key}", MIA, 10)).payout.payout_id)
        if key < 2:
            await payouts.reject(GUILD, numbers[-1], ROB, "x")

    first_page = await payouts.page(GUILD, 0, 2)
    last_page = await payouts.page(GUILD, 9, 2)

    assert [report.payout.payout_id for report in first_page.reports] == [numbers[2], numbers[1]]
    assert ([report.payout.payout_id for report in last_page.reports], last_page.page, last_page.pages) == (
        [numbers[0]],
        1,
        2,
    )
    assert [report.payout.payout_id for report in await payouts.waiting(GUILD)] == [numbers[2]]


async def test_staff_are_told_of_a_request_once(books: Database, payouts: Payouts):
    await earn(books)
    number = (await payouts.request(GUILD, "i:1", MIA, 40)).payout.payout_id

    assert await payouts.unannounced(GUILD) == [number]
    kinds = await books.read(lambda c: [*c.execute(deadlines.select()).scalars("kind")])
    assert "payout_requests" in kinds
    await payouts.mark_announced(GUILD, [number])
    assert await payouts.unannounced(GUILD) == []


async def test_what_is_no_payout_is_not_found(payouts: Payouts):
    for number in (1, 2**70):
        with pytest.raises(NotFound):
            await payouts.find(GUILD, number)
    with pytest.raises(Refusal):
        await payouts.reject(GUILD, 1, ROB, "  ")
    assert await payouts.last_of(GUILD, MIA) is None
    assert NOON


async def test_the_data_of_a_creator_stays_as_long_as_a_payout_is_open(books: Database, payouts: Payouts, clock: Clock):
    data = PersonalData(books, clock, None)
    await earn(books)
    request = await payouts.request(GUILD, "i:1", MIA, 30)
    with pytest.raises(DataInUse) as refusal:
        await data.erase(GUILD, MIA)
    await payouts.approve(GUILD, request.payout.payout_id, ROB)
    with pytest.raises(DataInUse):
        await data.erase(GUILD, MIA)
    await payouts.reject(GUILD, request.payout.payout_id, BOB, "no account")

    assert refusal.value.obstacle is Obstacle.PAYOUT
    await data.erase(GUILD, MIA)
