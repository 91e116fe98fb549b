"""The writer: each key once, each refusal to its own caller, and nothing half done."""

import asyncio
import logging
import random
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.util import await_only

from bot.domain.catalogue import GiftItem
from bot.domain.errors import BooksClosed, Busy, InvalidText, NotEnoughCoins, NotFound, UnknownGuild
from bot.domain.ids import LONGEST_KEY
from bot.domain.ledger.order import CreditOrder
from bot.domain.order_states import OrderState
from bot.domain.receipts import Receipt
from bot.storage.connect.address import database_url
from bot.storage.connect.replication import Replication
from bot.storage.database import Database, transactions_of
from bot.storage.folds import folding
from bot.storage.ledger import holders, journal
from bot.storage.ledger.writer import Writer
from bot.storage.sql.tables import holders as holders_table
from bot.storage.stores import app_state, catalogue, creators, orders, wallets
from tests.storage.town import ALICE, BOB, GUILD, NOON, OTHER_GUILD, ROB, Clock, buy, credit, gift, grant, order


async def balance(books: Database, member_id: int = ALICE) -> int:
    return (await books.read(wallets.wallet, GUILD, member_id)).total


async def test_the_same_key_later_charges_once_and_answers_the_same(books: Database):
    await books.writer.submit(grant("g"))
    first = await books.writer.submit(gift("a", note="hi"))

    again = await books.writer.submit(gift("a", note="hi"))

    assert again == first._replace(replayed=True)
    assert not first.replayed
    assert await balance(books) == 90


async def test_the_same_key_in_one_batch_charges_once(books: Database):
    await books.writer.submit(grant("g"))

    receipts = await asyncio.gather(*(books.writer.submit(gift("a")) for _ in range(5)))

    assert [receipt.replayed for receipt in receipts] == [False, True, True, True, True]
    assert {receipt.seq for receipt in receipts} == {2}
    assert await balance(books) == 90


async def test_keys_hold_across_a_restart_whatever_the_order_of_repeats(address: str, books: Database, clock: Clock):
    await books.writer.submit(grant("g", amount=1_000))
    commands = [gift(f"a{number}") for number in range(20)] * 5
    random.Random(7).shuffle(commands)
    before = await asyncio.gather(*map(books.writer.submit, commands[:50]))
    await books.close()

    reopened = await Database.open(address, clock=clock)
    after = await asyncio.gather(*map(reopened.writer.submit, commands[50:]))
    coins_left = await balance(reopened)
    await reopened.close()

    assert coins_left == 1_000 - 20 * 10
    rows = {receipt.seq for receipt in (*before, *after) if not receipt.replayed}
    assert rows == set(range(2, 22))


async def test_a_key_of_somebody_elses_gift_is_not_their_receipt(books: Database):
    await books.writer.submit(grant("g"))
    await books.writer.submit(gift("a"))

    with pytest.raises(NotFound):
        await books.writer.submit(gift("a", sender_id=BOB))


async def test_a_key_of_another_kind_of_command_is_not_a_receipt(books: Database):
    await books.writer.submit(grant("g"))

    with pytest.raises(NotFound):
        await books.writer.submit(gift("g", sender_id=ROB))


async def test_keys_of_different_guilds_do_not_meet(books: Database):
    await books.writer.submit(grant("g"))

    with pytest.raises(UnknownGuild):
        await books.writer.submit(grant("g", guild_id=OTHER_GUILD))


