"""Strikes at the points of one command, on copies of the same books, and a look at what each leaves behind."""

import zlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, NamedTuple

from bot.domain.catalogue import GiftItem
from bot.domain.chests import MOST_MINUTES
from bot.domain.ledger import COMMANDS
from bot.domain.ledger.chest import OpenChest, ReturnChest, TakeShare
from bot.domain.ledger.chip_returns import ReturnChip
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.claim import ClaimOffer
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.grant_many import GrantMany
from bot.domain.ledger.grants_undo import UndoGrants
from bot.domain.ledger.joint_reversal import ReverseJoint
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnCause, ReturnPerk
from bot.domain.ledger.pool_gift import SendPool
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.ledger.won_dispute import WinDispute
from bot.domain.offers import Offer, OfferKind
from bot.domain.payouts import PayoutRules
from bot.domain.perks import Perk, PerkKind, PerkWay
from bot.services.payouts import Payouts
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import catalogue, creators, grant_batches, offers, payouts, perks, thanks
from tests.faults.child import STRUCK
from tests.faults.children import KILLED, Children
from tests.faults.giving import endow
from tests.storage.town import ALICE, BOB, CHANNEL, GUILD, MIA, NOAH, NOON, ROB, Clock, buy, credit, gift, grant, order
from tests.thoroughness import by_thoroughness

MOST_POINTS = 200
LANTERN = GiftItem(GUILD, 500, "Lantern", "🏮", 10, stock=9)
"""An item with a stock, so that a reversal has to give pieces back."""

KITE = GiftItem(GUILD, 501, "Kite", "🪁", 120, stock=9)
"""An item that members can pool for."""

ROWS = {"team_gift": 2, "joint_reversal": 2, "pool_gift": 2, "won_dispute": 2}
"""How many rows the commands below book that book more than one."""

OFFER = Offer(GUILD, 70, OfferKind.CODE, "WELCOME", 0, 5, 9, 0, NOON * 2, 0)
MEMBERS = by_thoroughness(quick=3, full=30, long=10_000)
"""How many get coins at once."""

CopyBooks = Callable[[], AbstractContextManager[str]]
"""Copies closed books for the length of a block, and yields the address of the copy."""


class Aftermath(NamedTuple):
    """What one strike leaves: whether the command is booked, whether it was acknowledged, and what is wrong."""

    is_booked: bool
    was_acknowledged: bool
    problems: list[str]


def shares() -> tuple[tuple[int, int], ...]:
    """Return coins for many members, Bob among them."""
    return ((BOB, 5), *((10**17 + number, 1 + number % 7) for number in range(MEMBERS - 1)))


async def prepare(address: str) -> dict[str, Command]:
    """Endow books, and return a command of each kind of money that can be booked in them, by kind."""
    await endow(address)
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(catalogue.save, LANTERN)
    sent = await books.writer.submit(gift("lanterns", sender_id=BOB, item_id=LANTERN.item_id, quantity=5))
    await books.writer.catch_up(GUILD)
    await books.writer.perform(thanks.thank, GUILD, MIA, await books.read(thanks.unthanked, GUILD, MIA))
    owners = tuple((await books.read(holders.holder_ids, [(GUILD, BOB), (GUILD, MIA)])).values())
    bought = await buy(books, order(order_id=501, member_id=BOB, coins=40))
    many = await books.writer.submit(GrantMany(GUILD, "many", ROB, 1, shares(), "moving over"))
    receivers = await books.read(grant_batches.shares_of, GUILD, many.seq)
    disputed = await books.writer.submit(Reverse(GUILD, "lost", ROB, BOB, bought.seq, "disputed", holder_ids=owners))
    giver = await books.writer.perform(holders.ensure, GUILD, ROB)
    await books.writer.perform(offers.add, replace(OFFER, giver=giver))
    payout_commands = await _prepare_payouts(books)
    chest_commands = await _prepare_chests(books)
    shared_commands = await _prepare_shared_gifts(books)
    perk_commands = await _prepare_perks(books)
    await books.close()
    commands: list[Command] = [
        gift("it", note="hello", quantity=3),
        credit(order()),
        grant("it"),
        GrantMany(GUILD, "it", ROB, 2, shares(), "moving over"),
        UndoGrants(GUILD, "undo", ROB, many.seq, tuple((each, coins) for each, (coins, _) in receivers.items()), "x"),
        Reverse(GUILD, "undo", ROB, BOB, sent.seq, "by mistake", 2, owners, LANTERN.item_id),
        won := Reinstate(GUILD, "won", BOB, disputed.seq, bought.seq, owners),
        WinDispute(GUILD, "won", won, (BuyPerk(GUILD, "", BOB, 40, 3, 30),)),
        ClaimOffer(GUILD, "it", OFFER.offer_id, BOB, giver),
        *chest_commands,
        *payout_commands,
        *shared_commands,
        *perk_commands,
    ]
    assert {command.kind for command in commands} == set(COMMANDS)
    return {command.kind: command for command in commands}


