"""Confirming a payment by hand: two people by default, never its buyer, and never twice."""

import pytest

from bot.domain.confirmation_errors import AlreadyConfirmed, InvalidPaymentReference, OwnPayment, ReferenceDiffers
from bot.domain.confirmations import Confirmation, clean_reference, confirm
from bot.domain.orders import Order

GUILD, MIA, SAM, OLIVE, NOW = 7, 11, 21, 22, 5_000
ORDER = Order(GUILD, 500, MIA, 1, 70, 99, "USD", "manual", test=False, consented_ms=1)
SAMS = Confirmation(GUILD, 500, SAM, "PayPal 7XY", 4_000)


def test_the_first_of_two_people_confirms_nothing_yet() -> None:
    assert confirm(ORDER, [], by=SAM, reference=" PayPal  7XY ", needed=2, now_ms=4_000) == (SAMS, False)


def test_a_second_person_confirms_the_payment_under_the_same_number() -> None:
    confirmation, is_complete = confirm(ORDER, [SAMS], by=OLIVE, reference="", needed=2, now_ms=NOW)

    assert is_complete
    assert confirmation == Confirmation(GUILD, 500, OLIVE, "PayPal 7XY", NOW)


def test_one_person_is_enough_where_the_guild_says_so() -> None:
    assert confirm(ORDER, [], by=SAM, reference="7XY", needed=1, now_ms=NOW)[1]


def test_nobody_is_two_people() -> None:
    with pytest.raises(AlreadyConfirmed):
        confirm(ORDER, [SAMS], by=SAM, reference="", needed=2, now_ms=NOW)


def test_who_has_confirmed_need_not_do_it_again_once_one_person_is_enough() -> None:
    assert confirm(ORDER, [SAMS], by=SAM, reference="", needed=1, now_ms=NOW) == (None, True)


@pytest.mark.parametrize("needed", [1, 2])
@pytest.mark.parametrize("earlier", [[], [SAMS]])
def test_buyers_never_confirm_their_own_payment(needed: int, earlier: list[Confirmation]) -> None:
    with pytest.raises(OwnPayment):
        confirm(ORDER, earlier, by=MIA, reference="7XY", needed=needed, now_ms=NOW)


def test_two_people_must_mean_the_same_payment() -> None:
    with pytest.raises(ReferenceDiffers):
        confirm(ORDER, [SAMS], by=OLIVE, reference="PayPal 8AB", needed=2, now_ms=NOW)
    assert confirm(ORDER, [SAMS], by=OLIVE, reference="paypal 7xy", needed=2, now_ms=NOW)[1]


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "jo@example.com", "7XY jo@example.com"])
def test_what_is_no_number_of_a_payment_is_refused(text: str) -> None:
    with pytest.raises(InvalidPaymentReference):
        clean_reference(text)


def test_a_long_number_is_cut() -> None:
    assert clean_reference("9" * 100) == "9" * 60
