"""Team gifts in the books: all rows or none, whatever else is in the batch. After each test the books are audited."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import NotEnoughCoins, NotFound
from bot.domain.ledger.restrictions import CreatorPaused
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.receipts import Receipt
from bot.domain.reversal_errors import AlreadyReversed
from bot.services import Services
from bot.services.assembly import build
from bot.services.reversals import Reversal
from bot.storage.database import Database
from bot.storage.ledger import journal
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    GUILD,
    MIA,
    NOAH,
    PAPER_CRANE,
    ROB,
    Clock,
    buy,
    gift,
    grant,
    order,
    settle_in,
)

TEAM = (MIA, NOAH)


@pytest.fixture
async def town(database: Database, clock: Clock) -> AsyncIterator[Services]:
    await database.writer.perform(settle_in)
    await buy(database, order())
    yield build(database, [], clock)
    await database.writer.catch_up(GUILD)


def team_gift(key: str, sender: int = ALICE) -> SendTeamGift:
    return SendTeamGift(GUILD, key, sender, TEAM, PAPER_CRANE, CHANNEL)


async def rows(database: Database) -> list[tuple[str, int]]:
    receipts = await database.read(journal.after, GUILD, 0, 100)
    return [(receipt.kind, receipt.facts["coins"]) for receipt in receipts]


async def test_the_receipt_names_everybody_also_when_it_is_asked_for_again(database: Database, town: Services) -> None:
    first = await town.gifts.send_team(team_gift("team"))
    again = await town.gifts.send_team(team_gift("team"))

    assert first.people == again.people == ((MIA, 50), (NOAH, 49))
    assert (first.replayed, again.replayed) == (False, True)
    assert await rows(database) == [("order", 350), ("gift", 50), ("gift", 49)]
    with pytest.raises(NotFound):
        await database.writer.submit(gift("team", sender_id=BOB))


async def test_a_batch_in_which_some_are_refused_books_the_others_whole(
    database: Database, town: Services, clock: Clock
) -> None:
    await database.writer.submit(grant("coins", member_id=BOB, amount=60))

    answers = await asyncio.gather(
        town.gifts.send_team(team_gift("a")),
        town.gifts.send_team(team_gift("b", BOB)),
        town.gifts.send(gift("c", sender_id=BOB)),
        town.gifts.send_team(team_gift("d")),
        town.gifts.send_team(team_gift("e")),
        town.gifts.send_team(team_gift("f")),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [
        Receipt, NotEnoughCoins, Receipt, Receipt, Receipt, NotEnoughCoins
    ]  # fmt: skip
    assert [coins for kind, coins in await rows(database) if kind == "gift"] == [50, 49, 10, 50, 49, 50, 49]


async def test_a_creator_who_takes_a_break_refuses_the_whole(database: Database, town: Services) -> None:
    await town.creators.reception.pause(GUILD, NOAH, 3)

    with pytest.raises(CreatorPaused):
        await town.gifts.send_team(team_gift("team"))
    assert await rows(database) == [("order", 350)]


async def test_a_reversal_by_the_number_of_any_row_undoes_all_of_it_once(database: Database, town: Services) -> None:
    receipt = await town.gifts.send_team(team_gift("team"))
    preview = await town.reversals.preview(GUILD, actor_id=ROB, seq=receipt.seq + 1, part=None, reason="mistake")

    async def undo(key: str) -> Reversal:
        return await town.reversals.reverse(
            GUILD, key=key, actor_id=ROB, seq=receipt.seq + 1, part=None, reason="mistake"
        )

    reversal = await undo("undo")
    again = await town.reversals.find(GUILD, "undo")
    with pytest.raises(AlreadyReversed):
        await undo("again")

    assert preview.receipt.seq == reversal.original.seq == receipt.seq
    assert preview.decision.facts["paid"] == reversal.receipt.facts["paid"] == 99
    assert again is not None
    assert again.receipt.facts == reversal.receipt.facts
    wallet = (await town.wallets.overview(GUILD, ALICE)).wallet
    assert (wallet.paid, wallet.earnings) == (350, 0)


async def test_one_creator_declines_for_all_and_a_stranger_for_none(database: Database, town: Services) -> None:
    receipt = await town.gifts.send_team(team_gift("team"))

    with pytest.raises(NotFound):
        await town.desk.declines.decline(GUILD, BOB, receipt.seq, key="stranger")
    reversal = await town.desk.declines.decline(GUILD, NOAH, receipt.seq + 1, key="decline")

    assert reversal.receipt.facts["coins"] == 99
    assert (await town.wallets.overview(GUILD, ALICE)).wallet.paid == 350
