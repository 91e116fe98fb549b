"""The name of a server in what buyers read at Stripe: cut to fit, and in letters that a bank prints."""

import pytest

from bot.payments.stripe.wording import LONGEST_LINE, line_of, statement_of


@pytest.mark.parametrize(
    ("server", "statement"),
    [
        ("Rosette Garden", "ROSETTE GARDEN CREDITS"),
        ("The Very Long Name of a Server", "THE VERY LONG CREDITS"),
        ("Café «Zoë»", "CAFE ZOE CREDITS"),
        ("日本の庭", "HERE CREDITS"),
        ("", "HERE CREDITS"),
        ("Donations & Tips", "HERE CREDITS"),
        ("A*B<C>'D", "A B C D CREDITS"),
    ],
)
def test_a_statement_names_the_server_as_far_as_a_bank_can_print_it(server: str, statement: str) -> None:
    assert statement_of("{server} CREDITS", server) == statement
    assert len(statement) <= 22


def test_a_text_without_the_name_stays_as_it_is() -> None:
    assert statement_of("GIFT CREDITS", "Garden") == "GIFT CREDITS"
    assert line_of("70 gift credits", "Garden") == "70 gift credits"


def test_a_line_of_the_checkout_keeps_the_name_as_it_is_written_and_fits() -> None:
    assert line_of("70 gift credits for {server}", "日本の庭") == "70 gift credits for 日本の庭"
    assert len(line_of("70 gift credits for {server}", "x" * 500)) == LONGEST_LINE
