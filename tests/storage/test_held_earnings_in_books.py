"""Held earnings through the writer and both databases: what goes back of an order, and what the audit says of it."""

from random import Random

import pytest
from sqlalchemy import Connection, select, text

from bot.domain.errors import Refusal
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.notices import EarningsNotice, NoticedGift
from bot.domain.orders import Cause
from bot.domain.receipts import Receipt
from bot.services.earnings import overview_of
from bot.services.reversals import Reversals
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.sql.hold_tables import earnings_losses
from bot.storage.stores import guilds, notices, wallets
from tests.storage.town import ALICE, DAY, GUILD, MIA, NOAH, NOON, PETAL, ROB, Clock, buy, gift, order


async def undo(books: Database, seq: int, key: str = "undo", part: int | None = None) -> Receipt:
    service = Reversals(books, lambda: NOON)
    return (await service.reverse(GUILD, key=key, actor_id=ROB, seq=seq, part=part, reason="back")).receipt


async def dispute(books: Database, sale: Receipt, key: str, part: int | None = None) -> Receipt:
    holder = await books.read(_holder)
    command = Reverse(GUILD, key, ALICE, ALICE, sale.seq, "", part, (holder,), cause=Cause.DISPUTE)
    return await books.writer.submit(command)


async def win(books: Database, sale: Receipt, reversal: Receipt, key: str) -> Receipt:
    holder = await books.read(_holder)
    return await books.writer.submit(Reinstate(GUILD, key, ALICE, reversal.seq, sale.seq, (holder,)))


def _holder(c: Connection) -> int:
    return c.execute(text(f"SELECT holder_id FROM holders WHERE user_id = {ALICE}")).scalar_one()


async def earnings_of(books: Database, member: int = MIA) -> int:
    return (await books.read(wallets.wallet, GUILD, member)).earnings


async def problems(books: Database) -> list[str]:
    await books.writer.catch_up(GUILD)
    return await books.read(lambda c: [finding.what for finding in audit(c)])


@pytest.mark.parametrize("catches_up", [False, True])
async def test_a_refund_takes_what_creators_wait_for_whether_or_not_their_gifts_are_counted(
    books: Database, catches_up: bool
):
    sale = await buy(books, order(coins=100, provider="stripe"))
    await books.writer.submit(gift("a", quantity=3))
    await books.writer.submit(gift("b", creator_id=NOAH, quantity=4, anonymous=True))
    if catches_up:
        await books.writer.catch_up(GUILD)

    receipt = await dispute(books, sale, "dispute")

    assert (receipt.facts["paid"], receipt.facts["earnings"], receipt.facts["house"]) == (30, 35, 35)
    assert (await earnings_of(books), await earnings_of(books, NOAH)) == (0, 0)
    assert await problems(books) == []


async def test_what_is_left_to_pay_out_stays_the_same_and_the_statement_says_reversal(books: Database):
    await buy(books, order(coins=50, provider="manual"))
    sale = await buy(books, order(order_id=501, coins=50, provider="stripe"))
    await books.writer.submit(gift("a", quantity=10))
    await books.writer.catch_up(GUILD)
    before = await books.read(overview_of, GUILD, MIA, NOON)
    assert (before.available, before.held) == (25, 25)

    reversal = await dispute(books, sale, "dispute")
    await books.writer.catch_up(GUILD)
    during = await books.read(overview_of, GUILD, MIA, NOON)
    lines = await books.read(
        lambda c: c.execute(text("SELECT type, diamonds FROM creator_bookings ORDER BY type")).all()
    )
    await win(books, sale, reversal, "won")
    await books.writer.catch_up(GUILD)
    after = await books.read(overview_of, GUILD, MIA, NOON)

    assert (during.available, during.held) == (25, 0)
    assert [tuple(line) for line in lines] == [("gift", 50), ("reversal", -25)]
    assert after == before
    assert await problems(books) == []


async def test_creators_read_which_gifts_lost_their_money_unless_one_of_them_was_anonymous(books: Database):
    sale = await buy(books, order(coins=50, provider="stripe"))
    await books.writer.submit(gift("a", quantity=2))
    await books.writer.submit(gift("b", creator_id=NOAH))
    await books.writer.submit(gift("c", creator_id=NOAH, anonymous=True))
    await dispute(books, sale, "dispute")

    mias, noahs = [
        [notice for _, notice in await books.read(notices.of_member, GUILD, creator, 9)] for creator in (MIA, NOAH)
    ]
    assert mias == [EarningsNotice(10, False, (NoticedGift("Warm Heart", "💗", NOON),))]
    # The known sender of the one would be that of the other.
    assert noahs == [EarningsNotice(10, False)]


async def test_creators_read_how_much_and_neither_from_whom_nor_for_which_anonymous_gift(books: Database):
    sale = await buy(books, order(coins=40, provider="stripe"))
    await books.writer.submit(gift("a", quantity=2, anonymous=True))
    reversal = await dispute(books, sale, "dispute")
    await win(books, sale, reversal, "won")

    news = await books.read(notices.of_member, GUILD, MIA, 9)
    lines = await books.read(wallets.lines, GUILD, MIA, limit=9)

    assert [notice for _, notice in news] == [EarningsNotice(10, False), EarningsNotice(10, True)]
    moves = [line for line in lines if line.kind in {"reversal", "reinstatement"}]
    assert [(line.receipt.actor_id, line.receipt.other_id, line.earned) for line in moves] == [(0, 0, 10), (0, 0, -10)]
    assert all((line.receipt.facts["of"], line.receipt.facts["member"]) == (0, 0) for line in moves)
    assert all("from_gifts" not in line.receipt.facts and "to_gifts" not in line.receipt.facts for line in moves)
    own = await books.read(wallets.lines, GUILD, ALICE, limit=9)
    assert [line.receipt.facts["of"] for line in own if line.kind in {"reversal", "reinstatement"}] == [sale.seq] * 2