async def test_a_refusal_reaches_its_own_caller_only(books: Database):
    await books.writer.submit(grant("g", amount=25))

    answers = await asyncio.gather(
        *(books.writer.submit(gift(f"a{number}")) for number in range(4)), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [Receipt, Receipt, NotEnoughCoins, NotEnoughCoins]
    assert answers[2] == NotEnoughCoins(balance=5, needed=10)
    assert await balance(books) == 5


async def test_a_member_who_was_only_refused_is_not_in_the_books(books: Database):
    with pytest.raises(NotEnoughCoins):
        await books.writer.submit(gift("a", sender_id=BOB))

    assert await books.read(holders.holder_id, GUILD, BOB) is None


async def test_later_commands_of_a_batch_see_what_earlier_ones_did(books: Database):
    grant_receipt, gift_receipt = await asyncio.gather(
        books.writer.submit(grant("g")), books.writer.submit(gift("a", quantity=10))
    )

    assert (grant_receipt.balance, gift_receipt.balance) == (100, 0)


async def test_limited_stock_is_sold_as_often_as_there_is_some(books: Database):
    await books.writer.perform(catalogue.save, GiftItem(GUILD, 100, "Rare", "💎", 1, stock=3))
    await books.writer.submit(grant("g"))

    answers = await asyncio.gather(
        *(books.writer.submit(gift(f"a{number}", item_id=100)) for number in range(5)), return_exceptions=True
    )

    assert [isinstance(answer, Receipt) for answer in answers] == [True, True, True, False, False]
    item = await books.read(catalogue.item, GUILD, 100)
    assert item is not None
    assert item.stock == 0


async def test_a_paid_order_is_credited_once(books: Database):
    first = await buy(books, order())

    again = await asyncio.gather(*(books.writer.submit(credit(order())) for _ in range(3)))

    assert {receipt.seq for receipt in again} == {first.seq}
    assert await balance(books) == 350
    credited = await books.read(orders.order, GUILD, 500)
    assert credited is not None
    assert credited.state is OrderState.CREDITED


async def test_an_order_that_does_not_exist_credits_nobody(books: Database):
    with pytest.raises(NotFound):
        await books.writer.submit(CreditOrder(GUILD, "order:1", 1, ALICE, "pay_1"))


async def test_the_command_of_a_cancelled_caller_is_settled_all_the_same(books: Database):
    await books.writer.submit(grant("g"))
    caller = asyncio.create_task(books.writer.submit(gift("a")))
    await asyncio.sleep(0)

    caller.cancel()
    await books.writer.drain()

    assert caller.cancelled()
    assert await balance(books) == 90


async def test_cancelling_callers_at_every_step_leaves_whole_transactions(books: Database):
    await books.writer.submit(grant("g", amount=1_000))
    for steps in range(30):
        caller = asyncio.create_task(books.writer.submit(gift(f"a{steps}")))
        for _ in range(steps):
            await asyncio.sleep(0)
        caller.cancel()
        await asyncio.wait([caller])

    await books.writer.drain()

    # A task that was cancelled before its first step has submitted nothing.
    assert await balance(books) == 1_000 - 29 * 10


async def test_callers_beyond_the_queue_are_told_that_it_is_busy(address: str, clock: Clock):
    transactions = transactions_of(database_url(address), Replication())
    writer = Writer(transactions, folding.FOLDING, clock=clock, new_holder=holders.new_holder, queue=3)

    answers = await asyncio.gather(*(writer.submit(grant(f"g{number}")) for number in range(5)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [UnknownGuild] * 3 + [Busy] * 2
    await writer.close()


async def test_a_closed_writer_takes_nothing(address: str, clock: Clock):
    transactions = transactions_of(database_url(address), Replication())
    writer = Writer(transactions, folding.FOLDING, clock=clock, new_holder=holders.new_holder)
    await writer.close()

    with pytest.raises(BooksClosed):
        await writer.submit(grant("g"))
    with pytest.raises(BooksClosed):
        await writer.perform(app_state.put, "name", "value")


async def test_closing_settles_what_waits(books: Database):
    waiting = [asyncio.create_task(books.writer.submit(grant(f"g{number}"))) for number in range(50)]
    await asyncio.sleep(0)

    await books.close()

    assert {type(receipt) for receipt in await asyncio.gather(*waiting)} == {Receipt}


async def test_closing_at_the_moment_when_a_rest_ends_waits_for_the_writer(books: Database):
    await books.writer.submit(grant("g"))
    (writing,) = (task for task in asyncio.all_tasks() if task.get_name() == "writer")
    # The timeout of a rest cancels the task for a moment. That is not the end of it.
    while not writing.cancelling():  # noqa: ASYNC110 - a timeout has no event
        await asyncio.sleep(0)
    await books.writer.close()

    assert writing.done()


async def test_money_can_be_stopped_while_everything_else_goes_on(books: Database):
    books.writer.stop_money()

    with pytest.raises(BooksClosed):
        await books.writer.submit(grant("g"))
    await books.writer.perform(app_state.put, "name", "value")

    assert await books.read(app_state.get, "name") == "value"


@pytest.mark.parametrize("key", ["a\0b", "\ud800", ""], ids=ascii)
async def test_a_key_that_no_database_could_keep_is_refused_and_spoils_nothing(books: Database, key: str):
    await books.writer.submit(grant("g"))

    answers = await asyncio.gather(*map(books.writer.submit, [gift("a"), gift(key)]), return_exceptions=True)

    assert isinstance(answers[0], Receipt)
    assert answers[1] == InvalidText("key", LONGEST_KEY)
    assert await balance(books) == 90


async def test_one_poisonous_command_fails_alone(books: Database, caplog: pytest.LogCaptureFixture):
    await books.writer.submit(grant("g", amount=1_000))
    # No rule stands between this name and the database, which takes no lone surrogates.
    poison = gift("poison", note="\ud800")
    commands = [gift(f"a{number}") for number in range(9)]

    with caplog.at_level(logging.CRITICAL, "bot.storage.ledger.writer"):
        answers = await asyncio.gather(
            *map(books.writer.submit, [*commands[:4], poison, *commands[4:]]), return_exceptions=True
        )

    assert [isinstance(answer, Receipt) for answer in answers] == [True] * 4 + [False] + [True] * 5
    assert "surrogates not allowed" in str(answers[4])
    assert await balance(books) == 1_000 - 9 * 10


@pytest.mark.usefixtures("file")
async def test_a_command_that_fails_is_logged_by_its_key_without_what_its_member_wrote(
    books: Database, caplog: pytest.LogCaptureFixture
):
    await books.writer.submit(grant("g"))
    poison = gift("poison", note="for you \ud800", anonymous=True)

    with caplog.at_level(logging.ERROR), pytest.raises(Exception, match="surrogates not allowed"):
        await books.writer.submit(poison)

    (record,) = caplog.records
    assert record.getMessage() == f"The command gift with key poison of guild {GUILD} failed and was not booked"


async def test_a_full_disk_refuses_money_until_there_is_room_again(books: Database, caplog: pytest.LogCaptureFixture):
    def limit_pages(c: Connection, pages: int) -> None:
        c.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await books.writer.perform(limit_pages, 1)
    with caplog.at_level(logging.CRITICAL, "bot.storage.ledger.writer"):
        answers = await asyncio.gather(
            *(
                books.writer.submit(grant(f"g{number}", member_id=100 + number, reason="x" * 200))
                for number in range(500)
            ),
            return_exceptions=True,
        )
    assert set(map(type, answers)) == {BooksClosed}

    await books.writer.perform(limit_pages, 1_000_000)

    assert (await books.writer.submit(grant("g"))).balance == 100


async def test_a_job_that_fails_leaves_nothing_and_tells_its_caller(books: Database):
    def half(c: Connection) -> None:
        creators.approve(c, GUILD, BOB, ROB, NOON)
        raise NotFound("courage")

    with pytest.raises(NotFound):
        await books.writer.perform(half)

    assert not await books.read(creators.is_creator, GUILD, BOB)


async def test_jobs_and_commands_are_done_in_the_order_they_came(books: Database):
    removed = asyncio.gather(
        books.writer.submit(grant("g")),
        books.writer.submit(gift("before")),
        books.writer.perform(creators.remove, GUILD, 13, NOON),
        books.writer.submit(gift("after")),
        return_exceptions=True,
    )

    answers = await removed

    assert [isinstance(answer, Receipt) for answer in answers] == [True, True, False, False]


async def test_listeners_hear_of_growing_journals_only(books: Database):
    notifications: list[set[int]] = []
    books.writer.subscribe(lambda guild_ids: notifications.append(set(guild_ids)))

    await books.writer.submit(grant("g"))
    await books.writer.submit(grant("g"))
    await books.writer.perform(app_state.put, "name", "value")

    assert notifications == [{GUILD}]


async def test_a_listener_that_fails_harms_nobody(books: Database, caplog: pytest.LogCaptureFixture):
    notified_ids: list[int] = []
    books.writer.subscribe(lambda _: notified_ids.remove(0))
    books.writer.subscribe(notified_ids.extend)

    with caplog.at_level(logging.CRITICAL, "bot.storage.ledger.writer"):
        await books.writer.submit(grant("g"))
        await books.writer.submit(grant("h"))

    assert notified_ids == [GUILD, GUILD]


async def test_readers_cannot_write(books: Database):
    with pytest.raises(Exception, match=r"read-?only"):
        await books.read(app_state.put, "name", "value")


async def test_a_read_sees_one_state_however_many_queries_it_makes(books: Database):
    await books.writer.submit(grant("g"))

    def look_twice(c: Connection, submit: Callable[[], object]) -> tuple[int, int]:
        before = journal.head(c, GUILD).seq
        submit()
        return before, journal.head(c, GUILD).seq

    if books.is_shared:
        seqs = await books.read(look_twice, lambda: await_only(books.writer.submit(grant("h"))))
    else:
        loop = asyncio.get_running_loop()
        seqs = await books.read(
            look_twice, lambda: asyncio.run_coroutine_threadsafe(books.writer.submit(grant("h")), loop).result()
        )

    assert seqs == (1, 1)
    assert (await books.read(journal.head, GUILD)).seq == 2


async def test_cancelled_readers_harm_no_later_reader(books: Database):
    await books.writer.submit(grant("g"))
    for steps in range(60):
        reader = asyncio.create_task(books.read(wallets.lines, GUILD, ALICE, limit=5))
        for _ in range(steps):
            await asyncio.sleep(0)
        reader.cancel()
        await asyncio.wait([reader])

    purses = await asyncio.gather(*(books.read(wallets.wallet, GUILD, ALICE) for _ in range(20)))

    assert {wallet.promo for wallet in purses} == {100}


async def test_a_thousand_members_share_one_batch(books: Database):
    receipts = await asyncio.gather(
        *(books.writer.submit(grant(f"g{member}", member_id=member)) for member in range(1_000, 2_000))
    )

    assert [receipt.seq for receipt in receipts] == list(range(1, 1_001))
    holder_count = select(func.count()).select_from(holders_table)
    assert await books.read(lambda c: c.execute(holder_count).scalar_one()) == 1_001


async def test_a_command_that_comes_a_moment_after_several_others_shares_their_batch(books: Database):
    await books.writer.submit(grant("g", member_id=ALICE))
    sizes = books.writer.figures.sizes
    batches = sum(sizes.counts)

    first = asyncio.gather(*(books.writer.submit(grant(f"g{number}")) for number in range(2)))
    # They are in the queue after one turn of the loop, and the writer is awake after two. One more is for a task.
    for _ in range(3):
        await asyncio.sleep(0)
    await books.writer.submit(grant("late"))
    await first

    assert (sum(sizes.counts) - batches, sizes.total) == (1, 4)