async def _prepare_payouts(books: Database) -> list[Command]:
    """Let Mia, Noah and Rob earn something, and return a request, a payment and a rejection for one of them each."""
    await books.writer.perform(creators.approve, GUILD, ROB, ALICE, NOON)
    await books.writer.perform(payouts.save_rules, GUILD, PayoutRules(minimum=10))
    for number, (sender, creator) in enumerate([(NOAH, MIA), (MIA, NOAH), (NOAH, ROB)]):
        await buy(books, order(order_id=510 + number, member_id=sender, coins=30, provider="manual"))
        await books.writer.submit(gift(f"earned {number}", sender_id=sender, creator_id=creator, quantity=3))
    requests = [await books.writer.submit(RequestPayout(GUILD, f"ask {member}", member, 10)) for member in (MIA, NOAH)]
    holder_ids = await books.read(holders.holder_ids, [(GUILD, MIA), (GUILD, NOAH)])
    service = Payouts(books, Clock(), lambda _guild_id, _member_id: None)
    await service.approve(GUILD, requests[0].seq, BOB)
    await books.writer.catch_up(GUILD)
    return [
        RequestPayout(GUILD, "ask", ROB, 10),
        RecordPayout(GUILD, "paid", ROB, MIA, requests[0].seq, "TX-1", (holder_ids[GUILD, MIA],)),
        RejectPayout(GUILD, "rejected", ROB, NOAH, requests[1].seq, "no account", (holder_ids[GUILD, NOAH],)),
    ]


async def _prepare_chests(books: Database) -> list[Command]:
    """Open a chest of Alice's and one of Bob's; return the commands that open another, take its last share, and return
    the rest."""
    numbers: list[int] = []
    for member in (ALICE, BOB, ROB):
        await books.writer.submit(Grant(GUILD, f"chest {member}", NOAH, member, 100, "to share out", is_automatic=True))
    for member in (ALICE, BOB):
        chest = await books.writer.submit(OpenChest(GUILD, f"chest of {member}", member, 1, 40, 2, MOST_MINUTES))
        numbers.append(chest.seq)
    await books.writer.submit(TakeShare(GUILD, "first share", numbers[0], 10**16, 0, ALICE))
    holder_ids = await books.read(holders.holder_ids, [(GUILD, BOB)])
    return [
        OpenChest(GUILD, "it", ROB, 1, 50, 3, 10),
        TakeShare(GUILD, "it", numbers[0], BOB, 0, ALICE),
        ReturnChest(GUILD, "end", numbers[1], holder_ids[GUILD, BOB], BOB),
    ]


