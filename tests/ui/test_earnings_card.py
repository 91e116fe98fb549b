"""What the card of a creator's earnings says before there is anything to be paid."""

import pytest

from bot.domain.earnings import Earnings
from bot.domain.holds import Hold, starts_ms
from bot.ui.text.reader import reader_for
from cogs.creator import earnings

READER = reader_for("en-US")


@pytest.mark.parametrize(("available", "is_said"), [(0, True), (19_999, True), (20_000, False)])
def test_the_card_says_how_much_a_payout_takes_until_there_is_enough(available: int, is_said: bool) -> None:
    overview = Earnings(available, 20_000, (), {}, 0, 0, 0, 0, 50)

    card = earnings.card(overview, None, READER, minimum=20_000)

    text = "\n".join(part.text for part in card.parts)
    assert ("Payouts start at 💎\xa020,000." in text) is is_said


def test_what_staff_look_at_comes_first_and_has_no_date() -> None:
    flagged, young = Hold("stripe", 20_031, 3_499), Hold("kofi", 20_007, 20)
    overview = Earnings(3_519, 20_000, (young, flagged), {}, 0, 0, 0, 0, 50, flags=(flagged,))

    card = earnings.card(overview, None, READER)

    (reasons,) = (part.text for part in card.parts if part.heading == "Why is it held?")
    until = f"<t:{starts_ms(20_007) // 1_000}:D>"
    assert reasons.splitlines() == [
        "🚩 Gifts that staff are looking at: 💎\xa03,499 until they decide",
        "The money that paid for these gifts can still be taken back:",
        f"☕ Ko-fi: 💎\xa020 until {until}",
    ]
    text = "\n".join(part.text for part in card.parts)
    assert str(starts_ms(20_031) // 1_000) not in text
    assert text.count("3,499") == 1
