"""Reversals through the writer and both databases."""

import asyncio
from random import Random

import pytest

from bot.domain.anonymity import in_public
from bot.domain.errors import NotFound
from bot.domain.leaderboards import Board
from bot.domain.ledger.reversal import facts_of
from bot.domain.periods import ALL_TIME, Period
from bot.domain.reversal_errors import AlreadyReversed, InDebt
from bot.domain.wallets import Wallet
from bot.services.announcements import Announcements
from bot.services.reversals import Reversals
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries
from bot.storage.stores import announcements, live, live_displays, orders, reversals, thanks, wallets
from tests.storage.town import ALICE, CHANNEL, GUILD, MIA, PANEL, ROB, Clock, credit, event, gift, grant, order


@pytest.fixture
def undoing(books: Database, clock: Clock) -> Reversals:
    return Reversals(books, clock)


async def undo(undoing: Reversals, seq: int, part: int | None = None, key: str = "undo"):
    return (await undoing.reverse(GUILD, key=key, actor_id=ROB, seq=seq, part=part, reason="by mistake")).receipt


async def test_a_preview_tells_what_the_reversal_then_does_and_writes_nothing(books: Database, undoing: Reversals):
    await books.writer.submit(grant("g"))
    before = await books.read(wallets.wallet, GUILD, ALICE)
    gift_receipt = await books.writer.submit(gift("a", quantity=3))

    preview = await undoing.preview(GUILD, actor_id=ROB, seq=gift_receipt.seq, part=2, reason="by mistake")
    receipt = await undo(undoing, gift_receipt.seq, 2)

    assert preview.receipt == gift_receipt
    assert preview.decision.facts == receipt.facts
    assert (receipt.actor_id, receipt.other_id, receipt.note) == (ROB, ALICE, "by mistake")
    assert await books.read(reversals.parts_of, [(GUILD, gift_receipt.seq)]) == {(GUILD, gift_receipt.seq): 2}
    await undo(undoing, gift_receipt.seq, key="the rest")
    assert await books.read(wallets.wallet, GUILD, ALICE) == before
    assert (await books.read(wallets.wallet, GUILD, MIA)).earnings == 0


async def test_whoever_asks_at_the_same_time_takes_back_once(books: Database, undoing: Reversals):
    await books.writer.submit(grant("g"))
    gift_receipt = await books.writer.submit(gift("a"))

    answers = await asyncio.gather(
        *(undo(undoing, gift_receipt.seq, key=f"undo {number}") for number in range(5)), return_exceptions=True
    )

    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [AlreadyReversed] * 4
    with pytest.raises(NotFound):
        await undo(undoing, 99)


async def test_a_bought_gift_whose_payment_was_taken_back_leaves_a_debt(books: Database, undoing: Reversals):
    # Earnings from it are never held, so nothing of them is taken back.
    purchase = order(coins=100, provider="manual")
    await books.writer.perform(orders.insert, purchase, PANEL)
    sale = await books.writer.submit(credit(purchase))
    await books.writer.submit(gift("a", quantity=5))

    facts = facts_of(await undo(undoing, sale.seq))

    assert facts["paid"] + facts["promo"] + facts["house"] + facts["debt"] == 100
    assert facts["debt"] > 0
    with pytest.raises(InDebt):
        await books.writer.submit(gift("b"))
    await books.writer.submit(grant("g", amount=facts["debt"] + 7))
    assert await books.read(wallets.wallet, GUILD, ALICE) == Wallet(promo=7)


async def test_the_reversal_of_an_anonymous_gift_names_nobody_in_public(books: Database, undoing: Reversals):
    await books.writer.submit(grant("g"))
    gift_receipt = await books.writer.submit(gift("a", anonymous=True))
    reversal = await undo(undoing, gift_receipt.seq)

    public = in_public(reversal)

    assert reversal.other_id == ALICE
    assert (public.actor_id, public.other_id, public.facts["member"]) == (ROB, 0, 0)
    assert ALICE not in [value for value in public.facts.values() if not isinstance(value, bool)]


