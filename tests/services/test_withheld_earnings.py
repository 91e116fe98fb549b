"""Earnings from purchases on Discord, over real books: they wait for the operator, who may confirm payouts and take
that back."""

import pytest
from sqlalchemy import Connection, delete

from bot.domain.payout_errors import PayoutTooSmall
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.sql.tables import marks
from tests.services.earning import Show, open_desk
from tests.storage.test_held_earnings_in_books import problems
from tests.storage.town import DAY, GUILD, MIA, ROB, Clock

DISCORD = "discord_sku"
LONG_AGO = 60 * DAY
"""After that, no payment is young."""


@pytest.fixture
async def show(database: Database, clock: Clock) -> Show:
    return Show(database, await open_desk(database, clock), clock)


async def test_it_is_held_without_a_date_until_the_operator_has_confirmed_payouts(show: Show, clock: Clock) -> None:
    await show.give(20, DISCORD)
    young, releases = await show.withheld(), (await show.earnings()).releases()
    clock.now_ms += LONG_AGO
    old = await show.withheld()
    with pytest.raises(PayoutTooSmall):
        await show.request(1)
    with pytest.raises(PayoutTooSmall):
        await show.desk.payouts.preview(GUILD, MIA, None)

    await show.desk.earnings.confirm([DISCORD])
    await show.request(100)

    assert (young, releases, old) == (100, [], 100)
    assert await show.sums() == (0, 0)
    assert await show.withheld() == 0


async def test_once_confirmed_it_waits_for_its_day_like_the_rest(show: Show) -> None:
    await show.give(20, DISCORD)
    await show.desk.earnings.confirm([DISCORD])
    earnings = await show.earnings()

    assert (earnings.available, earnings.held_by_source()[DISCORD].diamonds) == (0, 100)
    assert len(earnings.releases()) == 1


async def test_a_request_pays_from_the_rest_and_writes_down_what_it_left_alone(show: Show, clock: Clock) -> None:
    await show.give(20, DISCORD)
    await show.give(8, "manual")
    clock.now_ms += LONG_AGO
    payout = await show.request(40)
    await show.pay(payout)
    receipt = await show.database.read(journal.receipt, GUILD, payout)
    before = await show.withheld()
    await show.desk.earnings.confirm([DISCORD])

    assert receipt is not None
    assert receipt.facts == {"coins": 40, "withheld": [DISCORD]}
    assert before == 100
    assert await show.sums() == (100, 0)
    assert await problems(show.database) == []


async def test_what_was_paid_while_it_was_confirmed_keeps_nothing_else_back_afterwards(
    show: Show, clock: Clock
) -> None:
    await show.desk.earnings.confirm([DISCORD])
    await show.give(20, DISCORD)
    clock.now_ms += LONG_AGO
    await show.pay(await show.request(70))
    await show.desk.earnings.confirm([])
    await show.give(8, "manual")

    assert (await show.withheld(), await show.sums()) == (30, (40, 0))


async def test_what_was_earned_on_the_day_of_a_payout_and_after_it_waits_as_a_whole(show: Show) -> None:
    await show.desk.earnings.hold(GUILD, {DISCORD: 0}, ROB)
    await show.desk.earnings.confirm([DISCORD])
    await show.give(20, DISCORD)
    await show.pay(await show.request(100))
    await show.give(8, DISCORD)
    await show.desk.earnings.confirm([])
    await show.give(4, "manual")

    assert (await show.withheld(), await show.sums()) == (40, (20, 0))


async def test_what_was_paid_before_there_was_such_a_word_keeps_nothing_else_back(show: Show, clock: Clock) -> None:
    await show.desk.earnings.confirm([DISCORD])
    await show.give(20, DISCORD)
    clock.now_ms += LONG_AGO
    await show.pay(await show.request(100))
    # Old books have no confirmation by the operator, and their requests do not mention one.
    await show.database.writer.perform(_forget)
    await show.give(8, "manual")
    await show.give(4, DISCORD)

    assert (await show.withheld(), await show.sums()) == (20, (40, 0))
    assert await problems(show.database) == []


async def test_a_refund_takes_what_waits_for_the_operator_however_old_it_is(show: Show, clock: Clock) -> None:
    order_row, _ = await show.give(20, DISCORD)
    await show.give(8, "manual")
    clock.now_ms += LONG_AGO
    refund = await show.refund(order_row, 200)

    assert refund.facts["earnings"] == 100
    assert (await show.withheld(), await show.sums()) == (0, (40, 0))
    assert await problems(show.database) == []


async def test_a_refund_takes_nothing_of_what_was_paid_out_before(show: Show, clock: Clock) -> None:
    await show.desk.earnings.confirm([DISCORD])
    order_row, _ = await show.give(20, DISCORD)
    clock.now_ms += LONG_AGO
    await show.pay(await show.request(70))
    await show.desk.earnings.confirm([])
    await show.give(8, "manual")
    refund = await show.refund(order_row, 200)

    assert refund.facts["earnings"] == 30
    assert (await show.withheld(), await show.sums()) == (0, (40, 0))


async def test_what_is_flagged_waits_for_staff_and_then_for_the_operator(show: Show, clock: Clock) -> None:
    _, old = await show.give(20, DISCORD)
    clock.now_ms += LONG_AGO
    flag_id = await show.flag(old)
    during = await show.withheld(), await show.sums()
    await show.desk.flags.clear(GUILD, flag_id, ROB)

    assert during == (0, (0, 100))
    assert (await show.withheld(), await show.sums()) == (100, (0, 0))


def _forget(c: Connection) -> None:
    c.execute(delete(marks))
