"""Live events, orders, webhooks, cursors and marks."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from bot.domain.order_states import UNPAID_ENDS, OrderState
from bot.domain.orders import Contact, Reference
from bot.domain.payment_cases import CaseKind, Outcome, PaymentCase
from bot.storage.database import Database
from bot.storage.ledger import cursors
from bot.storage.sql.tables import bare_references
from bot.storage.stores import app_state, guilds, live, orders, payment_cases, payment_events, standing
from tests.storage.town import (
    ALICE,
    BOB,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    MIA,
    MINUTE,
    NOAH,
    NOON,
    OTHER_GUILD,
    PANEL,
    event,
    grant,
    order,
)


def test_a_running_event_is_found_by_creator_channel_and_id(c: Connection):
    live.insert(c, event())

    assert live.of_creator(c, GUILD, MIA) == event()
    assert live.in_channel(c, GUILD, LIVE_CHANNEL) == event()
    assert live.event(c, GUILD, 900) == event()
    assert live.running(c, GUILD) == live.all_running(c) == [event()]


def test_an_ended_event_is_found_by_id_only(c: Connection):
    live.insert(c, event())

    was_ended = live.end(c, GUILD, 900, NOON + 5)

    assert was_ended
    assert live.of_creator(c, GUILD, MIA) is live.in_channel(c, GUILD, LIVE_CHANNEL) is None
    assert live.running(c, GUILD) == []
    assert live.event(c, GUILD, 900) == live.latest(c, GUILD) == event(ended_ms=NOON + 5)


def test_a_change_of_standing_that_comes_while_an_earlier_one_is_dealt_with_stays(c: Connection):
    for holder in (1, 2):
        standing.note_change(c, GUILD, holder, NOON)
    before = standing.changes(c, GUILD, 10)
    standing.note_change(c, GUILD, 2, NOON + 1)

    standing.remove_changes(c, GUILD, before)

    assert standing.changes(c, GUILD, 10) == {2: NOON + 1}


def test_an_event_ends_once(c: Connection):
    live.insert(c, event())
    live.end(c, GUILD, 900, NOON + 5)

    assert not live.end(c, GUILD, 900, NOON + 9)
    assert live.event(c, GUILD, 900) == event(ended_ms=NOON + 5)


@pytest.mark.parametrize("second", [event(event_id=901, channel_id=5), event(event_id=901, creator_id=NOAH)])
def test_the_database_refuses_a_second_event_of_a_creator_or_in_a_channel(c: Connection, second):
    live.insert(c, event())

    with pytest.raises(IntegrityError):
        live.insert(c, second)


def test_a_channel_is_free_again_once_its_event_ended(c: Connection):
    live.insert(c, event())
    live.end(c, GUILD, 900, NOON + 5)

    live.insert(c, event(event_id=901))

    assert live.latest(c, GUILD) == event(ended_ms=NOON + 5)
    assert live.in_channel(c, GUILD, LIVE_CHANNEL) == event(event_id=901)


def test_an_order_keeps_every_field(c: Connection):
    purchase = order(test=False, state=OrderState.PENDING, external_id="cs_1")

    orders.insert(c, purchase, PANEL)

    assert orders.order(c, GUILD, 500) == purchase
    assert orders.order(c, OTHER_GUILD, 500) is None
    assert orders.contact(c, GUILD, 500) == PANEL


def test_an_order_of_a_package_that_does_not_exist_is_refused(c: Connection):
    with pytest.raises(IntegrityError):
        orders.insert(c, order(package_id=99), PANEL)


def test_updating_an_order_keeps_state_and_external_id_only(c: Connection):
    orders.insert(c, order(), PANEL)

    orders.update(c, order(state=OrderState.FAILED, external_id="cs_9", coins=9_999, price_minor=1))

    assert orders.order(c, GUILD, 500) == order(state=OrderState.FAILED, external_id="cs_9")


def test_a_credited_order_stays_credited(c: Connection):
    orders.insert(c, order(state=OrderState.CREDITED), PANEL)

    orders.update(c, order(state=OrderState.EXPIRED))

    assert orders.order(c, GUILD, 500) == order(state=OrderState.CREDITED)


def test_orders_that_may_still_be_paid_count_towards_a_limit(c: Connection):
    for number, state in enumerate(OrderState):
        orders.insert(c, order(order_id=500 + number, state=state), PANEL)
    orders.insert(c, order(order_id=600, state=OrderState.CREDITED, package_id=3), PANEL)

    assert orders.count_towards_limit(c, GUILD, ALICE, 2) == len({*OrderState} - UNPAID_ENDS - {OrderState.REFUNDED})
    assert orders.count_towards_limit(c, GUILD, BOB, 2) == 0
    assert orders.count(c, GUILD, ALICE, 2, {OrderState.CREDITED}) == 1
    assert [waiting.state for waiting in orders.open_orders(c, GUILD, ALICE, 2)] == [
        OrderState.CREATED,
        OrderState.OPEN,
    ]


def test_an_order_that_is_accepted_again_is_told_of_in_the_newer_panel(c: Connection):
    orders.insert(c, order(), PANEL)

    orders.renew(c, order(), NOON + 5, 2, Contact("de", "newer"))

    assert orders.order(c, GUILD, 500) == order(consented_ms=NOON + 5, consent_version=2)
    assert orders.contact(c, GUILD, 500) == Contact("de", "newer")


def test_reply_tokens_are_forgotten_with_age_and_what_was_told_is_not(c: Connection):
    for number in range(2):
        orders.insert(c, order(order_id=500 + number, consented_ms=NOON + number), PANEL)
    orders.mark_seen(c, GUILD, 500, OrderState.FAILED)

    orders.forget_reply_tokens(c, NOON + 1)

    contacts = [orders.contact(c, GUILD, 500 + number) for number in range(2)]
    assert contacts == [Contact("en-US", None, OrderState.FAILED), PANEL]


def test_a_reference_names_one_guild_and_an_old_one_all_that_have_the_order(c: Connection):
    c.execute(insert(bare_references), [{"order_id": 500, "guild_id": guild} for guild in (OTHER_GUILD, GUILD)])

    assert orders.guilds_of(c, order().reference) == [GUILD]
    assert orders.guilds_of(c, Reference(None, 500)) == [GUILD, OTHER_GUILD]
    assert orders.guilds_of(c, Reference(None, 501)) == []


def case(**changes: Any) -> PaymentCase:
    """Fifty cents for Alice's order of 4.99."""
    return replace(PaymentCase(GUILD, "pretend", "cs_1", CaseKind.DIFFERS, 500, 50, "USD", NOON), **changes)


