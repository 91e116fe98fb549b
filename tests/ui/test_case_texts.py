"""What staff read about a payment that nobody could read, and about one that is not for them."""

from dataclasses import replace

from bot.domain.payment_cases import CaseKind, PaymentCase, Report
from bot.ui.looks.payment_cases import payment_news
from bot.ui.text.reader import reader_for
from tests.domain.builders import order

CASE = PaymentCase(7, "stripe", "cs_1", CaseKind.UNREADABLE, 500, 0, "USD", 0)


def test_a_payment_for_an_order_names_its_buyer_and_what_they_ordered() -> None:
    text = payment_news(Report(CASE, order()), reader_for("en-US"))

    assert text.startswith(f"<@{order().member_id}> ordered 🪙\xa0")
    assert "for $4.99, and I can't read what became of the payment." in text


def test_a_payment_that_is_not_for_this_server_says_where_it_came_and_nothing_of_another() -> None:
    case = replace(CASE, kind=CaseKind.ELSEWHERE, order_id=0, amount_minor=499)

    assert payment_news(Report(case, None), reader_for("en-US")) == (
        "$4.99 came to this server's own account, but for no order from here."
    )


def test_a_payment_for_no_order_is_to_be_looked_up() -> None:
    assert payment_news(Report(CASE, None), reader_for("en-US")) == (
        "A payment arrived that I can't read. Look it up at the payment provider."
    )
