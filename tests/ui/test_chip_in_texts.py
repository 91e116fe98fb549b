"""What members read whose parts of a chip-in come back."""

from bot.domain.receipts import Receipt
from bot.ui.text.reader import reader_for
from cogs.chip_in import render


def back(coins: int, payoff: int, *, is_test: bool = False) -> Receipt:
    facts = {"coins": coins, "payoff": payoff, **({"test": True} if is_test else {})}
    return Receipt(1, 1, "chip_return", 1, 5, 0, facts)


def test_parts_add_up_without_what_a_debt_took():
    card = render.taken_back([back(100, 0), back(50, 30)], reader_for("en-US"))

    assert card.parts[0].text == (
        "Back in your balance: **🪙\xa0120 coins**.\nThis paid off what you owed: **🪙\xa030 coins**."
    )


def test_test_coins_are_said_to_be_some():
    card = render.taken_back([back(100, 0, is_test=True)], reader_for("en-US"))

    assert card.parts[0].text == "Back in your balance: **🧪\xa0100 test coins**."
