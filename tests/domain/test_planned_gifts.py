"""What a sender lacks for a gift, and why a planned one stays."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import errors as no
from bot.domain.accounts import TEST_COINS
from bot.domain.errors import Refusal
from bot.domain.ledger.books import Books
from bot.domain.ledger.fans import FansOnly
from bot.domain.lots import Lot
from bot.domain.planned_gifts import Lapse, PlannedGift, lapse_of, missing_coins, planned
from bot.domain.reversal_errors import InDebt
from bot.domain.wallets import Wallet
from tests.domain.builders import (
    ALICE,
    BOUGHT_BEFORE,
    CHANNEL,
    GUILD,
    HOLDERS,
    MIA,
    NOON,
    credit,
    gift,
    item,
    open_books,
    order,
    submit,
)

coins = st.integers(0, 200)
PRICE = 150


def books_of(wallet: Wallet, *, coins_bought: int = 0, is_test: bool = False) -> Books:
    """Return the books in which Alice has a wallet, and then buys so many coins more."""
    purchase = order(coins=max(coins_bought, 1), test=is_test)
    debts = {ALICE: wallet.debt} if wallet.debt else {}
    books = open_books(
        paid=wallet.paid, promo=wallet.promo, items=(item(price=PRICE),), orders=(purchase,), debts=debts
    )
    tests = TEST_COINS.wallet_of(HOLDERS[ALICE])
    books.balances[GUILD, tests] = wallet.test
    if wallet.test:
        books.lots[GUILD, tests] = (Lot(BOUGHT_BEFORE, wallet.test),)
    if coins_bought:
        submit(books, credit(purchase))
    return books


def is_payable(books: Books) -> bool:
    try:
        submit(books, gift())
    except (no.NotEnoughCoins, InDebt):
        return False
    return True


@given(paid=coins, promo=coins, test=coins, debt=coins, is_test=st.booleans())
def test_a_package_that_brings_what_is_missing_pays_for_the_gift_and_one_coin_less_does_not(
    paid: int, promo: int, test: int, debt: int, is_test: bool
) -> None:
    wallet = Wallet(paid=0 if debt else paid, promo=promo, debt=debt, test=test)
    missing = missing_coins(wallet, PRICE).of_sort(is_test=is_test)
    assume(not is_payable(books_of(wallet)))

    assert is_payable(books_of(wallet, coins_bought=missing, is_test=is_test))
    # Who pays off a debt may then spend promo coins and test coins together, so that less might do.
    if missing > 1 and not debt:
        assert not is_payable(books_of(wallet, coins_bought=missing - 1, is_test=is_test))


def test_a_planned_gift_is_sent_as_it_was_meant_and_at_most_for_the_price_that_was_shown() -> None:
    refused_gift = gift(note="for you", anonymous=True, message_id=5, quantity=3, ceiling=30, asks_first=True)
    command = planned(refused_gift, item()).command(ALICE)

    assert command == refused_gift._replace(key="planned:0", asks_first=False)
    assert command.ceiling == 30


def test_an_order_has_one_gift() -> None:
    plan = PlannedGift(GUILD, 500, MIA, 1, "Lantern", "🏮", 1, 10, False, CHANNEL, 0, "", NOON)

    assert plan.command(ALICE).key == "planned:500"


@pytest.mark.parametrize(
    ("refusal", "lapse"),
    [
        (no.PriceChanged(11, 10), Lapse.PRICE),
        (no.NotFound("gift"), Lapse.ITEM),
        (no.ItemUnavailable("Lantern", "sold_out"), Lapse.ITEM),
        (no.ItemUnavailable("Lantern", "live_only"), Lapse.LIVE_ONLY),
        (no.NotForMessages("Lantern", 20, None), Lapse.ITEM),
        (FansOnly("Lantern", MIA), Lapse.ITEM),
        (no.NotACreator(MIA), Lapse.CREATOR),
        (no.CreatorLeft(MIA), Lapse.CREATOR),
        (no.NotEnoughCoins(1, 10), Lapse.COINS),
        (InDebt(5), Lapse.DEBT),
        (no.WalletFull(10), Lapse.OTHER),
    ],
)
def test_every_refusal_has_a_reason_that_the_buyer_is_told(refusal: Refusal, lapse: Lapse) -> None:
    assert lapse_of(refusal) is lapse