def test_a_case_is_kept_once_and_told_of_until_somebody_has_seen_it(c: Connection):
    first, again = payment_cases.open_case(c, case()), payment_cases.open_case(c, case(amount_minor=51))
    payment_cases.open_case(c, case(kind=CaseKind.PAID_TWICE, opened_ms=NOON + 1))
    new = payment_cases.unannounced(c, GUILD)

    payment_cases.mark_announced(c, new)
    announced = payment_cases.unreported(c, GUILD)
    payment_cases.mark_reported(c, announced[:1])

    assert (first, again) == (True, False)
    assert new == [case(case_id=1), case(kind=CaseKind.PAID_TWICE, opened_ms=NOON + 1, case_id=2)]
    assert payment_cases.unannounced(c, GUILD) == []
    assert [unreported.kind for unreported in announced] == [CaseKind.DIFFERS, CaseKind.PAID_TWICE]
    assert [unreported.kind for unreported in payment_cases.unreported(c, GUILD)] == [CaseKind.PAID_TWICE]


def test_a_decided_case_is_no_longer_open_and_known_to_staff(c: Connection):
    payment_cases.open_case(c, case())
    payment_cases.open_case(c, case(external_id="cs_2"))
    decision = case(case_id=1, outcome=Outcome.RETURNED, decided_ms=NOON + 5, decided_by=BOB)

    payment_cases.decide(c, decision)

    assert payment_cases.case(c, GUILD, 1) == replace(decision, announced=True, reported=True)
    assert payment_cases.undecided(c, GUILD) == payment_cases.unreported(c, GUILD)
    assert [waiting.case_id for waiting in payment_cases.undecided(c, GUILD)] == [2]
    assert payment_cases.case(c, OTHER_GUILD, 1) is None


