"""What a guild's members have gifted is counted a part at a time, and the writer adds only what came meanwhile."""

from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.budgets import NO_BUDGET
from bot.domain.guilds import GuildRules
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import budgets, guilds
from tests.storage.town import ALICE, BOB, GUILD, Clock, buy, gift, order


def rules_of(c: Connection) -> GuildRules:
    return guilds.required(c, GUILD)


def counted_by(c: Connection, now_ms: int, rows: int) -> budgets.GuildCount:
    count = budgets.guild_begun(c, rules_of(c), now_ms)
    while (further := budgets.guild_counted_further(c, GUILD, count, rows)).seq != count.seq:
        count = further
    return count


def used(c: Connection, member_id: int) -> list[int]:
    holder = holders.holder_id(c, GUILD, member_id) or 0
    return [use.coins for use in budgets.budgets_of(c, [(GUILD, holder)])[GUILD, holder].uses]


def begin(c: Connection, member_id: int) -> None:
    budgets.save(c, {(GUILD, holders.ensure(c, GUILD, member_id)): NO_BUDGET})


def move_zone(c: Connection, now_ms: int, count: budgets.GuildCount | None) -> None:
    rules = replace(rules_of(c), time_zone="Asia/Tokyo")
    guilds.save(c, rules)
    budgets.recount(c, rules, now_ms, count)


async def test_a_count_in_parts_goes_on_where_it_was(books: Database, clock: Clock) -> None:
    await buy(books, order(coins=1_000))
    await buy(books, order(order_id=501, member_id=BOB, coins=1_000))
    for number in range(5):
        await books.writer.submit(gift(f"a{number}", quantity=number + 1))
    await books.writer.submit(gift("b", sender_id=BOB))
    by_ones, at_once = [await books.read(counted_by, clock(), rows) for rows in (1, 1_000)]
    for member in (ALICE, BOB):
        await books.writer.perform(begin, member)
    await books.writer.submit(gift("meanwhile"))

    # What was counted is taken as it is: another number shows that it is not counted again.
    doubled = {holder: tuple(coin * 2 for coin in coins) for holder, coins in by_ones.coins.items()}
    rules = await books.read(rules_of)
    await books.writer.perform(budgets.recount, rules, clock(), by_ones._replace(coins=doubled))
    going_on = await books.read(used, ALICE)
    await books.writer.perform(budgets.recount, rules, clock(), by_ones)

    assert by_ones == at_once
    assert going_on == [310, 310, 310]
    assert await books.read(used, ALICE) == [160, 160, 160]
    assert await books.read(used, BOB) == [10, 10, 10]


async def test_a_count_of_other_periods_is_begun_again(books: Database, clock: Clock) -> None:
    await buy(books, order(coins=1_000))
    await books.writer.submit(gift("a"))
    await books.writer.perform(begin, ALICE)
    of_other_zone = await books.read(counted_by, clock(), 10)

    await books.writer.perform(move_zone, clock(), of_other_zone)

    assert await books.read(used, ALICE) == [10, 10, 10]