async def test_a_reversal_corrects_the_gifts_own_event_its_thanks_and_its_recap(books: Database, undoing: Reversals):
    await books.writer.submit(grant("g"))
    await books.writer.perform(live.insert, event(start_seq=1))
    gifts = [await books.writer.submit(gift(f"gift {pieces}", quantity=pieces)) for pieces in (1, 3)]
    await books.writer.catch_up(GUILD)
    before = await books.read(live_displays.gifts_after, event(start_seq=1), 1, 100)

    await undo(undoing, gifts[1].seq, 2)
    await undo(undoing, gifts[0].seq, key="all of it")
    await books.writer.catch_up(GUILD)
    after = await books.read(live_displays.gifts_after, event(start_seq=1), 1, 100)
    totals = await books.read(queries.event_totals, GUILD, 900)
    (fan,) = await books.read(thanks.unthanked, GUILD, MIA)
    await undo(undoing, gifts[1].seq, key="the rest")
    await books.writer.catch_up(GUILD)

    assert [gift.quantity for gift in before.gifts] == [1, 3]
    assert [(gift.quantity, gift.coins) for gift in after.gifts] == [(1, 10)]
    assert (before.reversal_seq, after.reversal_seq, before.head_seq) == (0, 5, 3)
    assert (totals.coins, fan.coins, fan.pieces) == (10, 10, 1)
    assert await books.read(thanks.unthanked, GUILD, MIA) == []
    assert await books.read(thanks.waiting, GUILD, MIA) == 0


async def test_the_note_of_a_gift_goes_with_its_last_piece(books: Database, undoing: Reversals):
    await books.writer.submit(grant("g"))
    seqs = [(await books.writer.submit(gift(note, quantity=2, note=note))).seq for note in ("first", "second")]
    await books.writer.perform(announcements.regroup, GUILD, [], [(CHANNEL, 1, seq) for seq in seqs])
    service = Announcements(books, lambda: 0)

    async def notes() -> tuple[tuple[str, ...], list[str]]:
        await books.writer.catch_up(GUILD)
        fans = await books.read(thanks.unthanked, GUILD, MIA)
        (fan,) = await books.read(thanks.with_notes, GUILD, MIA, fans)
        return fan.notes, [note.text for note in await service.notes(GUILD, CHANNEL, 1)]

    await undo(undoing, seqs[0], 1)
    assert await notes() == (("second", "first"), ["first", "second"])
    await undo(undoing, seqs[0], key="the rest")
    assert await notes() == (("second",), ["second"])


async def test_what_was_thanked_for_and_then_taken_back_leaves_later_gifts_to_thank(
    books: Database, undoing: Reversals
):
    await books.writer.submit(grant("g"))
    gift_receipt = await books.writer.submit(gift("a", quantity=3))
    await books.writer.catch_up(GUILD)
    await books.writer.perform(thanks.thank, GUILD, MIA, await books.read(thanks.unthanked, GUILD, MIA))

    await undo(undoing, gift_receipt.seq)
    await books.writer.submit(gift("b"))
    await books.writer.catch_up(GUILD)

    assert [(fan.coins, fan.pieces) for fan in await books.read(thanks.unthanked, GUILD, MIA)] == [(10, 1)]


async def test_an_order_that_was_reversed_stays_credited_and_is_never_credited_again(
    books: Database, undoing: Reversals
):
    purchase = order(coins=100)
    await books.writer.perform(orders.insert, purchase, PANEL)
    sale = await books.writer.submit(credit(purchase))
    await undo(undoing, sale.seq)

    again = await books.writer.submit(credit(purchase))

    assert (again.seq, again.replayed) == (sale.seq, True)
    assert await books.read(wallets.wallet, GUILD, ALICE) == Wallet()
    assert await books.read(lambda c: list(audit(c))) == []


@pytest.mark.parametrize("seed", range(4))
async def test_any_order_of_gifts_and_reversals_passes_the_audit(books: Database, undoing: Reversals, seed: int):
    chance = Random(seed)
    await books.writer.submit(grant("g", amount=10_000))
    await books.writer.perform(live.insert, event(start_seq=1))
    pieces_by_gift: dict[int, int] = {}
    for number in range(60):
        seq = chance.choice([0, *pieces_by_gift])
        if seq:
            part = chance.randint(1, pieces_by_gift[seq])
            await undo(undoing, seq, part, key=f"undo {number}")
            pieces_by_gift[seq] -= part
            pieces_by_gift = {seq: pieces for seq, pieces in pieces_by_gift.items() if pieces}
        else:
            quantity, is_anonymous = chance.randint(1, 9), chance.random() < 0.3
            receipt = await books.writer.submit(gift(f"gift {number}", quantity=quantity, anonymous=is_anonymous))
            pieces_by_gift[receipt.seq] = quantity
        if chance.random() < 0.2:
            await books.writer.catch_up(GUILD)
    await books.writer.catch_up(GUILD)

    page = await books.read(queries.leaderboard, GUILD, Board.CREATORS, Period.ALL, ALL_TIME, viewer_id=MIA)
    assert page.coins == 10 * sum(pieces_by_gift.values())
    assert await books.read(lambda c: list(audit(c))) == []
