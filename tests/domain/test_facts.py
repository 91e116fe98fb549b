"""What decisions and refusals say of themselves: receipts, boards and sentences are made of these facts alone."""

import pytest

from bot.domain.currencies import parse_price
from bot.domain.errors import InvalidAmount
from bot.domain.guilds import GuildRules
from bot.domain.leaderboards import Board, period_keys
from bot.domain.ledger import decide
from bot.domain.ledger.gift import credit_of
from bot.domain.ledger.journal import Head, canonical, row_after
from bot.domain.ledger.order import OrderCredited
from bot.domain.receipts import other_holder
from bot.domain.staff_errors import InvalidPrice
from tests.domain.builders import ALICE, GUILD, HOLDERS, HOUR, MIA, NOON, credit, gift, live_event, open_books, order


def test_a_credited_order_says_everything_about_the_purchase():
    decision = decide(credit(order()), open_books(paid=5, promo=7, orders=(order(),)), NOON)

    assert (decision.kind, decision.actor, decision.effects[0]) == (
        "order",
        HOLDERS[ALICE],
        OrderCredited(500, "cs_1"),
    )
    assert decision.facts == {
        "order": 500,
        "package": 2,
        "coins": 350,
        "price_minor": 499,
        "currency": "USD",
        "provider": "sandbox",
        "external": "cs_1",
        "test": False,
        "paid_after": 355,
        "promo_after": 7,
    }


def test_a_gift_counts_for_its_sender_its_creator_and_its_item_by_the_guilds_calendar():
    rules = GuildRules(GUILD, time_zone="Pacific/Kiritimati")
    books = open_books(paid=100, rules=rules, live=live_event())
    decision = decide(gift(quantity=3), books, NOON)
    credit = credit_of(5, decision.actor, NOON, decision.facts)

    assert credit is not None
    assert set(credit.lines) == {
        (Board.GIFTERS, 0, HOLDERS[ALICE]),
        (Board.GIFTERS, HOLDERS[MIA], HOLDERS[ALICE]),
        (Board.CREATORS, 0, HOLDERS[MIA]),
        (Board.GIFTS, 0, 1),
    }
    assert (credit.gift_seq, credit.coins, credit.pieces, credit.event_id) == (5, 30, 3, 900)
    # NOON is 02:40 in London; on Kiritimati, fourteen hours ahead, it is the same day's afternoon.
    assert period_keys(credit.at_ms, credit.zone) == (20260202, 202606, 202602)


def test_a_gift_counts_for_the_day_that_it_is_where_the_guild_is():
    in_the_evening = NOON + 20 * HOUR
    days = {}
    for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"):
        books = open_books(paid=10, rules=GuildRules(GUILD, time_zone=zone))
        decision = decide(gift(), books, in_the_evening)
        credit = credit_of(1, decision.actor, in_the_evening, decision.facts)
        assert credit is not None
        days[zone] = period_keys(credit.at_ms, credit.zone).day

    # 22:40 in UTC: the next day has begun on Kiritimati, and in Pago Pago it is noon.
    assert days == {"Pacific/Kiritimati": 20260203, "UTC": 20260202, "Pacific/Pago_Pago": 20260202}


def test_a_refusal_in_a_log_says_which_one_it_is_and_what_it_is_about():
    assert "InvalidAmount" in str(InvalidAmount("0", 1, 99))
    assert "'0'" in str(InvalidAmount("0", 1, 99))


@pytest.mark.parametrize(
    ("kind", "facts", "holder_id"),
    [("gift", {"creator": 5}, 5), ("grant", {"member": 6}, 6), ("order", {"order": 9}, 0)],
)
def test_a_row_names_the_creator_or_the_receiver_besides_its_actor(kind: str, facts: dict[str, int], holder_id: int):
    row = row_after(Head(), guild_id=1, kind=kind, key="k", actor=1, at_ms=0, body=canonical(facts), entries=())

    assert other_holder(row) == holder_id


@pytest.mark.parametrize("text", ["", "-1", "1.234", "9" * 10, "0", "abc" * 20])
def test_a_price_that_cannot_be_read_is_quoted_in_short(text: str):
    with pytest.raises(InvalidPrice) as refusal:
        parse_price(text, "USD")

    assert refusal.value == InvalidPrice(text[:20], "USD")


@pytest.mark.parametrize(
    ("name", "value", "highest"),
    [("share_percent", 101, 100), ("promo_share_percent", -1, 100), ("confirm_above", 10**9 + 1, 10**9)],
)
def test_a_setting_out_of_bounds_is_quoted_with_its_bounds(name: str, value: int, highest: int):
    with pytest.raises(InvalidAmount) as refusal:
        GuildRules(GUILD).changed(**{name: value})

    assert refusal.value == InvalidAmount(str(value), 0, highest)
    assert getattr(GuildRules(GUILD).changed(**{name: highest}), name) == highest
