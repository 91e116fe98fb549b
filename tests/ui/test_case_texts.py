"""What staff read of a payment that nobody could read."""

from bot.domain.payment_cases import CaseKind, PaymentCase, Report
from bot.ui.looks.payment_cases import payment_news
from bot.ui.text.reader import reader_for
from tests.domain.builders import order

CASE = PaymentCase(7, "stripe", "cs_1", CaseKind.UNREADABLE, 500, 0, "USD", 0)


def test_a_payment_for_an_order_names_its_buyer_and_what_they_ordered() -> None:
    text = payment_news(Report(CASE, order()), reader_for("en-US"))

    assert text.startswith(f"<@{order().member_id}> ordered 🪙\xa0")
    assert "for $4.99, and I can't read what became of the payment." in text


def test_a_payment_for_no_order_is_to_be_looked_up() -> None:
    assert payment_news(Report(CASE, None), reader_for("en-US")) == (
        "A payment arrived that I can't read. Look it up at the payment provider."
    )
