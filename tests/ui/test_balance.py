"""What `/balance` says of coins that are not of the usual sort."""

from bot.domain.wallets import Wallet
from bot.services.wallets import Overview
from bot.ui.text.reader import reader_for
from cogs.wallet import render

READER = reader_for("en-US")


def test_whoever_has_nothing_but_test_coins_reads_their_number_once() -> None:
    text = _text(Wallet(test=70))

    assert text.count("70") == 1
    assert "From test payments." in text


def test_test_coins_beside_bought_ones_and_what_is_owed_of_them_are_shown() -> None:
    beside, owed = _text(Wallet(paid=350, test=70)), _text(Wallet(test_debt=9))

    assert (beside.count("350"), beside.count("70")) == (2, 1)
    assert "You owe: 🧪\xa09 test coins" in owed


def _text(wallet: Wallet) -> str:
    card = render.wallet(Overview(wallet, 0, [], 50, 0), READER)
    return "\n".join(f"{part.heading}\n{part.text}" for part in card.parts)
