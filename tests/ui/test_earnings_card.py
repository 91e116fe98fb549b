"""What the card of a creator's earnings says before there is anything to be paid."""

import pytest

from bot.domain.earnings import Earnings
from bot.ui.text.reader import reader_for
from cogs.creator import earnings

READER = reader_for("en-US")


@pytest.mark.parametrize(("available", "is_said"), [(0, True), (19_999, True), (20_000, False)])
def test_the_card_says_how_much_a_payout_takes_until_there_is_enough(available: int, is_said: bool) -> None:
    overview = Earnings(available, 20_000, (), {}, 0, 0, 0, 0, 50)

    card = earnings.card(overview, None, READER, minimum=20_000)

    text = "\n".join(part.text for part in card.parts)
    assert ("Payouts start at 💎\xa020,000." in text) is is_said
