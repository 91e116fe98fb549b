"""The rules of money, one refusal and one sum at a time."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import errors
from bot.domain.accounts import GRANTED, HOUSE, SOLD
from bot.domain.guilds import GuildRules
from bot.domain.leaderboards import Board, Credit
from bot.domain.ledger import decide
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.fans import FansOnly
from bot.domain.ledger.gift import credit_of as gift_credit
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.lots import LotsChanged
from bot.domain.ledger.order import OrderCredited
from bot.domain.ledger.postings import entries_of
from bot.domain.lots import Lot
from bot.domain.money import MAX_BALANCE
from bot.domain.order_states import CREDITED, OrderState
from tests.domain.builders import (
    ALICE,
    BOUGHT_BEFORE,
    CHANNEL,
    EARNINGS,
    GUILD,
    HOLDERS,
    HOUR,
    LIVE_CHANNEL,
    MIA,
    NOON,
    PAID,
    PROMO,
    ROB,
    credit,
    gift,
    grant,
    item,
    live_event,
    open_books,
    order,
    submit,
)

percents = st.integers(0, 100)


def credit_of(decision: Decision) -> Credit:
    credit = gift_credit(1, decision.actor, NOON, decision.facts)
    assert credit is not None
    return credit


def amounts_of(books: Books, command: Command) -> dict[Any, int]:
    return dict(entries_of(decide(command, books, NOON).postings))


GIFT_REFUSALS = [
    pytest.param({"guild_id": 8}, {}, errors.UnknownGuild(), id="guild without books"),
    pytest.param({"quantity": 0}, {}, errors.InvalidAmount("0", 1, 99), id="nothing"),
    pytest.param({"quantity": -1}, {}, errors.InvalidAmount("-1", 1, 99), id="less than nothing"),
    pytest.param({"quantity": 100}, {}, errors.InvalidAmount("100", 1, 99), id="more than 99"),
    pytest.param({"quantity": True}, {}, errors.InvalidAmount("True", 1, 99), id="count that is a bool"),
    pytest.param({"creator_is_bot": True}, {}, errors.GiftToBot(), id="bot"),
    pytest.param({"creator_id": ALICE}, {}, errors.GiftToSelf(), id="self"),
    pytest.param({"creator_id": ROB}, {}, errors.NotACreator(ROB), id="member who is no creator"),
    pytest.param({"creator_is_here": False}, {}, errors.CreatorLeft(MIA), id="creator who left"),
    pytest.param({"item_id": 2}, {}, errors.NotFound("gift"), id="unknown item"),
    pytest.param({}, {"archived": True}, errors.ItemUnavailable("Lantern", "archived"), id="archived item"),
    pytest.param({}, {"from_ms": NOON + 1}, errors.ItemUnavailable("Lantern", "early"), id="item of tomorrow"),
    pytest.param({}, {"until_ms": NOON}, errors.ItemUnavailable("Lantern", "over"), id="item of yesterday"),
    pytest.param({"quantity": 3}, {"stock": 2}, errors.ItemUnavailable("Lantern", "sold_out"), id="too few left"),
    pytest.param({}, {"live_only": True}, errors.ItemUnavailable("Lantern", "live_only"), id="creator not live"),
    pytest.param({}, {"fans_only": True}, FansOnly("Lantern", MIA), id="no fan yet"),
    pytest.param({"anonymous": True}, {"fans_only": True}, FansOnly("Lantern", MIA), id="no hidden fan either"),
    pytest.param({"ceiling": 9}, {}, errors.PriceChanged(10, 9), id="price rose"),
    pytest.param({"quantity": 3, "ceiling": 29}, {}, errors.PriceChanged(30, 29), id="price of all rose"),
    pytest.param({"ceiling": 0}, {}, errors.PriceChanged(10, 0), id="no price seen yet"),
    pytest.param({"ceiling": 9}, {"price": 101}, errors.NotEnoughCoins(100, 101), id="price rose out of reach"),
    pytest.param({"quantity": 11}, {}, errors.NotEnoughCoins(100, 110), id="too poor"),
]


@pytest.mark.parametrize(("options", "changed_item", "refusal"), GIFT_REFUSALS)
def test_a_refused_gift_says_why_and_changes_nothing(options, changed_item, refusal):
    books = open_books(paid=60, promo=40, items=(item(**changed_item),))
    books.hearts[GUILD, HOLDERS[ALICE], HOLDERS[MIA]] = 0
    before = copy.deepcopy(books)

    with pytest.raises(type(refusal)) as error:
        decide(gift(**options), books, NOON)

    assert error.value == refusal
    assert books == before


def test_only_a_gift_that_joins_the_club_under_ones_own_name_makes_a_fan():
    books = open_books(paid=100, items=(item(joins_club=True), item(item_id=2, fans_only=True), item(item_id=3)))
    books.ways_in[GUILD] = "Warm Heart"
    books.hearts[GUILD, HOLDERS[ALICE], HOLDERS[MIA]] = 0
    submit(books, gift(key="hidden", anonymous=True))
    submit(books, gift(key="another", item_id=3))
    with pytest.raises(FansOnly) as error:
        decide(gift(item_id=2), books, NOON)
    assert error.value == FansOnly("Lantern", MIA, "Warm Heart")

    submit(books, gift(key="open"))

    assert decide(gift(item_id=2, anonymous=True), books, NOON).facts["coins"] == 10


def test_a_gift_for_everybody_asks_nothing_about_fans():
    books = open_books(paid=100)

    assert len(decide(gift(), books, NOON).effects) == 1
    assert books.hearts == {}


def test_a_price_that_fell_or_stayed_is_charged_as_it_is_now():
    books = open_books(paid=100)

    assert decide(gift(ceiling=10), books, NOON).facts["coins"] == 10
    assert decide(gift(quantity=2, ceiling=21), books, NOON).facts["coins"] == 20


def test_a_gift_is_confirmed_only_above_the_threshold():
    books = open_books(paid=1_002, items=(item(price=500), item(item_id=2, price=501)))

    assert decide(gift(quantity=2, asks_first=True), books, NOON).facts["coins"] == 1_000
    with pytest.raises(errors.MustConfirm) as refusal:
        decide(gift(item_id=2, quantity=2, asks_first=True, ceiling=1_002), books, NOON)
    assert refusal.value == errors.MustConfirm(1_002)


@given(st.integers(1, 2_000), st.integers(1, 99), st.none() | st.integers(0, 200_000), st.booleans())
def test_a_gift_never_takes_more_than_its_sender_was_shown(price, count, ceiling, asks_first):
    books = open_books(paid=1_000_000, items=(item(price=price),))

    command = gift(quantity=count, ceiling=ceiling, asks_first=asks_first)

    if ceiling is not None and ceiling < price * count:
        with pytest.raises(errors.PriceChanged):
            decide(command, books, NOON)
    elif asks_first and price * count > 1_000:
        with pytest.raises(errors.MustConfirm):
            decide(command, books, NOON)
    else:
        assert decide(command, books, NOON).facts["coins"] == price * count


def test_a_gift_for_live_events_can_be_sent_to_a_creator_who_is_live():
    books = open_books(paid=10, items=(item(live_only=True),), live=live_event())

    assert decide(gift(), books, NOON).facts["event"] == 900


@pytest.mark.parametrize("full", [EARNINGS, HOUSE])
def test_a_gift_is_refused_before_it_overfills_either_receiver(full):
    books = open_books(paid=100)
    books.balances[GUILD, full] = MAX_BALANCE - 4

    with pytest.raises(errors.WalletFull) as refusal:
        decide(gift(), books, NOON)

    assert refusal.value.highest == MAX_BALANCE
    # Each of them gets half of the ten coins.
    books.balances[GUILD, full] = MAX_BALANCE - 5
    assert decide(gift(), books, NOON).postings


@pytest.mark.parametrize(
    ("command", "full", "coins"),
    [
        (grant(amount=5), PROMO, MAX_BALANCE - 4),
        (grant(amount=5), GRANTED, 4 - MAX_BALANCE),
        (credit(order()), PAID, MAX_BALANCE - 349),
        (credit(order()), SOLD, 349 - MAX_BALANCE),
    ],
)
def test_coins_come_in_only_while_both_sides_have_room(command, full, coins):
    books = open_books(orders=(order(),))
    books.balances[GUILD, full] = coins

    with pytest.raises(errors.WalletFull):
        decide(command, books, NOON)

    books.balances[GUILD, full] = coins - 1 if coins > 0 else coins + 1
    assert decide(command, books, NOON).postings


@given(
    paid_coins=st.integers(0, 10_000),
    promo_coins=st.integers(0, 10_000),
    price=st.integers(1, 200),
    count=st.integers(1, 99),
)
def test_promo_coins_are_spent_before_paid_ones(paid_coins, promo_coins, price, count):
    books = open_books(paid=paid_coins, promo=promo_coins, items=(item(price=price),))
    command = gift(quantity=count)
    if paid_coins + promo_coins < price * count:
        with pytest.raises(errors.NotEnoughCoins):
            decide(command, books, NOON)
        return

    facts = decide(command, books, NOON).facts

    assert facts["promo"] == min(promo_coins, price * count)
    assert facts["paid"] == price * count - facts["promo"]
    assert facts["paid_after"] == paid_coins - facts["paid"]
    assert facts["promo_after"] == promo_coins - facts["promo"]


@given(price=st.integers(1, 10**9), promo=st.integers(0, 10**9), share=percents, promo_share=percents)
def test_a_gift_splits_into_the_share_rounded_down_and_the_rest(price, promo, share, promo_share):
    rules = GuildRules(GUILD, share_percent=share, promo_share_percent=promo_share)
    books = open_books(paid=10**9, promo=promo, rules=rules, items=(item(price=price),))

    amounts = amounts_of(books, gift())

    from_promo = min(promo, price)
    earnings = (price - from_promo) * share // 100 + from_promo * promo_share // 100
    assert amounts.get(EARNINGS, 0) == earnings
    assert amounts.get(HOUSE, 0) == price - earnings
    assert amounts.get(PROMO, 0) == -from_promo
    assert amounts.get(PAID, 0) == from_promo - price
    assert sum(amounts.values()) == 0
    assert decide(gift(), books, NOON).facts["share"] == earnings


def test_by_default_promo_coins_earn_the_creator_nothing():
    amounts = amounts_of(open_books(promo=10), gift())

    assert amounts == {PROMO: -10, HOUSE: 10}


def test_the_same_books_give_the_same_decision_and_stay_as_they_are():
    books = open_books(paid=70, promo=35, live=live_event(), orders=(order(),))
    before = copy.deepcopy(books)

    for command in (gift(quantity=7, note="hi", anonymous=True), credit(order()), grant()):
        assert decide(command, books, NOON) == decide(command, books, NOON)

    assert books == before


def test_a_gift_keeps_what_its_receipt_and_announcement_need():
    books = open_books(paid=70, promo=35, live=live_event())

    decision = decide(gift(quantity=7, note="hi", anonymous=True, message_id=3), books, NOON)

    assert (decision.kind, decision.actor, decision.note) == ("gift", HOLDERS[ALICE], "hi")
    assert decision.effects == (LotsChanged(PAID, (Lot(BOUGHT_BEFORE, 70),), (Lot(BOUGHT_BEFORE, 35),)),)
    assert decision.facts == {
        "creator": HOLDERS[MIA], "item": 1, "name": "Lantern", "emoji": "🏮", "price": 10, "count": 7, "coins": 70,
        "paid": 35, "promo": 35, "share": 17, "share_percent": 50, "anonymous": True, "channel": CHANNEL,
        "message": 3, "event": 900, "live_channel": LIVE_CHANNEL, "noted": True, "paid_after": 35, "promo_after": 0,
        "zone": "UTC", "lots": [[BOUGHT_BEFORE, 35]],
    }  # fmt: skip


def test_a_members_text_stays_out_of_the_rows_that_are_never_erased():
    books = open_books(paid=100)

    decisions = [decide(command, books, NOON) for command in (gift(note="my secret"), grant(reason="my secret"))]

    assert "my secret" not in [value for decision in decisions for value in decision.facts.values()]


@pytest.mark.parametrize(
    ("now_ms", "event_id"),
    [(NOON - HOUR - 1, 0), (NOON - HOUR, 900), (NOON + HOUR - 1, 900), (NOON + HOUR, 0)],
)
def test_a_gift_counts_for_a_live_event_from_its_start_to_just_before_the_bell(now_ms, event_id):
    books = open_books(paid=100, live=live_event())

    decision = decide(gift(), books, now_ms)

    assert decision.facts["event"] == event_id
    assert decision.facts["live_channel"] == (LIVE_CHANNEL if event_id else 0)
    assert credit_of(decision).event_id == event_id


@given(bell=st.integers(NOON, NOON + 10), now_ms=st.integers(NOON - 10, NOON + 20))
def test_around_the_bell_a_gift_lands_in_exactly_one_of_two_events(bell, now_ms):
    first = live_event(event_id=1, started_ms=NOON - 10, ends_ms=bell)
    second = live_event(event_id=2, started_ms=bell, ends_ms=NOON + 21)

    event_ids = {decide(gift(), open_books(paid=10, live=event), now_ms).facts["event"] for event in (first, second)}

    assert len(event_ids - {0}) == 1
    assert 0 in event_ids


def test_an_ended_event_takes_no_gifts_though_its_time_is_not_up():
    books = open_books(paid=100, live=live_event(ended_ms=NOON - 1), items=(item(live_only=True),))

    with pytest.raises(errors.ItemUnavailable):
        decide(gift(), books, NOON)


def test_every_board_counts_a_gift_once():
    credit = credit_of(decide(gift(quantity=2), open_books(paid=100, live=live_event()), NOON))

    boards = [(board, scope) for board, scope, _ in credit.lines]
    assert len(boards) == len(set(boards)) == 4
    assert (credit.coins, credit.pieces) == (20, 2)


def test_an_anonymous_gift_gives_its_sender_no_place_on_a_public_board():
    decision = decide(gift(anonymous=True), open_books(paid=100), NOON)

    assert Board.GIFTERS not in {line.board for line in credit_of(decision).lines}
    assert {line.subject for line in credit_of(decision).lines if line.board is Board.ANONYMOUS} == {HOLDERS[ALICE]}


def test_an_order_credits_what_it_says_as_paid_coins():
    books = open_books(paid=1, promo=2, orders=(order(),))

    decision = decide(credit(order()), books, NOON)

    assert dict(entries_of(decision.postings)) == {SOLD: -350, PAID: 350}
    before = (Lot(BOUGHT_BEFORE, 1),)
    assert decision.effects == (OrderCredited(500, "cs_1"), LotsChanged(PAID, before, (*before, Lot(1, 350))))
    assert (decision.facts["paid_after"], decision.facts["promo_after"], decision.facts["test"]) == (351, 2, False)


@pytest.mark.parametrize("state", [state for state in OrderState if state not in CREDITED])
def test_a_payment_credits_an_order_in_any_state_short_of_credited(state):
    books = open_books(orders=(order(state=state),))

    assert decide(credit(order()), books, NOON).facts["coins"] == 350


def test_an_order_is_never_credited_under_a_second_key():
    books = open_books(orders=(order(state=OrderState.CREDITED),))

    with pytest.raises(AssertionError):
        decide(credit(order(), key="other"), books, NOON)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"order_id": 501}, errors.NotFound("order")),
        ({"member_id": ROB}, errors.NotFound("order")),
        ({"guild_id": 8}, errors.UnknownGuild()),
    ],
)
def test_an_order_is_credited_to_its_own_buyer_in_its_own_guild_only(changes, refusal):
    books = open_books(orders=(order(),))

    with pytest.raises(type(refusal)) as error:
        decide(credit(order(), **changes), books, NOON)

    assert error.value == refusal


def test_an_order_of_an_impossible_size_is_refused():
    books = open_books(orders=(order(coins=0),))

    with pytest.raises(errors.InvalidAmount):
        decide(credit(order()), books, NOON)


def test_a_grant_gives_promo_coins_and_names_both_sides():
    decision = decide(grant(), open_books(paid=5, promo=7), NOON)

    assert dict(entries_of(decision.postings)) == {GRANTED: -100, PROMO: 100}
    assert (decision.kind, decision.actor, decision.note) == ("grant", HOLDERS[ROB], "welcome")
    assert decision.facts == {"member": HOLDERS[ALICE], "coins": 100, "paid_after": 5, "promo_after": 107}


@pytest.mark.parametrize("coins", [0, -5, 10**9 + 1, 2**63, True, 1.0, float("nan"), "5", None])
def test_a_grant_of_anything_but_a_whole_number_in_bounds_is_refused(coins):
    with pytest.raises(errors.InvalidAmount):
        decide(grant(amount=coins), open_books(), NOON)


def test_a_grant_in_a_guild_without_books_is_refused():
    with pytest.raises(errors.UnknownGuild):
        decide(grant(guild_id=8), open_books(), NOON)