async def _prepare_shared_gifts(books: Database) -> list[Command]:
    """Return commands of gifts for several creators, and of gifts that several members pool for."""
    await books.writer.perform(catalogue.save, KITE)
    team = SendTeamGift(GUILD, "team", ALICE, (MIA, NOAH), KITE.item_id, CHANNEL)
    sent = await books.writer.submit(team)
    holder_ids = await books.read(holders.holder_ids, [(GUILD, member) for member in (ALICE, BOB, MIA, NOAH)])
    reversals = tuple(
        Reverse(GUILD, "", ROB, ALICE, sent.seq + place, "by mistake", None, owners, KITE.item_id)
        for place, owners in enumerate(
            (holder_ids[GUILD, ALICE], holder_ids[GUILD, creator]) for creator in (MIA, NOAH)
        )
    )
    open_pool = ChipCoins(GUILD, "open", ALICE, 1, 50, MIA, KITE.item_id, CHANNEL, hours=24)
    chip = await books.writer.submit(open_pool)
    for member in (ALICE, BOB):
        full_pool = open_pool._replace(key=f"full {member}", member_id=member, chip_in_id=2, coins=60, channel_id=1)
        await books.writer.submit(full_pool)
    await books.writer.catch_up(GUILD)
    return [
        team._replace(key="it"),
        ReverseJoint(GUILD, "undo team", ROB, reversals),
        open_pool._replace(key="it", member_id=BOB, chip_in_id=3, channel_id=2),
        ReturnChip(GUILD, ALICE, 1, chip.seq, (holder_ids[GUILD, ALICE],)),
        SendPool(GUILD, 2, MIA, KITE.item_id, CHANNEL, (ALICE, BOB)),
    ]


async def _prepare_perks(books: Database) -> list[Command]:
    """Let Alice unlock a perk with a stock; return the commands that unlock it for Bob, and give Alice hers back."""
    perk = Perk(GUILD, 40, "Backstage", "🎫", PerkKind.TEXT, PerkWay.COINS, 30, NOON, text="hello", stock=5)
    await books.writer.perform(perks.save, perk)
    purchase = await books.writer.submit(BuyPerk(GUILD, "perk of Alice", ALICE, 40, 1, 30))
    holder_ids = await books.read(holders.holder_ids, [(GUILD, ALICE)])
    owner = (holder_ids[GUILD, ALICE],)
    return [
        BuyPerk(GUILD, "it", BOB, 40, 2, 30),
        ReturnPerk(GUILD, "back", ROB, ALICE, purchase.seq, 1, owner, ReturnCause.STAFF),
    ]


async def strikes(
    mortals: Children, copy_books: CopyBooks, command: Command, *, step: int = 1, **options: Any
) -> AsyncGenerator[Aftermath]:
    """Strike at every point, or at every `step`th and the last two, and yield what each strike leaves, in order.

    The commit is between the last two. Where the others begin differs by kind and way, so that together they are
    everywhere. `options` are for the job: the `way` to strike, and `how` the books are opened.
    """
    last = await count_points(mortals, copy_books, command, **options)
    assert 1 < last < MOST_POINTS
    first = 1 + zlib.crc32(f"{command.kind} {options}".encode()) % step
    for at in sorted({*range(first, last, step), last - 1, last}):
        with copy_books() as address:
            code, acknowledged = await mortals.run(address, [command], strike_at=at, **options)
            assert code in {KILLED, STRUCK} or options.get("how") == "autocommit"
            yield await look(address, command, was_acknowledged=bool(acknowledged))


async def count_points(mortals: Children, copy_books: CopyBooks, command: Command, **options: Any) -> int:
    """Return how many points a command passes if nothing strikes."""
    with copy_books() as address:
        code, (_, points) = await mortals.run(address, [command], counts=True, **options)
    assert code == 0
    return int(points)


async def look(address: str, command: Command, *, was_acknowledged: bool) -> Aftermath:
    """Return what a strike left in the books, and what is wrong with them.

    The command is then submitted again and the books are audited once more.
    """
    problems = [finding.what for finding in audit_database(address)]
    books = await Database.open(address, clock=Clock())
    is_booked = await books.read(journal.find, GUILD, command.key) is not None
    head_before = (await books.read(journal.head, GUILD)).seq
    try:
        receipt = await books.writer.submit(command)
        head_after = (await books.read(journal.head, GUILD)).seq
        await books.writer.catch_up(GUILD)
    except Exception as error:  # noqa: BLE001 - books that are half written may fail in any way
        problems.append(f"cannot be sent again: {error!r}")
    else:
        rows = 0 if is_booked else ROWS.get(command.kind, 1)
        if receipt.replayed != is_booked or head_after != head_before + rows:
            problems.append(
                f"sent again: replayed {receipt.replayed}, rows {head_before} and {head_after}, was there {is_booked}"
            )
    finally:
        await books.close()
    return Aftermath(is_booked, was_acknowledged, problems + [finding.what for finding in audit_database(address)])