def test_cases_over_a_limit_are_counted_by_member_and_package(c: Connection):
    orders.insert(c, order(), PANEL)
    orders.insert(c, order(order_id=501, package_id=3), PANEL)
    for number in (500, 501, 502):
        over = case(order_id=number, external_id=f"cs_{number}", kind=CaseKind.OVER_LIMIT)
        payment_cases.open_case(c, over)

    assert payment_cases.over_limit(c, order()) == 1
    assert payment_cases.over_limit(c, order(member_id=BOB)) == 0


def due(c: Connection, now_ms: int, first: int = 10, again: int = 10) -> dict[str, int]:
    """Begin with what is due; return the attempts at each."""
    events = payment_events.claim(c, ["pretend"], now_ms, retry_ms=now_ms + MINUTE, first=first, again=again)
    return {event.event_id: event.attempts for event in events}


def test_a_webhook_is_recorded_once_and_handled_once(c: Connection):
    first = payment_events.record(c, "pretend", "evt_1", "cs_1", NOON)
    again = payment_events.record(c, "pretend", "evt_1", "cs_other", NOON + 1)
    payment_events.record(c, "other", "evt_1", "cs_3", NOON)

    (event,) = payment_events.claim(c, ["pretend"], NOON, retry_ms=NOON + MINUTE, first=10, again=0)
    ends = [payment_events.mark_handled(c, event, NOON + 2), payment_events.set_aside(c, event, NOON + 3)]

    assert (first, again) == (True, False)
    assert event == payment_events.WebhookEvent("pretend", "evt_1", "cs_1", NOON, 1)
    assert ends == [True, False]
    assert due(c, NOON + HOUR) == {}
    assert payment_events.next_due(c, ["pretend"]) is None
    assert payment_events.next_due(c, ["other"]) == NOON


def test_an_event_is_due_again_when_its_attempt_never_ended(c: Connection):
    payment_events.record(c, "pretend", "evt_1", "cs_1", NOON)

    attempts = [due(c, NOON), due(c, NOON + MINUTE - 1), due(c, NOON + MINUTE)]

    assert attempts == [{"evt_1": 1}, {}, {"evt_1": 2}]
    assert payment_events.next_due(c, ["pretend"]) == NOON + 2 * MINUTE


def test_a_postponed_event_waits_for_its_time_and_takes_no_place_of_a_new_one(c: Connection):
    for number in range(3):
        payment_events.record(c, "pretend", f"evt_{number}", "cs_1", NOON)
    for notice in payment_events.claim(c, ["pretend"], NOON, retry_ms=NOON + MINUTE, first=10, again=10):
        payment_events.postpone(c, notice, NOON + 5)
    payment_events.record(c, "pretend", "evt_9", "cs_9", NOON + 6)

    assert due(c, NOON + 4) == {}
    assert due(c, NOON + 6, first=1, again=0) == {"evt_9": 1}
    assert due(c, NOON + 6, first=0, again=2) == {"evt_0": 2, "evt_1": 2}


def test_a_mark_keeps_the_value_put_last(c: Connection):
    before = app_state.get(c, "tree")
    app_state.put(c, "tree", "abc")
    app_state.put(c, "tree", "def")

    assert (before, app_state.get(c, "tree")) == (None, "def")


def test_a_cursor_never_moves_back(c: Connection):
    before = cursors.get(c, GUILD, "announcer")
    cursors.advance(c, GUILD, "announcer", 5)
    cursors.advance(c, GUILD, "announcer", 3)

    assert (before, cursors.get(c, GUILD, "announcer")) == (0, 5)
    assert cursors.get(c, GUILD, "overlay") == 0


async def test_a_follower_is_behind_where_the_journal_goes_on(books: Database):
    await books.writer.perform(guilds.ensure, OTHER_GUILD, NOON, packages_archived=False)
    for key in ("a", "b", "c"):
        await books.writer.submit(grant(key))
    await books.writer.perform(cursors.advance, GUILD, "overlay", 1)
    await books.writer.perform(cursors.advance, GUILD, "reader", 3)

    assert await books.read(cursors.behind, "announcer") == [(GUILD, 0, 3)]
    assert await books.read(cursors.behind, "overlay") == [(GUILD, 1, 3)]
    assert await books.read(cursors.behind, "reader") == []
