"""Which names of coins staff are warned about, because a payment provider may take them for money."""

import pytest

from bot.domain.currency_names import looks_like_money


@pytest.mark.parametrize(
    "name", ["Dollars", "rose dollar", "Euro", "€", "$tars", "USD", "My EUR", "Bucks", "Pesos", "Złoty", "Won"]
)
def test_words_signs_and_codes_of_money_are_found(name: str) -> None:
    assert looks_like_money(name)


@pytest.mark.parametrize("name", ["", "Sunflowers", "Roses", "Top", "all stars", "Try again", "Wonder", "Europa", "🌻"])
def test_other_names_are_left_alone(name: str) -> None:
    assert not looks_like_money(name)