@pytest.mark.parametrize("seed", range(6))
async def test_any_history_passes_the_audit_also_when_all_is_counted_again(books: Database, clock: Clock, seed: int):
    chance = Random(seed)
    sales: list[Receipt] = []
    gifts: list[Receipt] = []
    disputes: list[tuple[Receipt, Receipt]] = []
    for number in range(60):
        verb = chance.choice(["buy", "give", "give", "give", "undo", "back", "back", "win", "wait", "count"])
        clock.now_ms += chance.choice([0, 0, 4 * DAY]) if verb == "wait" else 0
        try:
            if verb == "buy" or not sales:
                provider = chance.choice(["stripe", "kofi", "manual"])
                sales.append(
                    await buy(books, order(order_id=600 + number, coins=chance.randint(1, 90), provider=provider))
                )
            elif verb == "give":
                anonymous, creator = chance.random() < 0.3, chance.choice([MIA, NOAH])
                quantity = chance.randint(1, 20)
                command = gift(f"g{number}", creator_id=creator, item_id=PETAL, quantity=quantity, anonymous=anonymous)
                gifts.append(await books.writer.submit(command))
            elif verb == "undo" and gifts:
                await undo(books, chance.choice(gifts).seq, f"u{number}", chance.choice([None, 1]))
            elif verb == "back":
                sale = chance.choice(sales)
                part = chance.choice([None, None, 5])
                disputes.append((sale, await dispute(books, sale, f"d{number}", part)))
            elif verb == "win" and disputes:
                await win(books, *disputes.pop(chance.randrange(len(disputes))), f"w{number}")
            elif verb == "count":
                await books.writer.catch_up(GUILD)
        except Refusal:
            continue
    assert await problems(books) == []

    await books.writer.perform(folding.start_over, GUILD, NOON)
    assert await problems(books) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE earnings_losses SET diamonds = diamonds + 1", "the journal says"),
        ("DELETE FROM earnings_losses", "its loss to row 3 is None"),
        ("UPDATE earnings_losses SET reversal = 1", "it has lost nothing to row 1"),
        ("UPDATE lot_spans SET first_seq = 1", "it did not pay for the gifts in rows [1, 2]"),
        ("UPDATE lot_spans SET lot = 3", "it paid for gifts in rows 2 to 2"),
        ("DELETE FROM lot_spans", "which is not noted"),
        ("UPDATE earnings_by_source SET taken_back = taken_back - 1", "the gifts say [10, 10, 0]"),
    ],
)
async def test_the_audit_finds_losses_and_spans_that_are_not_those_of_the_journal(
    books: Database, change: str, what: str
):
    sale = await buy(books, order(coins=40, provider="stripe"))
    await books.writer.submit(gift("a", quantity=2))
    await dispute(books, sale, "dispute")
    await books.writer.catch_up(GUILD)

    sentences = await books.writer.perform(_audited_after, change)

    assert any(what in sentence for sentence in sentences), sentences


def _audited_after(c: Connection, change: str) -> list[str]:
    with c.begin_nested() as savepoint:
        c.execute(text(change))
        sentences = [finding.what for finding in audit(c)]
        savepoint.rollback()
    return sentences


async def test_a_piece_that_was_all_paid_back_before_goes_back_without_a_coin(books: Database):
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, rules.changed(share_percent=100))
    sale = await buy(books, order(coins=20, provider="stripe"))
    present = await books.writer.submit(gift("a", quantity=2))
    await dispute(books, sale, "dispute")

    receipt = await undo(books, present.seq, "a piece", 1)

    assert (receipt.facts["coins"], receipt.facts["paid"], receipt.facts["losses"]) == (10, 0, [[sale.seq, 10]])
    assert await problems(books) == []
    entries = "INSERT INTO entries SELECT guild_id, 4, leg, kind, owner, amount FROM entries WHERE seq = 3"
    body = r"""UPDATE journal SET body = replace(body, '"paid"\:0', '"paid"\:3') WHERE seq = 4"""
    for change in (entries, body):
        assert any("do not agree" in what for what in await books.writer.perform(_audited_after, change))


async def test_a_loss_ends_with_the_pieces_of_its_gift_or_with_its_reversal(books: Database):
    sale = await buy(books, order(coins=100, provider="stripe"))
    present = await books.writer.submit(gift("a", quantity=3))
    await books.writer.submit(gift("b", quantity=4))
    reversal = await dispute(books, sale, "dispute")

    def losses(c: Connection) -> list[tuple[int, int]]:
        return [
            tuple(row)
            for row in c.execute(select(earnings_losses.c.gift, earnings_losses.c.diamonds).order_by(text("1")))
        ]

    assert await books.read(losses) == [(2, 15), (3, 20)]
    await buy(books, order(order_id=700, coins=200, member_id=ROB))
    await books.writer.submit(gift("d", sender_id=ROB, quantity=19))
    facts = (await undo(books, present.seq, "a piece", 1)).facts
    # The money for the creator's half went back to the seller, so only the server's half is the sender's.
    assert (facts["losses"], facts["paid"], facts["earnings"], facts["creator_debt"]) == ([[sale.seq, 5]], 5, 0, 0)
    assert await books.read(losses) == [(2, 10), (3, 20)]
    assert await problems(books) == []
    await undo(books, present.seq, "declined")
    assert await books.read(losses) == [(3, 20)]
    await win(books, sale, reversal, "won")
    assert await books.read(losses) == []
    assert await problems(books) == []
