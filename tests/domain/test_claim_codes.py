"""Claim codes: short, easy to copy by hand, and read again from whatever a buyer types around them."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.claim_codes import ALPHABET, claim_codes, codes_in
from bot.domain.orders import Reference

references = st.builds(Reference, st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))


@given(references)
def test_an_order_has_the_same_codes_every_time_all_different(reference: Reference) -> None:
    codes = list(claim_codes(reference))

    assert codes == list(claim_codes(reference))
    assert len(set(codes)) == len(codes)


@given(references)
def test_every_code_is_read_again(reference: Reference) -> None:
    for code in claim_codes(reference):
        assert codes_in(code) == (code,)


def test_a_code_is_four_letters_long_and_grows_where_a_guild_has_many() -> None:
    lengths = [len(code) - 3 for code in claim_codes(Reference(1, 2))]

    assert lengths[0] == 4
    assert lengths == sorted(lengths)
    assert lengths[-1] == 8


def test_no_letter_can_be_mistaken_for_another() -> None:
    for lookalikes in ("0O", "1IL", "2Z", "5S", "8B", "UV"):
        assert sum(letter in ALPHABET for letter in lookalikes) <= 1


def test_orders_of_two_guilds_with_one_id_have_different_codes() -> None:
    first, second = (next(claim_codes(Reference(guild_id, 5))) for guild_id in (1, 2))

    assert first != second


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("Thanks! RO-7K4F", ("RO-7K4F",)),
        ("ro-7k4f", ("RO-7K4F",)),
        ("RO 7K4F for the coins", ("RO-7K4F",)),
        ("ro7k4f.", ("RO-7K4F",)),
        ("RO\u20137K4F, RO-7K4F", ("RO-7K4F",)),
        ("RO-7K4F or RO-9Q3D?", ("RO-7K4F", "RO-9Q3D")),
        ("EURO-7K4F", ()),
        ("RO-7K4", ()),
        ("RO-7K4O", ()),
        ("RO-7K4FXXXXX7", ()),
        ("rotten", ()),
        ("", ()),
    ],
)
def test_a_code_is_read_from_what_people_type(message: str, codes: tuple[str, ...]) -> None:
    assert codes_in(message) == codes


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    assert all(code.startswith("RO-") for code in codes_in(text))


def test_a_guild_has_room_for_its_orders() -> None:
    preferred = {code for order_id in range(2_000) for code in islice(claim_codes(Reference(7, order_id)), 1)}

    # As many as chance gives: the rest take their second code.
    assert len(preferred) > 1_980
