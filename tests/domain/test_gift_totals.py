"""Gifts added up in one message, and what is left of them when some are taken back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Tier
from bot.domain.gift_totals import GiftTotals, gift_line_key, less
from bot.domain.receipts import Receipt
from tests.domain.builders import ALICE, ROB
from tests.domain.test_posts import PRICES, a_gift


def totals_of(gifts: list[Receipt]) -> GiftTotals:
    totals = GiftTotals()
    for gift in gifts:
        totals.add(gift)
    return totals


@st.composite
def partly_undone_gifts(draw: st.DrawFn) -> list[tuple[Receipt, int]]:
    """Gifts with the pieces that are taken back of each: none, some or all."""
    gifts = [
        a_gift(
            seq,
            price=draw(st.sampled_from(PRICES)),
            count=draw(st.integers(1, 9)),
            note=draw(st.sampled_from(["", "again", f"note {seq}"])),
            sender=draw(st.sampled_from([0, ALICE, ROB])),
            anonymous=draw(st.booleans()),
        )
        for seq in range(1, draw(st.integers(1, 9)))
    ]
    counts = [gift.facts["count"] for gift in gifts]
    return [(gift, draw(st.sampled_from([0, 1, count]))) for gift, count in zip(gifts, counts, strict=True)]


@given(partly_undone_gifts())
def test_what_is_taken_back_leaves_the_totals_of_the_rest(undone_gifts: list[tuple[Receipt, int]]):
    totals = totals_of([gift for gift, _ in undone_gifts])
    for gift, pieces in undone_gifts:
        if pieces:
            totals.take_back(gift, gift_line_key(gift), pieces)

    rest = totals_of([gift for whole, pieces in undone_gifts if (gift := less(whole, pieces)) is not None])
    sums = ("gifters", "gifts", "pieces", "anonymous_pieces", "coins", "tier", "note_count")
    assert [getattr(totals, name) for name in sums] == [getattr(rest, name) for name in sums]
    assert {key: (line.quantity, line.coins) for key, line in totals.lines.items()} == {
        key: (line.quantity, line.coins) for key, line in rest.lines.items()
    }
    # A note that was not among the newest three stays behind the button.
    assert set(totals.notes) <= {*rest.notes}
    assert len(totals.notes) <= totals.note_count


@pytest.mark.parametrize(("pieces", "notes", "tier"), [(2, ["for you"], Tier.GRAND), (3, [], Tier.SMALL)])
def test_a_note_and_a_tier_stay_with_a_part_and_go_with_the_whole(pieces: int, notes: list[str], tier: Tier):
    dear_gift, other_gift = a_gift(1, price=5_000, count=3, note="for you"), a_gift(2, sender=ROB)
    totals = totals_of([dear_gift, other_gift])

    # Its sender has been erased since, but not in the line.
    totals.take_back(dear_gift._replace(actor_id=0), gift_line_key(dear_gift), pieces)

    assert ([note.text for note in totals.notes], totals.tier) == (notes, tier)
    assert totals.coins == 10 + 5_000 * (3 - pieces)


def test_whoever_was_erased_is_in_no_line_and_no_note_and_the_sums_stay():
    totals = totals_of(
        [
            a_gift(1, sender=ALICE, count=2, note="from me"),
            a_gift(2, sender=0, count=1),
            a_gift(3, sender=ROB, note=f"as good as <@{ALICE}>"),
        ]
    )

    rest = totals.without_members({ALICE})

    assert {(line.sender_id, line.quantity) for line in rest.lines.values()} == {(0, 3), (ROB, 1)}
    assert [note.text for note in rest.notes] == ["as good as @…"]
    assert (rest.pieces, rest.coins, rest.note_count) == (totals.pieces, totals.coins, 1)
    assert rest.gifters == {0, ROB}
    assert ALICE in totals.gifters
