"""What staff see of a member: every row by page and kind, and no sender of an anonymous gift to themselves."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Connection, delete, insert

from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.lookups import Lookup, LookupFilter, LookupKind
from bot.domain.order_states import OrderState
from bot.domain.orders import Order
from bot.domain.payment_cases import CaseKind, Outcome, PaymentCase
from bot.services.reversals import Reversals
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.sql.tables import withdrawals
from bot.storage.stores import guilds, lookups, order_outcomes, order_refunds, payment_cases
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    GUILD,
    MIA,
    NOAH,
    NOON,
    PAPER_CRANE,
    ROB,
    Clock,
    buy,
    gift,
    grant,
    order,
)


async def look_up(books: Database, member_id: int, reader_id: int = ROB, **wanted: object) -> Lookup:
    bounds = LookupFilter()._replace(**wanted)
    return await books.read(lookups.look_up, GUILD, member_id, reader_id, bounds, 2, 3)


def _earn_from_promo_coins(c: Connection) -> None:
    rules = guilds.rules(c, GUILD)
    assert rules is not None
    guilds.save(c, rules.changed(promo_share_percent=50))


@pytest.fixture
async def seqs(books: Database) -> list[int]:
    """Rows of a grant to Alice, her gift to Mia, and her anonymous one."""
    # So that Mia has earned something, and the gifts are in her journal, too.
    await books.writer.perform(_earn_from_promo_coins)
    commands = [grant("g"), gift("named"), gift("hidden", anonymous=True)]
    return [(await books.writer.submit(command)).seq for command in commands]


async def test_rows_come_by_page_newest_first(books: Database, seqs: list[int]):
    pages = [await look_up(books, ALICE, page=page) for page in (0, 1, 9)]

    assert [[line.seq for line in page.lines] for page in pages] == [seqs[:0:-1], seqs[:1], seqs[:1]]
    assert [page.filter.page for page in pages] == [0, 1, 1]
    assert {page.count for page in pages} == {3}
    assert pages[0].wallet.promo == 100 - pages[0].lines[0].receipt.facts["coins"] * 2


async def test_rows_come_by_kind_and_time(books: Database, seqs: list[int]):
    grants = await look_up(books, ALICE, kind=LookupKind.GRANTS)
    earlier = await look_up(books, ALICE, until_ms=NOON - 1_000)
    later = await look_up(books, ALICE, from_ms=NOON - 1_000)

    assert [line.seq for line in grants.lines] == seqs[:1]
    assert (earlier.count, later.count) == (0, 3)


async def test_staff_read_who_sent_an_anonymous_gift_but_not_one_to_themselves(books: Database, seqs: list[int]):
    by_others, by_mia = await look_up(books, MIA), await look_up(books, MIA, MIA)
    of_alice = await look_up(books, ALICE, MIA)

    assert by_others.lines[0].receipt.actor_id == ALICE
    assert by_mia.lines[0].receipt.actor_id == 0
    assert [line.seq for line in of_alice.lines] == [seqs[1], seqs[0]]
    assert of_alice.count == 2


async def test_a_creator_on_the_staff_reads_no_part_of_an_anonymous_gift_to_their_team(books: Database, clock: Clock):
    await books.writer.perform(_earn_from_promo_coins)
    await books.writer.submit(grant("g"))
    team_gift = SendTeamGift(GUILD, "team", ALICE, (MIA, NOAH), PAPER_CRANE, CHANNEL, anonymous=True)
    receipt = await books.writer.submit(team_gift)
    await Reversals(books, clock).reverse(GUILD, key="undo", actor_id=ROB, seq=receipt.seq, part=None, reason="mistake")

    of_alice = [(await look_up(books, ALICE, reader_id)).count for reader_id in (ROB, MIA, NOAH)]
    of_mia = [(await look_up(books, MIA, reader_id)).count for reader_id in (ROB, NOAH)]

    assert of_alice == [5, 1, 1]
    assert of_mia == [2, 0]


async def test_nobody_is_found_where_the_books_know_nobody(books: Database):
    assert (await look_up(books, BOB)).count == 0


async def test_an_order_says_when_it_came_to_its_state(books: Database):
    by_state = {state: order(order_id=600 + number, state=state) for number, state in enumerate(OrderState)}
    await books.writer.perform(_note_outcomes, by_state)
    credited = order(order_id=700)
    await buy(books, credited)
    credited_ms = (await books.read(journal.recorded, [(GUILD, credited.key)]))[0].at_ms

    times = await books.read(
        order_outcomes.outcomes, GUILD, [*by_state.values(), replace(credited, state=OrderState.CREDITED)]
    )
    # The audit after the test would say that the journal never took this withdrawal's coins.
    await books.writer.perform(_delete_withdrawals)

    assert times == {
        by_state[OrderState.REVIEW].order_id: 1_000,
        by_state[OrderState.PARTIALLY_REFUNDED].order_id: 2_000,
        by_state[OrderState.REFUNDED].order_id: 2_000,
        by_state[OrderState.WITHDRAWN].order_id: 3_000,
        by_state[OrderState.DISPUTED].order_id: 4_000,
        by_state[OrderState.WON].order_id: 5_000,
        by_state[OrderState.LOST].order_id: 5_000,
        700: credited_ms,
    }


def _delete_withdrawals(c: Connection) -> None:
    c.execute(delete(withdrawals))


def _note_outcomes(c: Connection, by_state: Mapping[OrderState, Order]) -> None:
    for state, opened_ms, decided_ms in (
        (OrderState.REVIEW, 1_000, 0),
        (OrderState.DISPUTED, 4_000, 0),
        (OrderState.WON, 4_000, 5_000),
        (OrderState.LOST, 4_000, 5_000),
    ):
        kind = CaseKind.DIFFERS if state is OrderState.REVIEW else CaseKind.DISPUTED
        case = PaymentCase(GUILD, "pretend", state.value, kind, by_state[state].order_id, 499, "USD", opened_ms)
        payment_cases.open_case(c, case)
        if decided_ms:
            payment_cases.decide(c, replace(case, outcome=Outcome.RESOLVED, decided_ms=decided_ms))
    for state in (OrderState.PARTIALLY_REFUNDED, OrderState.REFUNDED):
        for at_ms, minor in ((1_500, 100), (2_000, 200)):
            order_refunds.note(c, by_state[state], replace(by_state[state], refunded_minor=minor), at_ms)
    withdrawal = by_state[OrderState.WITHDRAWN]
    values = {"guild_id": GUILD, "order_id": withdrawal.order_id, "coins": 70, "amount_minor": 99, "currency": "USD"}
    c.execute(insert(withdrawals).values(values | {"withdrawn_ms": 3_000, "is_sent": 0}))
