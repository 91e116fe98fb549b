"""Ko-fi's notices: read exactly or not at all, and nothing of a person leaves the reader."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ForgedWebhook
from bot.domain.guild_providers import hash_secret
from bot.domain.noted_payments import PaidNotice
from bot.payments.kofi_notices import read_notice
from tests.payments.kofi_bodies import EMAIL, NAME, TOKEN, encoded, notice


def test_a_donation_is_read() -> None:
    assert read_notice(encoded(notice())) == PaidNotice(
        token_hash=hash_secret("kofi", TOKEN),
        message_id="3a1fac0c-f960-4506-a60e-824979a74e74",
        kind="Donation",
        amount_minor=300,
        currency="USD",
        codes=("RO-7K4F",),
    )


def test_nothing_personal_is_in_what_is_read() -> None:
    text = repr(read_notice(encoded(notice())))

    assert not any(secret in text for secret in (EMAIL, NAME, TOKEN, "Good luck"))


@pytest.mark.parametrize("kind", ["Donation", "Subscription", "Commission", "Shop Order"])
def test_the_types_of_ko_fi_are_named(kind: str) -> None:
    assert read_notice(encoded(notice(type=kind))).kind == kind


@pytest.mark.parametrize("kind", ["Gold Rush", None, 7, ["Donation"]])
def test_a_type_that_is_new_to_us_does_not_lose_the_payment(kind: Any) -> None:
    assert (read_notice(encoded(notice(type=kind))).kind, read_notice(encoded(notice(type=kind))).amount_minor) == (
        "",
        300,
    )


def test_a_shop_order_names_its_product() -> None:
    items = [{"direct_link_code": "1a2b3c4d5e", "variation_name": "Blue", "quantity": 1}]

    assert read_notice(encoded(notice(type="Shop Order", shop_items=items))).product == "1a2b3c4d5e"


@pytest.mark.parametrize("items", [None, [], [None], ["x"], [{}], [{"direct_link_code": 7}], {"a": 1}, "x"])
def test_a_shop_order_without_a_product_is_read_all_the_same(items: Any) -> None:
    assert read_notice(encoded(notice(shop_items=items))).product == ""


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("3.00", "USD", 300),
        ("3", "EUR", 300),
        ("0.99", "GBP", 99),
        ("3.5", "USD", 350),
        ("500", "JPY", 500),
        ("500.00", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("3.00", "usd", 300),
        ("1000000.00", "USD", 100_000_000),
    ],
)
def test_an_amount_is_read_exactly(amount: str, currency: str, minor: int) -> None:
    payment = read_notice(encoded(notice(amount=amount, currency=currency)))

    assert (payment.amount_minor, payment.currency) == (minor, currency.upper())


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("3.005", "USD"),
        ("500.5", "JPY"),
        ("3,00", "USD"),
        ("1e2", "USD"),
        ("-3.00", "USD"),
        ("+3.00", "USD"),
        ("NaN", "USD"),
        ("0.00", "USD"),
        ("٣.٠٠", "USD"),
        ("1000000.01", "USD"),
        ("9" * 500, "USD"),
        ("", "USD"),
        (3.0, "USD"),
        (None, "USD"),
        ("3.00", "XXX"),
        ("3.00", ""),
        ("3.00", None),
        ("3.00", "DOLLARS"),
    ],
)
def test_an_amount_that_is_not_exact_is_for_people(amount: Any, currency: Any) -> None:
    payment = read_notice(encoded(notice(amount=amount, currency=currency)))

    assert (payment.amount_minor, payment.currency) == (0, "")


@pytest.mark.parametrize("is_public", [True, False, None])
def test_a_private_message_pays_like_any_other(is_public: Any) -> None:
    assert read_notice(encoded(notice(is_public=is_public))).codes == ("RO-7K4F",)


@pytest.mark.parametrize(
    "fields",
    [
        [],
        None,
        "x",
        7,
        notice(verification_token=None),
        notice(verification_token=""),
        notice(verification_token="  "),
        notice(verification_token=["x"]),
        notice(verification_token="x" * 101),
        notice(message_id=None),
        notice(message_id=""),
        notice(message_id="x" * 65),
        notice(message_id="é"),
        notice(message_id="a\0b"),
        notice(message_id=7),
        {},
    ],
)
def test_what_is_no_notice_is_refused(fields: Any) -> None:
    with pytest.raises(ForgedWebhook):
        read_notice(encoded(fields))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"data=",
        b"data=%7B",
        b"data={}&data={}",
        b"other=1",
        b"{}",
        b"data=" + b"[" * 5_000,
        b"&".join(b"data%d=1" % number for number in range(50)),
    ],
)
def test_a_body_that_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(ForgedWebhook):
        read_notice(body)


@given(st.binary(max_size=300))
def test_any_body_is_either_read_or_refused(body: bytes) -> None:
    with pytest.raises(ForgedWebhook):
        read_notice(body)
