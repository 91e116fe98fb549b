"""Amounts and prices: whole numbers within bounds, and nothing else however it is written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.currencies import check_currency, minor_digits, parse_price, repriced
from bot.domain.errors import AmbiguousAmount, InvalidAmount, InvalidCurrency
from bot.domain.guilds import GuildRules
from bot.domain.money import MAX_AMOUNT, amount
from bot.domain.packages import MAX_PRICE_MINOR
from bot.domain.policy import Staff
from bot.domain.staff_errors import InvalidPrice


@given(st.integers())
def test_an_amount_is_a_whole_number_from_one_to_the_highest(value):
    if 1 <= value <= MAX_AMOUNT:
        assert amount(value) == value
    else:
        with pytest.raises(InvalidAmount) as refusal:
            amount(value)
        assert (refusal.value.lowest, refusal.value.highest) == (1, MAX_AMOUNT)


@pytest.mark.parametrize(
    "value",
    [
        0, -1, MAX_AMOUNT + 1, 2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 10**5_000, -(10**5_000),
        True, False, 1.0, 0.5, float("nan"), float("inf"), Decimal(1), "1", "-50a", "1e3", "", b"1", None, [1],
        "9" * 10_000,
    ],
    ids=lambda value: f"{type(value).__name__}",
)  # fmt: skip
def test_anything_else_is_no_amount(value):
    with pytest.raises(InvalidAmount) as refusal:
        amount(value)

    assert len(refusal.value.text) <= 40


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        (-1, "-1"),
        (True, "True"),
        ("1e3", "'1e3'"),
        (2**63, "9223372036854775808"),
        (10**5_000, "…"),
        (-(10**5_000), "…"),
    ],
    ids=["less than nothing", "a bool", "text", "too many", "a giant", "a giant below zero"],
)
def test_what_was_refused_is_quoted_unless_it_is_too_long_to_print(value, quoted):
    with pytest.raises(InvalidAmount) as refusal:
        amount(value)

    assert refusal.value.text == quoted


def test_the_bounds_themselves_are_amounts():
    assert amount(1) == 1
    assert amount(MAX_AMOUNT) == MAX_AMOUNT
    assert amount(99, highest=99) == 99
    with pytest.raises(InvalidAmount):
        amount(100, highest=99)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("4.99", "USD", 499), ("4,99", "EUR", 499), (" 5 ", "USD", 500), ("5.5", "USD", 550), ("0.01", "USD", 1),
        ("500", "JPY", 500), ("1.234", "KWD", 1234), ("1,5", "KWD", 1500), ("007", "USD", 700),
        ("1000000", "USD", MAX_PRICE_MINOR), ("100000000", "JPY", MAX_PRICE_MINOR),
    ],
)  # fmt: skip
def test_a_price_is_read_in_minor_units(text, currency, minor):
    assert parse_price(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "minor"),
    [
        ("1.234", "KWD", ".", 1_234), ("1,234", "KWD", ",", 1_234), ("0,250", "BHD", ".", 250),
        ("1234,500", "KWD", ".", 1_234_500), ("1,25", "KWD", ".", 1_250), ("1,5", "USD", ".", 150),
        ("1.50", "EUR", ",", 150),
    ],
)  # fmt: skip
def test_a_separator_that_can_only_be_the_decimals_is_read_whatever_the_language(text, currency, decimal, minor):
    assert parse_price(text, currency, decimal) == minor


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "decimals"),
    [
        ("1,000", "KWD", ".", "1.000"), ("1.000", "KWD", ",", "1,000"), (" 12,345 ", "BHD", ".", "12.345"),
        ("1,000", "JPY", ".", ""), ("1.000", "JPY", ",", ""), ("1,000", "USD", ".", ""), ("1.000", "EUR", ",", ""),
    ],
)  # fmt: skip
def test_a_separator_that_may_be_one_of_thousands_is_asked_about(text, currency, decimal, decimals):
    with pytest.raises(AmbiguousAmount) as refusal:
        parse_price(text, currency, decimal)

    plain = text.strip()
    assert refusal.value == AmbiguousAmount(plain, plain.replace(",", "").replace(".", ""), decimals)
    assert parse_price(refusal.value.thousands, currency, decimal)
    if decimals:
        assert parse_price(decimals, currency, decimal)


@given(
    whole=st.integers(1, 999),
    group=st.integers(0, 999),
    separator=st.sampled_from(".,"),
    decimal=st.sampled_from(".,"),
    currency=st.sampled_from(["USD", "EUR", "JPY", "KRW", "KWD", "BHD", "TND"]),
)
def test_no_price_is_read_in_one_of_two_ways(whole, group, separator, decimal, currency):
    text = f"{whole}{separator}{group:03}"

    if separator != decimal:
        with pytest.raises(AmbiguousAmount):
            parse_price(text, currency, decimal)
    elif minor_digits(currency) == 3:
        assert parse_price(text, currency, decimal) == whole * 1_000 + group
    else:
        with pytest.raises(InvalidPrice):
            parse_price(text, currency, decimal)


@pytest.mark.parametrize(
    ("minor", "currency", "new_currency", "same"),
    [(499, "USD", "EUR", 499), (499, "USD", "KWD", 4_990), (4_990, "KWD", "USD", 499), (500, "JPY", "USD", 50_000)],
)
def test_a_price_keeps_its_number_in_another_currency(minor, currency, new_currency, same):
    assert repriced(minor, currency, new_currency) == same


@pytest.mark.parametrize(
    ("minor", "currency", "new_currency"), [(499, "USD", "JPY"), (1_234, "KWD", "EUR"), (MAX_PRICE_MINOR, "JPY", "USD")]
)
def test_a_number_that_is_no_price_in_another_currency_is_refused(minor, currency, new_currency):
    with pytest.raises(InvalidPrice):
        repriced(minor, currency, new_currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "USD"), (" ", "USD"), ("0", "USD"), ("0.00", "USD"), ("-1", "USD"), ("+1", "USD"), ("4.999", "USD"),
        ("4.", "USD"), (".5", "USD"), ("1.2.3", "USD"), ("1,000.00", "USD"), ("1e3", "USD"), ("1_000", "USD"),
        ("$5", "USD"), ("NaN", "USD"), ("Infinity", "USD"), ("٤", "USD"), ("4.٩", "USD"), ("²", "USD"), ("5.0", "JPY"),
        ("1000000.01", "USD"), ("100000001", "JPY"), ("9" * 5_000, "USD"), ("4\0", "USD"), ("4\n.99", "USD"),
        ("0000000005", "JPY"),
    ],
)  # fmt: skip
def test_what_is_no_price_is_refused(text, currency):
    with pytest.raises(InvalidPrice):
        parse_price(text, currency)


@given(
    minor=st.integers(1, MAX_PRICE_MINOR), currency=st.sampled_from(["USD", "EUR", "JPY", "KWD"]), comma=st.booleans()
)
def test_a_printed_price_reads_as_the_price_it_was(minor, currency, comma):
    digits = minor_digits(currency)
    whole, fraction = divmod(minor, 10**digits)
    printed = f"{whole}.{fraction:0{digits}}" if digits else f"{whole}"

    decimal = "," if comma else "."
    assert parse_price(printed.replace(".", decimal), currency, decimal) == minor


@given(text=st.text(max_size=12))
def test_any_text_is_a_price_within_bounds_or_refused(text):
    try:
        minor = parse_price(text, "USD")
    except (InvalidPrice, AmbiguousAmount):
        return

    assert 1 <= minor <= MAX_PRICE_MINOR


@pytest.mark.parametrize("code", ["USD", "usd", " Eur ", "JPY", "KWD", "TRY"])
def test_a_currency_of_today_is_known(code):
    assert check_currency(code) == code.strip().upper()


@pytest.mark.parametrize("code", ["", "US", "USDT", "DEM", "XXX", "BTC", "U\0D", "ＵＳＤ", "ß", "x" * 4_000])
def test_what_is_no_currency_of_today_is_refused(code):
    with pytest.raises(InvalidCurrency) as refusal:
        check_currency(code)

    assert len(refusal.value.text) <= 20


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("share_percent", -1), ("share_percent", 101), ("promo_share_percent", 101), ("promo_share_percent", -1),
        ("confirm_above", -1), ("confirm_above", 10**9 + 1), ("confirm_above", 2**63), ("share_percent", "50"),
    ],
)  # fmt: skip
def test_a_guild_cannot_set_a_share_or_threshold_out_of_bounds(name, value):
    rules = GuildRules(1)

    with pytest.raises(InvalidAmount):
        rules.changed(**{name: value})


def test_a_guild_changes_what_it_names_and_nothing_else():
    rules = GuildRules(1, gift_channel_id=5).changed(share_percent=0, promo_share_percent=100, confirm_above=0)

    assert rules == GuildRules(1, gift_channel_id=5, share_percent=0, promo_share_percent=100, confirm_above=0)


@pytest.mark.parametrize("staff", list(Staff))
def test_each_staff_role_maps_to_a_role_of_its_own(staff):
    rules = GuildRules(1).changed(**{f"{staff.value}_role_id": 77})

    assert {role: rules.role_of(role) for role in Staff} == {role: 77 if role is staff else 0 for role in Staff}


# Tuples, not sets: each worker of a parallel run must collect these in the same order.
WHOLE_UNITS = tuple(
    """
    AFN ALL BIF CLP DJF GNF IQD IRR ISK JPY KMF KPW KRW LAK LBP MGA MMK PYG RSD RWF SOS SYP UGX VND VUV XAF XOF XPF YER
    """.split()  # noqa: SIM905 - easier to read and to add to
)
THOUSANDTHS = ("BHD", "JOD", "KWD", "LYD", "OMR", "TND")


@pytest.mark.parametrize("currency", ["COP", "EUR", "HUF", "IDR", "TWD", "USD", *WHOLE_UNITS, *THOUSANDTHS])
def test_what_is_stored_in_minor_units_keeps_its_worth(currency: str) -> None:
    """Books hold prices and payments in these units, so a newer CLDR must not change them unnoticed."""
    assert minor_digits(currency) == (0 if currency in WHOLE_UNITS else 3 if currency in THOUSANDTHS else 2)
